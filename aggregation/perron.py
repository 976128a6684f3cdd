"""Principal eigenvectors of positive matrices, for a whole batch at once."""

import numpy as np

from aggregation import exactly
from aggregation.least_squares import shares
from aggregation.matrices import Array, blocks

#: Stop when one more multiplication moves no entry by more than this share of itself.
CONVERGED = 1e-14
MOST_STEPS = 100
#: One step multiplies by A^(2^SQUARINGS): in small matrices a squaring costs two steps.
SQUARINGS = 5
#: Row sums of A up to here keep that power within the doubles: 2^31 to the 32nd is 2^992.
LARGEST = 2.0**31


def perron(matrices: Array) -> tuple[Array, Array]:
    """Compute eigenvectors (..., n), summing to 1, and eigenvalues by power iteration.

    The matrices are non-negative, with a positive diagonal and connected.
    """
    n = matrices.shape[-1]
    flat = matrices.reshape(-1, n, n)
    vectors, values = np.empty(flat.shape[:2]), np.empty(len(flat))
    room = np.empty((2, *flat[next(blocks(len(flat), n), slice(0))].shape))
    for block in blocks(len(flat), n):
        solve = _iterated if n * flat[block].max() <= LARGEST else _balanced
        vectors[block], values[block] = solve(flat[block], room[:, : len(flat[block])])
    return vectors.reshape(matrices.shape[:-1]), values.reshape(matrices.shape[:-2])


def _iterated(matrices: Array, room: Array) -> tuple[Array, Array]:
    """Compute eigenvectors (k, n), eigenvalues (k,) of (k, n, n), with two buffers."""
    power = matrices
    for squaring in range(SQUARINGS):
        power = exactly.product(power, power, out=room[squaring % 2])
    start, _ = _multiplied(power, np.full(matrices.shape[:2], 1 / matrices.shape[-1]))
    return _settled(matrices, power, start, MOST_STEPS)


def _settled(matrices: Array, power: Array, v: Array, steps: int) -> tuple[Array, Array]:
    """Multiply by the power until convergence, dropping converged matrices."""
    further, _ = _multiplied(power, v)
    # A last step with the matrix itself shows convergence, and removes the squaring's rounding.
    vectors, values = _multiplied(matrices, further)
    moved = np.abs(vectors - further) > CONVERGED * vectors
    if moved.any():
        left = moved.any(axis=-1)
        vectors[left], values[left] = (
            _settled(matrices[left], power[left], vectors[left], steps - 1)
            if steps
            else _by_lapack(matrices[left])
        )
    return vectors, values


def _multiplied(matrices: Array, v: Array) -> tuple[Array, Array]:
    """Return A v over its sum, and the sum: the eigenvalue, once v has converged."""
    product = exactly.product(matrices, v[..., None])[..., 0]
    sums = np.einsum("ki->k", product)
    product /= sums[:, None]
    return product, sums


def _balanced(matrices: Array, room: Array) -> tuple[Array, Array]:
    """Compute eigenvectors beyond LARGEST, from a_ij w_j / w_i, w geometric means."""
    with np.errstate(divide="ignore"):
        logs = np.log(matrices)
    u = np.where(matrices > 0, logs, 0.0).mean(axis=-1)
    logs += u[:, None, :] - u[:, :, None]
    top = logs.max(axis=(1, 2))
    vectors, values = _iterated(np.exp(logs - top[:, None, None]), room)
    with np.errstate(divide="ignore"):
        return shares(u + np.log(vectors)), values * np.exp(top)


def _by_lapack(matrices: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eig(matrices)
    each, largest = np.arange(len(matrices)), values.real.argmax(axis=-1)
    v = np.abs(vectors[each, :, largest])
    return _multiplied(matrices, v / v.sum(axis=-1, keepdims=True))
