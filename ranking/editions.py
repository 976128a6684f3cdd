"""Decomposition of each unit's change between two editions of a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, as_levels
from ranking.faults import NotAligned
from ranking.scores import aligned, weighted_sums
from ranking.ties import ranks


@dataclass(frozen=True, slots=True)
class Move:
    """Change (N,) and its three parts, which sum to it; NaN if unrated in one edition."""

    total: Array
    #: Part from the unit's levels on the shared indicators.
    levels: Array
    #: Part from the relative weights of the shared indicators.
    weights: Array
    #: Part from indicators that were added or removed.
    indicators: Array


@dataclass(frozen=True, slots=True)
class EditionChange:
    """Changes of each unit's score (positive is better) and rank (negative is better)."""

    scores: Move
    ranks: Move


def compare_editions(
    levels: ArrayLike,
    weights: ArrayLike,
    new_levels: ArrayLike,
    new_weights: ArrayLike,
    shared: Sequence[tuple[int, int]],
) -> EditionChange:
    """Divide each unit's change between two editions into levels, weights, indicators.

    The common part of the editions are the shared indicators, with their weights
    renormalised. Its change comes from the levels and from the weights: each is
    changed alone, once before and once after the other, and the mean counts (the
    Shapley value [1]_ for two causes). The rest of the change comes from indicators
    that were added or removed.

    Parameters
    ----------
    levels, new_levels : array_like, shape (N, n) and (N, m)
        The same units in the same order; NaN where blank.
    weights, new_weights : array_like, shape (n,) and (m,)
        Not below 0, each summing to 1.
    shared : sequence of (int, int)
        The column of each shared indicator before and after, counted from 0.

    Returns
    -------
    EditionChange
        Ranks are among the units rated in both editions.

    Raises
    ------
    NotWeights, NotSummingToOne, NotFinite, NotAligned
    ValueError
        If a shared indicator does not exist or is named twice, or the shared
        indicators have the total weight 0 in one edition.

    References
    ----------
    .. [1] Shapley, L. S. (1953). A value for n-person games. In Contributions to the
       Theory of Games II, Princeton University Press, 307-317.

    Examples
    --------
    The same weights on the same indicators: all comes from the levels.

    >>> change = compare_editions([[1, 2], [2, 2]], [0.5, 0.5],
    ...                           [[3, 2], [2, 2]], [0.5, 0.5], [(0, 0), (1, 1)])
    >>> change.scores.levels, change.ranks.total
    (array([1., 0.]), array([-1.,  1.]))
    """
    old, old_weights = _edition(levels, weights)
    new, now_weights = _edition(new_levels, new_weights)
    if len(old) != len(new):
        raise NotAligned(levels=old.shape, new_levels=new.shape)
    before, after = _shared(shared, old.shape[1], new.shape[1])
    v, v_new = _renormalised(old_weights[before]), _renormalised(now_weights[after])
    x, x_new = old[:, before], new[:, after]
    rated = ~(np.isnan(old).any(axis=1) | np.isnan(new).any(axis=1))
    # Six states of the ranking, from the old edition to the new one.
    states = np.stack(
        [
            weighted_sums(old, old_weights),
            weighted_sums(x, v),
            weighted_sums(x_new, v),
            weighted_sums(x, v_new),
            weighted_sums(x_new, v_new),
            weighted_sums(new, now_weights),
        ]
    )
    states[:, ~rated] = np.nan
    return EditionChange(_move(states), _move(np.where(rated, ranks(states), np.nan)))


def _move(states: Array) -> Move:
    old, common, levels_first, weights_first, common_new, new = states
    return Move(
        total=new - old,
        levels=(levels_first - common + common_new - weights_first) / 2,
        weights=(weights_first - common + common_new - levels_first) / 2,
        indicators=(common - old) + (new - common_new),
    )


def _edition(levels: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    x, w = aligned(as_levels(levels), weights)
    if x.ndim != 2 or w.ndim != 1:
        raise NotAligned(levels=x.shape, weights=w.shape)
    return x, w


def _shared(shared: Sequence[tuple[int, int]], n: int, m: int) -> tuple[list[int], list[int]]:
    before, after = [first for first, _ in shared], [second for _, second in shared]
    for places, count in ((before, n), (after, m)):
        if len(set(places)) < len(places) or not all(i in range(count) for i in places):
            raise ValueError(f"shared indicators are counted once, from 0 to {count - 1}")
    return [int(i) for i in before], [int(i) for i in after]


def _renormalised(weights: Array) -> Array:
    total = weights.sum()
    if not total > 0:
        raise ValueError("the editions share no indicator that weighs anything in both")
    return weights / total
