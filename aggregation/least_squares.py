"""Log least squares on the comparison graph: centred logs and residuals."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from aggregation import graph
from aggregation.faults import DisconnectedGraph
from aggregation.matrices import Array, Indices, as_square, blocks, log_blocks, order

#: Above this a sum of exponentials may exceed the largest double.
LARGEST_LOG = 700.0

#: Largest share of a sum of squares lost to cancellation: 3 digits of 16.
DIGITS_KEPT = 1e-3


def from_judgements(matrix: ArrayLike, solve: Callable[[Array], Array], *shape: int) -> Array:
    """Check matrices, apply ``solve`` to their logs (k, m) by blocks: (..., *shape).

    Raises
    ------
    DisconnectedGraph
        If ``solve`` raises it, with the place in the whole batch.
    """
    a = as_square(matrix)
    batch = a.shape[:-2]
    found = np.empty((a[..., 0, 0].size, *shape))
    for block, logs in log_blocks(a):
        try:
            found[block] = solve(logs)
        except DisconnectedGraph as apart:
            place = np.unravel_index(block.start + apart.at[0], batch)
            raise DisconnectedGraph(apart.parts, tuple(map(int, place))) from None
    return found.reshape((*batch, *shape))


def centred_log_priorities(logs: Array) -> Array:
    """Compute centred u, (..., n), of judgement logs (..., m); NaN is missing.

    If all pairs are judged, u is the row mean of the logs: the row
    geometric mean of the matrix.

    Raises
    ------
    DisconnectedGraph
    """
    n = order(logs)
    u = graph.net_flows(logs, n)
    u /= n
    if np.isnan(u).any():
        incomplete = np.isnan(u).any(axis=-1)
        u[incomplete] = _with_gaps(logs[incomplete], np.argwhere(incomplete), n)
    return u


def residuals(logs: Array, u: Array) -> Array:
    """Compute the residuals y - Bu; NaN where no judgement was given."""
    return logs - graph.differences(u)


def residual_variance(logs: Array, u: Array) -> Array:
    """Compute s² = RSS / (m - n + 1) over given judgements; 0 if none is redundant."""
    n = u.shape[-1]
    total = np.einsum("...e,...e->...", logs, logs)
    # On a complete matrix u is Bᵀy/n, and RSS = Σy² - nΣu².
    rss = np.asarray(total - n * np.einsum("...i,...i->...", u, u))
    counts = np.full(rss.shape, logs.shape[-1])
    # With gaps this does not hold, and for small residuals the subtraction loses precision.
    closely = np.asarray(~(rss > DIGITS_KEPT * total))
    if closely.any():
        left_over = residuals(logs[closely], u[closely])
        missing = np.isnan(left_over)
        left_over[missing] = 0.0
        rss[closely] = np.einsum("...e,...e->...", left_over, left_over)
        counts[closely] -= missing.sum(axis=-1)
    redundant = counts - n + 1
    variance: Array = np.where(redundant > 0, rss, 0.0) / np.maximum(redundant, 1)
    return variance


def shares(u: Array, exponentials: Callable[[Array], Array] = np.exp) -> Array:
    """Return priorities that sum to 1 from logs, which may have any constant added."""
    if not np.abs(u).max(initial=0.0) < LARGEST_LOG:
        u = u - u.max(axis=-1, keepdims=True)
    w: Array = exponentials(u)
    w /= np.einsum("...i->...", w)[..., None]
    return w


def _with_gaps(logs: Array, places: Indices, n: int) -> Array:
    """Compute u of incomplete judgements (k, m); ``places`` are theirs in the batch."""
    u = np.empty((len(logs), n))
    for block in blocks(len(logs), n):
        given = (~np.isnan(logs[block])).astype(float)
        linked = graph.links(given, n)
        try:
            graph.check_connected(linked)
        except DisconnectedGraph as apart:
            at = tuple(places[block.start + apart.at[0]].tolist())
            raise DisconnectedGraph(apart.parts, at) from None
        u[block] = graph.centred_logs(logs[block], given, linked)
    return u
