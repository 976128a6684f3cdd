"""Robustness of a ranking under draws of its weights and levels.

Stochastic multicriteria acceptability analysis (SMAA), with exact ties: t units
that share t places have 1/t of each, so that rows and columns sum to one.
Counts are integers until the last division; the memory is one chunk of draws, for
any number of draws.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_shares, first_place
from ranking.bands import border_keys, check_tie_rule, stands_above
from ranking.chunks import Room
from ranking.doubles import as_doubles
from ranking.faults import NotAligned, NotAProbability
from ranking.placing import Placed, placed_chunks
from ranking.scoring import Draws, scored_chunks
from ranking.ties import to_grid_keys

#: Largest error of a sum of a million probabilities.
SLACK = 1e-12


def rank_acceptability(levels: Draws, weight_draws: Draws) -> Array:
    """Compute the probability of each rank for each unit, over draws [1]_.

    Parameters
    ----------
    levels : array_like, shape (N, n) or (S, N, n), or an iterator of (s, N, n)
        Without blanks. With a leading dimension the levels are drawn too, one draw
        for each draw of the weights.
    weight_draws : array_like, shape (S, n), or an iterator of (s, n)
        Each row not below 0 and summing to 1. The result does not depend on how an
        iterator splits the draws.

    Returns
    -------
    ndarray, shape (N, N)
        Entry (i, r - 1) is the probability that unit i has rank r. Units that
        are equal after rounding to 1e-9 share their places evenly, so rows and
        columns sum to 1.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned, NoDraws

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    The last two units are alike and share their places:

    >>> rank_acceptability([[2, 0], [0, 1], [0, 1]], [[0.5, 0.5], [0.2, 0.8]])
    array([[0.5 , 0.  , 0.5 ],
           [0.25, 0.5 , 0.25],
           [0.25, 0.5 , 0.25]])
    """
    return shared_places(placed_chunks(levels, weight_draws))


def shared_places(chunks: Iterable[Placed]) -> Array:
    """Compute acceptability, sharing the places of each group of t equal units."""
    draws = 0
    apart: Whole = np.zeros(1, dtype=np.int64)
    together: dict[int, Whole] = {}
    for order, first, sizes, units in chunks:
        draws += len(order)
        cells = len(units.sizes) * units.count
        begins = np.multiply(order, units.count, out=order)
        begins += first
        if sizes is None:
            apart = apart + np.bincount(begins.ravel(), minlength=cells)
            continue
        for t in np.unique(sizes).tolist():
            counted = np.bincount(begins[sizes == t], minlength=cells)
            together[t] = together[t] + counted if t in together else counted
    shape = len(units.sizes), units.count
    shares = np.zeros(shape)
    for t in sorted({*together, *units.sizes.tolist()}):
        begun = np.broadcast_to(apart, cells).reshape(shape) * (units.sizes == t)[:, None]
        if t in together:
            begun = begun + together[t].reshape(shape)
        shares += _filled(begun, t) / t
    return shares[units.column] / draws


def _filled(begun: Whole, t: int) -> Whole:
    """Count how often each place is in a group of t that begins up to t - 1 before it."""
    filled = begun.cumsum(axis=1)
    filled[:, t:] -= filled[:, :-t].copy()
    return filled


def band_probabilities(
    levels: Draws,
    weight_draws: Draws,
    shares: Sequence[float] = (0.1, 0.3, 0.5),
    ties: str = "down",
) -> Array:
    """Compute the probability of each band for each unit, by `bands` in every draw.

    Parameters
    ----------
    levels, weight_draws
        As for `rank_acceptability`.
    shares, ties
        As for `bands`.

    Returns
    -------
    ndarray, shape (N, B)
        Entry (i, b - 1) is the probability that unit i is in band b. Rows
        sum to 1; a column sums to the expected size of its band.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned, NoDraws
    NotShares, UnknownName
        As for `bands`.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> levels = [[3, 1], [2, 2], [0, 3], [0, 0]]
    >>> band_probabilities(levels, [[0.5, 0.5], [0.9, 0.1], [0.1, 0.9]], shares=(0.25, 0.5))
    array([[0.33333333, 0.33333333, 0.33333333],
           [0.        , 1.        , 0.        ],
           [0.33333333, 0.        , 0.66666667],
           [0.        , 0.        , 1.        ]])
    """
    q = as_shares(shares)
    check_tie_rule(ties)
    draws, above = 0, [0] * len(q)
    of_units, in_order = Room(np.float64), Room(np.float64)
    for chunk in scored_chunks(levels, weight_draws):
        draws += len(chunk.scores)
        keys, units = to_grid_keys(chunk.scores), chunk.units
        if not units.alone:
            spread = of_units.of((len(keys), units.count))
            keys = keys.take(units.column, axis=1, out=spread, mode="clip")
        borders = border_keys(keys, np.full(len(keys), units.count), q, ties, in_order)
        for b, border in enumerate(borders.T):
            above[b] = above[b] + np.count_nonzero(stands_above(keys, border, ties), axis=0)
    cumulative = np.array([*above, np.full(units.count, draws)])
    return np.diff(cumulative, axis=0, prepend=0).T / draws


def pairwise_winning(levels: Draws, weight_draws: Draws) -> Array:
    """Compute the probability that one unit is ahead of another, over draws [1]_.

    Parameters
    ----------
    levels, weight_draws
        As for `rank_acceptability`.

    Returns
    -------
    ndarray, shape (N, N)
        Entry (i, j) is the probability that i is strictly ahead of j. 1 minus the
        entries (i, j) and (j, i) is the probability of a tie.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned, NoDraws

    References
    ----------
    .. [1] Leskinen, P., Viitanen, J., Kangas, A. and Kangas, J. (2006). Alternatives
       to incorporate uncertainty and risk attitude in multicriteria evaluation of
       forest plans. For. Sci. 52(3), 304-312.

    Examples
    --------
    >>> pairwise_winning([[2, 0], [0, 1]], [[0.5, 0.5], [0.2, 0.8], [0.9, 0.1], [1, 0]])
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    draws = 0
    wins: Whole = np.zeros(1, dtype=np.int64)
    for chunk in scored_chunks(levels, weight_draws):
        draws += len(chunk.scores)
        keys = np.ascontiguousarray(to_grid_keys(chunk.scores).T)
        wins = wins + np.stack([np.count_nonzero(own > keys, axis=1) for own in keys])
    column = chunk.units.column
    return wins[np.ix_(column, column)] / draws


def central_weights(levels: Draws, weight_draws: Draws) -> Array:
    """Compute the mean weights under which each unit is first [1]_.

    Parameters
    ----------
    levels, weight_draws
        As for `rank_acceptability`.

    Returns
    -------
    ndarray, shape (N, n)
        Row i is the mean of the draws in which unit i is first; a draw in which t
        units share the first place counts 1/t for each. NaN for a unit that is never
        first.

    Raises
    ------
    NotWeights, NotSummingToOne, Unrated, NotFinite, NotAligned, NoDraws

    References
    ----------
    .. [1] Lahdelma, R., Hokkanen, J. and Salminen, P. (1998). SMAA - stochastic
       multiobjective acceptability analysis. Eur. J. Oper. Res. 106(1), 137-143.

    Examples
    --------
    >>> central_weights([[2, 0], [0, 2], [0, 0]], [[0.75, 0.25], [0.25, 0.75], [0.5, 0.5]])
    array([[0.66666667, 0.33333333],
           [0.33333333, 0.66666667],
           [       nan,        nan]])
    """
    times, sums = 0.0, 0.0
    for weights, scores, units in scored_chunks(levels, weight_draws):
        keys = to_grid_keys(scores)
        leads = keys == keys.max(axis=1, keepdims=True)
        share = leads / (leads @ units.sizes)[:, None]
        times = times + share.sum(axis=0)
        sums = sums + share.T @ weights
    with np.errstate(invalid="ignore"):
        return (sums / np.asarray(times)[:, None])[units.column]


def expected_ranks(acceptability: ArrayLike) -> Array:
    """Compute the mean rank of each unit; equal units count with their mean place.

    Parameters
    ----------
    acceptability : array_like, shape (..., N, N)
        As from `rank_acceptability`.

    Returns
    -------
    ndarray, shape (..., N)
        From 1 to N; they sum to N(N + 1)/2.

    Raises
    ------
    NotAligned
        If the array is not square in its last two dimensions.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> expected_ranks([[0.5, 0.0, 0.5], [0.25, 0.5, 0.25], [0.25, 0.5, 0.25]])
    array([2., 2., 2.])
    """
    b = _as_acceptability(acceptability)
    return b @ np.arange(1.0, b.shape[-1] + 1)


def rank_ranges(acceptability: ArrayLike, low: float = 0.05, high: float = 0.95) -> Whole:
    """Return the range of ranks of each unit, by default in 90 of 100 draws.

    Parameters
    ----------
    acceptability : array_like, shape (..., N, N)
        As from `rank_acceptability`.
    low, high : float
        Quantiles, between 0 and 1.

    Returns
    -------
    ndarray of int64, shape (..., N, 2)
        The first rank at which the cumulative probability reaches ``low``, and
        the first at which it reaches ``high``.

    Raises
    ------
    NotAligned
        If the array is not square in its last two dimensions.
    NotAProbability
        If a quantile is not between 0 and 1.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> rank_ranges([[0.9, 0.08, 0.02], [0.08, 0.9, 0.02], [0.02, 0.02, 0.96]])
    array([[1, 2],
           [1, 2],
           [3, 3]])
    """
    reached = _as_acceptability(acceptability).cumsum(axis=-1) + SLACK
    for quantile in (low, high):
        if not 0 <= quantile <= 1:
            raise NotAProbability("quantile", quantile)
    return 1 + np.stack([(reached < low).sum(axis=-1), (reached < high).sum(axis=-1)], axis=-1)


def _as_acceptability(acceptability: ArrayLike) -> Array:
    b = as_doubles("acceptability", acceptability)
    if b.ndim < 2 or b.shape[-1] != b.shape[-2]:
        raise NotAligned(acceptability=b.shape)
    wrong = ~((b >= 0) & (b <= 1 + SLACK))
    if wrong.any():
        at = first_place(wrong)
        raise NotAProbability("rank acceptability", float(b[at]), at)
    return b
