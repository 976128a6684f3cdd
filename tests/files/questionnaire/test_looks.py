"""Appearance of a questionnaire in a program that computes nothing itself."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from survey.asking.questionnaire import Questionnaire
from survey.files.questionnaire.instructions import Occasion, about
from survey.files.questionnaire.styles import LINE_HEIGHT
from survey.files.questionnaire.tongues import tongue
from survey.web.locale import LANGUAGES
from tests.files.questionnaire.files import lists_of, pairs_of, write

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

OCCASION = Occasion(
    study="pilot",
    titles={"en": "Pilot"},
    notices={},
    contact="",
    anonymity="experts",
    expert="ANN",
    name="",
    round=1,
    closes_at=datetime(2026, 12, 1, 18, 0, tzinfo=UTC),
)


def parts_of(content: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # S314 is answered: the file was written by the line before.
        return {
            name: ET.fromstring(archive.read(name))  # noqa: S314
            for name in archive.namelist()
            if name.endswith(".xml")
        }


def alignments(content: bytes) -> Iterator[tuple[bool, dict[str, str]]]:
    """Return, for every cell with a text, whether its column is hidden, and its alignment."""
    parts = parts_of(content)
    formats = [
        dict(found.attrib) if (found := xf.find(f"{M}alignment")) is not None else {}
        for xf in parts["xl/styles.xml"].findall(f"{M}cellXfs/{M}xf")
    ]
    for name, sheet in parts.items():
        if not name.startswith("xl/worksheets/"):
            continue
        hidden = [
            range(int(col.attrib["min"]), int(col.attrib["max"]) + 1)
            for col in sheet.iter(f"{M}col")
            if "hidden" in col.attrib
        ]
        for cell in sheet.iter(f"{M}c"):
            column = ord(cell.attrib["r"][0]) - ord("A") + 1
            if cell.attrib.get("t") == "s":
                style = formats[int(cell.attrib.get("s", 0))]
                yield any(column in columns for columns in hidden), style


@pytest.mark.parametrize("questionnaire", [pairs_of(), lists_of()], ids=["pairs", "points"])
def test_hidden_text_does_not_overflow_into_visible_cells(questionnaire: Questionnaire):
    """A text that is only aligned overflows into the empty cell beside it, here the reason."""
    styles = [style for hidden, style in alignments(write(questionnaire, "ar")) if hidden]

    assert len(styles) > 10
    assert {style.get("horizontal") for style in styles} == {"fill"}


@pytest.mark.parametrize("questionnaire", [pairs_of(), lists_of()], ids=["pairs", "points"])
def test_every_text_of_an_arabic_sheet_is_set_from_the_right(questionnaire: Questionnaire):
    """A program that asks the sheet, not the letters, would end a sentence at its beginning."""
    shown = [style for hidden, style in alignments(write(questionnaire, "ar")) if not hidden]
    elsewhere = [style for _, style in alignments(write(questionnaire, "zh"))]

    assert {style.get("readingOrder") for style in shown} == {"2"}
    assert {style.get("readingOrder") for style in elsewhere} == {None}


@pytest.mark.parametrize(
    ("text", "lines"),
    [("word " * 10, 1), ("word " * 30, 2), ("一对" * 40, 2), ("one\ntwo\nthree", 3)],
)
def test_a_row_is_as_high_as_its_text(text, lines):
    """Not every program makes room for the second line by itself."""
    first = parts_of(write(pairs_of(), paragraphs=[text]))["xl/worksheets/sheet1.xml"]

    row = next(row for row in first.iter(f"{M}row") if row.attrib["r"] == "3")
    assert float(row.attrib["ht"]) == lines * LINE_HEIGHT


SAID = {
    "en": "1 December 2026, 18:00 UTC",
    "zh": "2026 年 12 月 1 日 18:00（UTC）",
    "ar": "1 ديسمبر 2026، 18:00 بتوقيت UTC",
    "ru": "1 декабря 2026, 18:00 UTC",
    "tr": "1 Aralık 2026, 18:00 UTC",
    "fr": "1er décembre 2026 à 18:00 UTC",
}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_planned_close_is_written_as_the_pages_of_that_language_write_it(language):
    said = about(OCCASION, pairs_of(), tongue(language.code), "https://weights.example.org/")

    assert SAID[language.code] in " ".join(said.paragraphs)


def test_an_arabic_sheet_isolates_a_code_and_a_contact_and_no_address():
    """A hyphen or a plus would change its place; an address is copied, and begins with letters."""
    address = "https://weights.example.org/answer/questionnaire"
    occasion = replace(OCCASION, expert="3-a", contact="+216 71 000 000")

    arabic = " ".join(about(occasion, pairs_of(), tongue("ar"), address).paragraphs)
    turkish = " ".join(about(occasion, pairs_of(), tongue("tr"), address).paragraphs)

    for foreign in ("3-a", "+216 71 000 000"):
        assert f"\u2068{foreign}\u2069" in arabic
        assert foreign in turkish
    assert f" {address}، " in arabic
    assert "\u2068" not in turkish
