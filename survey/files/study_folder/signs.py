"""Signs in numbers: bytes of ½, ÷ and others are words in GB18030 (陆, 梅)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.files.study_folder.columns import folded
from survey.files.study_folder.findings import Findings
from survey.files.study_folder.records import Records, read_records

#: Only digits and signs.
_NUMBER = re.compile(r"[-+/*=<>^.,:0-9\s¼½¾÷×±°²³¹]+")
_DIGIT = re.compile("[0-9]")
#: Signs in a text beside what they belong to: 20 °C, m², £5, ½ of it. No Chinese text has
#: one character there. ¥ and ÷ are left out: 楼 and 梅 are in many names.
_IN_TEXT = re.compile(
    r"(?<=[0-9]) ?°(?= ?[CFK]?\b| |$)|(?<=[A-Za-z0-9])[²³]|[£§](?= ?[0-9])|(?<![A-Za-z])µ(?=[a-z])"
    r"|(?<=[0-9 ])[¼½¾](?= [a-z]{2})|^[¼½¾](?= [a-z]{2})"
)
#: Columns in which a sign alone is a number too: 陆 is not a judgement.
_OF_NUMBERS = frozenset(
    {"judgement", "points", "level", "levels", "ratio", "seed", "latitude", "longitude"}
)


def without_numbers(text: str, findings: Findings) -> str:
    """Return the texts of a table without numbers and their signs, to tell its encoding."""
    records = read_records("", text, Findings(findings.limits), ())
    return text if records is None else "\n".join(_words(records))


def _words(records: Records) -> Iterator[str]:
    names = [folded(name) for name in records.header[1]] if records.header else []
    for _, cells in records.every():
        for place, cell in enumerate(cells):
            column = names[place] if place < len(names) else ""
            if not _is_number(cell, column):
                yield _IN_TEXT.sub("", cell)


def _is_number(cell: str, column: str) -> bool:
    if not _NUMBER.fullmatch(cell):
        return False
    return column in _OF_NUMBERS or _DIGIT.search(cell) is not None
