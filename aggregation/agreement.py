"""Measures of a panel's agreement.

Eighteen independent moderate opinions already score S* = 0.9: a measure of
agreement is to be compared with its null distribution, `against_chance`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.doubles import as_doubles
from aggregation.faults import NobodyJudged, ZeroPoints
from aggregation.group import as_priorities
from aggregation.intervals import check_confidence, t_quantile
from aggregation.matrices import Array, first_place
from aggregation.ties import places

#: Logarithms nearer to 0 than this are 0: without larger ones a panel weighs all items equally.
SAME = 1e-9

#: Words for S*, each from this share upwards (Goepel, AHP-OS).
WORDS = ((0.0, "very low"), (0.5, "low"), (0.625, "moderate"), (0.75, "high"), (0.875, "very high"))


def consensus(priorities: ArrayLike, scale_max: float = 9) -> Array:
    """Compute S*, the share of the diversity of opinions not between experts [1]_.

    S = exp(H_α - H_γ), with H_γ the entropy of the mean priorities and H_α the
    mean entropy of the experts; S* = (S - c)/(1 - c) with c = exp(H_min)/n and
    H_min the entropy of (M, 1, …, 1)/(n + M - 1).

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, not below 0, summing to 1; a row of NaN is left out.
    scale_max : float
        M, the largest ratio of the scale.

    Returns
    -------
    ndarray, shape (...)
        1 if all agree, 0 if each puts another item as far ahead as the scale
        allows; below 0 only for weights that the scale cannot give.

    Raises
    ------
    NotPriorities, NobodyJudged

    References
    ----------
    .. [1] Goepel, K. D. (2018). Implementation of an online software tool for the
       analytic hierarchy process (AHP-OS). Int. J. Anal. Hierarchy Process 10(3),
       469-487.

    Examples
    --------
    >>> round(float(consensus([[0.75, 0.25], [0.25, 0.75]])), 6)
    0.601798
    """
    if not 1 < scale_max < float("inf"):
        raise ValueError(f"the largest ratio of a scale is finite and above 1, not {scale_max}")
    p, judged = _judged_priorities(priorities)
    n = p.shape[-1]
    if n == 1:
        return np.ones(p.shape[:-2])
    share = judged / judged.sum(axis=-1, keepdims=True)
    between = _entropy(np.einsum("...k,...kn->...n", share, p))
    within = (share * _entropy(p)).sum(axis=-1)
    extreme = np.append(scale_max, np.ones(n - 1)) / (n + scale_max - 1)
    least = float(np.exp(_entropy(extreme))) / n
    agreement: Array = (np.exp(within - between) - least) / (1 - least)
    return agreement


def consensus_word(share: float) -> str:
    """Return the word for S*: from .5 low, .625 moderate, .75 high, .875 very high.

    Parameters
    ----------
    share : float
        S*, as from `consensus`.

    Returns
    -------
    str
        ``very low``, ``low``, ``moderate``, ``high`` or ``very high``.

    Raises
    ------
    ValueError
        If the share is above 1, or NaN.

    References
    ----------
    .. [1] Goepel, K. D. (2018). Implementation of an online software tool for the
       analytic hierarchy process (AHP-OS). Int. J. Anal. Hierarchy Process 10(3),
       469-487.

    Examples
    --------
    >>> consensus_word(0.8)
    'high'
    """
    if not share <= 1:
        raise ValueError(f"an agreement is at most 1, not {share}")
    return [word for start, word in WORDS if share >= start or start == 0.0][-1]


def kendall_w(priorities_or_scores: ArrayLike) -> Array:
    """Compute Kendall's coefficient of concordance, corrected for ties [1]_.

    W = 12 S / (m²(n³ - n) - m T), S = Σ (R_i - R̄)² of the rank sums, T = Σ (t³ - t)
    over raters and groups of t tied items; tied items share the mean rank.

    Parameters
    ----------
    priorities_or_scores : array_like, shape (..., m, n)
        One row per rater, finite; only its order matters, and values that differ by
        no more than 1e-9 of the larger are equal. A row of NaN is left out.

    Returns
    -------
    ndarray, shape (...)
        From 0 to 1; NaN for one rater, and if every rater ties all items.

    Raises
    ------
    NobodyJudged
    ValueError
        If a row is NaN in part, or a score is infinite.

    References
    ----------
    .. [1] Kendall, M. G. and Babington Smith, B. (1939). The problem of m rankings.
       Ann. Math. Stat. 10(3), 275-287.

    Examples
    --------
    >>> round(float(kendall_w([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])), 6)
    0.161905
    """
    x: Array = as_doubles("priorities_or_scores", priorities_or_scores)
    if x.ndim < 2:
        raise ValueError(f"scores are one row per rater, not of shape {x.shape}")
    judged = np.asarray(~np.isnan(x).all(axis=-1))
    if np.isinf(x).any():
        raise ValueError(f"the score at {list(first_place(np.isinf(x)))} is infinite")
    in_part = np.isnan(x).any(axis=-1) & judged
    if in_part.any():
        raise ValueError(
            f"a rater scores all items or none, not so at {list(first_place(in_part))}"
        )
    _somebody(judged)
    n = x.shape[-1]
    ranks, ties = _ranks_and_ties(places(np.where(judged[..., None], x, 0.0)))
    m = judged.sum(axis=-1)
    sums = np.where(judged[..., None], ranks, 0.0).sum(axis=-2)
    spread = ((sums - sums.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    tied = np.where(judged, ties, 0.0).sum(axis=-1)
    most = m**2 * (n**3 - n) - m * tied
    known = (m > 1) & (most > 0)
    w: Array = np.where(known, 12 * spread, np.nan) / np.where(known, most, 1)
    return w


def intraclass_correlation(priorities: ArrayLike) -> Array:
    """Compute ICC(3,1) of the log-ratios: items are targets, experts raters [1]_.

    (MSB - MSE) / (MSB + (K - 1) MSE) of the two-way analysis of variance of the
    centred logs, where experts have no main effect. It is the same number as
    `aitchison_kappa`.

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, positive, summing to 1; a row of NaN is left out.

    Returns
    -------
    ndarray, shape (...)
        At most 1; NaN for one expert, and if every expert weighs all items equally.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged

    References
    ----------
    .. [1] Shrout, P. E. and Fleiss, J. L. (1979). Intraclass correlations: uses in
       assessing rater reliability. Psychol. Bull. 86(2), 420-428.

    Examples
    --------
    >>> round(float(intraclass_correlation([[4 / 5, 1 / 5], [16 / 17, 1 / 17]])), 6)
    0.8
    """
    u, judged = panel_logs(priorities)
    k, n = judged.sum(axis=-1), u.shape[-1]
    means = u.sum(axis=-2) / k[..., None]
    between = k * (means**2).sum(axis=-1) / (n - 1)
    around = np.where(judged[..., None], u - means[..., None, :], 0.0)
    error = (around**2).sum(axis=(-1, -2)) / ((n - 1) * np.maximum(k - 1, 1))
    total = between + (k - 1) * error
    known = (k > 1) & (total > SAME**2)
    icc: Array = np.where(known, between - error, np.nan) / np.where(known, total, 1)
    return icc


def aitchison_kappa(priorities: ArrayLike) -> Array:
    """Compute κ = 1 - V_obs/V_null, from the variance of the log-ratios [1]_.

    V_obs = Σ_k |u_k - ū|²/(K - 1); its mean if each expert's weights are permuted
    among the items at random is V_null = Σ_k |u_k|²/K, in closed form.

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, positive, summing to 1; a row of NaN is left out.

    Returns
    -------
    ndarray, shape (...)
        1 if all agree, 0 on average by chance; NaN for one expert, and if every
        expert weighs all items equally.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged

    References
    ----------
    .. [1] Aitchison, J. (1986). The Statistical Analysis of Compositional Data.
       Chapman and Hall.

    Examples
    --------
    >>> round(float(aitchison_kappa([[4 / 5, 1 / 5], [16 / 17, 1 / 17]])), 6)
    0.8
    """
    u, judged = panel_logs(priorities)
    k = judged.sum(axis=-1)
    squares = (u**2).sum(axis=(-1, -2))
    total = u.sum(axis=-2)
    observed = (squares - (total**2).sum(axis=-1) / k) / np.maximum(k - 1, 1)
    by_chance = squares / k
    known = (k > 1) & (by_chance > SAME**2)
    kappa: Array = np.where(known, 1 - observed / np.where(known, by_chance, 1.0), np.nan)
    return kappa


class Interval(NamedTuple):
    """Value with the ends of its interval."""

    value: float
    low: float
    high: float


def aitchison_kappa_interval(priorities: ArrayLike, confidence: float = 0.95) -> Interval:
    """Compute κ with the t interval of its jackknife over experts, on ln(1 - κ) [1]_.

    NaN where κ is not defined, for the panel or without one of its experts.

    Parameters
    ----------
    priorities : array_like, shape (K, n)
        As for `aitchison_kappa`; at least three experts judged.
    confidence : float
        The probability that the interval covers.

    Returns
    -------
    Interval
        ``value``, ``low``, ``high``; none above 1.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged
    ValueError
        If fewer than three experts judged.

    References
    ----------
    .. [1] Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap.
       Chapman and Hall. Chapter 11.

    Examples
    --------
    >>> rows = [[0.6, 0.3, 0.1], [0.5, 0.3, 0.2], [0.5, 0.4, 0.1]]
    >>> found = aitchison_kappa_interval(rows)
    >>> found.low < found.value < found.high
    True
    """
    check_confidence(confidence)
    p, judged = as_priorities(priorities)
    rows = p[judged]
    k = len(rows)
    if p.ndim != 2 or k < 3:
        raise ValueError("an interval of κ needs one panel with three experts who judged")
    value = float(aitchison_kappa(rows))
    without = np.array([np.delete(rows, expert, axis=0) for expert in range(k)])
    disagreement = np.log(np.maximum(1 - np.append(aitchison_kappa(without), value), 1e-300))
    pseudo = k * disagreement[-1] - (k - 1) * disagreement[:-1]

    half = t_quantile(k - 1, confidence) * pseudo.std(ddof=1) / k**0.5
    low, high = (1 - float(np.exp(disagreement[-1] + side * half)) for side in (1, -1))
    return Interval(value, low, high)


def panel_logs(priorities: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    """Return centred logs (..., K, n), abstentions 0, and a mask of judges (..., K)."""
    p, judged = _judged_priorities(priorities)
    neutral = np.where(judged[..., None], p, 1.0)
    if (neutral == 0).any():
        raise ZeroPoints(first_place((neutral == 0).any(axis=-1)))
    logs = np.log(neutral)
    return logs - logs.mean(axis=-1, keepdims=True), judged


def _judged_priorities(priorities: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    p, judged = as_priorities(priorities)
    _somebody(judged)
    return np.where(judged[..., None], p, 0.0), judged


def _somebody(judged: NDArray[np.bool_]) -> None:
    if not judged.any(axis=-1).all():
        raise NobodyJudged(at=first_place(~judged.any(axis=-1)))


def _entropy(p: Array) -> Array:
    """Compute -Σ p ln p, with 0 ln 0 = 0."""
    entropy: Array = -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=-1)
    return entropy


def _ranks_and_ties(x: NDArray[np.intp]) -> tuple[Array, Array]:
    """Return mean ranks (..., m, n), and Σ (t³ - t) of each rater (..., m)."""
    below = (x[..., None, :] < x[..., :, None]).sum(axis=-1)
    alike = (x[..., None, :] == x[..., :, None]).sum(axis=-1)
    # Each of t tied items counts t² - 1, together t³ - t.
    return below + (alike + 1) / 2, (alike.astype(float) ** 2 - 1).sum(axis=-1)
