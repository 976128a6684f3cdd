"""Domain values of what readers see: a ranking as it was published. Known to every room."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.values import Texts, UnitWords


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """A unit as readers see it: what it is called and where it is, without scores and levels."""

    code: str
    names: Texts
    country: str


@dataclass(frozen=True, slots=True)
class PublishedBand:
    """A band of a published table; it may be empty.

    ``first`` and ``last`` are the real cumulative shares above and at its end,
    in whole percent, and ``nominal`` the one from 0 to 1 at which it should
    end. ``labels`` and ``units`` are by language: codes in its readers' order.
    """

    nominal: float
    first: int
    last: int
    labels: Texts
    units: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """How many units it has: the same in every language."""
        return len(next(iter(self.units.values()), ()))


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table as readers see it; ``unrated`` is by language, in its readers' order."""

    code: str
    names: Texts
    groups: tuple[str, ...]
    #: How many indicators it sums.
    indicators: int
    bands: tuple[PublishedBand, ...]
    unrated: Mapping[str, tuple[str, ...]]

    @property
    def rated(self) -> int:
        return sum(band.size for band in self.bands)


@dataclass(frozen=True, slots=True)
class PublishedWeights:
    """Whose weights a ranking applies: of which study, after which round, of how many experts."""

    study: str
    titles: Texts
    #: None where the weights are of no round of this service.
    round: int | None
    #: How many experts' answers count; None for fewer than three.
    experts: int | None
    #: What must be said of the answers behind the weights.
    notices: Texts


@dataclass(frozen=True, slots=True)
class Publication:
    """What readers see of a ranking, and what is needed to recompute it."""

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
    #: None in a publication from before it said so.
    weights: PublishedWeights | None = None

    @property
    def all_notices(self) -> tuple[Texts, ...]:
        """Notices of the data and, where they are another study's, of the weights."""
        return said_once(self.notices, self.weights.notices if self.weights else {})


def said_once(*notices: Texts) -> tuple[Texts, ...]:
    """Notices of the data and of the weights, without empty ones, each once.

    >>> said_once({"en": "Made up."}, {}, {"en": "Made up."})
    ({'en': 'Made up.'},)
    """
    return tuple(
        texts for place, texts in enumerate(notices) if texts and texts not in notices[:place]
    )
