"""Preview of the changes when the units of an edition are replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from survey.canonical import compact
from survey.values import Framework, Unit


@dataclass(frozen=True, slots=True)
class LevelChange:
    """Change of a level; None if a level is not known."""

    unit: Unit
    indicator: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of levels, and units that are added, removed or described differently."""

    levels: tuple[LevelChange, ...]
    added: tuple[Unit, ...]
    removed: tuple[Unit, ...]
    described: tuple[Unit, ...]
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.levels or self.added or self.removed or self.described or self.reordered)

    @property
    def units(self) -> int:
        """Number of units with a changed level."""
        return len({change.unit.code for change in self.levels})


def changes(before: Sequence[Unit], after: Sequence[Unit], framework: Framework) -> Changes:
    """Return the differences between the current units and the new ones.

    The levels of an added unit are among the changes; those of a removed one are not.
    """
    old = {unit.code: unit for unit in before}
    new = {unit.code: unit for unit in after}
    kept_before = [code for code in old if code in new]
    kept_after = [code for code in new if code in old]
    return Changes(
        levels=tuple(_levels(old, after, framework)),
        added=tuple(unit for unit in after if unit.code not in old),
        removed=tuple(unit for unit in before if unit.code not in new),
        described=tuple(
            unit
            for unit in after
            if unit.code in old and _described(unit) != _described(old[unit.code])
        ),
        reordered=kept_before != kept_after,
    )


def units_digest(units: Sequence[Unit]) -> str:
    """Return the SHA-256 of all data of the units, in their order."""
    known = [
        [
            unit.code,
            dict(unit.names),
            dict(unit.levels),
            unit.country,
            unit.capital,
            unit.latitude,
            unit.longitude,
        ]
        for unit in units
    ]
    return sha256(compact(known).encode()).hexdigest()


def _levels(
    old: dict[str, Unit], after: Sequence[Unit], framework: Framework
) -> Iterator[LevelChange]:
    for unit in after:
        levels = old[unit.code].levels if unit.code in old else {}
        for indicator in framework.indicators:
            was, will_be = levels.get(indicator.code), unit.levels.get(indicator.code)
            if was != will_be:
                yield LevelChange(unit, indicator.code, was, will_be)


def _described(unit: Unit) -> Unit:
    return replace(unit, levels={})
