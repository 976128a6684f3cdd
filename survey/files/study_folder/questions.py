"""References of a folder's answers: the panel's experts and the framework's pairs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from survey.files.study_folder.sheet import Row
from survey.values import GOAL, Expert, Extremes, Framework

COMPARISONS = "comparisons.csv"

#: A file and a line of it.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Pair of items in the framework's order; ``reversed`` if the row's order differs."""

    parent: str
    first: str
    second: str
    reversed: bool
    #: The items in the order of the row.
    written: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AnswerPlaces:
    """Places of the answers read, so that a second one's fault can name the first.

    A million judgements take one number each here; all experts share the pairs.
    """

    #: By expert and parent: the line of each pair in comparisons.csv, in the order of the row.
    lines: defaultdict[tuple[str, str], dict[tuple[str, str], int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    #: By expert and parent: the first answer there.
    first: dict[tuple[str, str], Place] = field(default_factory=dict)

    def find(self, expert: str, parent: str, first: str, second: str) -> Place | None:
        """Return the place of an answer to a pair in either order, or to the whole group."""
        if not first:
            return self.first.get((expert, parent))
        lines = self.lines.get((expert, parent), {})
        line = lines.get((first, second)) or lines.get((second, first))
        return (COMPARISONS, line) if line else None


@dataclass(frozen=True)
class Questions:
    """Lookup of the expert and items of a row, which reports faulty labels."""

    framework: Framework
    panel: tuple[Expert, ...]
    extremes: tuple[Extremes, ...] = ()
    #: Pairs found so far, by parent and items: all rows share one object per pair.
    _pairs: dict[tuple[str, str, str], Pair] = field(default_factory=dict)

    @cached_property
    def stars(self) -> dict[tuple[str, str], Extremes]:
        return {(star.expert, star.parent): star for star in self.extremes}

    @cached_property
    def experts(self) -> dict[str, Expert]:
        return {expert.code: expert for expert in self.panel}

    @cached_property
    def children(self) -> dict[str, dict[str, int]]:
        """Parent → child → its place in the framework's order; empty if faulty."""
        if not self.framework.groups or not self.framework.indicators:
            return {}
        return {
            parent: {child: place for place, child in enumerate(self.framework.children(parent))}
            for parent in self.framework.parents
        }

    @cached_property
    def _criteria(self) -> frozenset[str]:
        if not self.children:
            return frozenset()
        groups = (group.code for group in self.framework.groups)
        return frozenset((*groups, *(i.code for i in self.framework.indicators)))

    def expert(self, row: Row) -> Expert | None:
        code = row.known("expert", self.experts, "panel.csv")
        return self.experts.get(code) if code else None

    def parent(self, row: Row) -> str | None:
        return row.known("parent", self.children, "groups.csv")

    def item(self, row: Row, column: str, parent: str | None) -> str | None:
        """Return the item in ``column`` if under ``parent``; else None, with a fault."""
        where = "groups.csv" if parent == GOAL else "indicators.csv"
        item = row.known(column, self._criteria, where)
        children = self.children.get(parent or "")
        if item is None or children is None:
            return None
        if item in children:
            return item
        expected = ", ".join(children)
        row.fault(column, "not-a-child", found=item, parent=parent, expected=expected)
        return None

    def pair(self, row: Row) -> Pair | None:
        """Return the pair in columns ``a`` and ``b``; None, with a fault, if not valid."""
        parent = self.parent(row)
        a, b = self.item(row, "a", parent), self.item(row, "b", parent)
        if parent is None or a is None or b is None:
            return None
        if a == b:
            row.fault("b", "itself", found=a, parent=parent)
            return None
        if (parent, a, b) not in self._pairs:
            turned = self.children[parent][a] > self.children[parent][b]
            first, second = (b, a) if turned else (a, b)
            self._pairs[parent, a, b] = Pair(parent, first, second, turned, (a, b))
        return self._pairs[parent, a, b]
