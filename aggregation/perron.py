"""The principal eigenvector of positive matrices, a whole batch at once."""

import numpy as np

from aggregation.matrices import Array, blocks

#: Stop when no entry moves by more than this share of itself.
CONVERGED = 1e-14
MOST_STEPS = 100
#: One step multiplies by A^(2^SQUARINGS): in small matrices a squaring costs two steps.
SQUARINGS = 5


def perron(matrices: Array, start: Array) -> tuple[Array, Array]:
    """Eigenvectors (..., n), summing to 1, and eigenvalues (...) by power iteration.

    The matrices are non-negative, with a positive diagonal and connected;
    ``start``, (..., n), positive, is a guess. The iteration runs on
    a_ij w_j / w_i, whose entries are near 1 when the guess w is good.
    """
    n = matrices.shape[-1]
    guess = start.reshape(-1, n)
    vectors = np.empty_like(guess)
    values = np.empty(len(guess))
    flat = matrices.reshape(-1, n, n)
    for block in blocks(len(flat), n):
        w = guess[block]
        factors, values[block] = _factors(flat[block] * w[:, None, :] / w[:, :, None])
        vectors[block] = w * factors
    vectors /= vectors.sum(axis=-1, keepdims=True)
    return vectors.reshape(start.shape), values.reshape(start.shape[:-1])


def _factors(matrices: Array) -> tuple[Array, Array]:
    """Eigenvectors (k, n) and eigenvalues (k,) of matrices (k, n, n)."""
    # The largest row sum is at least the eigenvalue: powers do not overflow.
    power = matrices / matrices.sum(axis=-1).max(axis=-1)[:, None, None]
    for _ in range(SQUARINGS):
        power = power @ power
    v = _normalised(power.sum(axis=-1))
    for _ in range(MOST_STEPS):
        further = _normalised(np.einsum("kij,kj->ki", power, v))
        moved = np.abs(further - v)
        v = further
        if (moved <= CONVERGED * v).all():
            break
    else:
        for place in np.flatnonzero(~(moved <= CONVERGED * v).all(axis=-1)):
            v[place] = _by_lapack(matrices[place])
    # A last step with the matrix itself takes off what squaring rounded.
    product = np.einsum("kij,kj->ki", matrices, v)
    eigenvalues: Array = product.sum(axis=-1) / v.sum(axis=-1)
    return product / eigenvalues[:, None], eigenvalues


def _normalised(v: Array) -> Array:
    return v / v.sum(axis=-1, keepdims=True)


def _by_lapack(matrix: Array) -> Array:
    values, vectors = np.linalg.eig(matrix)
    v: Array = np.abs(vectors[:, int(np.argmax(values.real))].real)
    return v / v.sum()
