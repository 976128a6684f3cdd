"""The places of the units in many draws at once, chunk by chunk, with exact ties.

What makes it both exact and fast: units with equal levels are scored and sorted
once, as one unit that fills as many places; other ties are looked for in the
sorted keys, and only where two neighbours are equal are the groups worked out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_rated, as_weights
from ranking.chunks import rechunked
from ranking.faults import NoDraws, NotAligned
from ranking.scores import weighted_sums
from ranking.ties import STEPS, group_ends

#: Scores of a chunk: half a megabyte, so that a chunk stays in the cache of a core.
CHUNK = 2**16

Draws = ArrayLike | Iterator[Array]


@dataclass(frozen=True, slots=True)
class Units:
    """Which of the scored columns is each unit's, and how many units share a column."""

    column: Whole
    sizes: Whole

    @property
    def count(self) -> int:
        return len(self.column)

    @property
    def alone(self) -> bool:
        return len(self.sizes) == len(self.column)


class Scored(NamedTuple):
    """A chunk of s draws: weights (s, n) and scores (s, D) of the D columns."""

    weights: Array
    scores: Array
    units: Units


class Placed(NamedTuple):
    """A chunk of s draws in order: (s, D) columns, best first, with the places they share.

    ``first`` and ``last`` count from 0 and are (1, D) where they are the same in
    every draw. ``tied`` says whether different columns share places somewhere.
    """

    order: Whole
    first: Whole
    last: Whole
    units: Units
    tied: bool


def placed_chunks(levels: Draws, weight_draws: Draws) -> Iterator[Placed]:
    """Sort every draw and find the places that each column shares."""
    for chunk in scored_chunks(levels, weight_draws):
        yield _placed(chunk.scores, chunk.units)


def _placed(scores: Array, units: Units) -> Placed:
    keys = np.rint(np.multiply(scores, -STEPS, out=scores), out=scores)
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    tied = bool((ordered[:, 1:] == ordered[:, :-1]).any())
    if units.alone and not tied:
        place = np.arange(units.count)[None]
        return Placed(order, place, place, units, tied)
    sizes = units.sizes[order]
    last = sizes.cumsum(axis=1)
    first = last - sizes
    last -= 1
    if tied:
        begin, end = group_ends(ordered)
        first = np.take_along_axis(first, begin, axis=1)
        last = np.take_along_axis(last, end, axis=1)
    return Placed(order, first, last, units, tied)


def scored_chunks(levels: Draws, weight_draws: Draws) -> Iterator[Scored]:
    """Score every draw; the cut into chunks does not depend on how the draws arrive."""
    if isinstance(levels, Iterator) or np.ndim(levels) == 3:
        yield from _drawn_levels(levels, weight_draws)
    else:
        yield from _fixed_levels(levels, weight_draws)


def _fixed_levels(levels: ArrayLike, weight_draws: Draws) -> Iterator[Scored]:
    x = as_rated(levels)
    if x.ndim != 2:
        raise NotAligned(levels=x.shape)
    distinct, column, sizes = np.unique(x, axis=0, return_inverse=True, return_counts=True)
    units = Units(column.reshape(-1), sizes)
    values = np.ascontiguousarray(distinct.T)
    for weights in _weight_chunks(weight_draws, rows_of_a_chunk(len(x))):
        if weights.shape[1] != x.shape[1]:
            raise NotAligned(levels=x.shape, weight_draws=weights.shape)
        yield Scored(weights, weights @ values, units)


def _drawn_levels(levels: Draws, weight_draws: Draws) -> Iterator[Scored]:
    """Levels (S, N, n) that are drawn too: draw by draw beside the weights."""
    arriving = levels if isinstance(levels, Iterator) else iter([np.asarray(levels)])
    first = next(arriving, None)
    if first is None:
        raise NoDraws
    rows = rows_of_a_chunk(np.shape(first)[-2])
    pieces = rechunked(chain([first], arriving), rows)
    units = Units(np.arange(first.shape[-2]), np.ones(first.shape[-2], dtype=np.int64))
    for weights in _weight_chunks(weight_draws, rows):
        x = as_rated(next(pieces, np.empty((0, 1, 1))))
        if x.shape[0] != weights.shape[0] or x.shape[2] != weights.shape[1]:
            raise NotAligned(levels=x.shape, weight_draws=weights.shape)
        yield Scored(weights, weighted_sums(x, weights), units)
    if (left := next(pieces, None)) is not None:
        raise NotAligned(levels=left.shape, weight_draws=(0, left.shape[2]))


def rows_of_a_chunk(units: int) -> int:
    """Enough draws to fill a chunk, and as many as units, so that counting them costs less."""
    return max(CHUNK // units, units, 1)


def _weight_chunks(weight_draws: Draws, rows: int) -> Iterator[Array]:
    if not isinstance(weight_draws, Iterator):
        weight_draws = iter([np.asarray(weight_draws, dtype=np.float64)])
    none = True
    for weights in rechunked(weight_draws, rows):
        if weights.ndim != 2:
            raise NotAligned(weight_draws=weights.shape)
        none = False
        yield as_weights(weights)
    if none:
        raise NoDraws
