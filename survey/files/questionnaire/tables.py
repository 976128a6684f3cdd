"""Tables of a filled-in workbook, found by their headings in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.files.questionnaire import wording
from survey.files.questionnaire.answers import LONGEST_CELL, fit_for_a_cell
from survey.files.questionnaire.faults import SheetFault
from survey.files.questionnaire.unpacking import Cell
from survey.files.questionnaire.wording import Glossary, Tongue, normal
from survey.values.wording import plain_digits

#: Number of rows in which headings are searched.
LAST_HEADER = 40

PAIR_COLUMNS = (wording.FIRST, wording.SECOND, wording.MORE, wording.MUCH, wording.REASON)
LIST_COLUMNS = (wording.ITEM, wording.POINTS, wording.REASON)
HEADINGS = tuple(dict.fromkeys((*PAIR_COLUMNS, *LIST_COLUMNS, wording.RATING)))

#: ``study/expert/round``, as in a hidden cell beside the headings.
_OWNER = re.compile(r"[^\s/]+/[^\s/]+/\d+")
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{0,15})?|\.[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Given:
    """Content of a cell."""

    cell: Cell

    @property
    def is_date(self) -> bool:
        return isinstance(self.cell, Mapping)

    @property
    def holds_nul(self) -> bool:
        """Whether it has NUL (written ``_x0000_``), which no database stores."""
        return isinstance(self.cell, str) and "\0" in self.cell

    @property
    def text(self) -> str:
        """The content as text."""
        if isinstance(self.cell, Mapping):
            return self.cell["date"]
        if isinstance(self.cell, bool) or self.cell is None:
            return "" if self.cell is None else str(self.cell).upper()
        if isinstance(self.cell, float | int):
            return f"{self.cell:.15g}"
        return fit_for_a_cell(self.cell[:LONGEST_CELL])

    @property
    def number(self) -> float | None:
        """The number as typed, in the digits of any script; None if it is not one."""
        if isinstance(self.cell, float | int) and not isinstance(self.cell, bool):
            return float(self.cell)
        plain = "".join(plain_digits(self.text).replace(",", ".").split())
        return float(plain) if _NUMBER.fullmatch(plain) else None


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """Sheet with questions: the row of its headings, and their language."""

    sheet: str
    rows: list[list[Cell]]
    header: int
    tongue: Tongue
    #: (heading, column), from left to right.
    headings: tuple[tuple[str, int], ...]
    #: The owner in its hidden cell, and that cell's column; empty if the cell was deleted.
    owner: str = ""
    key: int | None = None

    @property
    def columns(self) -> dict[str, int]:
        return dict(reversed(self.headings))

    @property
    def is_of_pairs(self) -> bool:
        return not {wording.POINTS, wording.RATING} & self.columns.keys()

    @property
    def number(self) -> str:
        """Heading of the column of numbers in a list."""
        return wording.RATING if wording.RATING in self.columns else wording.POINTS

    def lines(self) -> Iterator[TableRow]:
        """Yield every row below the headings."""
        for row in range(self.header + 1, len(self.rows)):
            yield TableRow(self, row)

    def faults(self) -> Iterator[SheetFault]:
        """Yield the faults of the headings."""
        say, columns = self.tongue.say, self.columns
        needed = PAIR_COLUMNS[:4] if self.is_of_pairs else (wording.ITEM, self.number)
        for word in needed:
            if word not in columns:
                found = tuple(map(say, columns))
                yield SheetFault("no-column", {"expected": say(word), "found": found}, self.sheet)
        for word, column in self.headings:
            if columns[word] != column:
                place = address(self.header, column)
                yield SheetFault("column-twice", {"found": say(word)}, self.sheet, place)


@dataclass(frozen=True, slots=True)
class TableRow:
    """Row of a table."""

    table: QuestionTable
    row: int

    def given(self, heading: str) -> Given:
        return Given(self._cell(self.table.columns.get(heading)))

    def text(self, heading: str) -> str:
        return self.given(heading).text

    def place(self, heading: str) -> str:
        return address(self.row, self.table.columns.get(heading, 0))

    @property
    def is_empty(self) -> bool:
        return not any(map(self.text, self.table.columns))

    @property
    def mark(self) -> list[str]:
        """The question that it was written for, from its hidden cell."""
        return Given(self._cell(self.table.key)).text.split("/")[:-1]

    def version(self, *what: str) -> int | None:
        """Return the version at the making of the file, if its cell is of this question."""
        version = Given(self._cell(self.table.key)).text.rpartition("/")[2]
        known = self.mark == list(what) and re.fullmatch("[0-9]{1,9}", version)
        return int(version) if known else None

    def fault(self, heading: str, code: str, **data: object) -> SheetFault:
        return SheetFault(code, data, self.table.sheet, self.place(heading))

    def _cell(self, column: int | None) -> Cell:
        cells = self.table.rows[self.row]
        return cells[column] if column is not None and column < len(cells) else None


def address(row: int, column: int) -> str:
    """Return the name of a cell in a spreadsheet.

    >>> address(0, 0), address(11, 27)
    ('A1', 'AB12')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def find_table(sheet: str, rows: list[list[Cell]], glossary: Glossary) -> QuestionTable | None:
    """Return the table of a sheet; None for a sheet without questions."""
    found = [
        table
        for row, cells in enumerate(rows[:LAST_HEADER])
        if (table := _table_at(sheet, rows, row, [Given(c).text for c in cells], glossary))
    ]
    return max(found, key=lambda table: len(table.headings), default=None)


def _table_at(
    sheet: str, rows: list[list[Cell]], row: int, texts: list[str], glossary: Glossary
) -> QuestionTable | None:
    headings = tuple(
        (word, column)
        for column, text in enumerate(texts)
        if text and (word := glossary.means(text, *HEADINGS))
    )
    if len({word for word, _column in headings}) < 2:
        return None
    said = {normal(text) for text in texts}
    key = next((column for column, text in enumerate(texts) if _OWNER.fullmatch(text)), None)
    return QuestionTable(
        sheet,
        rows,
        row,
        max(glossary.tongues, key=lambda t: len(said & {normal(t.say(w)) for w in HEADINGS})),
        headings,
        texts[key] if key is not None else "",
        key,
    )
