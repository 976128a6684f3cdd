"""Centres of a panel, for comparison with the geometric mean.

Each function takes priorities (..., K, n), one row per expert, and weights (..., K) of
the experts that sum to 1; the row of an expert of weight 0 may have any positive
values. Each returns priorities (..., n).
"""

from collections.abc import Callable

import numpy as np

from aggregation.faults import ZeroPoints
from aggregation.least_squares import shares
from aggregation.matrices import Array, first_place

#: The spatial median has converged when it moves by less than this, in logarithms.
SETTLED = 1e-13
MOST_STEPS = 10_000


def geometric(p: Array, weights: Array) -> Array:
    """Return the weighted geometric mean, renormalised."""
    return shares(np.einsum("...k,...kn->...n", weights, _logs(p)))


def arithmetic(p: Array, weights: Array) -> Array:
    """Return the weighted arithmetic mean."""
    pooled: Array = np.einsum("...k,...kn->...n", weights, p)
    return pooled


def median(p: Array, weights: Array) -> Array:
    """Return the weighted median of each item, renormalised; between two, their mean."""
    rank = np.argsort(p, axis=-2, kind="stable")
    ordered = np.take_along_axis(p, rank, axis=-2)
    wide = np.broadcast_to(weights[..., None], p.shape)
    below = np.cumsum(np.take_along_axis(wide, rank, axis=-2), axis=-2)
    hair = 1e-12
    low = np.argmax(below >= 0.5 - hair, axis=-2)[..., None, :]
    high = np.argmax(below > 0.5 + hair, axis=-2)[..., None, :]
    middle = (
        np.take_along_axis(ordered, low, axis=-2) + np.take_along_axis(ordered, high, axis=-2)
    )[..., 0, :]
    found: Array = middle / middle.sum(axis=-1, keepdims=True)
    return found


def spatial_median(p: Array, weights: Array) -> Array:
    """Return the point of the least weighted sum of Aitchison distances to experts."""
    logs = _logs(p)
    u = logs - logs.mean(axis=-1, keepdims=True)
    centre = np.empty((*u.shape[:-2], u.shape[-1]))
    for place in np.ndindex(*u.shape[:-2]):
        counted = weights[place] > 0
        centre[place] = _nearest_to_all(u[place][counted], weights[place][counted])
    return shares(centre)


def _nearest_to_all(points: Array, weights: Array) -> Array:
    """Return the spatial median of points (K, n) in the plane of centred logs.

    It is the point of an expert if the pull of the others there is at most that
    expert's weight (Vardi and Zhang 2000). Otherwise it is found by Newton steps, and
    by Weiszfeld's step if Newton's is not an improvement.
    """
    gaps = points[None, :, :] - points[:, None, :]
    distances = np.linalg.norm(gaps, axis=-1)
    apart = distances > SETTLED
    units = gaps / np.where(apart, distances, 1.0)[..., None]
    pulled = np.linalg.norm(np.einsum("j,ijn->in", weights, units), axis=-1)
    held = (np.where(apart, 0.0, weights)).sum(axis=-1)
    if (pulled <= held).any():
        median: Array = points[np.argmax(held - pulled)]
        return median
    centre: Array = weights @ points
    for _ in range(MOST_STEPS):
        nearer = _step(points, weights, centre)
        moved = np.linalg.norm(nearer - centre)
        centre = nearer
        if moved <= SETTLED:
            break
    return centre


def _step(points: Array, weights: Array, centre: Array) -> Array:
    away = points - centre
    distances = np.maximum(np.linalg.norm(away, axis=-1), SETTLED)
    pulls = weights / distances
    units = away / distances[:, None]
    force = weights @ units
    n = points.shape[1]
    # Centred logs lack one direction; 1/n in every entry makes the curvature regular.
    curvature = pulls.sum() * np.eye(n) - (pulls[:, None] * units).T @ units + 1 / n
    newton = centre + np.linalg.solve(curvature, force)
    weiszfeld = centre + force / pulls.sum()

    def far(point: Array) -> float:
        return float(weights @ np.linalg.norm(points - point, axis=-1))

    return newton if far(newton) <= far(weiszfeld) else weiszfeld


def _logs(p: Array) -> Array:
    if (p == 0).any():
        raise ZeroPoints(first_place((p == 0).any(axis=-1)))
    logs: Array = np.log(p)
    return logs


CENTRES: dict[str, Callable[[Array, Array], Array]] = {
    "geometric": geometric,
    "arithmetic": arithmetic,
    "median": median,
    "spatial-median": spatial_median,
}
