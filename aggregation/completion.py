"""Completion of a matrix with the least principal eigenvalue."""

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.doubles import as_doubles
from aggregation.least_squares import centred_log_priorities
from aggregation.matrices import (
    Array,
    Indices,
    blocks,
    from_log_judgements,
    log_judgements,
    order,
    pairs,
)
from aggregation.perron import perron

#: Newton's method squares the error: after a step below this, only rounding is left.
LAST_STEP = 1e-9
MOST_STEPS = 100
SHORTEST = 2.0**-30


def optimal_completion(matrix: ArrayLike) -> Array:
    """Fill missing judgements so that λ_max is as small as possible [1]_.

    λ_max is convex in the logarithms of the gaps; from the least-squares
    ratios, Newton steps halved until λ_max falls. A gap may be filled with any
    positive ratio, on the scale or not.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (..., n, n)
        The judgements given and, in the gaps, the optimal ones.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Bozóki, S., Fülöp, J. and Rónyai, L. (2010). On optimal completion of
       incomplete pairwise comparison matrices. Math. Comput. Model. 52, 318-333.

    Examples
    --------
    >>> nan = float("nan")
    >>> optimal_completion([[1, 2, nan], [1 / 2, 1, 3], [nan, 1 / 3, 1]]).round(6)[0]
    array([1., 2., 6.])
    """
    logs = log_judgements(matrix)
    n, batch = order(logs), logs.shape[:-1]
    flat = logs.reshape(prod(batch), logs.shape[-1])
    u = centred_log_priorities(logs).reshape(prod(batch), n)
    gaps = np.isnan(flat)
    i, j = pairs(n)
    filled = np.where(gaps, u[:, i] - u[:, j], flat)
    for places, open_pairs in _alike(gaps, n):
        filled[places] = _least_eigenvalues(filled[places], open_pairs)
    a: Array = as_doubles("matrix", matrix)
    completed = from_log_judgements(filled).reshape(*batch, n, n)
    return np.where(np.isnan(a), completed, a)


def _alike(gaps: NDArray[np.bool_], n: int) -> Iterator[tuple[Indices, Indices]]:
    """Yield matrices (k,) with equally many gaps, and their gaps (k, g), by blocks."""
    counts = gaps.sum(axis=-1)
    for count in np.unique(counts[counts > 0]):
        places = np.flatnonzero(counts == count)
        for block in blocks(len(places), max(n, int(count))):
            chosen = places[block]
            yield chosen, np.nonzero(gaps[chosen])[1].reshape(-1, count)


class _Expansion(NamedTuple):
    """λ_max (k,) with its slopes (k, g) and curvatures (k, g, g) along the gaps."""

    height: Array
    slope: Array
    curvature: Array

    @property
    def steepest(self) -> Array:
        steepest: Array = np.abs(self.slope).max(axis=-1)
        return steepest

    def of(self, chosen: Indices | NDArray[np.bool_]) -> "_Expansion":
        return _Expansion(*(part[chosen] for part in self))


def _least_eigenvalues(logs: Array, gaps: Indices) -> Array:
    """Minimise λ_max over gaps (k, g) by Newton's method, dropping converged ones."""
    best = logs.copy()
    left = np.arange(len(logs))
    here, share = _expand(logs, gaps), np.ones(len(logs))
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(here.curvature, -here.slope[..., None])[..., 0] * share[:, None]
        trial = best[left]
        np.put_along_axis(trial, gaps, np.take_along_axis(trial, gaps, -1) + step, -1)
        arrived = (np.abs(step).max(axis=-1) <= LAST_STEP) & (share == 1)
        best[left[arrived]] = trial[arrived]
        on = ~arrived & (share > SHORTEST)
        if not on.any():
            break
        left, gaps, trial, share, here = left[on], gaps[on], trial[on], share[on], here.of(on)
        there = _expand(trial, gaps)
        # Near the minimum λ is equal to the last bit, while the slope still differs from 0.
        nearer = (there.height < here.height) | (there.steepest < here.steepest)
        best[left[nearer]] = trial[nearer]
        share = np.where(nearer, 1.0, share / 2)
        for old, new in zip(here, there, strict=True):
            old[nearer] = new[nearer]
    return best


def _expand(logs: Array, gaps: Indices) -> _Expansion:
    """Compute λ_max and its first and second derivatives by the logs in the gaps.

    With right and left eigenvectors w, v (vᵀw = 1), A_p = ∂A/∂t_p and the
    reduced resolvent S: λ_p = vᵀA_p w, λ_pq = vᵀA_pq w + vᵀA_p S A_q w + vᵀA_q S A_p w.
    """
    a = from_log_judgements(logs)
    n = a.shape[-1]
    value, w, v = _eigentriples(a)
    outer = w[:, :, None] * v[:, None, :]
    resolvent = np.linalg.inv(value[:, None, None] * np.eye(n) - a + outer) - outer
    first, second = (index[gaps] for index in pairs(n))
    matrix, gap = np.ogrid[: len(a), : gaps.shape[1]]
    ratio = np.take_along_axis(logs, gaps, axis=-1)
    up, down = np.exp(ratio), np.exp(-ratio)
    moved = np.zeros((len(a), n, gaps.shape[1]))
    moved[matrix, first, gap] = up * w[matrix, second]
    moved[matrix, second, gap] = -down * w[matrix, first]
    pulled = np.zeros((len(a), gaps.shape[1], n))
    pulled[matrix, gap, second] = v[matrix, first] * up
    pulled[matrix, gap, first] = -v[matrix, second] * down
    rise = pulled[matrix, gap, second] * w[matrix, second]
    fall = -pulled[matrix, gap, first] * w[matrix, first]
    curvature = pulled @ resolvent @ moved
    curvature += curvature.swapaxes(-1, -2).copy()
    curvature[:, gap[0], gap[0]] += rise + fall
    return _Expansion(value, rise - fall, curvature)


def _eigentriples(a: Array) -> tuple[Array, Array, Array]:
    """Return λ_max (k,), right and left eigenvectors (k, n) with vᵀw = 1."""
    w, value = perron(a)
    v, _ = perron(np.ascontiguousarray(a.swapaxes(-1, -2)))
    return value, w, v / np.einsum("ki,ki->k", v, w)[:, None]
