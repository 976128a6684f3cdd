"""Noun for ranked units, in each language with its plural forms.

The forms are keyed by the categories of CLDR: ``one``, ``two``, ``few``,
``many``, ``other``. Sentences use a form as it is: no suffix, no article.
"""

from collections.abc import Mapping

from survey.values import Texts, UnitWords

#: In the order of CLDR; ``zero`` may be given but is never needed.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")

#: The noun of a study without its own.
CITY: UnitWords = {
    "zh": {"other": "城市"},
    "en": {"one": "city", "other": "cities"},
    "ar": {"one": "مدينة", "two": "مدينتان", "few": "مدن", "many": "مدينة", "other": "مدينة"},
    "ru": {"one": "город", "few": "города", "many": "городов", "other": "города"},
    "tr": {"one": "şehir", "other": "şehir"},
    "fr": {"one": "ville", "other": "villes"},
}

#: Form that sentences use for several units without a number: the genitive plural in
#: Russian, the plural that follows 3 to 10 in Arabic.
_SEVERAL = {"ar": "few", "ru": "many"}


def needed_forms(language: str) -> tuple[str, ...]:
    """Return the categories of whole numbers from 1 in a language.

    >>> needed_forms("en"), needed_forms("ru"), needed_forms("zh-Hant")
    (('one', 'other'), ('one', 'few', 'many'), ('other',))
    """
    taken = {category_of(language, number) for number in range(1, 201)}
    return tuple(category for category in CATEGORIES if category in taken)


def category_of(language: str, number: int) -> str:
    """Return the category of a number; ``other`` in a language unknown to CLDR."""
    import babel  # imported only by callers that word a unit

    try:
        return str(babel.Locale.parse(language.replace("-", "_")).plural_form(number))
    except (ValueError, babel.UnknownLocaleError):
        return "other"


def noun_in(unit: UnitWords, language: str) -> tuple[str, Texts]:
    """Return the language and the forms that a page in ``language`` shows.

    If the study has none in this language, they are English, else its first.
    """
    words = unit or CITY
    for choice in (language, language.partition("-")[0], "en", *words):
        if choice in words:
            return choice, words[choice]
    return "en", CITY["en"]


def singular(forms: Texts) -> str:
    """Return the noun of one unit."""
    return forms.get("one") or forms["other"]


def plural(forms: Texts, language: str) -> str:
    """Return the noun of several units, without a number."""
    return forms.get(_SEVERAL.get(language, "other")) or _last(forms)


def form_for(forms: Texts, language: str, number: int) -> str:
    """Return the noun as it follows a number.

    >>> [form_for(CITY["ru"], "ru", number) for number in (1, 3, 54, 55)]
    ['город', 'города', 'города', 'городов']
    """
    return forms.get(category_of(language, number)) or _last(forms)


def as_plain(unit: UnitWords) -> dict[str, dict[str, str]]:
    """Return the words as plain dicts, for JSON."""
    return {language: dict(forms) for language, forms in unit.items()}


def _last(forms: Mapping[str, str]) -> str:
    """Return ``other``; Russian may lack it, because whole numbers never need it."""
    return forms.get("other") or forms.get("many") or next(iter(forms.values()))
