"""Limits of files: uploads are limited, files of a command are not."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a study that is read: of its files, its tables and its parts."""

    #: Bytes of an archive, and of all its files.
    archive: int = sys.maxsize
    unpacked: int = sys.maxsize
    #: Number of files.
    parts: int = sys.maxsize
    #: Lines of a table's file, its rows, its columns, and characters of a cell.
    lines: int = sys.maxsize
    rows: int = sys.maxsize
    columns: int = sys.maxsize
    cell: int = sys.maxsize
    #: Groups, indicators and tables: one row of their files is one of them.
    groups: int = sys.maxsize
    indicators: int = sys.maxsize
    tables: int = sys.maxsize
    directions: int = sys.maxsize
    languages: int = sys.maxsize
    #: Number of faults after which reading stops.
    faults: int = sys.maxsize

    def rows_of(self, file: str) -> int:
        """Return the limit of a table's rows."""
        fewer = {
            "groups.csv": self.groups,
            "indicators.csv": self.indicators,
            "tables.csv": self.tables,
        }
        return min(self.rows, fewer.get(file, self.rows))


#: The longest cell of a code or number. No program writes a longer one.
LONGEST_NUMBER = 200

#: Limits of an uploaded file: the service reads it while it handles other requests.
UPLOAD = Limits(
    archive=5 * 2**20,
    unpacked=16 * 2**20,
    parts=200,
    lines=300_000,
    rows=100_000,
    columns=200,
    cell=200_000,
    groups=1000,
    indicators=1000,
    tables=200,
    directions=200,
    languages=100,
    faults=20_000,
)

#: Limits of a file that the operator names in a command: any size can be read.
COMMAND = Limits()

# The standard library refuses a cell of more than 131,072 characters; a reason may be longer.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
