"""Scores, ranks and bands of every table, in the order of a language."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

import ranking
from survey.reports import frameworks
from survey.reports.ranking.reading_order import Key, reading_order
from survey.reports.refusals import Reason, Refused
from survey.values import Study, Table, Texts, Unit, WeightSet, text_in

SHARES = (0.1, 0.3, 0.5)
TIES = ("down", "up")


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """Unit that is rated in a table; equal scores share a rank: 1, 2, 2, 4."""

    code: str
    names: Texts
    score: float
    rank: int
    band: int


@dataclass(frozen=True, slots=True)
class Band:
    """Band of a table, with its units in the order of the language; it may be empty.

    ``nominal`` is the cumulative share at which it should end, ``real`` the share
    at which it ends, and ``above`` that of the band above, all from 0 to 1.
    ``first`` and ``last`` are ``above`` and ``real`` in whole percent, rounded
    half up, as in the label.
    """

    number: int
    nominal: float
    above: float
    real: float
    first: int
    last: int
    label: str
    units: tuple[RankedUnit, ...]


@dataclass(frozen=True, slots=True)
class RankedTable:
    """Table with its rated units by rank, its bands, and its unrated units."""

    code: str
    names: Texts
    groups: tuple[str, ...]
    units: tuple[RankedUnit, ...]
    bands: tuple[Band, ...]
    unrated: tuple[Unit, ...]

    def find(self, code: str) -> RankedUnit | None:
        return next((unit for unit in self.units if unit.code == code), None)

    @property
    def moved(self) -> tuple[Band, ...]:
        """The bands whose end differs from their nominal share because of a tie."""
        total = len(self.units)
        return tuple(
            band
            for band in self.bands[:-1]
            if round(band.real * total) != math.floor(band.nominal * total + 1e-9)
        )


@dataclass(frozen=True, slots=True)
class RankingReport:
    """Tables of an edition under one set of weights; only percents are rounded."""

    tables: tuple[RankedTable, ...]
    shares: tuple[float, ...]
    ties: str
    language: str


def ranking_report(
    study: Study,
    weights: Mapping[str, float],
    shares: Sequence[float] = SHARES,
    ties: str = "down",
    language: str = "zh",
) -> RankingReport:
    """Rank the units of a study in each of its tables.

    Parameters
    ----------
    weights : mapping
        Global weight by indicator: every indicator of the study, summing to 1.
    shares, ties
        The nominal cumulative shares of the bands, and the rule for ties across a
        boundary: see `ranking.bands`.
    language : str
        The language of the order of units and of the labels; labels are in English
        if the language has none.

    Raises
    ------
    Refused
        With every reason: no table to rank, weights of another framework.
    ranking.NotShares
        If the shares do not rise strictly between 0 and 1.
    """
    reasons = list(frameworks.unfit(weights, study.framework))
    if not study.tables:
        reasons.append(Reason("no-tables"))
    if reasons:
        raise Refused(tuple(reasons))
    indicators = study.framework.indicators
    levels = levels_of(study)
    in_order = [weights[indicator.code] for indicator in indicators]
    order = reading_order(language)
    tables = []
    for table in study.tables:
        summed = [place for place, i in enumerate(indicators) if i.group in table.groups]
        scores = ranking.scores(levels, in_order, indicators=summed)
        tables.append(_table(study, table, scores, shares, ties, language, order))
    return RankingReport(tuple(tables), tuple(shares), ties, language)


def ranking_under(
    study: Study,
    adopted: WeightSet,
    shares: Sequence[float] = SHARES,
    ties: str = "down",
    language: str = "zh",
) -> RankingReport:
    """Return the :func:`ranking_report` under a weight set of this or another study.

    Raises
    ------
    Refused
        Also if the weight set's tree or ladders differ from those of the study.
    """
    if reasons := tuple(frameworks.differences(adopted.framework, study.framework)):
        raise Refused(reasons)
    return ranking_report(study, adopted.global_weights, shares, ties, language)


#: Labels of the first band and of the others; English if a language has none here.
_LABELS = {
    "zh": ("前 {last}%", "{first}%-{last}%"),
    "en": ("top {last}%", "{first}%-{last}%"),
    # In words: with a dash between the figures the range would appear reversed.
    "ar": ("أعلى {last}%", "من {first}% إلى {last}%"),
    "ru": ("первые {last}\u00a0%", "{first}–{last}\u00a0%"),
    "tr": ("ilk %{last}", "%{first}-%{last}"),
    "fr": ("premiers {last}\u00a0%", "de {first}\u00a0% à {last}\u00a0%"),
}


#: Label of a band without units, which has no share.
_EMPTY = {
    "zh": "空",
    "en": "empty",
    "ar": "فارغة",
    "ru": "пусто",
    "tr": "boş",
    "fr": "vide",
}
#: Those of these languages with a decimal comma.
_COMMA = ("ru", "tr", "fr")


def band_label(first: int | str, last: int | str, number: int, language: str) -> str:
    """Return the label of a band in a language.

    >>> band_label(0, 10, 1, "en"), band_label(10, 29, 2, "en"), band_label(10, 29, 2, "tr-TR")
    ('top 10%', '10%-29%', '%10-%29')
    """
    labels = _LABELS.get(language.partition("-")[0], _LABELS["en"])
    return labels[number > 1].format(first=first, last=last)


def label_of(above: int, count: int, total: int, number: int, language: str) -> str:
    """Return the label of the band that ends after ``count`` of ``total`` units.

    ``above`` units are above it. Shares are in whole percent, with decimals only if its
    two ends would look equal.

    >>> label_of(0, 6, 62, 1, "en"), label_of(0, 0, 62, 1, "en"), label_of(0, 1, 300, 1, "fr")
    ('top 10%', 'empty', 'premiers 0,3\\xa0%')
    """
    code = language.partition("-")[0]
    if count == above:
        return _EMPTY.get(code, _EMPTY["en"])
    first, last = percent(above, total), percent(count, total)
    if first != last and (first or not above):
        return band_label(first, last, number, language)
    for places in itertools.count(1):
        ends = _decimals(above, total, places), _decimals(count, total, places)
        if ends[0] != ends[1] and (ends[0] != "0" or not above):
            break
    if code in _COMMA:
        ends = (ends[0].replace(".", ","), ends[1].replace(".", ","))
    return band_label(*ends, number, language)


def _decimals(count: int, total: int, places: int) -> str:
    """Return a share in percent with at most ``places`` decimals."""
    share = f"{Decimal(100 * count) / total:.{places}f}"
    return share.rstrip("0").rstrip(".") if places else share


def percent(count: int, total: int) -> int:
    """Return a share in whole percent, half up without floats; 0 if total is 0."""
    return (200 * count + total) // (2 * total) if total else 0


def levels_of(study: Study) -> NDArray[np.float64]:
    """Return each unit's level on each indicator, (units, indicators); NaN if unknown."""
    codes = [indicator.code for indicator in study.framework.indicators]
    rows = [[unit.levels.get(code, np.nan) for code in codes] for unit in study.units]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(codes))


def _table(
    study: Study,
    table: Table,
    scores: NDArray[np.float64],
    shares: Sequence[float],
    ties: str,
    language: str,
    order: Key,
) -> RankedTable:
    numbers, cumulative = ranking.bands(scores, shares, ties)
    ranks = ranking.ranks(scores)
    units = sorted(study.units, key=lambda unit: order(text_in(unit.names, language, unit.code)))
    places = {unit.code: place for place, unit in enumerate(study.units)}
    rated = [
        RankedUnit(
            unit.code,
            unit.names,
            float(scores[place]),
            int(ranks[place]),
            int(numbers[place]),
        )
        for unit in units
        if ranks[place := places[unit.code]]
    ]
    return RankedTable(
        code=table.code,
        names=table.names,
        groups=table.groups,
        units=tuple(sorted(rated, key=lambda unit: unit.rank)),
        bands=tuple(_bands(rated, [*shares, 1.0], cumulative.tolist(), language)),
        unrated=tuple(unit for unit in units if not ranks[places[unit.code]]),
    )


def _bands(
    rated: Sequence[RankedUnit],
    nominal: Sequence[float],
    cumulative: Sequence[int],
    language: str,
) -> Iterator[Band]:
    total = len(rated)
    above = 0
    for number, (share, count) in enumerate(zip(nominal, cumulative, strict=True), 1):
        first, last = percent(above, total), percent(count, total)
        yield Band(
            number=number,
            nominal=share,
            above=above / total if total else 0.0,
            real=count / total if total else 0.0,
            first=first,
            last=last,
            label=label_of(above, count, total, number, language),
            units=tuple(unit for unit in rated if unit.band == number),
        )
        above = count
