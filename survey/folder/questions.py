"""What the answers of a folder refer to: the panel's experts and the framework's pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from survey.folder.sheet import Row
from survey.values import GOAL, Expert, Extremes, Framework

#: Where an answer stands, as file and line, by (expert, parent, first, second). Under
#: (expert, parent, "", "") stands the first answer in the whole group.
Answered = dict[tuple[str, str, str, str], tuple[str, int]]


@dataclass(frozen=True)
class Pair:
    """Two items under one parent, in the framework's order; ``reversed`` if the row's differs."""

    parent: str
    first: str
    second: str
    reversed: bool


@dataclass(frozen=True)
class Questions:
    """Finds what a row of answers is about, or says what is wrong with its labels."""

    framework: Framework
    panel: tuple[Expert, ...]
    extremes: tuple[Extremes, ...] = ()

    @cached_property
    def stars(self) -> dict[tuple[str, str], Extremes]:
        return {(star.expert, star.parent): star for star in self.extremes}

    @cached_property
    def experts(self) -> dict[str, Expert]:
        return {expert.code: expert for expert in self.panel}

    @cached_property
    def children(self) -> dict[str, dict[str, int]]:
        """Parent → child → its place in the framework's order; nothing of a faulty framework."""
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
        """The item in ``column``, if it stands under ``parent``."""
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
        """The two items of columns ``a`` and ``b``."""
        parent = self.parent(row)
        a, b = self.item(row, "a", parent), self.item(row, "b", parent)
        if parent is None or a is None or b is None:
            return None
        if a == b:
            row.fault("b", "itself", found=a, parent=parent)
            return None
        places = self.children[parent]
        if places[a] < places[b]:
            return Pair(parent, a, b, False)
        return Pair(parent, b, a, True)
