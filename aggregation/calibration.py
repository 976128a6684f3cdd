"""Calibration of the 1-9 scale by a panel that also divided points."""

import numpy as np
from numpy.typing import ArrayLike

from aggregation.agreement import Interval, panel_logs
from aggregation.faults import NobodyJudged
from aggregation.intervals import check_confidence, t_quantile
from aggregation.matrices import Array


def calibration(pairwise: ArrayLike, direct: ArrayLike, confidence: float = 0.95) -> Interval:
    """Compute the slope of pairwise logs on direct logs, through the origin.

    A slope of 2 means that a pairwise "9" was a ratio of 3. Both panels enter by
    their mean centred logs; the interval is t on the jackknife over the experts of
    both, so they need not be the same people. Errors in the direct mean pull the
    slope towards 0, the less the more experts it has.

    Parameters
    ----------
    pairwise, direct : array_like, shapes (K, n) and (L, n)
        Priorities from comparisons and from points, the same items: positive,
        each row summing to 1; a row of NaN is left out. At least two experts each.
    confidence : float
        The probability that the interval covers.

    Returns
    -------
    Interval
        ``value``, ``low``, ``high``.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged
    ValueError
        If the panels judge different numbers of items, or all direct answers are
        equal and show no direction.

    References
    ----------
    .. [1] Huizingh, E. K. R. E. and Vrolijk, H. C. J. (1997). A comparison of verbal
       and numerical judgments in the analytic hierarchy process. Organ. Behav. Hum.
       Decis. Process. 70(3), 237-247.

    Examples
    --------
    >>> direct = [[0.6, 0.4], [0.6, 0.4], [0.6, 0.4]]
    >>> pairwise = [[9 / 13, 4 / 13], [9 / 13, 4 / 13]]
    >>> [round(end, 6) for end in calibration(pairwise, direct)]
    [2.0, 2.0, 2.0]
    """
    check_confidence(confidence)
    y, x = _opinions(pairwise), _opinions(direct)
    if y.shape[1] != x.shape[1]:
        raise ValueError(f"the panels judged {y.shape[1]} and {x.shape[1]} items")
    slope = _slope(y.mean(axis=0), x.mean(axis=0))
    without_y = np.array([_slope(mean, x.mean(axis=0)) for mean in _means_without_one(y)])
    without_x = np.array([_slope(y.mean(axis=0), mean) for mean in _means_without_one(x)])
    variance = _jackknife_variance(without_y) + _jackknife_variance(without_x)
    half = t_quantile(min(len(x), len(y)) - 1, confidence) * variance**0.5
    return Interval(slope, slope - half, slope + half)


def _opinions(priorities: ArrayLike) -> Array:
    u, judged = panel_logs(priorities)
    if u.ndim != 2 or judged.sum() < 2:
        raise NobodyJudged()
    return u[judged]


def _slope(y: Array, x: Array) -> float:
    length = float(x @ x)
    if length < 1e-18:
        raise ValueError("all direct answers are equal: they show no direction")
    return float(x @ y) / length


def _means_without_one(u: Array) -> Array:
    return (u.sum(axis=0) - u) / (len(u) - 1)


def _jackknife_variance(values: Array) -> float:
    k = len(values)
    return float((k - 1) / k * ((values - values.mean()) ** 2).sum())
