"""Faults and notes of a reading, collected so that all are reported at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field

from survey.files.limits import UPLOAD, Limits
from survey.files.study_folder.codes import Trace, trace, traces
from survey.files.study_folder.faults import FaultyFolder, FolderFault

#: Number of labels that are compared for hints in one folder, to limit the time.
_HINTS = 20_000


@dataclass
class Findings:
    """Collector of faults and notes, with the settings of the reading."""

    limits: Limits = UPLOAD
    #: Whether the study has Chinese texts.
    chinese: bool = False
    #: Codes of the languages in its columns and of its panel.
    languages: frozenset[str] = frozenset()
    faults: list[FolderFault] = field(default_factory=list)
    notes: list[FolderFault] = field(default_factory=list)
    hints: int = _HINTS
    #: By file and column: its codes or directions that are not plain, by their plain form.
    alike: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    #: By file: its codes by the form into which a spreadsheet converts them.
    _traces: dict[str, dict[Trace, str]] = field(default_factory=dict)
    _nearest: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def fault(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        """Add a fault.

        Raises
        ------
        FaultyFolder
            If there are more faults than the limit: each takes time and memory.
        """
        self.faults.append(FolderFault(file, line, column, code, data))
        if len(self.faults) > (limit := self.limits.faults):
            last = FolderFault(file, 0, "", "too-many-faults", {"limit": limit})
            raise FaultyFolder((*self.faults[:limit], last))

    def check_number(self, file: str, what: str, found: int) -> bool:
        """Whether a folder has at most as many directions or languages as its limit."""
        limit = getattr(self.limits, what)
        if found > limit:
            self.fault(file, 0, "", f"too-many-{what}", found=found, limit=limit)
        return bool(found <= limit)

    def note(self, file: str, line: int, column: str, code: str, **data: object) -> None:
        self.notes.append(FolderFault(file, line, column, code, data))

    def nearest(self, found: str, known: Collection[str]) -> str:
        """Return the known label most similar to ``found``, or an empty string."""
        asked = found, len(known), next(iter(known), "")
        if asked not in self._nearest:
            self._nearest[asked] = self._looked_for(found, known)
        return self._nearest[asked]

    def before_the_spreadsheet(self, found: str, known: Collection[str], where: str) -> str:
        """Return the code of ``where`` that a spreadsheet converted into ``found``, or ""."""
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
