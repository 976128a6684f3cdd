"""Tree of criteria with its ladders."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.values.kinds import BEST_WORST, PAIRWISE
from survey.values.texts import Texts

#: The root of every tree of criteria: the parent of the groups.
GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Rung:
    """Described state of a unit on a ladder, ``level`` steps above 0."""

    level: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class Group:
    """Group of indicators that are weighed against one another."""

    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Indicator:
    """Leaf of the tree, with its ladder; ``top`` is the highest level."""

    code: str
    group: str
    names: Texts
    top: int
    rungs: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """Tree of criteria: ``goal``, its groups, their indicators."""

    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """Every criterion with children, in the order of asking: groups, then the goal."""
        return (*(group.code for group in self.groups), GOAL)

    @property
    def asked_parents(self) -> tuple[str, ...]:
        """The parents with at least two children: an only child has weight 1."""
        return tuple(parent for parent in self.parents if len(self.children(parent)) > 1)

    @property
    def criteria(self) -> tuple[Group | Indicator, ...]:
        """Every group, then every indicator."""
        return (*self.groups, *self.indicators)

    @property
    def names(self) -> dict[str, Texts]:
        """The names of every group and indicator by code; the goal has none."""
        return {criterion.code: criterion.names for criterion in self.criteria}

    def children(self, parent: str) -> tuple[str, ...]:
        """Return the criteria compared under ``parent``, in the framework's order."""
        if parent == GOAL:
            return tuple(group.code for group in self.groups)
        return tuple(i.code for i in self.indicators if i.group == parent)

    def pairs(self, parent: str) -> Iterator[tuple[str, str]]:
        """Yield every unordered pair under ``parent``, in the order of asking."""
        children = self.children(parent)
        for position, first in enumerate(children):
            for second in children[position + 1 :]:
                yield first, second

    def asks_every_pair(self, parent: str, kind: str) -> bool:
        """Whether this kind compares every pair. Best-worst does so in groups of two."""
        return kind == PAIRWISE or (kind == BEST_WORST and len(self.children(parent)) <= 2)
