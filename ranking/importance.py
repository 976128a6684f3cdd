"""Effective importance of an indicator, as opposed to its weight."""

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, as_rated
from ranking.faults import NotAligned
from ranking.scores import aligned, weighted_sums
from ranking.ties import grid_keys


def effective_importance(levels: ArrayLike, weights: ArrayLike) -> Array:
    """Compute the correlation ratio of each indicator with the score [1]_.

    It is the share of the variance of the scores that remains if each unit's score is
    replaced by the mean of the units on the same level: Var(E[score | level]) /
    Var(score). An indicator with nearly equal levels decides nothing, with any weight.

    Parameters
    ----------
    levels : array_like, shape (N, n)
        Without blanks. Levels are classes: a measure that differs from unit to
        unit has the ratio 1.
    weights : array_like, shape (..., n)
        As for `scores`.

    Returns
    -------
    ndarray, shape (..., n)
        Between 0 and 1; they do not sum to 1, because indicators are correlated.
        NaN if all scores are equal.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned

    References
    ----------
    .. [1] Paruolo, P., Saisana, M. and Saltelli, A. (2013). Ratings and rankings:
       voodoo or science? J. R. Stat. Soc. A 176(3), 609-634.

    Examples
    --------
    >>> effective_importance([[2, 1], [2, 1], [0, 1], [0, 1]], [0.5, 0.5]).round(9)
    array([1., 0.])
    """
    x, w = aligned(as_rated(levels), weights)
    if x.ndim != 2 or not len(x):
        raise NotAligned(levels=x.shape)
    totals = weighted_sums(x, w)
    size = np.abs(totals).max(axis=-1, keepdims=True)
    shares = totals / np.where(size > 0, size, 1.0)
    centred = shares - shares.mean(axis=-1, keepdims=True)
    spread = np.square(centred).sum(axis=-1)
    spread = np.where(np.ptp(grid_keys(totals), axis=-1) > 0, spread, np.nan)
    between = [_between(column, centred) for column in x.T]
    return np.stack(between, axis=-1) / spread[..., None]


def _between(column: Array, centred: Array) -> Array:
    """Return the sum of squares between the units on different levels."""
    level, which, sizes = np.unique(column, return_inverse=True, return_counts=True)
    member = which == np.arange(len(level))[:, None]
    return np.square(centred @ member.T).dot(1 / sizes)
