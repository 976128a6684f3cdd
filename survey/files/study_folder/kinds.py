"""Kind of a file that was given instead of another, detected from its first bytes."""

from __future__ import annotations

import codecs
import re

#: An archive, as .zip, .xlsx and .ods are, and the container of .xls.
_ARCHIVE = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Names of parts that only a workbook has.
_WORKBOOK_PARTS = (b"xl/workbook", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
#: A byte order mark of UTF-8, decoded as Latin-1.
_MARK = "ï»¿"
_LOOKED_AT = 2000
#: A header of several columns.
_HEADER = re.compile(r"[^\n{\[<]{1,500}?[,;\t][^\n]*")


def binary_kind(content: bytes) -> str:
    """Return “workbook” or “archive” for such a file, else an empty string."""
    if content.startswith(_OLD_WORKBOOK):
        return "workbook"
    if not content.startswith(_ARCHIVE):
        return ""
    return "workbook" if any(part in content for part in _WORKBOOK_PARTS) else "archive"


def kind_of(content: bytes) -> str:
    """Return the hint for the kind of a file, or an empty string if it is uncertain."""
    if kind := binary_kind(content):
        return kind
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content[:_LOOKED_AT].decode("utf-16" if wide else "latin-1", "replace")
    start = text.removeprefix(_MARK).lstrip()
    if start.startswith(("{", "[")):
        return "json"
    return "table" if "\0" not in start and _HEADER.match(start) else ""
