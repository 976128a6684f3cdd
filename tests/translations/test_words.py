"""The words of the messages: one word for one thing, and names that stay whole."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.extract import extract_from_dir

from survey.asking.scale import WORDS
from survey.files.questionnaire.wording import CANNOT, LEAVE, SAME
from survey.web.config import ROOT
from survey.web.locale import SOURCE
from tests.translations.catalogues import OFFERED, bare, said, texts, update

HERE = Path(__file__).parent

each_language = pytest.mark.parametrize("language", [SOURCE, *OFFERED])
each_translation = pytest.mark.parametrize("language", OFFERED)


def forbidden() -> list[tuple[str, str, str]]:
    """Return the words that no message may have: language, pattern, replacement."""
    with (HERE / "forbidden.csv").open(newline="") as table:
        return [(row["language"], row["pattern"], row["say"]) for row in csv.DictReader(table)]


@each_language
def test_no_message_has_a_forbidden_word(language: str) -> None:
    read = [bare(text) for text in texts(language)]

    found = {
        (pattern, say): text
        for of, pattern, say in forbidden()
        if of == language
        for text in read
        if re.search(pattern, text)
    }

    assert found == {}


def test_the_table_of_forbidden_words_can_find_them() -> None:
    """A pattern for a language that is not offered, or with a slip, would find nothing."""
    languages = Counter(language for language, _pattern, _say in forbidden())

    assert set(languages) == {SOURCE, *OFFERED}
    assert re.search({say: p for _l, p, say in forbidden()}["两两"], "成对比较")
    assert all(re.compile(pattern) and say for _language, pattern, say in forbidden())


def test_a_row_of_a_spreadsheet_is_no_line() -> None:
    """In Arabic a sheet has صفوف; only text files have أسطر."""
    folder = ROOT / "survey" / "files" / "questionnaire"
    extracted = extract_from_dir(folder, [("**.py", "python")], keywords=update.KEYWORDS)
    sources = {message for _file, _line, message, *_rest in extracted}
    texts_of_sheets = [text for message, text in said("ar") if message.id in sources]

    assert len(texts_of_sheets) > 60
    assert [text for text in texts_of_sheets if "سطر" in text] == []


#: Words that would have to agree with an unknown name.
ATTACHED = {
    "en": r"%\(\w+\)s['’]s",
    "ar": r"(ال|ل|ب|ك)ـ?%\(|ـ\s?«?%\(",
    "tr": r"%\(\w+\)s['’]?[a-zçğıöşü]|%\(\w+\)s (de|da|mi|mı|mu|mü|ile|ise)\b",
    "fr": r"\b(d|l|qu)[’']%\(",
}


@pytest.mark.parametrize("language", sorted(set(ATTACHED) & {SOURCE, *OFFERED}))
def test_nothing_is_attached_to_a_placeholder(language: str) -> None:
    """A suffix, an article or a particle depends on the first or last letter of a name."""
    attached = re.compile(ATTACHED[language])

    assert [text for text in texts(language) if attached.search(text)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "%(name)s’s answers"),
        ("ar", "الـ%(count)s كلها"),
        ("ar", "الوزن الكلي لـ«%(code)s»"),
        ("tr", "%(title)s’nin"),
        ("tr", "%(a)s ile %(b)s"),
        ("fr", "le poids d’%(name)s"),
    ],
)
def test_what_is_attached_would_be_found(language: str, text: str) -> None:
    assert re.search(ATTACHED[language], text)


#: The marks that open a name.
MARKS = {"en": "“", "zh": "“《", "ar": "«", "ru": "«", "tr": "“", "fr": "«"}
#: Placeholders that hold the name of an item, a group or a study.
NAME = re.compile(r"%\((name|more|less|best|worst|first|second|[a-f]|group|title)\)s")
#: Headings and labels, in which the name is alone before or after a mark, and two numbers.
LABELS = {
    "%(first)s–%(last)s of %(count)s",
    "%(group)s. The longer the bar, the larger the weight.",
    "%(group)s: %(state)s",
    "%(group)s: one question is still open.",
    "%(title)s, round %(number)s",
    "<b>%(group)s</b> · %(count)s item",
    "<b>%(group)s</b> · %(count)s line",
    "<b>%(group)s</b> · %(state)s",
    "<b>%(group)s</b> · finished",
    "<b>%(group)s</b> · one still open",
    "<b>%(group)s</b> · question %(number)s of %(count)s",
    'All %(count)s rungs<span class="sr">: %(name)s</span>',
    "Each expert’s weights: %(group)s",
    (
        "These pages are not available in %(name)s yet. "
        "You can read them in English or choose another language above."
    ),
}


def is_quoted(text: str, language: str) -> bool:
    """Whether a mark of the language opens before each name in the text."""
    opened = re.compile(rf"[{MARKS[language]}]\s?(<b>)?$")
    return all(opened.search(text[: name.start()]) for name in NAME.finditer(text))


@each_translation
def test_a_name_is_in_quotation_marks(language: str) -> None:
    bare_names = [
        text
        for message, text in said(language)
        for source in update._texts(message.id)[:1]
        if source not in LABELS and not (is_quoted(text, language) and is_quoted(source, SOURCE))
    ]

    assert bare_names == []


def test_a_name_without_quotation_marks_would_be_found() -> None:
    assert is_quoted("«<b>%(more)s</b>» важнее", "ru")
    assert is_quoted("« %(more)s »", "fr")
    assert not is_quoted("«%(more)s» важнее, чем %(less)s", "ru")


#: A word in quotation marks that is no placeholder.
QUOTED = re.compile("“([^”%]+)”")


def test_the_labels_of_a_questionnaire_are_quoted_as_its_cells_have_them() -> None:
    quoted = {
        found
        for source in texts(SOURCE)
        if source.startswith(("Each row compares", "Not finished:"))
        for found in QUOTED.findall(source)
    }

    assert quoted == {SAME, CANNOT, LEAVE}


def figures(text: str) -> list[str]:
    """Return the numbers of a text in digits, without thousands separators."""
    plain = re.sub(r"(?<=\d)[,.\s](?=000)", "", bare(text))
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", plain)))


def is_of_one_number(message: Message, form: int, language: str) -> bool:
    """Whether a plural form is that of nothing, one or two, which it may say in a word."""
    if not message.pluralizable:
        return False
    return len(update.numbers_of(form, update.read(language))) == 1


@each_translation
def test_a_sentence_has_the_same_figures_in_every_language(language: str) -> None:
    other = [
        text
        for message in update.read(language)
        if message.id
        for form, text in enumerate(update._texts(message.string))
        if figures(text) != figures(update._texts(message.id)[-1])
        and not is_of_one_number(message, form, language)
    ]

    assert other == []


def test_figures_are_read_in_the_ways_languages_write_them() -> None:
    assert figures("2,000 characters, 0.5 points") == ["0.5", "2000"]
    assert figures("2\u202f000 caractères, 0,5 point") == ["0.5", "2000"]
    assert figures("%(count)s of 3 <b>x1</b>") == ["1", "3"]


@each_language
def test_the_words_of_the_scale_differ_and_a_step_between_names_its_neighbours(
    language: str,
) -> None:
    translations = {update._texts(message.id)[0]: text for message, text in said(OFFERED[0])}
    if language != SOURCE:
        translations = {update._texts(message.id)[0]: text for message, text in said(language)}
    assert set(WORDS.values()) <= set(translations)
    words = list(WORDS.values())
    if language != SOURCE:
        words = [translations[word] for word in words]

    assert len(set(words)) == len(words)
    for below, between, above in zip(words[1::2], words[2::2], words[3::2], strict=False):
        assert stems(between) & stems(below)
        assert stems(between) & stems(above)


@each_translation
def test_the_first_step_between_names_the_word_for_equal(language: str) -> None:
    """Else one step has two words, and the expert looks for the other."""
    translations = {update._texts(message.id)[0]: text for message, text in said(language)}

    assert stems(translations["the same"]) & stems(translations[WORDS[2]])


def stems(text: str) -> set[str]:
    """Return the words of a text by their first letters; in Chinese, each character."""
    chinese = set(re.findall(r"[\u4e00-\u9fff]", text))
    return chinese or {word.removeprefix("ب")[:4] for word in re.findall(r"\w{2,}", text)}
