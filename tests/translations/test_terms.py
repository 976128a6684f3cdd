"""One word for one thing, read from the English: what a message names, its translation names."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Message

from survey.web.locale import SOURCE
from tests.translations.catalogues import OFFERED, bare, said, texts, update

HERE = Path(__file__).parent


def terms() -> list[tuple[str, str, str]]:
    """Return terms with one translation: a pattern for English, a language, the stem."""
    with (HERE / "terms.csv").open(newline="") as table:
        return [(row["english"], row["language"], row["stem"]) for row in csv.DictReader(table)]


def source(message: Message) -> str:
    """Return the English of a message, in the plural if it has one."""
    return update._texts(message.id)[-1]


@pytest.mark.parametrize("language", sorted({language for _, language, _ in terms()}))
def test_a_term_has_one_translation(language: str) -> None:
    other = [
        (stem, text)
        for english, of, stem in terms()
        if of == language
        for message, text in said(language)
        if re.search(english, bare(source(message)), re.IGNORECASE)
        and not re.search(stem, text, re.IGNORECASE)
    ]

    assert other == []


def test_each_term_is_used() -> None:
    """A pattern that finds nothing in English would forbid nothing."""
    english = [bare(text) for text in texts(SOURCE)]

    unused = [
        term
        for term, _, _ in terms()
        if not any(re.search(term, t, re.IGNORECASE) for t in english)
    ]

    assert unused == []


#: Text of a button or in a list, not a sentence.
SHORT = 6
QUOTED = re.compile("“([^”%]+)”")


def on_buttons(language: str) -> dict[str, set[str]]:
    """Return the translations of each short message, by its English."""
    found: dict[str, set[str]] = {}
    for message, text in said(language):
        if len(source(message).split()) <= SHORT:
            found.setdefault(source(message), set()).add(text.casefold())
    return found


def quoted_buttons(language: str) -> Iterator[tuple[str, set[str], str]]:
    """Yield quotes of buttons and lists in messages, their translations, and the message's."""
    buttons = on_buttons(language)
    for message, text in said(language):
        for quoted in QUOTED.findall(source(message)):
            if words := buttons.get(quoted):
                yield quoted, words, text


@pytest.mark.parametrize("language", OFFERED)
def test_a_button_is_quoted_by_the_words_on_it(language: str) -> None:
    """Else the expert looks for a button that no page has."""
    other = [
        (quoted, text)
        for quoted, words, text in quoted_buttons(language)
        if not any(word in text.casefold() for word in words)
    ]

    assert other == []


def test_buttons_are_found_in_quotation_marks() -> None:
    quoted = {quoted for quoted, _words, _text in quoted_buttons("ru")}

    assert {"Begin", "Withdraw", "I cannot judge this whole group", "the same"} <= quoted


#: The choices of a pair in the spreadsheet, and the sentence that tells of them.
CHOICES = ("Both count the same", "I cannot judge this pair")
TOLD = "Each row compares two items."


@pytest.mark.parametrize("language", OFFERED)
def test_the_instructions_quote_the_choices_of_the_sheet(language: str) -> None:
    translated = {source(message): text for message, text in said(language)}
    [told] = [text for english, text in translated.items() if english.startswith(TOLD)]

    assert [translated[choice] for choice in CHOICES if translated[choice] not in told] == []
