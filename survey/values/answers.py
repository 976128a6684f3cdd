"""Answers of an expert in a round, independent of files, rows and pages.

:class:`Answers` is the one definition; the tables that hold them are ``models.ANSWERS``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from operator import add
from typing import Any


@dataclass(frozen=True, slots=True)
class Judgement:
    """Answer of one expert to one comparison.

    ``steps`` counts from equal (0) toward ``first`` (+8) or ``second`` (-8):
    +2 means that ``first`` counts 3 times as much as ``second``.
    """

    expert: str
    parent: str
    first: str
    second: str
    steps: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Extremes:
    """Items under ``parent`` that count most and least for a best-worst expert.

    The expert then judges a double star: the best against each other item, and each
    other item against the worst.
    """

    expert: str
    parent: str
    best: str
    worst: str

    def pairs(self, items: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the 2n - 3 pairs of the star, each with the heavier item first."""
        for item in items:
            if item != self.best:
                yield self.best, item
        for item in items:
            if item not in (self.best, self.worst):
                yield item, self.worst

    def heavier(self, first: str, second: str) -> str:
        """Return the item of a pair of the star that counts more."""
        if self.best in (first, second):
            return self.best
        return first if second == self.worst else second

    def admit(self, first: str, second: str, steps: int) -> bool:
        """Whether a judgement belongs to the star and does not contradict it."""
        if not {self.best, self.worst} & {first, second}:
            return False
        return steps >= 0 if self.heavier(first, second) == first else steps <= 0


@dataclass(frozen=True, slots=True)
class Allocation:
    """Points of 100 under ``parent``, or rating, that one expert gives a criterion."""

    expert: str
    parent: str
    item: str
    points: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """Statement that an expert cannot judge a pair or (items empty) a whole group."""

    expert: str
    parent: str
    first: str = ""
    second: str = ""
    reason: str = ""


#: Judgements of one expert under one parent, in the framework's order: first, second, steps.
Judged = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Three items whose comparisons contradict one another; ``kind`` says how."""

    kind: str
    items: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Review:
    """Verdict of one expert on the weights from their comparisons under one parent.

    ``before`` are the judgements when the expert was shown the contradictions,
    ``after`` those when they continued; None if they have not continued.
    """

    expert: str
    parent: str
    verdict: str = ""
    reason: str = ""
    shown: tuple[Contradiction, ...] = ()
    before: Judged = ()
    after: Judged | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a panel, or of one of its experts, in a round.

    No weight depends on a review, but it is as confidential as the answers it is about.
    """

    judgements: tuple[Judgement, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    abstentions: tuple[Abstention, ...] = ()
    extremes: tuple[Extremes, ...] = ()
    reviews: tuple[Review, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any answer."""
        return any(self.kinds)

    @property
    def kinds(self) -> tuple[tuple[Any, ...], ...]:
        """The answers of each kind, in the order of the fields."""
        return tuple(getattr(self, kind.name) for kind in fields(self))

    def of(self, experts: Collection[str]) -> "Answers":
        """Return the answers of these experts, by code."""
        return Answers(*(tuple(a for a in kind if a.expert in experts) for kind in self.kinds))

    def joined(self, others: "Answers") -> "Answers":
        """Return these answers and others, of other experts."""
        return Answers(*map(add, self.kinds, others.kinds))
