"""A questionnaire: the questions of one expert, and their answers so far."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey import values
from survey.reports.panel.own_weights import GroupWeights, weights_of_judgements, weights_of_points
from survey.values import BEST_WORST, PAIRWISE, Extremes, Framework, Judged, is_whole

if TYPE_CHECKING:
    from survey.asking.former import Former


@dataclass(frozen=True, slots=True, order=True)
class Lot:
    """The place of a pair in its group, and whether its second side comes first."""

    place: int
    swapped: bool


def lot(seed: int, parent: str, first: str, second: str) -> Lot:
    """Draw the lot of a pair: SHA-256 of the seed and the three codes, a line each.

    The first eight bytes are its place, the parity of the ninth its side. The lot is the
    same in every session, with every other question, and on every machine.

    >>> lot(7, "digital", "wired", "ai") == lot(7, "digital", "wired", "ai")
    True
    """
    drawn = hashlib.sha256(f"{seed}\n{parent}\n{first}\n{second}".encode()).digest()
    return Lot(int.from_bytes(drawn[:8]), bool(drawn[8] % 2))


@dataclass(frozen=True, slots=True)
class Question:
    """A comparison with its answer: ``steps``, or why it cannot be judged, or neither."""

    id: int
    parent: str
    first: str
    second: str
    steps: int | None = None
    reason: str = ""
    #: One of ``values.CANNOT_JUDGE``, or the expert's words, or nothing; None: they can judge it.
    cannot: str | None = None
    #: Why a targeted round asks it again: one of ``values.WHY_ASKED``; empty: they wish it.
    why: str = ""
    #: Whether pages show ``second`` first. The answer is still about first and second.
    swapped: bool = False

    @property
    def compared(self) -> tuple[str, str, str]:
        """Return parent, first and second, which identify the comparison; its id does not."""
        return self.parent, self.first, self.second

    @property
    def shown(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return the two sides in the order of the pages, each with its criterion."""
        first, second = ("first", self.first), ("second", self.second)
        return (second, first) if self.swapped else (first, second)

    def share(self, steps: int) -> float:
        """Return the share of the side that is shown first, by a judgement."""
        first = (abs(steps) + 1) / (abs(steps) + 2)
        return first if (steps >= 0) is not self.swapped else 1 - first

    @property
    def answered(self) -> bool:
        return self.steps is not None or self.cannot is not None


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions under one parent: pairs of its items, or a number for each.

    ``questions`` are every pair, or (best-worst, once the expert has chosen which
    count most and least) those of the star; ``points`` are of 100, or ratings.
    """

    code: str
    items: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    points: Mapping[str, float] | None = None
    #: Why the expert judges nothing in this group; None: they do.
    cannot: str | None = None
    #: The kind in which it is asked: of two items, a best-worst expert judges the one pair.
    kind: str = PAIRWISE
    extremes: Extremes | None = None
    #: The number of judgements that do not belong to the best and the worst that are chosen.
    aside: int = 0
    #: Whether this round asks anything here; else the earlier answers count.
    asks: bool = True
    #: Earlier answers that a targeted round did not ask again.
    carried: tuple[Question, ...] = ()
    #: Why a targeted round asks this list again.
    why: str = ""
    #: Earlier answers that count while this round's are open: steps by pair, or points.
    kept: Mapping[tuple[str, str], int] = field(default_factory=dict)
    kept_points: Mapping[str, float] = field(default_factory=dict)

    @property
    def given(self) -> int:
        """The number of marks that are answered."""
        return sum(self.marks)

    @property
    def marks(self) -> list[bool]:
        """Return for each question, or item that takes a number, whether it is answered.

        The choice of the items that count most and least is the first question of a star.
        """
        if not self.asks:
            return []
        if self.cannot is not None:
            return [True] * self._size
        if self.points is not None:
            return [item in self.points for item in self.items]
        if self.kind == BEST_WORST:
            answered = [question.answered for question in self.questions]
            return [self.extremes is not None, *answered] if answered else [False] * self._size
        return [question.answered for question in self.questions]

    @property
    def _size(self) -> int:
        if self.kind == BEST_WORST:
            return 2 * len(self.items) - 2
        return len(self.questions) or len(self.items)

    @property
    def pace(self) -> int:
        """Return about how many seconds each of :attr:`marks` takes."""
        if self.kind == PAIRWISE:
            return values.SECONDS_PER_QUESTION
        return values.SECONDS_PER_LINE

    @property
    def sum(self) -> float:
        return sum((self.points or {}).values())

    @property
    def zeros(self) -> list[str]:
        """Return items of a whole list that have 0 and, by ``replace_zeros``, a weight."""
        if self.points is None or not is_whole(self.kind, self.points.values()):
            return []
        if not self.points.keys() >= set(self.items):  # a rating is whole before its list is
            return []
        return [item for item in self.items if not self.points[item]]

    @property
    def begun(self) -> bool:
        return any(self.marks)

    @property
    def done(self) -> bool:
        """Whether nothing is open here; points also sum to 100, and a rating is above 0."""
        if self.asks and self.cannot is None and self.points is not None:
            return all(self.marks) and is_whole(self.kind, self.points.values())
        return all(self.marks)

    @property
    def judged(self) -> Judged:
        """Return the judgements in the order of the items, whichever side was shown first."""
        place = {item: position for position, item in enumerate(self.items)}
        given = [
            (q.first, q.second, q.steps)
            if place[q.first] < place[q.second]
            else (q.second, q.first, -q.steps)
            for q in (*self.carried, *self.questions)
            if q.steps is not None
        ]
        return tuple(sorted(given, key=lambda said: (place[said[0]], place[said[1]])))

    @property
    def steps(self) -> dict[tuple[str, str], int]:
        return {(first, second): steps for first, second, steps in self.judged}

    @property
    def weights(self) -> GroupWeights:
        if self.cannot is not None:
            return GroupWeights(None)
        if self.points is not None:
            return weights_of_points(self.items, self.kept_points or self.points, self.kind)
        if self.kind == BEST_WORST and self.kept:
            return weights_of_judgements(self.items, self.kept)
        return weights_of_judgements(self.items, {**self.kept, **self.steps})

    def question_of(self, *pair: str) -> Question | None:
        """Return the question that compares these two items."""
        return next((q for q in self.questions if {q.first, q.second} == {*pair}), None)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All questions of one expert in a round, in the order of asking."""

    framework: Framework
    groups: tuple[QuestionGroup, ...]
    #: Their answers of the round before; None in a study's first round.
    former: Former | None = None

    @property
    def asking(self) -> tuple[QuestionGroup, ...]:
        """Return the groups in which this round asks something."""
        return tuple(group for group in self.groups if group.asks)

    @property
    def fits_a_sheet(self) -> bool:
        """Whether each question is one line of a sheet; a star depends on its first one."""
        return bool(self.asking) and all(group.kind != BEST_WORST for group in self.asking)

    @property
    def questions(self) -> list[Question]:
        """Return the questions that have a page each."""
        return [q for group in self.groups if group.kind == PAIRWISE for q in group.questions]

    @property
    def count(self) -> int:
        """Count the questions that this round asks: comparisons, or whole groups."""
        return sum(len(g.questions) if g.kind == PAIRWISE else 1 for g in self.asking)

    @property
    def in_full(self) -> int:
        """Count the questions of a round that asks everything."""
        return sum(
            len((*g.questions, *g.carried)) if g.kind == PAIRWISE else 1 for g in self.groups
        )

    @property
    def marks(self) -> list[list[bool]]:
        return [group.marks for group in self.asking]

    @property
    def answered(self) -> int:
        return sum(map(sum, self.marks))

    @property
    def size(self) -> int:
        return sum(map(len, self.marks))

    @property
    def minutes_left(self) -> int:
        """Return about how long the rest takes, rounded up."""
        seconds = sum(group.pace * group.marks.count(False) for group in self.groups)
        return -(-seconds // 60)

    @property
    def usual_seconds(self) -> int:
        """Return about how long the whole takes, until times are measured."""
        return sum(group.pace * len(group.marks) for group in self.groups)

    @property
    def open_group(self) -> QuestionGroup | None:
        """Return the first group in which something is open."""
        return next((group for group in self.groups if not group.done), None)

    def question(self, question_id: int) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def group(self, code: str) -> QuestionGroup | None:
        return next((group for group in self.groups if group.code == code), None)

    def place(self, question: Question) -> tuple[int, int]:
        """Return the number of the group, and of the question in it, counted from 0."""
        for number, group in enumerate(self.asking):
            if question in group.questions:
                return number, group.questions.index(question)
        raise ValueError(f"question {question.id} is not asked here")

    def first_open(self, group: QuestionGroup) -> tuple[int, int] | None:
        """Return the place of the first open question or line; None if all are answered."""
        marks = group.marks
        return (self.asking.index(group), marks.index(False)) if False in marks else None

    def before(self, question: Question) -> Question | None:
        questions = self.questions
        position = questions.index(question)
        return questions[position - 1] if position else None

    def touching(self, indicator: str) -> int:
        """Count the comparisons that move an indicator's weight; none for points."""
        above = next(i.group for i in self.framework.indicators if i.code == indicator)
        # An only child has the weight of its group.
        group = self.group(above) or self.group(values.GOAL)
        return len(group.items) - 1 if group and group.kind == PAIRWISE else 0

    def criterion(self, code: str) -> values.Group | values.Indicator:
        """Return the group or the indicator of this code."""
        return next(found for found in self.framework.criteria if found.code == code)

    def members(self, code: str) -> list[values.Indicator]:
        """Return the indicators of a group; an indicator has none."""
        return [indicator for indicator in self.framework.indicators if indicator.group == code]

    def names(self, code: str) -> values.Texts:
        return self.criterion(code).names
