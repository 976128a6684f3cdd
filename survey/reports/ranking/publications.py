"""Publication of a ranking: bands in every language, no scores, no levels."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from survey.canonical import compact
from survey.reports.ranking.report import RankedTable, RankingReport, ranking_under
from survey.values import FEWEST_EXPERTS, Study, Texts, Unit, WeightSet
from survey.values.published import (
    Publication,
    PublishedBand,
    PublishedTable,
    PublishedUnit,
    PublishedWeights,
)


def publication(
    study: Study,
    adopted: WeightSet,
    weights_digest: str,
    shares: Sequence[float],
    ties: str,
    languages: Sequence[str],
    software: str,
    weights: PublishedWeights | None = None,
) -> Publication:
    """Return the publication of a ranking; the same study and settings give the same.

    Raises
    ------
    Refused
        If the study cannot be ranked under this weight set.
    ranking.NotShares
        If the shares do not rise strictly between 0 and 1.
    """
    reports = {
        language: ranking_under(study, adopted, shares, ties, language) for language in languages
    }
    return Publication(
        study=study.code,
        titles=study.titles,
        notices=study.notices,
        languages=tuple(languages),
        units=tuple(PublishedUnit(unit.code, unit.names, unit.country) for unit in study.units),
        tables=tuple(_table(study, reports, place) for place in range(len(study.tables))),
        shares=tuple(shares),
        ties=ties,
        weights_digest=weights_digest,
        levels_digest=levels_digest(study.units),
        software=software,
        unit=study.unit,
        weights=weights,
    )


def recomputed(study: Study, adopted: WeightSet, recorded: Publication) -> Publication:
    """Return the publication of a study and its weights, by a recorded one's settings."""
    return publication(
        study,
        adopted,
        recorded.weights_digest,
        recorded.shares,
        recorded.ties,
        recorded.languages,
        recorded.software,
        recorded.weights,
    )


def whose_weights(adopted: WeightSet, round_: int | None, notices: Texts) -> PublishedWeights:
    """Return the origin of the weights; ``notices`` are their study's current ones.

    A count of fewer than three is left out, because it would reveal who answered.
    """
    size = adopted.panel.size
    return PublishedWeights(
        study=adopted.study,
        titles=adopted.titles,
        round=round_,
        experts=size if size >= FEWEST_EXPERTS else None,
        notices=adopted.notices or notices,
    )


def levels_digest(units: Sequence[Unit]) -> str:
    """Return the SHA-256 of every unit's levels, for any order of the units."""
    levels = {unit.code: dict(unit.levels) for unit in units}
    return sha256(compact(levels).encode()).hexdigest()


def _table(study: Study, reports: dict[str, RankingReport], place: int) -> PublishedTable:
    tables = {language: report.tables[place] for language, report in reports.items()}
    any_ = next(iter(tables.values()))
    return PublishedTable(
        code=any_.code,
        names=any_.names,
        groups=any_.groups,
        indicators=sum(i.group in any_.groups for i in study.framework.indicators),
        bands=tuple(_band(tables, number) for number in range(len(any_.bands))),
        unrated={
            language: tuple(unit.code for unit in table.unrated)
            for language, table in tables.items()
        },
    )


def _band(tables: dict[str, RankedTable], number: int) -> PublishedBand:
    bands = {language: table.bands[number] for language, table in tables.items()}
    any_ = next(iter(bands.values()))
    return PublishedBand(
        nominal=any_.nominal,
        first=any_.first,
        last=any_.last,
        labels={language: band.label for language, band in bands.items()},
        units={
            language: tuple(unit.code for unit in band.units) for language, band in bands.items()
        },
    )
