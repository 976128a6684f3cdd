"""The tree of criteria with its ladders."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.values.kinds import BEST_WORST, PAIRWISE
from survey.values.texts import Texts

#: The root of every tree of criteria: the parent of the groups.
GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Rung:
    """One described state of a unit on a ladder, worth ``level`` steps from 0."""

    level: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that are weighed against one another."""

    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf of the tree, with its ladder; ``top`` is the highest level."""

    code: str
    group: str
    names: Texts
    top: int
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """The tree of criteria: ``goal``, its groups, their indicators."""

    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """Every criterion that has children, as asked: groups first, then the goal."""
        return (*(group.code for group in self.groups), GOAL)

    @property
    def criteria(self) -> tuple[Group | Indicator, ...]:
        """Every group, then every indicator."""
        return (*self.groups, *self.indicators)

    @property
    def names(self) -> dict[str, Texts]:
        """The names of every group and indicator by code; the goal has none."""
        return {criterion.code: criterion.names for criterion in self.criteria}

    def children(self, parent: str) -> tuple[str, ...]:
        """The criteria compared under ``parent``, in the framework's order."""
        if parent == GOAL:
            return tuple(group.code for group in self.groups)
        return tuple(i.code for i in self.indicators if i.group == parent)

    def pairs(self, parent: str) -> Iterator[tuple[str, str]]:
        """Every unordered pair under ``parent``, in the order of asking."""
        children = self.children(parent)
        for position, first in enumerate(children):
            for second in children[position + 1 :]:
                yield first, second

    def asks_every_pair(self, parent: str, method: str) -> bool:
        """Whether who answers by ``method`` judges all pairs there: of two, none is the best."""
        return method == PAIRWISE or (method == BEST_WORST and len(self.children(parent)) <= 2)
