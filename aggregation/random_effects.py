"""Random-effects model of a panel with each expert's own residual variance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from aggregation.estimate import estimate
from aggregation.faults import NobodyJudged
from aggregation.least_squares import shares
from aggregation.matrices import Array, as_comparison_matrices


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """Estimated centre of the population of experts.

    ``tau`` is the standard deviation among experts in each direction of the
    log-ratios; ``expert_weights``, (K,), summing to 1, are the experts' mean weights
    over the directions; ``covariance``, (n, n), is that of the centred logs of
    ``priorities``.
    """

    priorities: Array
    tau: float
    expert_weights: Array
    covariance: Array


def random_effects(matrices: ArrayLike) -> RandomEffects:
    """Estimate u_k ~ N(μ, τ²), each observed with the expert's errors s_k²L_k⁺ [1]_.

    τ² by restricted maximum likelihood. An expert without redundant judgements
    takes the panel's pooled s²; if no expert has any, all count the same.

    Parameters
    ----------
    matrices : array_like, shape (K, n, n)
        One per expert, n >= 2; NaN is a missing judgement, a matrix with none
        given is an abstention and has weight 0.

    Returns
    -------
    RandomEffects

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph, NobodyJudged

    References
    ----------
    .. [1] DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials.
       Control. Clin. Trials 7(3), 177-188; here with the likelihood of
       Harville, D. A. (1977). J. Am. Stat. Assoc. 72(358), 320-338.

    Examples
    --------
    >>> one, other = [[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]
    >>> random_effects([one, other]).priorities
    array([0.8, 0.2])
    """
    a = as_comparison_matrices(matrices)
    if a.ndim != 3 or a.shape[-1] < 2:
        raise ValueError(f"a panel is K matrices of two or more items, not of shape {a.shape}")
    n = a.shape[-1]
    judged = np.isfinite(a).sum(axis=(-1, -2)) > n
    if not judged.any():
        raise NobodyJudged()
    contrasts = _contrasts(n)
    found = estimate(a[judged])
    x = found.log_priorities @ contrasts.T
    errors = _variances(found.residual_sum, found.freedom)[:, None, None] * (
        contrasts @ found.pseudoinverse @ contrasts.T
    )
    tau_squared = _restricted_likelihood(x, errors)
    precision = np.linalg.inv(errors + tau_squared * np.eye(n - 1))
    together = np.linalg.inv(precision.sum(axis=0))
    middle = together @ np.einsum("kij,kj->i", precision, x)
    weights = np.zeros(len(a))
    weights[judged] = np.einsum("ij,kji->k", together, precision) / (n - 1)
    return RandomEffects(
        priorities=shares(middle @ contrasts),
        tau=float(np.sqrt(tau_squared)),
        expert_weights=weights,
        covariance=contrasts.T @ together @ contrasts,
    )


def _contrasts(n: int) -> Array:
    """Return an orthonormal basis (n-1, n) of the log-ratios (Helmert)."""
    basis = np.zeros((n - 1, n))
    for row in range(1, n):
        basis[row - 1, :row] = 1
        basis[row - 1, row] = -row
    return basis / np.linalg.norm(basis, axis=1, keepdims=True)


def _variances(residual_sum: Array, freedom: Array) -> Array:
    """Return s² of each expert, or the pooled s² if the expert's own is unknown."""
    known = freedom > 0
    pooled = residual_sum[known].sum() / max(float(freedom[known].sum()), 1.0)
    return np.where(known, residual_sum / np.maximum(freedom, 1), pooled)


def _restricted_likelihood(x: Array, errors: Array) -> float:
    """Return the τ² with the highest restricted likelihood."""
    # Imported here: scipy.optimize takes a quarter of a second, and most callers do not use it.
    from scipy.optimize import minimize_scalar

    spread = float(((x - x.mean(axis=0)) ** 2).sum())
    if spread <= 1e-18:
        return 1e-18

    def minus_twice_log(log_tau_squared: float) -> float:
        precision = np.linalg.inv(errors + np.exp(log_tau_squared) * np.eye(x.shape[1]))
        total = precision.sum(axis=0)
        middle = np.linalg.solve(total, np.einsum("kij,kj->i", precision, x))
        away = x - middle
        fit = np.einsum("ki,kij,kj->", away, precision, away)
        spread_of_fit = np.linalg.slogdet(total)[1] - np.linalg.slogdet(precision)[1].sum()
        return float(fit + spread_of_fit)

    # From a millionth of the observed spread, practically none, to ten times it.
    bounds = (np.log(spread * 1e-12), np.log(spread * 10))
    best = minimize_scalar(
        minus_twice_log, bounds=bounds, method="bounded", options={"xatol": 1e-9}
    )
    return float(np.exp(best.x))
