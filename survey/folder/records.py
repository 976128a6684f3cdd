"""The text of a file → its records of cells, by the delimiter of its header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from survey.folder.columns import folded
from survey.folder.findings import Findings

#: A record's cells, with the line it begins in.
Record = tuple[int, list[str]]

#: What spreadsheets write between cells, and what people write who mean it.
DELIMITERS = (",", ";", "\t")
_UNREADABLE = ("，", "|")
#: The first line by which a spreadsheet is told the delimiter.
_DECLARED = re.compile(r'"?sep=(.)"?[,;\t]*(\r\n|\r|\n|$)', re.IGNORECASE)


#: So many lines are looked at for a header.
_ABOVE = 20


class Records(NamedTuple):
    """The records that have cells, and the character between these."""

    delimiter: str
    records: list[Record]


def read_records(
    file: str, text: str, findings: Findings, required: Sequence[str]
) -> Records | None:
    """The records of a table; None, and a fault, where its cells cannot be told apart.

    ``required`` are the columns that its header is expected to have.
    """
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    delimiter = declared[1] if declared else _delimiter(body, required)
    if delimiter not in DELIMITERS:
        findings.fault(file, 1, "", "wrong-separator", found=delimiter)
        return None
    records: list[Record] = []
    count, line = 0, 2 if declared else 1
    before = line - 1
    reader = csv.reader(io.StringIO(body, newline=""), strict=True, delimiter=delimiter)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                count += 1
                if count <= findings.limits.rows + 1:
                    records.append((line, cells))
            line = before + reader.line_num + 1
    except csv.Error as error:
        findings.fault(file, line, "", "not-csv", why=error)
        return None
    if count > findings.limits.rows + 1:
        data = {"found": count - 1, "limit": findings.limits.rows}
        findings.fault(file, 0, "", "too-many-rows", **data)
        return None
    return Records(delimiter, records)


def raw_records(text: str) -> Iterator[Record]:
    """The records of a text as they stand, to be shown beside what is wrong with them."""
    found = read_records("", text, Findings(), ())
    return iter(found.records if found else ())


def other_delimiter(cells: Sequence[str], delimiter: str, expected: int) -> str:
    """The delimiter by which a record has as many cells as the header; empty for none."""
    line = delimiter.join(cells)
    others = (other for other in DELIMITERS if other != delimiter)
    return next((other for other in others if line.count(other) + 1 == expected > 1), "")


def lines_of_header(text: str, required: Sequence[str]) -> tuple[int, int]:
    """The first line of a table, and the one in which all ``required`` columns are; 0 for none.

    People keep a title above a table, or a second header of merged cells.
    """
    needed = {folded(column) for column in required}
    first = 0
    for number, line in enumerate(text.splitlines()[:_ABOVE], 1):
        if not line.strip(' ,;\t"') or _DECLARED.match(line):
            continue
        first = first or number
        for delimiter in DELIMITERS:
            if needed <= {folded(name.strip(' "')) for name in line.split(delimiter)}:
                return first, number
    return first, 0


def _delimiter(text: str, required: Sequence[str]) -> str:
    """The delimiter by which the header has the most of the columns it needs, then the most."""
    header = next(iter(text.lstrip("\r\n").splitlines()), "")

    def columns(delimiter: str) -> tuple[int, int]:
        names = [name.strip(' "\t').casefold() for name in header.split(delimiter)]
        return sum(column.casefold() in names for column in required), len(names)

    best = max(DELIMITERS, key=columns)
    if columns(best)[1] == 1:
        return next((other for other in _UNREADABLE if other in header), best)
    return best
