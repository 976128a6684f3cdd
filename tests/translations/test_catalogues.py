"""The catalogues say everything the pages say, in every language offered."""

import re
import unicodedata
from gettext import c2py

import babel
import pytest
from babel.messages import Catalog

from tests.translations.catalogues import OFFERED, bare, said, update


def test_the_catalogues_are_up_to_date() -> None:
    """If not: python translations/update.py."""
    for path, text in update.files().items():
        assert path.read_text() == text, f"{path.name} is out of date"


each_language = pytest.mark.parametrize("language", OFFERED)


@each_language
def test_nothing_is_untranslated_or_broken(language: str) -> None:
    assert list(update.faults(update.read(language))) == []


@each_language
def test_a_catalogue_tells_the_plurals_of_its_language_apart(language: str) -> None:
    """By the Unicode Common Locale Data Repository, for whole numbers."""
    catalogue = update.read(language)
    form_of = c2py(catalogue.plural_expr)
    category_of = babel.Locale.parse(language).plural_form

    pairs = {(form_of(number), category_of(number)) for number in range(1000)}

    assert len(pairs) == catalogue.num_plurals
    assert len({form for form, _ in pairs}) == len({category for _, category in pairs})


#: A letter of the language's own script, as its name in Unicode begins.
SCRIPTS = {"ar": "ARABIC LETTER", "ru": "CYRILLIC", "zh": "CJK UNIFIED IDEOGRAPH"}
#: Texts that are written alike in every language.
CODES = re.compile(r"[\W\d_]*|cities\.csv.*|Steelyard|CR|Cookie")


@pytest.mark.parametrize("language", sorted(set(SCRIPTS) & set(OFFERED)))
def test_a_message_is_written_in_the_script_of_its_language(language: str) -> None:
    foreign = [
        text
        for _message, text in said(language)
        if not CODES.fullmatch(bare(text))
        and not any(unicodedata.name(c, "").startswith(SCRIPTS[language]) for c in text)
    ]

    assert foreign == []


@pytest.mark.parametrize("language", sorted({"fr", "tr"} & set(OFFERED)))
def test_a_language_in_latin_letters_has_hardly_a_message_as_in_english(language: str) -> None:
    """Consensus, Code and the like: short words that both languages have."""
    same = [text for message, text in said(language) if text == update._texts(message.id)[0]]

    assert [text for text in same if len(re.findall(r"\w+", bare(text))) > 2] == []
    assert len(same) < 20


def test_french_parts_its_high_marks_by_spaces_that_do_not_break() -> None:
    """U+202F or U+00A0 before : ; ? ! and %, and inside « »."""
    unparted = re.compile(r"[^\u00a0\u202f][;?!»]|[^\u00a0\u202f\d]:(?!\w)|«[^\u00a0\u202f]| %%")

    assert [text for _m, text in said("fr") if unparted.search(update.MARKUP.sub("x", text))] == []
    assert [text for _m, text in said("fr") if "'" in bare(text) or "..." in text] == []


def test_french_has_one_space_before_each_mark() -> None:
    """U+00A0 inside « » and before : and %, U+202F before ; ? and !"""
    other = re.compile("«\u202f|\u202f[»:%]|\u00a0[;?!]")

    assert [text for _message, text in said("fr") if other.search(text)] == []


#: Placeholders that hold a figure, and those of a date or a time: these end with a sign.
FIGURES = (
    "count|size|number|round|former|planned|in_full|questions|hours|days|minutes|ratio|n|left|over"
    "|limit|bands|invited|linked|finished|answered|least|sum"
)
DATES = "time|at|day|seen"
SIGN = "[\u4e00-\u9fff]"
UNSPACED = re.compile(
    rf"{SIGN}(%\(({FIGURES}|{DATES})\)s|[0-9A-Za-z])|(%\(({FIGURES})\)s|(?<!\))[0-9A-Za-z]){SIGN}"
    rf"|%\(({DATES})\)s {SIGN}"
)


def test_chinese_sets_figures_and_latin_words_apart() -> None:
    """A space on either side; a date ends with 日 or a bracket, which need none."""
    unspaced = [text for _m, text in said("zh") if UNSPACED.search(update.MARKUP.sub("", text))]

    assert unspaced == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("共%(count)s 题", True),
        ("共 %(count)s题", True),
        ("于%(time)s结束", True),
        ("于 %(time)s 结束", True),
        ("于 %(time)s结束", False),
        ("共 %(count)s 题，%(language)s题目", False),
        ("保存为 .xlsx 文件", False),
    ],
)
def test_figures_that_touch_chinese_signs_would_be_found(text: str, found: bool) -> None:
    assert bool(UNSPACED.search(text)) is found


def test_arabic_has_its_own_marks_and_western_digits() -> None:
    """Comma, semicolon and question mark are ، ؛ ؟ between Arabic words."""
    letter = "[\u0621-\u064a\u064b-\u0652]"
    foreign = re.compile(rf"{letter}[,;?]|[\u0660-\u0669\u06f0-\u06f9]")

    assert [text for _message, text in said("ar") if foreign.search(text)] == []


#: Texts that keep their own order within Arabic: between U+2066 and U+2069, or set as code.
ISOLATED = re.compile("\u2066[^\u2069]*\u2069|<code>.*?</code>")
#: A sign before or behind a figure or Latin letters, and the marks that only half hold it.
SIGN_AT_AN_EDGE = re.compile(r"\d%|(?<![\w.])\.[A-Za-z]|\d/\d|\u200e")


def astray(text: str) -> bool:
    """Whether a sign of an Arabic message would move to the other end of its figure."""
    return bool(SIGN_AT_AN_EDGE.search(ISOLATED.sub("", text).replace("%%", "%")))


def test_arabic_isolates_what_has_a_sign_at_its_edge() -> None:
    assert [text for _message, text in said("ar") if astray(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("نصف الإجابات الأوسط (50%%)", True),
        ("نصف الإجابات الأوسط (\u206650%%\u2069)", False),
        ("الملف أرشيف (\u200e.zip)", True),
        ("الملف أرشيف (\u2066.zip\u2069)", False),
        ("من 1/2 إلى 1/9", True),
        ("الأمر <code>./steelyard author-link</code>", False),
        ("الوزن، %%", False),
    ],
)
def test_a_sign_that_would_move_is_found(text: str, found: bool) -> None:
    assert astray(text) is found


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Privacy", "", "not translated"),
        (("%(n)s city", "%(n)s cities"), ("",), "not translated"),
        ("Hello %(name)s", "您好", "other placeholders"),
        ("Hello %(name)s", "%(nom)s，您好", "other placeholders"),
        ("<b>Hello</b>", "您好", "other tags"),
        ("100%% of %(n)s", "%(n)s", "other placeholders"),
        ("Saved at {time}", "已保存", "other placeholders"),
        (("%(n)s city", "%(n)s cities"), ("城市",), "other placeholders"),
    ],
)
def test_a_faulty_translation_is_found(
    source: str | tuple[str, ...], translation: str | tuple[str, ...], fault: str
) -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add(source, translation)

    [found] = update.faults(catalogue)

    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("language", "forms", "faults"),
    [
        ("ar", ("0 %(n)s", "مدينة", "مدينتان", "%(n)s مدن", "%(n)s مدينة", "%(n)s مدينة"), 0),
        ("ar", ("%(n)s", "مدينة", "مدينتان", "مدن", "%(n)s مدينة", "%(n)s مدينة"), 1),
        ("ru", ("город", "%(n)s города", "%(n)s городов"), 1),
        ("fr", ("une ville", "%(n)s villes"), 0),
        ("fr", ("une ville", "des villes"), 1),
    ],
)
def test_only_a_form_of_one_number_may_leave_it_out(
    language: str, forms: tuple[str, ...], faults: int
) -> None:
    """In Russian the first form is that of 1, 21, 31 and so on."""
    catalogue = Catalog(locale=language)
    catalogue.add(("%(n)s city", "%(n)s cities"), forms)

    assert len(list(update.faults(catalogue))) == faults


def test_a_fuzzy_or_obsolete_message_is_found() -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add("Privacy", "隐私", flags=["fuzzy"])
    catalogue.obsolete["Old"] = Catalog(locale="zh").add("Old", "旧")

    assert [fault.split(":")[0] for fault in update.faults(catalogue)] == ["fuzzy", "obsolete"]


def test_a_new_message_moves_no_other() -> None:
    """Two branches that add messages meet in one place only."""
    template = update.extracted()
    before = update.text_of(template)
    template.add("Indicators and zebras")

    after = update.text_of(template)

    assert after.replace('msgid "Indicators and zebras"\nmsgstr ""\n\n', "") == before
    assert after != before


#: Messages with a city as an example, or in a file's own name.
A_CITY = re.compile(
    r"cities\.csv|column named city|such as cit|for example a city|A city, a country"
)
CITIES = {
    "zh": "城市",
    "ar": "مدينة|مدينت|مدن|المدن|مدين",
    "ru": "[Гг]ород(?!с)",
    "tr": "[Şş]eh(?:i)?r",
    "fr": "[Vv]ille",
}


@each_language
def test_no_message_says_what_is_ranked(language: str) -> None:
    """The noun is data of the study: in a message it is a placeholder."""
    fixed = [
        text
        for message, text in said(language)
        for source in [update._texts(message.id)[0]]
        if not A_CITY.search(source)
        if re.search(CITIES[language], text) or re.search(r"\b[Cc]it(y|ies)\b", source)
    ]

    assert fixed == []
