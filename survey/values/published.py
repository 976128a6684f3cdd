"""Domain values of a published ranking."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.values import Texts, UnitWords


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """Unit as readers see it: its names and country, without scores and levels."""

    code: str
    names: Texts
    country: str


@dataclass(frozen=True, slots=True)
class PublishedBand:
    """Band of a published table; it may be empty.

    ``first`` and ``last`` are the real cumulative shares above it and at its end,
    in whole percent; ``nominal`` is the share from 0 to 1 at which it should end.
    ``labels`` and ``units`` are by language: codes in the order of that language.
    """

    nominal: float
    first: int
    last: int
    labels: Texts
    units: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """Number of units, the same in every language."""
        return len(next(iter(self.units.values()), ()))


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """Table as readers see it; ``unrated`` is by language, in that language's order."""

    code: str
    names: Texts
    groups: tuple[str, ...]
    #: Number of indicators that it sums.
    indicators: int
    bands: tuple[PublishedBand, ...]
    unrated: Mapping[str, tuple[str, ...]]

    @property
    def filled(self) -> tuple[PublishedBand, ...]:
        """The bands that hold a unit."""
        return tuple(band for band in self.bands if band.size)

    @property
    def rated(self) -> int:
        return sum(band.size for band in self.bands)


@dataclass(frozen=True, slots=True)
class PublishedWeights:
    """Origin of a ranking's weights: the study, the round, the number of experts."""

    study: str
    titles: Texts
    #: None if the weights come from no round of this service.
    round: int | None
    #: Number of experts whose answers count; None for fewer than three.
    experts: int | None
    #: Notices about the answers behind the weights.
    notices: Texts


@dataclass(frozen=True, slots=True)
class Publication:
    """Ranking as readers see it, with the data needed to recompute it."""

    study: str
    titles: Texts
    notices: Texts
    languages: tuple[str, ...]
    units: tuple[PublishedUnit, ...]
    tables: tuple[PublishedTable, ...]
    shares: tuple[float, ...]
    ties: str
    #: The digest that the weight set's own file states.
    weights_digest: str
    #: SHA-256 of the units' levels, hexadecimal: binds the bands to them without showing them.
    levels_digest: str
    software: str
    #: The study's own noun for what is ranked; empty: city.
    unit: UnitWords = field(default_factory=dict)
    #: None in publications of earlier versions.
    weights: PublishedWeights | None = None

    @property
    def all_notices(self) -> tuple[Texts, ...]:
        """Notices about the data and, if they are another study's, about the weights."""
        return said_once(self.notices, self.weights.notices if self.weights else {})


def said_once(*notices: Texts) -> tuple[Texts, ...]:
    """Return notices without empty ones and without repetitions.

    >>> said_once({"en": "Made up."}, {}, {"en": "Made up."})
    ({'en': 'Made up.'},)
    """
    return tuple(
        texts for place, texts in enumerate(notices) if texts and texts not in notices[:place]
    )
