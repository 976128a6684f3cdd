"""Places of the units in many draws at once, with exact ties.

Each score becomes one integer, its steps of 1e-9 followed by its column: after
sorting, neighbours that differ only in the column are equal. Groups of equal units
are computed only in chunks that have any.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ranking.arrays import Array, Whole
from ranking.chunks import Room
from ranking.scoring import Draws, Units, scored_chunks
from ranking.ties import group_ends, to_grid_keys

#: Integers have 63 bits beside the sign.
BITS = 63


class Placed(NamedTuple):
    """Chunk of s sorted draws: (s, D) columns, best first, with the places they share.

    The next chunk overwrites the arrays, and callers may change them.
    """

    order: Whole
    #: Beginning of each column's group of equals, from 0; (1, D) if all draws agree.
    first: Whole
    #: Number of units that share its places; None if no column has an equal in any draw.
    sizes: Whole | None
    units: Units


def placed_chunks(levels: Draws, weight_draws: Draws) -> Iterator[Placed]:
    """Sort every draw, and yield the places that each column shares."""
    rooms = Room(np.int64), Room(np.int64), Room(np.int64)
    for chunk in scored_chunks(levels, weight_draws):
        yield _placed(chunk.scores, chunk.units, *(room.of(chunk.scores.shape) for room in rooms))


def _placed(scores: Array, units: Units, order: Whole, own: Whole, filled: Whole) -> Placed:
    """Fill ``order``, then count the places before each column in the buffers."""
    begins = _sort(to_grid_keys(scores), order)
    tied = not begins[:, 1:].all()
    if units.alone and not tied:
        return Placed(order, np.arange(units.count)[None], None, units)
    units.sizes.take(order, out=own, mode="clip")
    own.cumsum(axis=1, out=filled)
    first = np.subtract(filled, own, out=own)
    if not tied:
        return Placed(order, first, None, units)
    begin, end = group_ends(begins)
    first = np.take_along_axis(first, begin, axis=1)
    return Placed(order, first, np.take_along_axis(filled, end, axis=1) - first, units)


def _sort(keys: Array, order: Whole) -> NDArray[np.bool_]:
    """Sort the columns of each row, best first; return where a new key begins."""
    columns = keys.shape[1]
    bits = (columns - 1).bit_length()
    begins = np.ones(keys.shape, dtype=np.bool_)
    np.negative(keys, out=keys)
    if max(-keys.min(), keys.max()) >= 2.0 ** (BITS - bits):
        # Scores in the millions leave no bits for the column: sort indices, which is slower.
        order[...] = np.argsort(keys, axis=1)
        ordered = np.take_along_axis(keys, order, axis=1)
        np.not_equal(ordered[:, 1:], ordered[:, :-1], out=begins[:, 1:])
        return begins
    np.copyto(order, keys, casting="unsafe")
    order <<= bits
    order |= np.arange(columns)
    order.sort(axis=1)
    unlike = (order[:, 1:] ^ order[:, :-1]).view(np.uint64)
    np.greater_equal(unlike, 1 << bits, out=begins[:, 1:])
    order &= (1 << bits) - 1
    return begins
