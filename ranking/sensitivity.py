"""Sensitivity to weights without draws: changes that reverse two units."""

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_rated
from ranking.faults import NotAligned
from ranking.scores import aligned, weighted_sums
from ranking.ties import grid_keys

#: Largest rounding error of a sum of weights.
SLACK = 1e-12


def critical_changes(levels: ArrayLike, weights: ArrayLike) -> Array:
    """Compute the change of each single weight at which two units tie, for every pair.

    The other weights keep their proportions and are rescaled: with D the difference of
    the scores and a that of the levels on indicator k, the two tie if w_k changes by
    D(1 - w_k)/(D - a).

    Parameters
    ----------
    levels : array_like, shape (N, n)
        Without blanks.
    weights : array_like, shape (..., n)
        Not below 0, summing to 1.

    Returns
    -------
    ndarray, shape (..., N, N, n)
        Entry (i, j, k), equal to (j, i, k), must be added to the weight of k, as a
        share of 1. 0 for a pair that ties already. NaN if no weight of k between 0
        and 1 makes them tie.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned

    Notes
    -----
    Triantaphyllou and Sánchez [1]_ change w_k alone, by -δ, and renormalise
    afterwards: the same order reverses at the same weight, since δ = D/a is the
    change c here over w_k + c - 1, and c is the visible change of the weight.

    References
    ----------
    .. [1] Triantaphyllou, E. and Sánchez, A. (1997). A sensitivity analysis approach
       for some deterministic multi-criteria decision-making methods. Decis. Sci.
       28(1), 151-194.

    Examples
    --------
    Ahead by 0.2, and tied when the first weight has fallen from 0.6 to 0.5:

    >>> critical_changes([[1, 0], [0, 1]], [0.6, 0.4])[0, 1]
    array([-0.1,  0.1])
    """
    x, w = aligned(as_units(levels), weights)
    lead = _leads(weighted_sums(x, w))[..., None]
    apart = x[:, None] - x
    w = w[..., None, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = lead / (lead - apart)
        change *= 1 - w
    turned = change + w
    # With equal levels they tie at a weight of 1, but never change places.
    change[~((turned >= -SLACK) & (turned <= 1)) | (apart == 0)] = np.nan
    return change


def stability_radius(levels: ArrayLike, weights: ArrayLike) -> Array:
    """Compute the least weight that must move between indicators for two units to tie.

    Weight moves from the indicator on which the leading unit leads most to the one on
    which it leads least: this is the radius, in total variation, of the largest ball of
    weight sets in which the order of the pair does not change [1]_ [2]_. The least
    entry is the radius of the whole ranking; the least over the pairs across a boundary
    is that of the boundary.

    Parameters
    ----------
    levels : array_like, shape (N, n)
        Without blanks.
    weights : array_like, shape (n,)
        Not below 0, summing to 1.

    Returns
    -------
    ndarray, shape (N, N)
        Symmetric, from 0 (a tie) to 1; infinite if no weights make the two tie,
        because one is ahead on every indicator; NaN on the diagonal.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned

    Notes
    -----
    The papers measure the change by the Euclidean and the largest-coordinate
    distance, which need a solver to respect weights not below 0. Total
    variation, half the sum of the absolute changes, respects them in closed
    form and reads as "3 of 100 points must move".

    References
    ----------
    .. [1] Ríos Insua, D. and French, S. (1991). A framework for sensitivity analysis
       in discrete multi-objective decision-making. Eur. J. Oper. Res. 54(2), 176-190.
    .. [2] Wolters, W. T. M. and Mareschal, B. (1995). Novel types of sensitivity
       analysis for additive MCDM methods. Eur. J. Oper. Res. 81(2), 281-290.

    Examples
    --------
    >>> stability_radius([[1, 0], [0, 1]], [0.6, 0.4])
    array([[nan, 0.1],
           [0.1, nan]])
    """
    x, w = aligned(as_units(levels), weights)
    if w.ndim != 1:
        raise NotAligned(weights=w.shape)
    # Only the proportions of the levels count; scaled to 1, the slack is that of rounding.
    x = x / max(float(np.abs(x).max(initial=0.0)), float(np.finfo(float).tiny))
    first, second = np.triu_indices(len(x), 1)
    lead = _leads(weighted_sums(x, w))[first, second]
    apart = (x[first] - x[second]) * np.where(lead < 0, -1.0, 1.0)[:, None]
    radius = np.full((len(x), len(x)), np.nan)
    radius[first, second] = radius[second, first] = _weight_to_move(np.abs(lead), apart, w)
    return radius


def _weight_to_move(lead: Array, apart: Array, weights: Array) -> Array:
    """Return the weight to move for P pairs apart by (P, n), from the largest lead on."""
    order = np.argsort(-apart, axis=1)
    ordered, room = np.take_along_axis(apart, order, axis=1), weights[order]
    gain = ordered - ordered[:, -1:]
    gained = (gain * room).cumsum(axis=1)
    enough = gained >= lead[:, None] - SLACK
    last = enough.argmax(axis=1)[:, None]
    before = np.take_along_axis(gained - gain * room, last, axis=1)[:, 0]
    moved = np.take_along_axis(room.cumsum(axis=1) - room, last, axis=1)[:, 0]
    rate = np.take_along_axis(gain, last, axis=1)[:, 0]
    rest = np.divide(lead - before, rate, out=np.zeros_like(lead), where=rate > 0)
    return np.where(ordered[:, -1] > 0, np.inf, moved + np.maximum(rest, 0))


def rank_bounds(preference: ArrayLike) -> Whole:
    """Bound the rank of each unit under the mixtures of `necessary_preference`.

    By default these are arithmetic mixtures of the experts' weights. A geometric
    consensus is not one of them and can rank a unit outside the bounds.

    Parameters
    ----------
    preference : array_like of bool, shape (..., N, N)
        As from `necessary_preference`.

    Returns
    -------
    ndarray of int64, shape (..., N, 2)
        No mixture of this kind ranks the unit better than the first number or worse
        than the second.

    Raises
    ------
    NotAligned
        If the array is not square in its last two dimensions.

    References
    ----------
    .. [1] Greco, S., Mousseau, V. and Słowiński, R. (2008). Ordinal regression
       revisited: multiple criteria ranking using a set of additive value functions.
       Eur. J. Oper. Res. 191(2), 416-436.

    Examples
    --------
    >>> rank_bounds([[False, True, False], [False, False, False], [False, False, False]])
    array([[1, 2],
           [2, 3],
           [1, 3]])
    """
    ahead = np.asarray(preference, dtype=bool)
    if ahead.ndim < 2 or ahead.shape[-1] != ahead.shape[-2]:
        raise NotAligned(preference=ahead.shape)
    best = 1 + ahead.sum(axis=-2)
    worst = ahead.shape[-1] - ahead.sum(axis=-1)
    return np.stack([best, worst], axis=-1)


def as_units(levels: ArrayLike) -> Array:
    """Check levels (N, n) without a blank."""
    x = as_rated(levels)
    if x.ndim != 2:
        raise NotAligned(levels=x.shape)
    return x


def _leads(scores: Array) -> Array:
    """Return differences of scores (..., N, N), exactly 0 where two scores tie."""
    keys = grid_keys(scores)
    lead = scores[..., :, None] - scores[..., None, :]
    lead[keys[..., :, None] == keys[..., None, :]] = 0
    return lead
