"""Workbooks saved by other programs, each with its own form of the same cells."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from survey.files.questionnaire.answers import PairAnswer
from survey.files.questionnaire.unpacking import unpack
from tests.files.questionnaire.files import OWNER, pairs_of, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

REASON = " سبب: 因为 & <b>\nsecond line "
ROWS = [
    ["Which should count more in the ranking?"],
    [],
    [
        "First item",
        "Second item",
        "Which counts more?",
        "How much more?",
        "Reason (optional)",
        OWNER,
    ],
    [
        "Wired network",
        "Wireless network",
        "Wired network",
        "a little more · 3 times",
        REASON,
        "wired/wireless/4",
    ],
    ["Wired network", "Artificial intelligence", "", "", "", "wired/ai/0"],
]


class LibreOffice:
    """Every string shared, with its blanks kept; attributes spelt out; empty cells styled."""

    prefix = ""
    target = "worksheets/sheet1.xml"

    def __init__(self) -> None:
        self.strings: list[str] = []

    def rows(self) -> str:
        return "".join(
            f'<row r="{number}" customFormat="false" ht="18" hidden="false" customHeight="true" '
            f'outlineLevel="0" collapsed="false">{self.cells(number, row)}</row>'
            for number, row in enumerate(ROWS, 1)
            if row
        )

    def cells(self, number: int, row: list[str]) -> str:
        return "".join(
            self.cell(f"{'ABCDEF'[place]}{number}", text) for place, text in enumerate(row)
        )

    def cell(self, address: str, text: str) -> str:
        if not text:
            return f'<c r="{address}" s="0"/>'
        self.strings.append(self.string(text))
        return f'<c r="{address}" s="0" t="s"><v>{len(self.strings) - 1}</v></c>'

    def string(self, text: str) -> str:
        return f'<si><t xml:space="preserve">{escape(text)}</t></si>'


class Gnumeric(LibreOffice):
    """Gnumeric's XML: indented; a string that occurs once is written in its cell."""

    def cell(self, address: str, text: str) -> str:
        once = sum(row.count(text) for row in ROWS) == 1
        if text and once:
            inner = f"<is>\n<t>{escape(text)}</t>\n</is>"
            return f'<c r="{address}" s="0" t="inlineStr">\n{inner}\n</c>\n'
        return super().cell(address, text).replace("><", ">\n<")


class InRuns(LibreOffice):
    """A string in runs, each with a face of its own, and with how its ideographs are read."""

    def string(self, text: str) -> str:
        runs = "".join(
            f'<r><rPr><sz val="11"/></rPr><t xml:space="preserve">{escape(part)}</t></r>'
            for part in (text[:3], text[3:])
        )
        return f'<si>{runs}<rPh sb="0" eb="1"><t>yomi</t></rPh><phoneticPr fontId="1"/></si>'


class Inline(LibreOffice):
    """No table of strings; elements with a prefix; a path from the root."""

    prefix = "x:"
    target = "/xl/worksheets/sheet1.xml"

    def cell(self, address: str, text: str) -> str:
        inner = f'<x:is><x:t xml:space="preserve">{escape(text)}</x:t></x:is>'
        return f'<x:c r="{address}" t="inlineStr">{inner}</x:c>'

    def rows(self) -> str:
        return super().rows().replace("<row", "<x:row").replace("</row", "</x:row")


class WithoutAddresses(LibreOffice):
    """Each row, and each cell, is the next."""

    def rows(self) -> str:
        return "".join(f"<row>{self.cells(n, row)}</row>" for n, row in enumerate(ROWS, 1))

    def cell(self, address: str, text: str) -> str:
        return super().cell(address, text).replace(f' r="{address}"', "")


def saved_by(program: LibreOffice) -> bytes:
    x, rows = program.prefix, program.rows()
    namespace = f'xmlns{":x" if x else ""}="{MAIN}"'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", program.target),
            *([("sharedStrings", "sharedStrings.xml")] if program.strings else []),
        ),
        "xl/workbook.xml": f'<{x}workbook {namespace} xmlns:r="{RELATIONS}"><{x}sheets>'
        f'<{x}sheet name="1 Digital" sheetId="1" r:id="rId1"/></{x}sheets></{x}workbook>',
        "xl/worksheets/sheet1.xml": f"<{x}worksheet {namespace}><{x}sheetData>{rows}"
        f"</{x}sheetData></{x}worksheet>",
    }
    if program.strings:
        parts["xl/sharedStrings.xml"] = f"<sst {namespace}>{''.join(program.strings)}</sst>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return target.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


@pytest.mark.parametrize("program", [LibreOffice, Gnumeric, InRuns, Inline, WithoutAddresses])
def test_what_a_program_saved_is_read_as_it_was_filled_in(program):
    filled = read(unpack(saved_by(program())), pairs_of())

    (line,) = filled.values()
    assert line.answer == PairAnswer(2, REASON.strip())
    assert line.version == 4
