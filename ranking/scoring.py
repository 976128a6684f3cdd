"""Scores of the units in many draws at once, in chunks that stay in the cache.

Units with equal levels are scored once, in one column: they are equal to the last
bit, and every step on the columns is done once for all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_rated, as_weights
from ranking.chunks import Room, rechunked
from ranking.faults import NoDraws, NotAligned
from ranking.scores import weighted_sums

#: Number of scores of a chunk: half a megabyte, so that it stays in the cache of a core.
CHUNK = 2**16
#: Number of multiplications of a matrix product that stays on one core: starting a second
#: core for more costs about as much as it saves, and far more if that core is busy.
MULTIPLICATIONS = 2**18

Draws = ArrayLike | Iterator[Array]


@dataclass(frozen=True, slots=True)
class Units:
    """Column of each unit among the scored ones, and number of units by column."""

    column: Whole
    sizes: Whole

    @property
    def count(self) -> int:
        return len(self.column)

    @property
    def alone(self) -> bool:
        return len(self.sizes) == len(self.column)


def each_alone(count: int) -> Units:
    """Return units with one column each, in order."""
    return Units(np.arange(count), np.ones(count, dtype=np.int64))


class Scored(NamedTuple):
    """Chunk of s draws: weights (s, n) and scores (s, D) of the D columns.

    The next chunk overwrites the scores, and callers may change them.
    """

    weights: Array
    scores: Array
    units: Units


def scored_chunks(levels: Draws, weight_draws: Draws) -> Iterator[Scored]:
    """Score every draw; the chunks do not depend on how an iterator splits the draws."""
    if isinstance(levels, Iterator) or np.ndim(levels) == 3:
        yield from _drawn_levels(levels, weight_draws)
    else:
        yield from _fixed_levels(levels, weight_draws)


def _fixed_levels(levels: ArrayLike, weight_draws: Draws) -> Iterator[Scored]:
    x = as_rated(levels)
    if x.ndim != 2 or not len(x):
        raise NotAligned(levels=x.shape)
    distinct, column, sizes = np.unique(x, axis=0, return_inverse=True, return_counts=True)
    units = Units(column.reshape(-1), sizes)
    if units.alone:
        distinct, units = x, each_alone(len(x))
    values = np.ascontiguousarray(distinct.T)
    room = Room(np.float64)
    for weights in _weight_chunks(weight_draws, rows_of_a_chunk(len(x))):
        if weights.shape[1] != x.shape[1]:
            raise NotAligned(levels=x.shape, weight_draws=weights.shape)
        scores = room.of((len(weights), len(distinct)))
        _multiply(weights, values, scores)
        yield Scored(weights, scores, units)


def _multiply(weights: Array, values: Array, scores: Array) -> None:
    """Fill the scores with weights @ values, a few rows at a time."""
    rows = max(1, MULTIPLICATIONS // max(values.size, 1))
    for first in range(0, len(weights), rows):
        own = slice(first, first + rows)
        np.matmul(weights[own], values, out=scores[own])


def _drawn_levels(levels: Draws, weight_draws: Draws) -> Iterator[Scored]:
    """Score drawn levels (S, N, n), one draw for each draw of the weights."""
    arriving = levels if isinstance(levels, Iterator) else iter([np.asarray(levels)])
    first = next(arriving, None)
    if first is None:
        raise NoDraws
    if np.ndim(first) != 3 or not first.shape[1]:
        raise NotAligned(levels=np.shape(first))
    rows = rows_of_a_chunk(first.shape[1])
    pieces = rechunked(chain([first], arriving), rows)
    units = each_alone(first.shape[-2])
    for weights in _weight_chunks(weight_draws, rows):
        x = as_rated(next(pieces, np.empty((0, 1, 1))))
        if x.shape[0] != weights.shape[0] or x.shape[2] != weights.shape[1]:
            raise NotAligned(levels=x.shape, weight_draws=weights.shape)
        yield Scored(weights, weighted_sums(x, weights), units)
    if (left := next(pieces, None)) is not None:
        raise NotAligned(levels=left.shape, weight_draws=(0, left.shape[2]))


def rows_of_a_chunk(units: int) -> int:
    """Return the draws of a chunk: enough to fill it, and at least as many as units."""
    return max(CHUNK // units, units, 1)


def _weight_chunks(weight_draws: Draws, rows: int) -> Iterator[Array]:
    if not isinstance(weight_draws, Iterator):
        weight_draws = iter([np.asarray(weight_draws)])
    none = True
    for weights in rechunked(weight_draws, rows):
        if weights.ndim != 2:
            raise NotAligned(weight_draws=weights.shape)
        none = False
        yield as_weights(weights)
    if none:
        raise NoDraws
