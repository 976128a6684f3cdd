"""One CSV file of a study folder: from bytes to rows of cells by column name, and back."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.folder.faults import Fault
from survey.wording import plain_digits

MOST_ROWS = 20_000
MOST_COLUMNS = 200

_CODE = re.compile(r"[^\W_][\w.-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
#: What a spreadsheet would run as a formula, behind the quotes that escape it.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_SEPARATORS = (";", "\t", "，", "|")
#: How many labels are looked at for hints in one folder: each takes time, and nobody reads on.
_HINTS = 20_000


@dataclass
class Findings:
    """Collects what reading finds, so that everything is said at once."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    hints: int = _HINTS

    def fault(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        self.faults.append(Fault(file, line, column, code, data))

    def note(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        self.notes.append(Fault(file, line, column, code, data))

    def nearest(self, found: str, known: Collection[str]) -> str:
        """The known label that ``found`` was probably meant to be, or an empty string."""
        self.hints -= len(known)
        if self.hints < 0 or len(found) > 64:
            return ""
        by_folded = {label.casefold(): label for label in known}
        near = difflib.get_close_matches(found.casefold(), by_folded, n=1)
        return by_folded[near[0]] if near else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells, and where to report what is wrong with them."""

    sheet: Sheet
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell as it was meant; a blank one, or one of a column left out, is empty."""
        cell = unescaped(self.cells.get(column, ""))
        return cell if cell.strip() else ""

    def texts(self, stem: str) -> dict[str, str]:
        """The texts of the columns ``stem_xx`` by language."""
        texts = {lang: self.text(column) for lang, column in self.sheet.languages(stem).items()}
        return {language: text for language, text in texts.items() if text}

    def value(self, column: str) -> str:
        """The cell of a code or a number: without blanks around it, in half-width characters."""
        return plain_digits(self.text(column)).strip()

    def label(self, column: str) -> str:
        """The cell of a label, without blanks around it."""
        return self.text(column).strip()

    def fault(self, column: str, code: str, **data: object) -> None:
        self.sheet.findings.fault(self.sheet.file, self.line, column, code, **data)

    def known(self, column: str, labels: Collection[str], where: str) -> str | None:
        """The label in this cell if it is one of ``labels``; else None, and a fault.

        Without ``labels`` (their own file is faulty) any will do.
        """
        label = self.label(column)
        if label and (label in labels or not labels):
            return label
        if label:
            self.unknown(column, label, labels, where)
        else:
            self.fault(column, "blank", where=where)
        return None

    def unknown(self, column: str, label: str, labels: Collection[str], where: str) -> None:
        if nearest := self.sheet.findings.nearest(label, labels):
            self.fault(column, "unknown-nearest", found=label, where=where, nearest=nearest)
        else:
            self.fault(column, "unknown", found=label, where=where)

    def new_code(
        self, column: str, lines: dict[str, int], reserved: Collection[str] = ()
    ) -> str | None:
        """The code that this row gives to what it describes; remembered in ``lines``."""
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
            lines[code] = self.line
            return code
        return None


@dataclass(frozen=True)
class Sheet:
    """A table of the folder: its header, and each record with the line it begins in.

    Both are empty when the file, or a column that is required, is missing.
    """

    file: str
    findings: Findings
    columns: tuple[str, ...] = ()
    records: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def __iter__(self) -> Iterator[Row]:
        for line, cells in self.records:
            yield Row(self, line, dict(zip(self.columns, cells, strict=True)))

    def languages(self, stem: str) -> dict[str, str]:
        """Language code → column, of the columns ``stem_xx``."""
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
    """Read one CSV file; what is wrong with it goes to ``findings``.

    Parameters
    ----------
    required, optional : columns
        A required column that is missing is a fault; any other column is noted
        and ignored.
    stem : str
        ``name`` or ``text``: columns ``stem_xx`` are texts in language xx.
    """
    sheet = Sheet(file, findings)
    text = _decoded(file, content, findings)
    if text is None:
        return sheet
    records = _records(sheet, text)
    if records is None:
        return sheet
    header = next(records, None)
    if header is None:
        sheet.fault(0, "", "no-header", expected=", ".join(required))
        return sheet
    line, names = header
    columns = _columns(sheet, line, names)
    if columns is None:
        return sheet
    if not _has_columns(sheet, line, columns, required, optional, stem):
        return sheet
    rows = tuple(_even(sheet, line, columns, records))
    return Sheet(file, findings, tuple(filter(None, columns)), rows)


def raw_rows(content: bytes) -> list[tuple[int, list[str]]]:
    """The lines of a file with their cells, as they stand; none where it cannot be read."""
    sheet = Sheet("", Findings())
    text = _decoded("", content, sheet.findings)
    return [] if text is None else list(_records(sheet, text) or ())


def is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def is_language(text: str) -> bool:
    return _LANGUAGE.fullmatch(text) is not None


def as_language(text: str) -> str:
    """A language code in its usual spelling: zh, zh-Hant, pt-BR."""
    first, *others = re.split("[-_]", text)
    usual = {2: str.upper, 4: str.title}
    return "-".join((first.lower(), *(usual.get(len(o), str.lower)(o) for o in others)))


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula; :func:`unescaped` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _decoded(file: str, content: bytes, findings: Findings) -> str | None:
    marked = content.startswith(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if marked or _is_damaged_utf8(content):
            findings.fault(file, line, "", "damaged-text")
            return None
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            findings.fault(file, line, "", "not-text")
            return None
        findings.note(file, 0, "", "read-as-gb18030")
    if "\0" in text:
        findings.fault(file, text.count("\n", 0, text.index("\0")) + 1, "", "nul")
        return None
    return text


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether nearly all that is not ASCII is UTF-8: GB18030 would read it as other words."""
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        damaged = text.count("\ufffd")
        whole = sum(character > "\x7f" for character in text) - damaged
        return whole > 5 * damaged
    return True


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]] | None:
    """The records that have cells, each with the line it begins in; None if there are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                records.append((line, cells))
            if len(records) > MOST_ROWS + 1:
                sheet.fault(0, "", "too-many-rows", limit=MOST_ROWS)
                return None
            line = reader.line_num + 1
    except csv.Error as error:
        sheet.fault(line, "", "not-csv", why=error)
        return None
    return iter(records)


def _columns(sheet: Sheet, line: int, names: list[str]) -> list[str] | None:
    columns = [name.strip() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        sheet.fault(line, "", "too-many-columns", found=len(columns), limit=MOST_COLUMNS)
        return None
    if len(columns) == 1:
        for separator in _SEPARATORS:
            if separator in columns[0]:
                code = "separated-by-tabs" if separator == "\t" else "wrong-separator"
                sheet.fault(line, "", code, found=separator)
                return None
    return columns


def _has_columns(
    sheet: Sheet,
    line: int,
    columns: list[str],
    required: Sequence[str],
    optional: Collection[str],
    stem: str,
) -> bool:
    """Whether every required column is there; what else is odd in the header is reported."""
    seen: set[str] = set()
    ignored = []
    for column in filter(None, columns):
        prefix, _, language = column.partition("_")
        name = column
        if stem and prefix == stem and language and column not in required:
            if not is_language(language):
                sheet.fault(line, column, "not-a-language", found=language)
            name = f"{stem}_{as_language(language)}"
        elif column not in required and column not in optional:
            ignored.append(column)
        if name in seen:
            sheet.fault(line, column, "column-twice")
        seen.add(name)
    missing = [column for column in required if column not in seen]
    for column in missing:
        nearest = sheet.findings.nearest(column, ignored)
        code = "no-column-nearest" if nearest else "no-column"
        found = ", ".join(filter(None, columns))
        sheet.fault(line, "", code, expected=column, nearest=nearest, found=found)
    for column in ignored:
        sheet.findings.note(sheet.file, line, column, "column-ignored")
    return not missing


def _even(
    sheet: Sheet, header: int, columns: list[str], records: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The records that have as many cells as the header, blank ones at the end aside."""
    unnamed = {number for number, column in enumerate(columns) if not column}
    for line, cells in records:
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(columns):
            sheet.fault(line, "", "ragged", found=len(cells), expected=len(columns))
            continue
        for number in sorted(unnamed):
            if cells[number].strip():
                sheet.fault(header, "", "unnamed-column", number=number + 1)
                unnamed.discard(number)
        yield line, tuple(c for c, column in zip(cells, columns, strict=True) if column)
