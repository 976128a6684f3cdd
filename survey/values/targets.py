"""Targets: the questions that a targeted round asks again, and of whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Target(NamedTuple):
    """A question asked again, and why; a whole list has no ``first`` and ``second``."""

    parent: str
    first: str
    second: str
    why: str


@dataclass(frozen=True, slots=True)
class Targets:
    """The questions that a targeted round asks each expert, with their reasons."""

    #: By expert, parent, first and second.
    pairs: Mapping[tuple[str, str, str, str], str] = field(default_factory=dict)
    #: Groups answered as one list, by expert and parent.
    lists: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: By expert: items that they want to reconsider, whatever the round asks.
    reconsidered: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def asks_pair(self, expert: str, parent: str, first: str, second: str) -> bool:
        renewed = self.reconsidered.get(expert, frozenset())
        return (expert, parent, first, second) in self.pairs or bool(renewed & {first, second})

    def asks_list(self, expert: str, parent: str, items: Iterable[str]) -> bool:
        renewed = self.reconsidered.get(expert, frozenset())
        return (expert, parent) in self.lists or not renewed.isdisjoint(items)
