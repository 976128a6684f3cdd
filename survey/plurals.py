"""The noun for what is ranked, in each language with its plural forms.

The forms are keyed by the categories of CLDR: ``one``, ``two``, ``few``,
``many``, ``other``. Sentences use a form as it is: no suffix, no article.
"""

from collections.abc import Mapping

from survey.values import Texts, UnitWords

#: In the order of CLDR; ``zero`` may be given, and is never needed.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")

#: The noun of a study that has none of its own.
CITY: UnitWords = {
    "zh": {"other": "城市"},
    "en": {"one": "city", "other": "cities"},
    "ar": {"one": "مدينة", "two": "مدينتان", "few": "مدن", "many": "مدينة", "other": "مدينة"},
    "ru": {"one": "город", "few": "города", "many": "городов", "other": "города"},
    "tr": {"one": "şehir", "other": "şehir"},
    "fr": {"one": "ville", "other": "villes"},
}

#: Which form sentences use for several without a number: the genitive plural in Russian,
#: the plural that follows 3 to 10 in Arabic.
_SEVERAL = {"ar": "few", "ru": "many"}


def needed_forms(language: str) -> tuple[str, ...]:
    """The categories that whole numbers from 1 take in a language.

    >>> needed_forms("en"), needed_forms("ru"), needed_forms("zh-Hant")
    (('one', 'other'), ('one', 'few', 'many'), ('other',))
    """
    taken = {category_of(language, number) for number in range(1, 201)}
    return tuple(category for category in CATEGORIES if category in taken)


def category_of(language: str, number: int) -> str:
    """The category of a number; ``other`` in a language that CLDR does not know."""
    import babel  # only who words a unit waits for it

    try:
        return str(babel.Locale.parse(language.replace("-", "_")).plural_form(number))
    except (ValueError, babel.UnknownLocaleError):
        return "other"


def noun_in(unit: UnitWords, language: str) -> tuple[str, Texts]:
    """The language and the forms that a page in ``language`` shows.

    Where the study has none in this language: English, else its first.
    """
    words = unit or CITY
    for choice in (language, language.partition("-")[0], "en", *words):
        if choice in words:
            return choice, words[choice]
    return "en", CITY["en"]


def singular(forms: Texts) -> str:
    """The noun of one unit."""
    return forms.get("one") or forms["other"]


def plural(forms: Texts, language: str) -> str:
    """The noun of several units, without a number."""
    return forms.get(_SEVERAL.get(language, "other")) or _last(forms)


def form_for(forms: Texts, language: str, number: int) -> str:
    """The noun as it follows a number.

    >>> [form_for(CITY["ru"], "ru", number) for number in (1, 3, 54, 55)]
    ['город', 'города', 'города', 'городов']
    """
    return forms.get(category_of(language, number)) or _last(forms)


def as_plain(unit: UnitWords) -> dict[str, dict[str, str]]:
    """The words as JSON holds them."""
    return {language: dict(forms) for language, forms in unit.items()}


def _last(forms: Mapping[str, str]) -> str:
    """``other``; Russian never needs it for whole numbers, and may leave it out."""
    return forms.get("other") or forms.get("many") or next(iter(forms.values()))
