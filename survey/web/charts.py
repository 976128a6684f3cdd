"""Positions of marks in charts.

Charts are drawn by templates, one small SVG per row: x in percent of its
width, y and text in pixels, so that a row fits a phone and a desk alike. All
x go through :func:`x`, which mirrors them in languages written from right to left;
figures stay upright, because nothing is ever flipped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest

from flask import Flask

from survey.values.published import PublishedTable
from survey.web.locale import language, percent

#: From one group's last mark to the next group's first, in steps between marks.
GROUP_GAP = 2.5
#: Margin at both ends: marks there would be cut in half.
BEAM_MARGIN = 0.006

#: The shade of a ladder's highest rung in a heat map; its lowest rung has shade 0.
SHADES = 4
#: The most rungs that a key lists.
MOST_RUNGS_SHOWN = 10

#: Rows above and below the middle, nearest first, for marks that would cover one another.
ROWS = (0, -6, 6, -11, 11)
#: Marks nearer than this share of the axis would cover one another at 300 px.
MARK_WIDTH = 0.022

#: More dots than these would cover one another on the beam of a table.
MOST_DOTS = 120
#: Figures nearer than this share of the beam would cover one another in one row.
FIGURE_WIDTH = 0.11


def draw(app: Flask) -> None:
    """Register these functions for templates."""
    app.jinja_env.globals.update(
        x=x,
        extent=extent,
        anchor=anchor,
        held=held,
        band_beam=band_beam,
        beam_places=beam_places,
        ticks=ticks,
        scale_of=scale_of,
        swarm=swarm,
        spread=spread,
        shade=shade,
        shades_key=shades_key,
        key_in_shares=key_in_shares,
    )


def x(share: float, width: float = 0.0) -> str:
    """Return the x of a share of the width, in reading direction.

    For a box that is ``width`` wide, the x of its left edge.
    """
    at = 1 - share - width if _mirrored() else share
    return extent(at)


def extent(share: float) -> str:
    """Return a length as SVG writes it.

    >>> extent(0.3333333)
    '33.33%'
    """
    return f"{round(100 * share, 2):g}%"


def held(share: float) -> float:
    """Keep a share on its axis: between 0 and 1.

    >>> held(1.04), held(-0.1), held(0.4)
    (1, 0, 0.4)
    """
    return min(max(share, 0), 1)


def shade(level: int, top: int) -> int:
    """Return the shade of a level: 0 on the lowest rung, ``SHADES`` on rung ``top``.

    >>> [shade(level, 4) for level in range(5)], shade(1, 10), shade(9, 10), shade(2, 2)
    ([0, 1, 2, 3, 4], 1, 3, 4)
    """
    if level in (0, top):
        return SHADES if level else 0
    return min(max(round(SHADES * level / top), 1), SHADES - 1)


def shades_key(tops: Sequence[int]) -> list[tuple[str, int]]:
    """Return the key of the shades of these ladders.

    It lists the rungs if all ladders have the same height, else shares of the height.

    >>> shades_key([2, 2])
    [('0', 0), ('1', 2), ('2', 4)]
    """
    if key_in_shares(tops):
        return [(percent(step / SHADES, 0), step) for step in range(SHADES + 1)]
    return [(str(rung), shade(rung, tops[0])) for rung in range(tops[0] + 1)]


def key_in_shares(tops: Sequence[int]) -> bool:
    """Whether the ladders differ in height, or have too many rungs for a key."""
    return len(set(tops)) > 1 or max(tops) > MOST_RUNGS_SHOWN


def anchor(end: str) -> str:
    """Return ``text-anchor`` for a line's start or end, swapped from right to left."""
    if not _mirrored():
        return end
    return {"start": "end", "end": "start"}.get(end, end)


def beam_places(sizes: Sequence[int]) -> list[list[float]]:
    """Return the x of the marks of a beam: even steps, with gaps between groups.

    >>> beam_places([2, 1])
    [[0.006, 0.2883], [0.994]]
    """
    starts, at = [], 0.0
    for size in sizes:
        starts.append(at)
        at += size - 1 + GROUP_GAP
    whole = (at - GROUP_GAP) or 1.0
    room = 1 - 2 * BEAM_MARGIN
    return [
        [round(BEAM_MARGIN + room * (start + mark) / whole, 4) for mark in range(size)]
        for start, size in zip(starts, sizes, strict=True)
    ]


@dataclass(frozen=True)
class Border:
    """Boundary below a band: its place, the row of its figure, the percent above it."""

    at: float
    row: int
    percent: int


@dataclass(frozen=True)
class BeamOfBand:
    """Places of a band's first, last and all units, and its border below."""

    start: float
    end: float
    #: Empty if the table's units would cover one another.
    dots: tuple[float, ...]
    #: None below the last band.
    border: Border | None


def band_beam(table: PublishedTable) -> list[BeamOfBand]:
    """Return the places of a table's units, and of the boundaries of its bands."""
    room = (1 - 2 * BEAM_MARGIN) / max(table.rated - 1, 1)
    places = [BEAM_MARGIN + room * unit for unit in range(table.rated)]
    ends = list(accumulate(band.size for band in table.filled))
    between = [BEAM_MARGIN + room * (end - 0.5) for end in ends[:-1]]
    borders = [
        Border(at, row, band.last)
        for at, row, band in zip(between, _rows(between), table.filled, strict=False)
    ]
    units = [tuple(places[start:end]) for start, end in pairwise([0, *ends])]
    return [
        BeamOfBand(dots[0], dots[-1], dots if table.rated <= MOST_DOTS else (), border)
        for dots, border in zip_longest(units, borders)
    ]


def _rows(places: Sequence[float]) -> list[int]:
    """Return the row of each figure: two neighbours that are near differ.

    >>> _rows([0.1, 0.15, 0.2, 0.5])
    [0, 1, 0, 0]
    """
    rows: list[int] = []
    for before, at in zip([-1.0, *places], places, strict=False):
        rows.append(1 - rows[-1] if at - before < FIGURE_WIDTH else 0)
    return rows


def scale_of(shares: Sequence[float], step: float = 0.1) -> float:
    """Return the end of an axis: the first whole step at or above every share.

    >>> scale_of([0.12, 0.31]), scale_of([0.4])
    (0.4, 0.4)
    """
    highest = max(shares, default=0.0)
    return round(step * max(1, math.ceil(highest / step - 1e-9)), 10)


def ticks(top: float, step: float = 0.1) -> list[float]:
    """Return the shares that an axis labels, from 0 to ``top``.

    >>> ticks(0.3)
    [0.0, 0.1, 0.2, 0.3]
    """
    return [round(step * count, 10) for count in range(round(top / step) + 1)]


def swarm(shares: Sequence[float], top: float = 1.0) -> list[int]:
    """Return each mark's distance from the middle line, so that none covers another.

    ``top`` is the end of their axis. A mark stays on the middle line if it can.

    >>> swarm([0.10, 0.11, 0.50, 0.105])
    [0, 6, 0, -6]
    """
    rows: list[list[float]] = [[] for _ in ROWS]
    heights = [0] * len(shares)
    for mark in sorted(range(len(shares)), key=shares.__getitem__):
        place = shares[mark] / top
        free = [
            row for row, taken in enumerate(rows) if not taken or place - taken[-1] >= MARK_WIDTH
        ]
        row = free[0] if free else min(range(len(rows)), key=lambda at: rows[at][-1])
        rows[row].append(place)
        heights[mark] = ROWS[row]
    return heights


def spread(shares: Sequence[float]) -> tuple[float, float] | None:
    """Return the smallest and the largest of these shares; None without any.

    >>> spread([0.2, 0.1, 0.4]), spread([])
    ((0.1, 0.4), None)
    """
    return (min(shares), max(shares)) if shares else None


def _mirrored() -> bool:
    return language().direction == "rtl"
