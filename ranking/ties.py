"""Ties: scores that are equal after rounding to 1e-9 share their places.

Sums of products in floating point create an order among equal scores: without the
rounding, the 18 different totals of one example became 26. The grid is far finer
than any difference of weights with nine decimals, and far coarser than the error of
a sum. No simple fraction is near its edges: on a grid around whole steps, two equal
totals that end in 5 at the tenth decimal would be rounded differently.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ranking.arrays import Array, Whole, as_scores

#: Number of grid steps in a score of 1.
STEPS = 1e9
#: Added before rounding: a step then ends √2 - 1 of the way to the next whole one, and every
#: fraction p/q is at least about 1/(3q²) away from that, also weights of elevenths.
SHIFT = 1.5 - sqrt(2)
#: Rows whose largest score is outside this range have steps in proportion to it.
SMALLEST, LARGEST = 2.0**-10, 2.0**13


def ranks(scores: ArrayLike) -> Whole:
    """Compute competition ranks, best = 1: equal scores share a rank, 1, 2, 2, 4 [1]_.

    Parameters
    ----------
    scores : array_like, shape (..., N)
        Higher is better; NaN if a unit is unrated. Equal means equal after rounding
        to 1e-9, or to 1e-9 of the largest if all are below 0.001 or one is in the
        thousands.

    Returns
    -------
    ndarray of int64, shape (..., N)
        1 for the best; 0 for unrated units, which take no place from the others.

    Raises
    ------
    NotFinite
        If a score is infinite.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators:
       Methodology and User Guide. OECD Publishing, Paris.

    Examples
    --------
    >>> ranks([2.0, 1.5, 0.1 + 0.2, 0.3, 1.5, float("nan")])
    array([1, 2, 4, 4, 2, 0])
    """
    s = as_scores(scores)
    keys = -grid_keys(s)
    order = np.argsort(keys, axis=-1)
    ordered = np.take_along_axis(keys, order, axis=-1)
    begins = np.ones(keys.shape, dtype=np.bool_)
    begins[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    best = np.empty_like(order)
    np.put_along_axis(best, order, group_ends(begins)[0] + 1, axis=-1)
    best[np.isnan(s)] = 0
    return best


def grid_keys(scores: Array) -> Array:
    """Return scores (..., N) as whole steps of 1e-9, exact up to 2^53; NaN stays NaN.

    A row whose largest score is below 2^-10, or 2^13 and more, is first divided by the
    power of two above it.
    """
    return to_grid_keys(scores.copy())


def to_grid_keys(scores: Array) -> Array:
    """Convert scores as `grid_keys`, in the same array."""
    most = np.fmax.reduce(np.abs(scores), axis=-1, keepdims=True, initial=0.0)
    unusual = ((most < SMALLEST) & (most > 0)) | (most >= LARGEST)
    if unusual.any():
        np.ldexp(scores, np.where(unusual, -np.frexp(most)[1], 0), out=scores)
    np.multiply(scores, STEPS, out=scores)
    np.add(scores, SHIFT, out=scores)
    return np.rint(scores, out=scores)


def group_ends(begins: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """Return where the group of each place begins and ends, from 0, by new keys."""
    n = begins.shape[-1]
    place = np.arange(n)
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    ends = np.roll(begins, -1, axis=-1)
    last = np.minimum.accumulate(np.where(ends, place, n)[..., ::-1], axis=-1)[..., ::-1]
    return first, last
