"""Ladders: checks of levels as rungs, and levels as shares of their ladders."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, as_levels, as_rungs


def rungs(levels: ArrayLike, tops: ArrayLike) -> Array:
    """Return levels after checking that each is a whole rung of its ladder.

    `scores` sums any finite measure; levels read from a file are checked here first.

    Parameters
    ----------
    levels : array_like, shape (..., N, n)
        From 0 (no rung) to the top; NaN where blank.
    tops : array_like, shape (n,)
        The top rung of each indicator's ladder, in the order of the columns.

    Returns
    -------
    ndarray, shape (..., N, n)

    Raises
    ------
    OffLadder
        With the level, the top of its ladder and its place.
    NotFinite, NotAligned

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators:
       Methodology and User Guide. OECD Publishing, Paris, step 5.

    Examples
    --------
    >>> rungs([[2, 0], [1, 4]], tops=[2, 4])
    array([[2., 0.],
           [1., 4.]])
    """
    return as_rungs(levels, tops)[0]


def share_of_ladder(levels: ArrayLike, tops: ArrayLike) -> Array:
    """Divide each level by its ladder's top rung, so that heights do not matter.

    In the raw sum a ladder of four rungs counts more than one of two at the same
    weight; scores of these shares are the alternative.

    Parameters
    ----------
    levels, tops
        As for `rungs`.

    Returns
    -------
    ndarray, shape (..., N, n)
        From 0 to 1, NaN where blank; `scores` of it are between 0 and 1.

    Raises
    ------
    OffLadder, NotFinite, NotAligned

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators:
       Methodology and User Guide. OECD Publishing, Paris, step 5.

    Examples
    --------
    >>> share_of_ladder([[2, 1], [1, 4]], tops=[2, 4])
    array([[1.  , 0.25],
           [0.5 , 1.  ]])
    """
    x, top = as_rungs(levels, tops)
    return x / top


def table_levels(levels: ArrayLike, indicators: Sequence[int]) -> Array:
    """Return levels in which only one table's indicators count; the others are 0.

    With the overall weights, every result computed from them (scores, bands,
    acceptability, critical changes) is that of the table's subscore.

    Parameters
    ----------
    levels : array_like, shape (..., N, n)
        NaN where blank: a unit remains blank only in the indicators of the table.
    indicators : sequence of int
        Counted once, from 0.

    Returns
    -------
    ndarray, shape (..., N, n)

    Raises
    ------
    ValueError
        If an indicator does not exist or is named twice.
    NotFinite, NotAligned

    References
    ----------
    .. [1] Keeney, R. L. and Raiffa, H. (1976). Decisions with Multiple Objectives:
       Preferences and Value Tradeoffs. Wiley.

    Examples
    --------
    >>> table_levels([[2, float("nan"), 3]], [0, 2])
    array([[2., 0., 3.]])
    """
    x = as_levels(levels)
    chosen = list(indicators)
    n = x.shape[-1]
    if len(set(chosen)) < len(chosen) or not all(i in range(n) for i in chosen):
        raise ValueError(f"indicators are counted once, from 0 to {n - 1}, not {chosen}")
    counted = np.zeros(n, dtype=bool)
    counted[[int(i) for i in chosen]] = True
    return np.where(counted, x, 0.0)
