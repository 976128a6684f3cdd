"""The principal eigenvector of positive matrices, a whole batch at once."""

import numpy as np

from aggregation.matrices import Array

#: Stop when no entry moves by more than this share of itself.
CONVERGED = 1e-14
#: Matrices that circle for longer than this are left to LAPACK.
MOST_STEPS = 100
#: So many matrices are iterated together that they stay in the cache.
BLOCK = 256


def perron(matrices: Array, start: Array) -> tuple[Array, Array]:
    """Eigenvectors (..., n), summing to 1, and eigenvalues (...) by power iteration.

    The matrices are non-negative, with a positive diagonal and connected;
    ``start``, (..., n), positive, is where the iteration begins.
    """
    n = matrices.shape[-1]
    vectors = (start / start.sum(axis=-1, keepdims=True)).reshape(-1, n)
    values = np.empty(len(vectors))
    flat = matrices.reshape(-1, n, n)
    for first in range(0, len(flat), BLOCK):
        block = slice(first, first + BLOCK)
        vectors[block], values[block] = _perron_of_block(flat[block], vectors[block])
    return vectors.reshape(start.shape), values.reshape(start.shape[:-1])


def _perron_of_block(matrices: Array, w: Array) -> tuple[Array, Array]:
    eigenvalue = np.empty(len(w))
    moved = np.full(len(w), np.inf)
    for _ in range(MOST_STEPS):
        product = np.einsum("kij,kj->ki", matrices, w)
        eigenvalue = product.sum(axis=-1)
        new = product / eigenvalue[:, None]
        moved = np.abs(new - w) / w
        w = new
        if moved.max() <= CONVERGED:
            return w, eigenvalue
    for place in np.flatnonzero((moved > CONVERGED).any(axis=-1)):
        w[place], eigenvalue[place] = _perron_by_lapack(matrices[place])
    return w, eigenvalue


def _perron_by_lapack(matrix: Array) -> tuple[Array, float]:
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    w = np.abs(vectors[:, largest].real)
    return w / w.sum(), float(values[largest].real)
