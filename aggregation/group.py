"""Aggregation of several experts' answers: of judgements or of priorities."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.centres import CENTRES
from aggregation.doubles import as_doubles
from aggregation.faults import (
    NobodyJudged,
    NotExpertWeights,
    NotPriorities,
    UnknownName,
)
from aggregation.matrices import (
    Array,
    first_place,
    from_log_judgements,
    log_judgements,
    precision,
)

#: Below this total, expert weights have lost precision.
SMALLEST_TOTAL = 1e-290
#: Above this their products exceed the largest double, so that only proportions are kept.
LARGEST_TOTAL = 1e100
#: Tolerance for the sum of priorities, which are printed to a dozen digits.
SUM_TO_ONE = 1e-9


def aggregate_judgements(matrices: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Aggregate judgements: geometric means of the experts, by pair (AIJ) [1]_.

    Parameters
    ----------
    matrices : array_like, shape (..., K, n, n)
        One per expert, positive and reciprocal; NaN is a missing judgement, which
        the mean leaves out.
    expert_weights : array_like, shape (K,), optional
        None below 0; equal when not given.

    Returns
    -------
    ndarray, shape (..., n, n)
        Reciprocal; NaN for a pair that no expert judged.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, NotExpertWeights
    NobodyJudged
        If there are no experts.

    References
    ----------
    .. [1] Aczél, J. and Saaty, T. L. (1983). Procedures for synthesizing ratio
       judgements. J. Math. Psychol. 27(1), 93-102.

    Examples
    --------
    >>> aggregate_judgements([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])
    array([[1.  , 4.  ],
           [0.25, 1.  ]])
    """
    logs = panel_judgements(matrices)
    given = ~np.isnan(logs)
    counts = as_expert_weights(expert_weights, logs.shape[-2])[:, None] * given
    weight = counts.sum(axis=-2)
    pooled = (counts * np.where(given, logs, 0.0)).sum(axis=-2)
    return from_log_judgements(
        np.where(weight > 0, pooled, np.nan) / np.where(weight > 0, weight, 1)
    )


def aggregate_priorities(
    priorities: ArrayLike, expert_weights: ArrayLike | None = None, mean: str = "geometric"
) -> Array:
    """Aggregate priorities into one vector for the panel (AIP) [1]_.

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, positive, summing to 1. A row of NaN is an
        abstention and is left out.
    expert_weights : array_like, shape (K,), optional
        None below 0; equal when not given.
    mean : str
        ``geometric``, renormalised (a study's consensus); ``arithmetic``;
        ``median``, item by item, renormalised; ``spatial-median`` of the log-ratios,
        which has a breakdown point of one half [2]_.

    Returns
    -------
    ndarray, shape (..., n)
        Summing to 1.

    Raises
    ------
    NotPriorities, NotExpertWeights, NobodyJudged
    ZeroPoints
        If a priority is 0 and the mean takes logarithms.

    References
    ----------
    .. [1] Forman, E. and Peniwati, K. (1998). Aggregating individual judgments and
       priorities with the analytic hierarchy process. Eur. J. Oper. Res. 108,
       165-169.
    .. [2] Vardi, Y. and Zhang, C.-H. (2000). The multivariate L1-median and
       associated data depth. Proc. Natl. Acad. Sci. 97(4), 1423-1426.

    Examples
    --------
    >>> aggregate_priorities([[0.2, 0.8], [0.8, 0.2], [float("nan")] * 2])
    array([0.5, 0.5])
    """
    if mean not in CENTRES:
        raise UnknownName(mean, tuple(CENTRES))
    p, judged = as_priorities(priorities)
    weights = as_expert_weights(expert_weights, p.shape[-2]) * judged
    total = weights.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise NobodyJudged(at=first_place(total[..., 0] == 0))
    # An expert of weight 0 may have any numbers, also zeros.
    neutral = np.where((weights > 0)[..., None], p, 1 / p.shape[-1])
    return CENTRES[mean](neutral, weights / total)


def panel_judgements(matrices: ArrayLike) -> Array:
    """Return the logarithms (..., K, m) of the judgements of K >= 1 experts."""
    logs = log_judgements(matrices)
    if logs.ndim < 2:
        raise ValueError("a panel is a list of matrices, one per expert, not one matrix")
    if not logs.shape[-2]:
        raise NobodyJudged()
    return logs


def as_priorities(priorities: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    """Check the rows (..., K, n) of a panel; return them, and who judged, (..., K).

    Raises
    ------
    NotPriorities
        With the place of the first row that is neither priorities nor NaN only.
    """
    given = np.asarray(priorities)
    p = as_doubles("priorities", given)
    if p.ndim < 2 or p.shape[-1] == 0:
        raise NotPriorities()
    judged = np.asarray(~np.isnan(p).all(axis=-1))
    with np.errstate(over="ignore", invalid="ignore"):
        total = p.sum(axis=-1, keepdims=True)
    if precision(given) > SUM_TO_ONE:
        # Single precision cannot sum to 1 more exactly.
        near = np.abs(total - 1) <= precision(given) * p.shape[-1]
        p = np.where(near, p / np.where(near, total, 1.0), p)
        total = np.where(near, 1.0, total)
    right = (p >= 0).all(axis=-1) & (np.abs(total[..., 0] - 1) <= SUM_TO_ONE)
    if (judged & ~right).any():
        raise NotPriorities(first_place(judged & ~right))
    return p, judged


def as_expert_weights(expert_weights: ArrayLike | None, experts: int) -> Array:
    """Return the weights of the experts, (K,); equal if not given."""
    if expert_weights is None:
        return np.ones(experts)
    weights = as_doubles("expert_weights", expert_weights)
    with np.errstate(over="ignore", invalid="ignore"):
        total = weights.sum()
    right = weights.shape == (experts,) and (weights >= 0).all()
    if not right or not SMALLEST_TOTAL <= total < np.inf:
        raise NotExpertWeights(expert_weights)
    return weights / weights.max() if total > LARGEST_TOTAL else weights
