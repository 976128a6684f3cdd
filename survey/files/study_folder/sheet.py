"""CSV file of a study folder: cells by column name, and escaping of formulas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from survey.files.limits import LONGEST_NUMBER
from survey.files.study_folder.columns import Header, skeleton
from survey.files.study_folder.encodings import decoded
from survey.files.study_folder.findings import Findings
from survey.files.study_folder.languages import as_language, is_language
from survey.files.study_folder.records import (
    Record,
    Records,
    lines_of_header,
    other_delimiter,
    raw_records,
    read_records,
)
from survey.values.wording import plain_digits

_CODE = re.compile(r"[^\W_][\w.-]{0,63}")
#: A decimal comma: no number of the format needs commas between thousands.
_DECIMAL_COMMA = re.compile(r"(?<![0-9,])([0-9]{1,9}),([0-9]{1,25})(?![0-9,])")
#: Columns whose numbers may have decimals.
_DECIMALS = ("points", "judgement")
#: By file: the columns of texts and lists. The others that are read have codes and numbers.
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "panel.csv": ("direction", "name"),
    "comparisons.csv": ("reason",),
    "abstentions.csv": ("reason",),
    "reviews.csv": ("reason", "kinds", "before", "after"),
    "scale.csv": ("word", "back"),
    "cities.csv": ("country",),
    "tables.csv": ("groups",),
}
#: Beginning of a formula in a spreadsheet, with any quotes that escape it.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Row:
    """Line of a table: its cells, and methods to read them and report their faults."""

    sheet: Sheet
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return the cell without escapes; empty if blank or if the column is missing."""
        cell = unescaped(self.cells.get(column, ""))
        return cell if cell.strip() else ""

    def texts(self, stem: str) -> dict[str, str]:
        """Return the texts of the columns ``stem_xx`` by language."""
        texts = {lang: self.text(column) for lang, column in self.sheet.languages(stem).items()}
        return {language: text for language, text in texts.items() if text}

    def value(self, column: str) -> str:
        """Return the cell of a code or number, stripped, in half-width characters."""
        return plain_digits(self.text(column)).strip()

    def number(self, column: str) -> str:
        """Return the cell of a number, with a decimal point and a hyphen for minus."""
        number = self.value(column).replace("−", "-")
        if "," not in number or "." in number:
            return number
        return _DECIMAL_COMMA.sub(r"\1.\2", number)

    def label(self, column: str) -> str:
        """Return the cell of a label, stripped."""
        return self.text(column).strip()

    def fault(self, column: str, code: str, **data: object) -> None:
        self.sheet.findings.fault(self.sheet.file, self.line, column, code, **data)

    def note(self, column: str, code: str, **data: object) -> None:
        self.sheet.findings.note(self.sheet.file, self.line, column, code, **data)

    def known(self, column: str, labels: Collection[str], where: str) -> str | None:
        """Return the label in this cell if it is in ``labels``; else None, with a fault.

        Without ``labels`` (because their own file is faulty) any label is accepted.
        """
        label = self.label(column)
        if label and (label in labels or not labels):
            return intern(label)  # one object for all the rows that name it
        if label:
            self.unknown(column, label, labels, where)
        else:
            self.fault(column, "blank", where=where)
        return None

    def unknown(self, column: str, label: str, labels: Collection[str], where: str) -> None:
        findings = self.sheet.findings
        if meant := findings.before_the_spreadsheet(label, labels, where):
            data = {"found": label, "where": where, "nearest": meant, "hint": "spreadsheet"}
            self.fault(column, "unknown-nearest", **data)
        elif nearest := findings.nearest(label, labels):
            self.fault(column, "unknown-nearest", found=label, where=where, nearest=nearest)
        else:
            self.fault(column, "unknown", found=label, where=where)

    def note_alike(self, column: str, word: str, known: Collection[str]) -> None:
        """Report a new word that looks like an earlier one of its column.

        Only words that are not plain are kept: the plain ones are in ``known``.
        """
        plain = skeleton(word)
        seen = self.sheet.findings.alike.setdefault((self.sheet.file, column), {})
        first = seen.get(plain, plain if plain and plain in known else word)
        if first != word:
            self.note(column, "looks-alike", found=word, nearest=first)
        elif plain != word:
            seen[plain] = word

    def new_code(
        self, column: str, lines: dict[str, int], reserved: Collection[str] = ()
    ) -> str | None:
        """Return the new code that this row defines, and add it to ``lines``."""
        code = self.label(column)
        if not code:
            self.fault(column, "no-code")
        elif not is_code(code):
            self.fault(column, "malformed-code", found=code)
        elif code in reserved:
            self.fault(column, "reserved-code", found=code)
        elif code in lines:
            self.fault(column, "code-twice", found=code, other=lines[code])
        else:
            self.note_alike(column, code, lines)
            lines[code] = self.line
            return intern(code)
        return None


@dataclass(frozen=True)
class Sheet:
    """Table of the folder: its header, and its rows, which are read when iterated.

    Both are empty when the file, or a column that is required, is missing. A column
    without a name is empty.
    """

    file: str
    findings: Findings
    columns: tuple[str, ...] = ()
    records: Iterable[Record] = ()
    #: Places of the columns with codes and numbers.
    short: Collection[int] = ()

    def __iter__(self) -> Iterator[Row]:
        for line, cells in self.records:
            if _is_even(cells, len(self.columns)) and self.too_long(cells) is None:
                named = zip(self.columns, cells, strict=True)
                yield Row(self, line, {column: cell for column, cell in named if column})

    @property
    def has_rows(self) -> bool:
        return any(True for _ in self)

    def too_long(self, cells: Sequence[str]) -> tuple[int, int] | None:
        """Return the place and limit of the first cell that is too long, or None."""
        if len(max(cells, key=len, default="")) <= LONGEST_NUMBER:
            return None
        for place, cell in enumerate(cells):
            limit = LONGEST_NUMBER if place in self.short else self.findings.limits.cell
            if len(cell) > limit:
                return place, limit
        return None

    def languages(self, stem: str) -> dict[str, str]:
        """Return language code → column, of the columns ``stem_xx``."""
        prefix = f"{stem}_"
        return {
            as_language(column.removeprefix(prefix)): column
            for column in self.columns
            if column.startswith(prefix) and is_language(column.removeprefix(prefix))
        }

    def fault(self, line: int, column: str, code: str, **data: object) -> None:
        self.findings.fault(self.file, line, column, code, **data)


def read_sheet(
    file: str,
    content: bytes,
    findings: Findings,
    required: Sequence[str],
    optional: Collection[str] = (),
    stem: str = "",
) -> Sheet:
    """Read one CSV file; its faults go to ``findings``.

    Parameters
    ----------
    required, optional : columns
        A required column that is missing is a fault, and so is one that would
        change the result and is not read; any other column is noted and ignored.
    stem : str
        ``name`` or ``text``: columns ``stem_xx`` are texts in language xx.
    """
    sheet = Sheet(file, findings)
    text = decoded(file, content, findings)
    if text is None:
        return sheet
    first, header_line = lines_of_header(text, required)
    if header_line > first:
        sheet.fault(first, "", "header-below", found=header_line)
        return sheet
    found = read_records(file, text, findings, required)
    if found is None:
        return sheet
    if found.header is None:
        sheet.fault(0, "", "no-header", expected=", ".join(required))
        return sheet
    line, names = found.header
    header = Header(file, line, required, optional, stem)
    columns = header.columns(names, findings)
    if columns is None or not header.check(columns, found, findings):
        return sheet
    read = {*required, *optional}
    short = _short(file, columns, read)
    sheet = Sheet(file, findings, tuple(columns), found, short)
    _check_cells(sheet, line, found)
    _check_decimals(sheet, columns, read, found)
    return sheet


def _short(file: str, columns: Sequence[str], read: Collection[str]) -> frozenset[int]:
    """Return the places of the columns that are read and have codes and numbers."""
    texts = _TEXTS.get(file, ())
    return frozenset(
        place for place, column in enumerate(columns) if column in read and column not in texts
    )


def raw_rows(content: bytes) -> list[Record]:
    """Return the lines of a file with unchanged cells; none if it cannot be read."""
    text = decoded("", content, Findings(chinese=True))
    return [] if text is None else list(raw_records(text))


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def percent(cell: str) -> dict[str, str]:
    """Return the hint for a number with a percent sign, else an empty dict."""
    return {"hint": "percent"} if "%" in cell or "٪" in cell else {}


def escaped(text: str) -> str:
    """Escape a text that a spreadsheet would run as a formula; see :func:`unescaped`."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _check_cells(sheet: Sheet, header: int, records: Records) -> None:
    """Report ragged records, cells that are too long, and cells without a column."""
    columns = sheet.columns
    unnamed = {number for number, column in enumerate(columns) if not column}
    for line, cells in records:
        if not _is_even(cells, len(columns)):
            _ragged(sheet, line, cells, len(columns), records.delimiter)
            continue
        if too_long := sheet.too_long(cells):
            place, limit = too_long
            data = {"found": len(cells[place]), "limit": limit}
            sheet.fault(line, columns[place], "too-long", **data)
        for number in sorted(unnamed):
            if cells[number].strip():
                sheet.fault(header, "", "unnamed-column", number=number + 1)
                unnamed.discard(number)


def _check_decimals(
    sheet: Sheet, columns: list[str], read: Collection[str], records: Records
) -> None:
    """Report digits in an ignored column after a number: unquoted 7,5 is 7 and 5."""
    if records.delimiter != ",":
        return
    places = [
        place
        for place, column in enumerate(columns)
        if place and columns[place - 1] in _DECIMALS and column and column not in read
    ]
    faulted = {fault.column for fault in sheet.findings.faults if fault.file == sheet.file}
    places = [place for place in places if columns[place] not in faulted]
    for line, cells in records if places else ():
        for place in places if _is_even(cells, len(columns)) else ():
            before, cell = cells[place - 1].strip(), cells[place].strip()
            if before.isdecimal() and cell.isdecimal():
                data = {"before": before, "found": cell}
                sheet.fault(line, columns[place], "decimals-behind", **data)


def _is_even(cells: list[str], width: int) -> bool:
    """Whether a record has the header's number of cells, without blank last ones."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return len(cells) == width


def _ragged(sheet: Sheet, line: int, cells: list[str], expected: int, delimiter: str) -> None:
    if other := other_delimiter(cells, delimiter, expected):
        names = {"found": _NAMES.get(other, other), "expected": _NAMES.get(delimiter, delimiter)}
        sheet.fault(line, "", "mixed-separators", **names)
    else:
        sheet.fault(line, "", "ragged", found=len(cells), expected=expected)


#: A tab would be invisible in a sentence.
_NAMES = {"\t": "\u21e5"}
