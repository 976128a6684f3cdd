"""Reports as plain tables for CSV and XLSX: columns, and rows by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from survey.reports.ranking.report import RankingReport
from survey.values import GOAL, Interval, Study, Texts, WeightSet, text_in
from survey.values.published import Publication

#: The column of notices about illustrative data; no table of a study has this code.
NOTICE = "notice"


class Grid(NamedTuple):
    """Table of cells; a cell that a row does not name is empty."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str | int | float], ...]


def noticed(grid: Grid, notices: Iterable[str]) -> Grid:
    """Return a grid with the notices about its data in a last column, in every row.

    Without notices, as for real data, it is the grid itself.
    """
    words = " ".join(notices)
    if not words:
        return grid
    return Grid((*grid.columns, NOTICE), tuple({**row, NOTICE: words} for row in grid.rows))


class _Band(NamedTuple):
    table: str
    number: int
    label: str
    #: Code, name and country, in the order of the language.
    units: Iterable[tuple[str, str, str]]


def scores_grid(study: Study, report: RankingReport) -> Grid:
    """Return each city with name, country, and score, rank and band in each table.

    The columns are ``city``, ``name``, ``country``, one per table, ``rank_<table>`` and
    ``band_<table>``; those of a table are empty if a city is unrated.
    """
    codes = [table.code for table in report.tables]
    rows: dict[str, dict[str, str | int | float]] = {
        unit.code: {
            "city": unit.code,
            "name": text_in(unit.names, report.language, unit.code),
            "country": unit.country,
        }
        for unit in study.units
    }
    for table in report.tables:
        for unit in table.units:
            rows[unit.code] |= {table.code: unit.score, f"rank_{table.code}": unit.rank}
        for band in table.bands:
            for member in band.units:
                rows[member.code] |= {f"band_{table.code}": band.label}
    of_tables = (*codes, *(f"{what}_{code}" for what in ("rank", "band") for code in codes))
    return Grid(("city", "name", "country", *of_tables), tuple(rows.values()))


def bands_grid(study: Study, report: RankingReport) -> Grid:
    """Return the bands of all tables; units have positions in the language's order."""
    countries = {unit.code: unit.country for unit in study.units}
    return _bands_grid(
        _Band(
            table.code,
            band.number,
            band.label,
            [
                (unit.code, text_in(unit.names, report.language, unit.code), countries[unit.code])
                for unit in band.units
            ],
        )
        for table in report.tables
        for band in table.bands
    )


def published_grid(publication: Publication, language: str) -> Grid:
    """Return the :func:`bands_grid` of a publication, in one of its languages."""
    units = {
        unit.code: (unit.code, text_in(unit.names, language, unit.code), unit.country)
        for unit in publication.units
    }
    return _bands_grid(
        _Band(
            table.code,
            number,
            text_in(band.labels, language),
            [units[code] for code in band.units[language]],
        )
        for table in publication.tables
        for number, band in enumerate(table.bands, 1)
    )


def _bands_grid(bands: Iterable[_Band]) -> Grid:
    return Grid(
        ("table", "band", "label", "position", "city", "name", "country"), tuple(_rows(bands))
    )


def _rows(bands: Iterable[_Band]) -> Iterator[Mapping[str, str | int]]:
    for band in bands:
        for position, (code, name, country) in enumerate(band.units, 1):
            yield {
                "table": band.table,
                "band": band.number,
                "label": band.label,
                "position": position,
                "city": code,
                "name": name,
                "country": country,
            }


def weights_grid(weight_set: WeightSet) -> Grid:
    """Return every group, then every indicator, with its local and overall weights."""
    framework, groups = weight_set.framework, weight_set.local_weights[GOAL]
    ends = weight_set.local_intervals[GOAL]
    rows = [
        _weight_row("group", group.code, GOAL, group.names)
        | _share("local", groups[group.code], ends[group.code])
        | _share("global", groups[group.code], ends[group.code])
        for group in framework.groups
    ]
    rows += [
        _weight_row("indicator", i.code, i.group, i.names)
        | _share(
            "local",
            weight_set.local_weights[i.group][i.code],
            weight_set.local_intervals[i.group][i.code],
        )
        | _share("global", weight_set.global_weights[i.code], weight_set.global_intervals[i.code])
        for i in framework.indicators
    ]
    names = dict.fromkeys(name for row in rows for name in row if name.startswith("name_"))
    shares = [f"{share}{end}" for share in ("local", "global") for end in ("", "_low", "_high")]
    return Grid(("level", "code", "parent", *names, *shares), tuple(rows))


def _weight_row(level: str, code: str, parent: str, names: Texts) -> dict[str, str | int | float]:
    texts = {f"name_{language}": name for language, name in names.items()}
    return {"level": level, "code": code, "parent": parent, **texts}


def _share(name: str, share: float, interval: Interval) -> dict[str, str | int | float]:
    """Return a weight with its interval, which is empty if only one expert judged."""
    ends = {} if interval is None else {f"{name}_low": interval[0], f"{name}_high": interval[1]}
    return {name: share, **ends}
