"""Faults of a file, as data, by cause, and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from survey.files.study_folder.sentences import COUNTED, HINTS, MORE, PLACES, SENTENCES
from survey.values.wording import filled, shown, worded

#: Number of sentences shown; the others are only counted.
SHOWN = 200
#: Number of places named for one cause.
NAMED = 5


@dataclass(frozen=True, slots=True)
class FolderFault:
    """Fault at one place of one file.

    ``code`` is a key of :data:`SENTENCES`; ``data`` fills its placeholders. Its
    ``hint``, if any, is a key of :data:`HINTS`, which suggests a correction.
    ``line`` counts from 1, 0 for the whole file; ``column`` is the column's
    name, empty for the whole line.
    """

    file: str
    line: int
    column: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cause:
    """Faults with one cause: the first is shown, the others are counted."""

    faults: tuple[FolderFault, ...]

    @property
    def first(self) -> FolderFault:
        return self.faults[0]


class Faulty(Exception):
    """A file cannot be used; ``faults`` has everything found.

    They are by file, in the order of reading, so that a cause comes before its
    consequences in other files; within a file by line.
    """

    def __init__(self, faults: tuple[FolderFault, ...]) -> None:
        super().__init__(faults)
        order = list(dict.fromkeys(fault.file for fault in faults))
        self.faults = tuple(
            sorted(faults, key=lambda fault: (order.index(fault.file), fault.line, fault.column))
        )

    @property
    def causes(self) -> tuple[Cause, ...]:
        return by_cause(self.faults)

    def __str__(self) -> str:
        causes = self.causes
        said = [cause_sentence(cause) for cause in causes[:SHOWN]]
        if more := len(causes) - len(said):
            said.append(MORE % {"count": more})
        return "\n".join(said)


class FaultyFolder(Faulty):
    """A study folder cannot be read."""


#: The data that distinguish two causes, by code or hint; for other codes, all data.
_TOLD_APART_BY: Mapping[str, tuple[str, ...]] = {
    "meant": ("meant",),
    "between": ("low", "high"),
    "minus": ("meant",),
    "percent": (),
    "state": (),
    "whole": (),
    "spreadsheet": ("where",),
    "unknown": ("found", "where"),
    "unknown-nearest": ("found", "where"),
    "not-a-child": ("found", "parent"),
    "above-the-top": ("indicator",),
    "blank": (),
    "date": (),
    "decimals-behind": (),
    "half-a-pair": (),
    "half-a-place": (),
    "judged-twice": ("expert",),
    "judged-twice-opposite": ("expert",),
    "malformed-code": (),
    "mixed-separators": ("found",),
    "missing-rungs": ("indicator",),
    "no-judgement": (),
    "not-a-hundred": ("sum",),
    "points-twice": ("expert",),
    "ragged": ("found",),
    "too-long": ("limit",),
}
#: Codes and hints with the same cause in every column, and in every file.
_IN_ANY_COLUMN = frozenset({"percent", "state", "whole", "above-the-top"})
_IN_ANY_FILE = frozenset(
    {
        *("spreadsheet", "unknown", "unknown-nearest", "not-a-child"),
        *("workbook", "archive"),
        *("not-text", "two-readings", "wrong-separator", "read-as-gb18030", "read-as-utf-16"),
    }
)


def by_cause(faults: Iterable[FolderFault]) -> tuple[Cause, ...]:
    """Group faults by cause, in the order of the first fault of each."""
    causes: dict[object, list[FolderFault]] = {}
    for fault in faults:
        causes.setdefault(_cause(fault), []).append(fault)
    return tuple(Cause(tuple(same)) for same in causes.values())


def _cause(fault: FolderFault) -> object:
    kind = str(fault.data.get("hint", fault.code))
    names = _TOLD_APART_BY.get(kind, tuple(fault.data))
    apart = tuple((name, str(fault.data.get(name))) for name in names if name != "other")
    if kind in _IN_ANY_FILE:
        return fault.code, kind, apart
    column = "" if kind in _IN_ANY_COLUMN else fault.column
    return fault.file, column, fault.code, kind, apart


def cause_sentence(cause: Cause, translate: Callable[[str], str] = str, placed: bool = True) -> str:
    """Return a cause as a sentence: its first fault, the number of faults, the places.

    ``placed`` puts the place of the first fault in front.
    """
    said = sentence(cause.first, translate) if placed else _said(cause.first, translate)
    count = len(cause.faults)
    if count == 1:
        return said
    files = list(dict.fromkeys(fault.file for fault in cause.faults))
    lines = list(dict.fromkeys(fault.line for fault in cause.faults))
    where = "files" if len(files) > 1 else "lines" if len(lines) > 1 else "line"
    named = [str(line) for line in lines[:NAMED]] + ["…"] * (len(lines) > NAMED)
    data = {"count": count, "files": ", ".join(map(shown, files)), "lines": ", ".join(named)}
    return filled(translate(COUNTED[where]), {**data, "sentence": said})


def sentence(fault: FolderFault, translate: Callable[[str], str] = str) -> str:
    """Return a fault as one sentence, in the language of ``translate``."""
    place = "column" if fault.column and fault.line else "line" if fault.line else "file"
    where = {"file": shown(fault.file), "line": fault.line, "column": shown(fault.column)}
    data = {**where, "sentence": _said(fault, translate)}
    return filled(translate(PLACES[place]), data)


def _said(fault: FolderFault, translate: Callable[[str], str]) -> str:
    """Return a fault's sentence without its place, with its hint."""
    said = worded(SENTENCES[fault.code], fault.data, translate)
    if "hint" not in fault.data:
        return said
    return f"{said} {worded(HINTS[str(fault.data['hint'])], fault.data, translate)}"
