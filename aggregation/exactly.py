"""Arithmetic on a few numbers that gives the same bits on every processor.

A linear algebra library adds in an order that depends on the processor, and
NumPy computes logarithms by the instructions available: the last bits of a
weight would depend on the machine. The weights of one expert are computed here;
large batches use the fast routines.
"""

from functools import cache
from math import exp

import numpy as np

from aggregation.matrices import FEW, Array, Indices, pairs


def exponentials(values: Array) -> Array:
    """Return exponentials of numbers below `least_squares.LARGEST_LOG`; NaN stays NaN."""
    if values.size > FEW:
        return np.asarray(np.exp(values))
    return np.array([exp(value) for value in values.ravel().tolist()]).reshape(values.shape)


def net_flows(edges: Array, n: int) -> Array:
    """Compute Bᵀy, (..., n), of few edges (..., m), adding in the order of the items."""
    total = np.zeros((*edges.shape[:-1], n))
    for places, signs in _terms(n):
        total += edges[..., places] * signs
    return total


def product(a: Array, b: Array, out: Array | None = None) -> Array:
    """Compute matrix products (..., i, k) of matrices (..., i, j) and (..., j, k)."""
    if a.size > FEW:
        return np.matmul(a, b, out=out)
    return np.einsum("...ij,...jk->...ik", a, b, out=out)


def solve(matrices: Array, right: Array) -> Array:
    """Solve A x = b, (..., n), for positive definite A (..., n, n) by elimination."""
    if matrices.size > FEW:
        return np.asarray(np.linalg.solve(matrices, right[..., None])[..., 0], dtype=float)
    n = right.shape[-1]
    a, x = matrices.copy(), right.copy()
    for pivot in range(n):
        below = a[..., pivot + 1 :, pivot] / a[..., pivot, None, pivot]
        a[..., pivot + 1 :, :] -= below[..., None] * a[..., None, pivot, :]
        x[..., pivot + 1 :] -= below * x[..., None, pivot]
    for pivot in reversed(range(n)):
        x[..., pivot] /= a[..., pivot, pivot]
        x[..., :pivot] -= a[..., :pivot, pivot] * x[..., None, pivot]
    return x


@cache
def _terms(n: int) -> tuple[tuple[Indices, Array], ...]:
    """Return, for each of n - 1 terms, the edge of every item and its sign."""
    first, second = pairs(n)
    edge = {(i, j): e for e, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True))}
    others = [[j for j in range(n) if j != i] for i in range(n)]
    return tuple(
        (
            np.array([edge[min(i, j), max(i, j)] for i, j in enumerate(term)], dtype=np.intp),
            np.array([1.0 if i < j else -1.0 for i, j in enumerate(term)]),
        )
        for term in zip(*others, strict=True)
    )
