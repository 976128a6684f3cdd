"""Scores of units: their levels under a set of weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, as_levels, as_weights
from ranking.faults import NotAligned, NotFinite
from ranking.ladders import table_levels


def scores(levels: ArrayLike, weights: ArrayLike, indicators: Sequence[int] | None = None) -> Array:
    """Sum weight × level over the indicators [1]_, all of them or those of one table.

    Parameters
    ----------
    levels : array_like, shape (..., N, n)
        The level of each unit on each indicator; NaN where it is blank. On a ladder
        a level is a rung; other finite measures are summed in the same way (`rungs`
        is the check for ladders).
    weights : array_like, shape (..., n)
        Not below 0, summing to 1 over *all* the indicators, in their order.
        Leading dimensions broadcast against those of the levels: S sets of
        weights give S rows of scores.
    indicators : sequence of int, optional
        The indicators to sum, counted from 0. The weights are the overall ones and
        are not renormalised: the result is a subscore, and the subscores of all
        groups sum to the total.

    Returns
    -------
    ndarray, shape (..., N)
        In the unit of the levels, not rounded. NaN if a unit is blank in an
        indicator that is summed: it is unrated, not 0. Units with equal levels have
        equal scores, to the last bit.

    Raises
    ------
    NotWeights, NotSummingToOne
        With the place of the set of weights.
    NotFinite
        If a level is infinite.
    NotAligned
        If levels and weights are not of the same indicators.

    References
    ----------
    .. [1] Keeney, R. L. and Raiffa, H. (1976). Decisions with Multiple Objectives:
       Preferences and Value Tradeoffs. Wiley.

    Examples
    --------
    >>> scores([[2, 1, 0], [1, 1, 3]], [0.5, 0.25, 0.25])
    array([1.25, 1.5 ])
    >>> scores([[2, 1, 0], [1, 1, 3]], [0.5, 0.25, 0.25], indicators=[1, 2])
    array([0.25, 1.  ])
    """
    x, w = aligned(levels, weights)
    return weighted_sums(x if indicators is None else table_levels(x, indicators), w)


def subscores(levels: ArrayLike, weights: ArrayLike, groups: Sequence[Sequence[int]]) -> Array:
    """Compute the contribution of each group of indicators to the score.

    Parameters
    ----------
    levels, weights
        As for `scores`.
    groups : sequence of G sequences of int
        The indicators of each group, counted from 0.

    Returns
    -------
    ndarray, shape (..., N, G)
        NaN if a unit is blank in the group. If each indicator is in one group, they
        sum to the score.

    Raises
    ------
    NotWeights, NotSummingToOne, NotFinite, NotAligned

    References
    ----------
    .. [1] Keeney, R. L. and Raiffa, H. (1976). Decisions with Multiple Objectives:
       Preferences and Value Tradeoffs. Wiley.

    Examples
    --------
    >>> subscores([[2, 1, 0], [1, 1, 3]], [0.5, 0.25, 0.25], groups=[[0], [1, 2]])
    array([[1.  , 0.25],
           [0.5 , 1.  ]])
    """
    x, w = aligned(levels, weights)
    return np.stack([weighted_sums(table_levels(x, group), w) for group in groups], axis=-1)


def geometric_scores(levels: ArrayLike, weights: ArrayLike, offset: float = 0.0) -> Array:
    """Compute weighted geometric means of the levels; low levels count more [1]_.

    Parameters
    ----------
    levels : array_like, shape (..., N, n)
        Not below 0; NaN where blank.
    weights : array_like, shape (..., n)
        As for `scores`.
    offset : float
        Added to every level before, and subtracted from the mean after. Without it a
        unit at 0 on any indicator of positive weight scores 0, which is true of most
        units on ladders that begin at 0; with 1, rung 0 counts as 1.

    Returns
    -------
    ndarray, shape (..., N)
        Never above the arithmetic score. NaN where a unit is blank.

    Raises
    ------
    NotWeights, NotSummingToOne, NotFinite, NotAligned
    ValueError
        If a level or the offset is below 0.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators:
       Methodology and User Guide. OECD Publishing, Paris, step 6.

    Examples
    --------
    >>> geometric_scores([[4, 1], [0, 4]], [0.5, 0.5])
    array([2., 0.])
    >>> geometric_scores([[3, 0], [0, 8]], [0.5, 0.5], offset=1)
    array([1., 2.])
    """
    x, w = aligned(levels, weights)
    if not np.isfinite(offset):
        raise NotFinite("offset", ())
    if offset < 0 or (x < 0).any():
        raise ValueError("a geometric mean is of levels, and an offset, that are not below 0")
    # A blank to the power 0 would be 1, but the unit is unrated nevertheless.
    powers = (x + offset) ** w[..., None, :]
    return np.where(np.isnan(x).any(axis=-1), np.nan, powers.prod(axis=-1)) - offset


def aligned(levels: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Check that levels (..., N, n) and weights (..., n) are of the same indicators."""
    x, w = as_levels(levels), as_weights(weights)
    if x.shape[-1] != w.shape[-1]:
        raise NotAligned(levels=x.shape, weights=w.shape)
    return x, w


def weighted_sums(levels: Array, weights: Array) -> Array:
    """Add one indicator after the other.

    A matrix product in tiles would add the rows at its edges in another order, and
    equal units would differ in the last bit.
    """
    lead = np.broadcast_shapes(levels.shape[:-2], weights.shape[:-1])
    total = np.zeros((*lead, levels.shape[-2]))
    for i in range(weights.shape[-1]):
        total += levels[..., i] * weights[..., None, i]
    return total
