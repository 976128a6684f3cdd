"""Bands: classes of units, whose boundaries never separate two equal scores."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ranking.arrays import Array, Whole, as_scores, as_shares
from ranking.chunks import Room
from ranking.faults import UnknownRule
from ranking.ties import grid_keys

TIES = ("down", "up")
#: 0.3 × 10 is a little less than 3 in floating point; this must not move a boundary.
ROUNDING = 1e-9


class Bands(NamedTuple):
    """Band of each unit, and the number of units in each band or above it."""

    #: (..., N), 1 for the best band, 0 for an unrated unit.
    numbers: Whole
    #: (..., B), rising; the last is the number of rated units.
    cumulative: Whole


def bands(
    scores: ArrayLike, shares: Sequence[float] = (0.1, 0.3, 0.5), ties: str = "down"
) -> Bands:
    """Divide units into bands of cumulative shares, without separating equal scores.

    The boundary below a band of nominal share q of N rated units is after the k-th
    unit. With ``ties="down"``, k is the largest number not above q·N that separates
    no tie: a tie across the boundary goes down, as in the published smart-city
    rankings of 2024. With ``ties="up"`` a tie across the boundary goes up: every
    unit whose competition rank is not above q·N is above the boundary.

    Parameters
    ----------
    scores : array_like, shape (..., N)
        Higher is better; NaN if a unit is unrated: it has no band and is not
        counted in N. Equal means equal after rounding to 1e-9.
    shares : sequence of float, length B - 1
        Rising strictly between 0 and 1; the last band ends at 1.
    ties : {"down", "up"}
        Direction of a tie across a boundary.

    Returns
    -------
    Bands
        ``numbers`` (..., N): 1 for the best band, 0 for the unrated. An empty band
        keeps its number.
        ``cumulative`` (..., B): the units in each band or above it, the real
        sizes that a label shows; the last is N.

    Raises
    ------
    NotShares
        If the shares do not rise strictly between 0 and 1.
    UnknownRule
        If the rule for ties is neither "down" nor "up".
    NotFinite
        If a score is infinite.

    Examples
    --------
    Two units tie for the places 3 and 4 of 10, and the boundary at 3 falls between:

    >>> bands([9, 8, 7, 7, 6, 5, 4, 3, 2, 1], shares=(0.3, 0.5))
    Bands(numbers=array([1, 1, 2, 2, 2, 3, 3, 3, 3, 3]), cumulative=array([ 2,  5, 10]))
    >>> bands([9, 8, 7, 7, 6, 5, 4, 3, 2, 1], shares=(0.3, 0.5), ties="up").cumulative
    array([ 4,  5, 10])
    """
    s, q = as_scores(scores), as_shares(shares)
    check_tie_rule(ties)
    keys = grid_keys(s)
    rated = np.asarray(np.count_nonzero(~np.isnan(keys), axis=-1))
    borders = border_keys(keys, rated, q, ties)
    above = [stands_above(keys, border, ties) for border in np.moveaxis(borders, -1, 0)]
    numbers = np.where(np.isnan(keys), 0, len(q) + 1 - sum(above, np.zeros(keys.shape, np.int64)))
    sizes = [np.count_nonzero(own, axis=-1) for own in above]
    return Bands(numbers, np.stack([*sizes, rated], axis=-1))


def border_keys(
    keys: Array, rated: Whole, shares: Array, ties: str, room: Room[np.float64] | None = None
) -> Array:
    """Return the key that decides at each boundary (..., B - 1), from keys (..., N).

    The units above a boundary after at most k units are, if ties go down, the units
    ahead of the one in place k + 1; if ties go up, the units not behind the one in
    place k.
    """
    most = np.floor(rated[..., None] * shares + ROUNDING).astype(np.int64)
    # Before the first place and after the last one are keys that no unit, or every unit, passes.
    ordered = (room or Room(np.float64)).of((*keys.shape[:-1], keys.shape[-1] + 2))
    ordered[..., 0], ordered[..., -1] = -np.inf, np.inf
    np.negative(keys, out=ordered[..., 1:-1])
    ordered[..., 1:-1].sort(axis=-1)
    return -np.take_along_axis(ordered, most + (ties == "down"), axis=-1)


def stands_above(keys: Array, border: Array, ties: str) -> NDArray[np.bool_]:
    """Return which of the keys (..., N) are above one boundary (...)."""
    if ties == "down":
        return np.greater(keys, border[..., None])
    return np.greater_equal(keys, border[..., None])


def check_tie_rule(ties: str) -> None:
    """Refuse a rule for ties that does not exist."""
    if ties not in TIES:
        raise UnknownRule(ties, TIES)
