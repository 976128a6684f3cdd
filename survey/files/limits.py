"""Limits of files: uploads are limited, files of a command are not."""

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


#: Limits of an uploaded file: the service reads it while it handles other requests.
UPLOAD = Limits(archive=5 * 2**20, unpacked=16 * 2**20, parts=200, rows=100_000, columns=200)

#: Limits of a file that the operator names in a command: any size can be read.
COMMAND = Limits()

# The standard library refuses a cell of more than 131,072 characters; a reason may be longer.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
