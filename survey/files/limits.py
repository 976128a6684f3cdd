"""Limits of what is read: a file that comes through the browser is bounded, a command's is not."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a study that is read: bytes, files, lines and columns of a table."""

    archive: int = sys.maxsize
    unpacked: int = sys.maxsize
    parts: int = sys.maxsize
    rows: int = sys.maxsize
    columns: int = sys.maxsize


#: Of a file that somebody sends: the service reads it beside everybody else's requests.
UPLOAD = Limits(archive=5 * 2**20, unpacked=16 * 2**20, parts=200, rows=100_000, columns=200)

#: Of a file that the operator names in a command: what was written can be read, at any size.
COMMAND = Limits()

# The standard library refuses a cell of more than 131,072 characters; a reason may be longer.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
