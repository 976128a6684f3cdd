"""Filling the gaps of a matrix so that its principal eigenvalue is least."""

import numpy as np
from numpy.typing import ArrayLike

from aggregation.least_squares import centred_log_priorities
from aggregation.matrices import Array, Indices, from_log_judgements, log_judgements, order, pairs

#: Stop when the slope of ln λ is below this for every gap.
FLAT = 1e-14
MOST_STEPS = 50
MOST_HALVINGS = 30


def optimal_completion(matrix: ArrayLike) -> Array:
    """Fill missing judgements so that λ_max is as small as it can be [1]_.

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
    n = order(logs)
    i, j = pairs(n)
    u = centred_log_priorities(logs)
    filled = np.where(np.isnan(logs), u[..., i] - u[..., j], logs)
    gaps = np.isnan(logs)
    for place in np.ndindex(*gaps.shape[:-1]):
        open_pairs = np.flatnonzero(gaps[place])
        if open_pairs.size:
            filled[place] = _least_eigenvalue(filled[place], open_pairs)
    a: Array = np.asarray(matrix, dtype=float)
    return np.where(np.isnan(a), from_log_judgements(filled), a)


def _least_eigenvalue(logs: Array, gaps: Indices) -> Array:
    """Newton's method on ln λ_max over the gaps of one matrix."""
    best = logs
    height, slope, curvature = _expand(best, gaps)
    for _ in range(MOST_STEPS):
        if np.abs(slope).max() <= FLAT:
            break
        step = np.linalg.solve(curvature, -slope)
        for halving in range(MOST_HALVINGS):
            trial = best.copy()
            trial[gaps] += step / 2**halving
            expansion = _expand(trial, gaps)
            # At the bottom λ is flat to the last bit while the slope still tells.
            if expansion[0] < height or np.abs(expansion[1]).max() < np.abs(slope).max():
                break
        else:
            break
        best, (height, slope, curvature) = trial, expansion
    return best


def _expand(logs: Array, gaps: Indices) -> tuple[float, Array, Array]:
    """λ_max and its first and second derivatives by the logs in the gaps.

    With right and left eigenvectors w, v (vᵀw = 1), A_p = ∂A/∂t_p and the
    reduced resolvent S: λ_p = vᵀA_p w, λ_pq = vᵀA_pq w + vᵀA_p S A_q w + vᵀA_q S A_p w.
    """
    a = from_log_judgements(logs)
    n = len(a)
    value, w, v = _eigentriple(a)
    first, second = (index[gaps] for index in pairs(n))
    resolvent = np.linalg.inv(value * np.eye(n) - a + np.outer(w, v)) - np.outer(w, v)
    rise = v[first] * a[first, second] * w[second]
    fall = v[second] * a[second, first] * w[first]
    each = np.arange(gaps.size)
    moved = np.zeros((n, gaps.size))
    moved[first, each] = a[first, second] * w[second]
    moved[second, each] = -a[second, first] * w[first]
    pulled = np.zeros((gaps.size, n))
    pulled[each, second] = v[first] * a[first, second]
    pulled[each, first] = -v[second] * a[second, first]
    mixed = pulled @ resolvent @ moved
    return value, rise - fall, np.diag(rise + fall) + mixed + mixed.T


def _eigentriple(a: Array) -> tuple[float, Array, Array]:
    values, right = np.linalg.eig(a)
    largest = int(np.argmax(values.real))
    left = np.linalg.inv(right)[largest].real
    w = right[:, largest].real
    return float(values[largest].real), w, left / (left @ w)
