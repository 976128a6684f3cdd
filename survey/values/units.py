"""Units that are ranked, and the tables they are ranked in."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.values.texts import Texts


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit that is ranked, such as a city. ``levels`` has only known levels."""

    code: str
    names: Texts
    levels: Mapping[str, int]
    country: str = ""
    capital: bool | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Published table, with the groups whose weighted levels it sums."""

    code: str
    names: Texts
    groups: tuple[str, ...]
