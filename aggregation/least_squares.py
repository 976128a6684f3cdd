"""Log least squares on the comparison graph: logs in, centred logs and residuals out."""

import numpy as np

from aggregation import graph
from aggregation.matrices import Array, order


def centred_log_priorities(logs: Array) -> Array:
    """u, (..., n), centred, of judgement logs (..., m); NaN is a missing judgement.

    Where all pairs are judged, u is the row mean of the logs: the row
    geometric mean of the matrix.

    Raises
    ------
    DisconnectedGraph
    """
    n = order(logs)
    u: Array = logs @ graph.incidence(n) / n
    incomplete = np.isnan(u).any(axis=-1)
    if incomplete.any():
        given = (~np.isnan(logs)).astype(float)
        graph.check_connected(given, n)
        u[incomplete] = graph.centred_logs(logs[incomplete], given[incomplete], n)
    return u


def residuals(logs: Array, u: Array) -> Array:
    """What each judgement says beyond the priorities: y - Bu, NaN where none was given."""
    return logs - u @ graph.incidence(u.shape[-1]).T


def residual_variance(logs: Array, u: Array) -> Array:
    """s² = RSS / (m - n + 1) over the judgements given; 0 where none is redundant."""
    left_over = residuals(logs, u)
    given = np.isfinite(left_over)
    if not given.all():
        left_over = np.where(given, left_over, 0.0)
    redundant = given.sum(axis=-1) - u.shape[-1] + 1
    rss = np.einsum("...e,...e->...", left_over, left_over)
    variance: Array = np.where(redundant > 0, rss, 0.0) / np.maximum(redundant, 1)
    return variance


def shares(u: Array) -> Array:
    """Logs, up to a constant, as priorities that sum to 1."""
    w: Array = np.exp(u - u.max(axis=-1, keepdims=True))
    w /= w.sum(axis=-1, keepdims=True)
    return w
