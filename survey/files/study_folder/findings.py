"""Faults and notes of a reading, collected so that all are said at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field

from survey.files.limits import UPLOAD, Limits
from survey.files.study_folder.codes import Trace, trace, traces
from survey.files.study_folder.faults import Fault

#: How many labels are looked at for hints in one folder: each takes time, and nobody reads on.
_HINTS = 20_000


@dataclass
class Findings:
    """Collects what reading finds; says what the tables are read under."""

    limits: Limits = UPLOAD
    #: Whether the study has Chinese texts.
    chinese: bool = False
    #: What else its texts may be in: codes of languages in its columns, and of its panel.
    languages: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    hints: int = _HINTS
    #: By file: its codes by what a spreadsheet keeps of them.
    _traces: dict[str, dict[Trace, str]] = field(default_factory=dict)
    _nearest: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def fault(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        self.faults.append(Fault(file, line, column, code, data))

    def note(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        self.notes.append(Fault(file, line, column, code, data))

    def nearest(self, found: str, known: Collection[str]) -> str:
        """The known label that ``found`` was probably meant to be, or an empty string."""
        asked = found, len(known), next(iter(known), "")
        if asked not in self._nearest:
            self._nearest[asked] = self._looked_for(found, known)
        return self._nearest[asked]

    def before_the_spreadsheet(self, found: str, known: Collection[str], where: str) -> str:
        """The code of ``where`` that a spreadsheet turned into ``found``, or an empty string."""
        kept = trace(found)
        if kept is None:
            return ""
        if where not in self._traces:
            self._traces[where] = traces(known)
        return self._traces[where].get(kept, "")

    def _looked_for(self, found: str, known: Collection[str]) -> str:
        self.hints -= len(known)
        if self.hints < 0 or len(found) > 64:
            return ""
        by_folded = {label.casefold(): label for label in known}
        near = difflib.get_close_matches(found.casefold(), by_folded, n=1)
        return by_folded[near[0]] if near else ""
