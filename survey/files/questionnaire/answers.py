"""Answers of an expert in a questionnaire, whether in a file or in the database."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from survey.asking.questionnaire import Questionnaire
from survey.values.wording import tidy

#: Key of an answer: the id of a comparison, or the code of a group.
Key = int | str

#: Relative precision to which a spreadsheet keeps a number.
_DIGITS = 1e-9


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """Answer to a comparison: steps toward its first or second, or why there are none."""

    steps: int | None
    reason: str = ""
    cannot: str | None = None


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """Answer to a whole group: numbers for its items, or why the expert abstains."""

    cannot: str | None = None
    points: Mapping[str, float] = field(default_factory=dict)


Answer = PairAnswer | GroupAnswer


@dataclass(frozen=True, slots=True)
class Line:
    """Answer in a file, and the version of the stored answer when the file was made."""

    answer: Answer
    #: 0 if there was none; None if the file does not say.
    version: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """Answer in a file that differs from the stored one."""

    key: Key
    filed: Answer
    #: None if nothing is stored.
    stored: Answer | None
    #: The version of the stored answer; 0 if there is none.
    version: int
    #: Whether the stored answer is newer than the file.
    stale: bool

    @property
    def count(self) -> int:
        """Number of answers, as on the pages: in a list, every new line counts."""
        if not isinstance(self.filed, GroupAnswer) or not self.filed.points:
            return 1
        before = self.stored.points if isinstance(self.stored, GroupAnswer) else {}
        given = self.filed.points.items()
        new = [item for item, n in given if item not in before or not _close(n, before[item])]
        return max(1, len(new))


def stored_answers(questionnaire: Questionnaire) -> dict[Key, Answer]:
    """Return the stored answers by question."""
    answers: dict[Key, Answer] = {}
    for group in questionnaire.asking:
        shown = group.points if group.cannot is None and group.points is not None else {}
        answers[group.code] = GroupAnswer(group.cannot, shown)
        for question in group.questions:
            if question.answered:
                answers[question.id] = PairAnswer(question.steps, question.reason, question.cannot)
    return answers


def changes_of(
    filled: Mapping[Key, Line], stored: Mapping[Key, Answer], versions: Mapping[Key, int]
) -> Iterator[Change]:
    """Yield the answers of a file that differ from stored ones; blanks change nothing."""
    for key, line in filled.items():
        now = stored.get(key)
        if now is None or not (same(line.answer, now) or _leaves_open(line.answer, now)):
            version = versions.get(key, 0)
            stale = version != line.version and (version > 0 or _says_something(now))
            yield Change(key, line.answer, now, version, stale)


def _says_something(stored: Answer | None) -> bool:
    return stored not in (None, GroupAnswer())


def _leaves_open(filed: Answer, stored: Answer) -> bool:
    """Whether a file only says that the expert does not abstain, as is stored."""
    return filed == GroupAnswer() and isinstance(stored, GroupAnswer) and stored.cannot is None


def same(a: Answer, b: Answer) -> bool:
    """Whether two answers are equal, to the precision of a spreadsheet."""
    if isinstance(a, PairAnswer) and isinstance(b, PairAnswer):
        return a.steps == b.steps and _same_text(a.reason, b.reason) and _both(a.cannot, b.cannot)
    if isinstance(a, GroupAnswer) and isinstance(b, GroupAnswer):
        if a.cannot is not None or b.cannot is not None:
            return _both(a.cannot, b.cannot)
        return a.points.keys() == b.points.keys() and all(
            _close(given, b.points[item]) for item, given in a.points.items()
        )
    return False


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=_DIGITS, abs_tol=_DIGITS)


def _both(a: str | None, b: str | None) -> bool:
    return a is b if a is None or b is None else _same_text(a, b)


def _same_text(a: str, b: str) -> bool:
    return fit_for_a_cell(a) == fit_for_a_cell(b)


#: The longest text of a cell.
LONGEST_CELL = 32_767


def fit_for_a_cell(text: str) -> str:
    """Return a text as spreadsheets keep it: one line end, no control characters."""
    kept = (c for c in tidy(text).replace("\r", "\n") if c >= " " or c in "\t\n")
    return "".join(c for c in kept if c not in "\ufffe\uffff")[:LONGEST_CELL].strip()
