"""Least-squares estimate with residuals, standard errors and leverage."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from aggregation import graph
from aggregation.group import as_expert_weights, panel_judgements
from aggregation.intervals import check_confidence
from aggregation.least_squares import residuals, shares
from aggregation.matrices import Array, log_judgements, order, pairs


@dataclass(frozen=True)
class Estimate:
    """Result of log least squares on the comparison graph.

    Values of pairs are matrices (..., n, n): antisymmetric for logarithms,
    symmetric for variances and leverage, NaN where no judgement was given.
    """

    #: Judgement logs y (..., m) and their conductances c (..., m), 0 in the gaps.
    logs: Array
    conductances: Array
    #: Number of judgements given, (...); count - n + 1 of them are redundant.
    count: Array
    #: Weighted squares around the pooled judgement of an edge: 0 for one matrix.
    within: Array

    @property
    def n(self) -> int:
        return order(self.logs)

    @cached_property
    def links(self) -> Array:
        """The conductance between any two items, (..., n, n)."""
        return graph.links(self.conductances, self.n)

    @cached_property
    def log_priorities(self) -> Array:
        """u = L⁺BᵀCy, (..., n), centred."""
        return graph.centred_logs(self.logs, self.conductances, self.links)

    @cached_property
    def priorities(self) -> Array:
        """exp(u), summing to 1, (..., n)."""
        return shares(self.log_priorities)

    @cached_property
    def edge_residuals(self) -> Array:
        return residuals(self.logs, self.log_priorities)

    @cached_property
    def residuals(self) -> Array:
        """Residuals y - Bu of the judgements, (..., n, n)."""
        return antisymmetric(self.edge_residuals)

    @cached_property
    def residual_sum(self) -> Array:
        """RSS = Σ c e², (...)."""
        squares = np.where(self.conductances > 0, self.conductances * self.edge_residuals**2, 0.0)
        return squares.sum(axis=-1) + self.within

    @cached_property
    def freedom(self) -> Array:
        """Degrees of freedom m - n + 1, (...): the judgements beyond a tree."""
        return self.count - self.n + 1

    @cached_property
    def variance(self) -> Array:
        """s² = RSS / (m - n + 1), (...); NaN where no judgement is redundant."""
        redundant = self.freedom > 0
        return np.where(redundant, self.residual_sum, np.nan) / np.where(redundant, self.freedom, 1)

    @cached_property
    def pseudoinverse(self) -> Array:
        """L⁺, (..., n, n)."""
        inverse = np.linalg.inv(graph.regular_laplacian(self.links))
        return np.asarray(inverse, dtype=float) - 1 / self.n

    @cached_property
    def covariance(self) -> Array:
        """Var(u) = s²L⁺, (..., n, n)."""
        return self.variance[..., None, None] * self.pseudoinverse

    @cached_property
    def resistance(self) -> Array:
        """R_ij = (e_i - e_j)ᵀL⁺(e_i - e_j): the effective resistance, (..., n, n)."""
        diagonal = np.diagonal(self.pseudoinverse, axis1=-2, axis2=-1)
        return diagonal[..., :, None] + diagonal[..., None, :] - 2 * self.pseudoinverse

    @cached_property
    def standard_errors(self) -> Array:
        """Standard errors s√R_ij of ln(w_i/w_j), (..., n, n), also for unjudged pairs."""
        resistance = np.maximum(self.resistance, 0.0)
        return np.sqrt(self.variance[..., None, None] * resistance)

    @cached_property
    def edge_leverage(self) -> Array:
        i, j = pairs(self.n)
        given = self.conductances > 0
        return np.where(given, self.conductances * self.resistance[..., i, j], np.nan)

    @cached_property
    def leverage(self) -> Array:
        """h_e = c_e R_e, (..., n, n): 2/n on a complete matrix, 1 for a bridge."""
        return symmetric(self.edge_leverage)

    def ratio_intervals(self, confidence: float = 0.95) -> tuple[Array, Array]:
        """Return low and high ends of w_i/w_j, (..., n, n): t with m - n + 1 freedom."""
        check_confidence(confidence)
        from scipy.special import stdtrit

        half = stdtrit(np.maximum(self.freedom, 1), (1 + confidence) / 2)
        width = np.asarray(half)[..., None, None] * self.standard_errors
        middle = self.log_priorities[..., :, None] - self.log_priorities[..., None, :]
        return np.exp(middle - width), np.exp(middle + width)


def estimate(matrix: ArrayLike) -> Estimate:
    """Estimate the priorities of matrices with their errors [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    Estimate
        Of each matrix in the batch.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Crawford, G. and Williams, C. (1985). A note on the analysis of
       subjective judgment matrices. J. Math. Psychol. 29(4), 387-405.

    Examples
    --------
    >>> found = estimate([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])
    >>> found.leverage[0, 1].round(6), int(found.freedom)
    (np.float64(0.666667), 1)
    """
    logs = log_judgements(matrix)
    conductances = (~np.isnan(logs)).astype(float)
    count = conductances.sum(axis=-1)
    return _connected(Estimate(logs, conductances, count, np.zeros(logs.shape[:-1])))


def pooled_estimate(matrices: ArrayLike, expert_weights: ArrayLike | None = None) -> Estimate:
    """Estimate priorities from all judgements of a panel, as weighted edges.

    Every judgement counts as an edge with its expert's weight. Different ways of
    answering are pooled as matrices: complete or incomplete pairs unchanged,
    points by `points_as_judgements`, best-worst answers by
    `best_worst_judgements`. A study's consensus pools priorities instead, which
    is the same only if every expert judged every pair [1]_.

    Parameters
    ----------
    matrices : array_like, shape (..., K, n, n)
        One per expert; NaN is a missing judgement. One expert's judgements need not
        connect all items; those of all experts together must.
    expert_weights : array_like, shape (K,), optional
        None below 0; equal when not given.

    Returns
    -------
    Estimate
        With the residual variance around the pooled priorities, between and
        within experts.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, NotExpertWeights, DisconnectedGraph
    NobodyJudged
        If there are no experts.

    References
    ----------
    .. [1] Barzilai, J. and Golany, B. (1994). AHP rank reversal, normalization and
       aggregation rules. INFOR 32(2), 57-64.

    Examples
    --------
    >>> nan = float("nan")
    >>> one = [[1, 4, nan], [1 / 4, 1, nan], [nan, nan, 1]]
    >>> other = [[1, nan, nan], [nan, 1, 2], [nan, 1 / 2, 1]]
    >>> pooled_estimate([one, other]).priorities * 11
    array([8., 2., 1.])
    """
    logs = panel_judgements(matrices)
    weights = as_expert_weights(expert_weights, logs.shape[-2])
    each = np.where(np.isnan(logs), 0.0, weights[:, None])
    conductances = each.sum(axis=-2)
    total = np.where(conductances > 0, conductances, 1.0)
    y = np.where(np.isnan(logs), 0.0, logs)
    pooled = (each * y).sum(axis=-2) / total
    within = (each * (y - pooled[..., None, :]) ** 2).sum(axis=(-1, -2))
    count = (each > 0).sum(axis=(-1, -2), dtype=np.float64)
    logs = np.where(conductances > 0, pooled, np.nan)
    return _connected(Estimate(logs, conductances, count, within))


def _connected(found: Estimate) -> Estimate:
    graph.check_connected(found.links)
    return found


def antisymmetric(edges: Array) -> Array:
    """Return values of pairs i < j as antisymmetric matrices, 0 on the diagonal."""
    return _as_matrices(edges, -1.0)


def symmetric(edges: Array) -> Array:
    """Return values of pairs i < j as symmetric matrices, 0 on the diagonal."""
    return _as_matrices(edges, 1.0)


def _as_matrices(edges: Array, opposite: float) -> Array:
    n = order(edges)
    i, j = pairs(n)
    matrices = np.zeros((*edges.shape[:-1], n, n))
    matrices[..., i, j] = edges
    matrices[..., j, i] = opposite * edges
    return matrices
