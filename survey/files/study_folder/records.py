"""Splitting of a file into records of cells, by the delimiter of its header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from survey.files.study_folder.columns import folded
from survey.files.study_folder.findings import Findings

#: The line in which a record begins, and its cells.
Record = tuple[int, list[str]]

#: Delimiters that are read, and characters that people use instead.
DELIMITERS = (",", ";", "\t")
_UNREADABLE = ("，", "|")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
#: The first line that declares the delimiter to a spreadsheet.
_DECLARED = re.compile(r'"?sep=(.)"?[,;\t]*(\r\n|\r|\n|$)', re.IGNORECASE)
#: Number of lines in which a header is searched.
_ABOVE = 20


@dataclass(frozen=True, slots=True)
class Records:
    """Records below the header that are not empty, split again on each iteration.

    The text of a million lines takes far less memory than its cells as objects.
    """

    text: str
    #: The line in which the text begins.
    line: int
    delimiter: str
    header: Record | None = None

    def __iter__(self) -> Iterator[Record]:
        records = self.every()
        next(records, None)
        return records

    def every(self) -> Iterator[Record]:
        """Yield the records including the header.

        Raises
        ------
        NotCSV
            At the first record that is not CSV.
        """
        line = self.line
        lines = (found[0] for found in _LINE.finditer(self.text))
        reader = csv.reader(lines, strict=True, delimiter=self.delimiter)
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield line, cells
                line = self.line + reader.line_num
        except csv.Error as error:
            raise NotCSV(line, error) from error


class NotCSV(Exception):
    """The record that begins in this line has misplaced quotes."""

    def __init__(self, line: int, why: csv.Error) -> None:
        super().__init__(line, why)
        self.line, self.why = line, why


def read_records(
    file: str, text: str, findings: Findings, required: Sequence[str]
) -> Records | None:
    """Return the records of a table; None, with a fault, if it cannot be split.

    ``required`` are the columns that its header is expected to have.
    """
    count = text.count("\n") + text.count("\r") - text.count("\r\n")
    if count > (limit := findings.limits.lines):
        findings.fault(file, 0, "", "too-many-lines", found=count, limit=limit)
        return None
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = declared[1] if declared else _delimiter(body, required)
    if delimiter not in DELIMITERS:
        findings.fault(file, 1, "", "wrong-separator", found=delimiter)
        return None
    found = Records(body, 2 if declared else 1, delimiter)
    try:
        header = next(found.every(), None)
        count = sum(1 for _ in found)
    except NotCSV as error:
        findings.fault(file, error.line, "", "not-csv", why=error.why)
        return None
    if count > (limit := findings.limits.rows_of(file)):
        findings.fault(file, 0, "", "too-many-rows", found=count, limit=limit)
        return None
    return replace(found, header=header)


def raw_records(text: str) -> Iterator[Record]:
    """Return the records of a text unchanged, to show beside their faults."""
    found = read_records("", text, Findings(), ())
    return found.every() if found else iter(())


def other_delimiter(cells: Sequence[str], delimiter: str, expected: int) -> str:
    """Return the delimiter that gives a record the header's number of cells, or ""."""
    line = delimiter.join(cells)
    others = (other for other in DELIMITERS if other != delimiter)
    return next((other for other in others if line.count(other) + 1 == expected > 1), "")


def lines_of_header(text: str, required: Sequence[str]) -> tuple[int, int]:
    """Return a table's first line, and the line with all ``required`` columns or 0.

    Some tables have a title, or a second header of merged cells, above.
    """
    needed = {folded(column) for column in required}
    first = 0
    for number, found in enumerate(islice(_LINE.finditer(text), _ABOVE), 1):
        line = found[0].rstrip("\r\n")
        if not line.strip(' ,;\t"') or _DECLARED.match(line):
            continue
        first = first or number
        for delimiter in DELIMITERS:
            if needed <= {folded(name.strip(' "')) for name in line.split(delimiter)}:
                return first, number
    return first, 0


def _delimiter(text: str, required: Sequence[str]) -> str:
    """Return the delimiter that gives the header most required, then most columns."""
    first = _LINE.match(text.lstrip("\r\n"))
    header = next(iter(first[0].splitlines()), "") if first else ""

    wanted = {column.casefold() for column in required}

    def columns(delimiter: str) -> tuple[int, int]:
        names = [name.strip(' "\t').casefold() for name in header.split(delimiter)]
        return len(wanted.intersection(names)), len(names)

    best = max(DELIMITERS, key=columns)
    if columns(best)[1] == 1:
        return next((other for other in _UNREADABLE if other in header), best)
    return best
