"""Excerpts of a file with its faulty lines, to show beside the sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.files.study_folder.columns import folded
from survey.files.study_folder.faults import SHOWN, FolderFault, by_cause
from survey.files.study_folder.sheet import raw_rows

#: Number of lines shown for one cause.
SHOWN_OF_EACH = 20

Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Header of a file and its faulty lines, each with its number."""

    file: str
    header: Line
    lines: tuple[Line, ...]
    #: Line and place of a faulty cell → the number of its first cause, from 1.
    faulty: Mapping[tuple[int, int], int]


def find_excerpt(file: str, content: bytes, faults: Sequence[FolderFault]) -> Excerpt | None:
    """Return the lines of a file with these faults; None if the faults name no cell.

    Only the first places of each cause are shown.
    """
    rows = raw_rows(content)
    if not rows:
        return None
    header, *lines = rows
    names = [folded(name) for name in header[1]]
    faulty: dict[tuple[int, int], int] = {}
    numbered = (
        (number, fault)
        for number, cause in enumerate(by_cause(faults)[:SHOWN], 1)
        for fault in cause.faults[:SHOWN_OF_EACH]
    )
    for number, fault in numbered:
        if fault.file == file and folded(fault.column) in names and fault.line > header[0]:
            faulty.setdefault((fault.line, names.index(folded(fault.column))), number)
    wanted = {line for line, _ in faulty}
    shown = tuple(row for row in lines if row[0] in wanted)
    return Excerpt(file, header, shown, faulty) if shown else None
