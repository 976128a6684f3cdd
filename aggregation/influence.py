"""Influence of one expert or one judgement on the result, in closed form."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from aggregation import graph
from aggregation.agreement import panel_logs
from aggregation.contradictions import BRIDGE
from aggregation.estimate import estimate
from aggregation.hierarchy import Tree
from aggregation.least_squares import shares
from aggregation.matrices import Array
from aggregation.panel import read_panel


def leave_one_expert_out(priorities: ArrayLike) -> Array:
    """Compute the geometric consensus without each expert, from (K ū - u_k)/(K - 1).

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, positive, summing to 1; a row of NaN is an abstention,
        and leaving it out changes nothing.

    Returns
    -------
    ndarray, shape (..., K, n)
        Row k is the consensus of the others; NaN if no other expert judged.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged

    References
    ----------
    .. [1] Cook, R. D. (1977). Detection of influential observation in linear
       regression. Technometrics 19(1), 15-18.

    Examples
    --------
    >>> leave_one_expert_out([[0.2, 0.8], [0.5, 0.5]])
    array([[0.5, 0.5],
           [0.2, 0.8]])
    """
    u, judged = panel_logs(priorities)
    others = judged.sum(axis=-1, keepdims=True) - judged
    total = u.sum(axis=-2, keepdims=True) - u
    means = np.where(others[..., None] > 0, total, np.nan) / np.maximum(others, 1)[..., None]
    return shares(means)


def leave_one_expert_out_weights(tree: Tree, expert_priorities: Mapping[str, ArrayLike]) -> Array:
    """Compute the global weights without each expert.

    Parameters
    ----------
    tree, expert_priorities
        As for `consensus_weights`.

    Returns
    -------
    ndarray, shape (K, leaves)
        Leaves branch by branch; row k is the consensus of the others; NaN if no
        other expert judged some parent.

    Raises
    ------
    NotATree, NobodyJudged, NotPriorities, ZeroPoints

    References
    ----------
    .. [1] Cook, R. D. (1977). Detection of influential observation in linear
       regression. Technometrics 19(1), 15-18.

    Examples
    --------
    >>> leave_one_expert_out_weights({"goal": ("a", "b")}, {"goal": [[0.2, 0.8], [0.5, 0.5]]})
    array([[0.5, 0.5],
           [0.2, 0.8]])
    """
    panel = read_panel(tree, expert_priorities)
    with np.errstate(invalid="ignore"):
        return panel.global_weights(1 - np.eye(panel.experts))


def leave_one_judgement_out(matrix: ArrayLike) -> Array:
    """Compute the priorities without each judgement: u - L⁺b_e e/(1 - h_e).

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (..., m, n)
        One row per pair i < j, in the order of the upper triangle; NaN where no
        judgement was given, and where the others do not connect all items.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Cook, R. D. (1977). Detection of influential observation in linear
       regression. Technometrics 19(1), 15-18.

    Examples
    --------
    >>> leave_one_judgement_out([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])[1] * 10
    array([6., 3., 1.])
    """
    found = estimate(matrix)
    beyond = np.where(found.edge_leverage < BRIDGE, 1 - found.edge_leverage, np.nan)
    steps = graph.incidence(found.n) @ found.pseudoinverse
    moved = steps * (found.edge_residuals / beyond)[..., None]
    return shares(found.log_priorities[..., None, :] - moved)
