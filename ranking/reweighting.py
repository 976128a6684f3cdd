"""Effects of other weights on scores, ranks and bands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_levels
from ranking.bands import bands
from ranking.faults import NotAligned
from ranking.scores import aligned, weighted_sums
from ranking.ties import ranks


class WeightEffects(NamedTuple):
    """Changes by K other sets of weights for N units.

    ``ranks`` and ``bands`` are new minus old: negative is better. All are 0 for an
    unrated unit, except its score, which is NaN.
    """

    #: (K, N), in the unit of the levels.
    scores: Array
    #: (K, N), in places.
    ranks: Whole
    #: (K, N), in bands.
    bands: Whole


def weight_effects(
    levels: ArrayLike,
    weights: ArrayLike,
    others: ArrayLike,
    shares: Sequence[float] = (0.1, 0.3, 0.5),
    ties: str = "down",
) -> WeightEffects:
    """Compare other weights: equal, each expert's own, a panel without one expert.

    Parameters
    ----------
    levels : array_like, shape (N, n)
        NaN where blank.
    weights : array_like, shape (n,)
        The weights that were adopted: not below 0, summing to 1.
    others : array_like, shape (K, n)
        The weights to compare: a consensus without each expert gives the
        influence of each.
    shares, ties
        As for `bands`.

    Returns
    -------
    WeightEffects

    Raises
    ------
    NotWeights, NotSummingToOne, NotFinite, NotAligned, NotShares, UnknownName

    References
    ----------
    .. [1] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and
       sensitivity analysis techniques as tools for the quality assessment of
       composite indicators. J. R. Stat. Soc. A 168(2), 307-323.

    Examples
    --------
    Under equal weights the first two units tie; the tie takes both from the first band:

    >>> levels = [[3, 1], [1, 3], [1, 1]]
    >>> effects = weight_effects(levels, [0.6, 0.4], [[0.5, 0.5]], shares=(0.34,))
    >>> effects.ranks, effects.bands
    (array([[ 0, -1,  0]]), array([[1, 0, 0]]))
    """
    x, adopted = aligned(_as_units(levels), weights)
    _, w = aligned(x, others)
    if adopted.ndim != 1 or w.ndim != 2:
        raise NotAligned(weights=adopted.shape, others=w.shape)
    totals = weighted_sums(x, np.concatenate([adopted[None], w]))
    places, numbers = ranks(totals), bands(totals, shares, ties).numbers
    return WeightEffects(totals[1:] - totals[0], places[1:] - places[0], numbers[1:] - numbers[0])


def _as_units(levels: ArrayLike) -> Array:
    x = as_levels(levels)
    if x.ndim != 2:
        raise NotAligned(levels=x.shape)
    return x
