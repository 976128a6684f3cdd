"""Scores: what a unit's levels are worth under a set of weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, as_levels, as_weights
from ranking.faults import NotAligned


def scores(levels: ArrayLike, weights: ArrayLike, indicators: Sequence[int] | None = None) -> Array:
    """Sum weight × level over the indicators [1]_, all of them or the chosen ones.

    Parameters
    ----------
    levels : array_like, shape (..., N, n)
        What each unit reached on each indicator; NaN where it is blank. On a
        ladder a level is a rung; other finite measures are summed alike
        (`levels_on_ladders` is the check for rungs).
    weights : array_like, shape (..., n)
        Not below 0, summing to 1 over *all* the indicators, in their order.
        Leading dimensions broadcast against those of the levels: S sets of
        weights give S rows of scores.
    indicators : sequence of int, optional
        The indicators to sum, counted from 0. The weights are those of the
        whole and are not renormalised: what comes out is a subscore, and the
        subscores of all groups sum to the total.

    Returns
    -------
    ndarray, shape (..., N)
        In the unit of the levels, not rounded. NaN where a unit is blank in an
        indicator that is summed: it is unrated, not 0. Units with equal levels
        have equal scores, to the last bit.

    Raises
    ------
    NotWeights, NotSummingToOne
        With the place of the set of weights.
    NotFinite
        If a level is infinite.
    NotAligned
        If levels and weights do not speak of the same indicators.

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
    x, w = as_levels(levels), as_weights(weights)
    if x.shape[-1] != w.shape[-1]:
        raise NotAligned(levels=x.shape, weights=w.shape)
    chosen = range(w.shape[-1]) if indicators is None else chosen_indicators(indicators, w)
    return weighted_sums(x, w, chosen)


def chosen_indicators(indicators: Sequence[int], weights: Array) -> Sequence[int]:
    """Indicators that exist, each once."""
    n = weights.shape[-1]
    if len(set(indicators)) < len(indicators) or not all(0 <= i < n for i in indicators):
        raise ValueError(f"indicators are counted once, from 0 to {n - 1}, not {list(indicators)}")
    return indicators


def weighted_sums(levels: Array, weights: Array, indicators: Sequence[int]) -> Array:
    """Add one indicator after the other.

    In this order, and not as a matrix product, because a product in tiles adds
    the rows at its edges in another order, and equal units would differ in the
    last bit.
    """
    lead = np.broadcast_shapes(levels.shape[:-2], weights.shape[:-1])
    total = np.zeros((*lead, levels.shape[-2]))
    for i in indicators:
        total += levels[..., i] * weights[..., None, i]
    return total
