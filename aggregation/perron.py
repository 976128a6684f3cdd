"""The principal eigenvector of positive matrices, a whole batch at once."""

import numpy as np

from aggregation.matrices import Array

#: Stop when no entry moves by more than this share of itself.
CONVERGED = 1e-14
MOST_STEPS = 1000


def perron(matrices: Array, start: Array) -> tuple[Array, Array]:
    """Eigenvectors (..., n), summing to 1, and eigenvalues (...) by power iteration.

    ``start``, (..., n), positive, is where the iteration begins.
    """
    w = start / start.sum(axis=-1, keepdims=True)
    for _ in range(MOST_STEPS):
        product = (matrices @ w[..., None])[..., 0]
        new = product / product.sum(axis=-1, keepdims=True)
        moved = np.abs(new / w - 1).max(initial=0.0)
        w = new
        if moved <= CONVERGED:
            break
    eigenvalue: Array = (matrices @ w[..., None])[..., 0].sum(axis=-1)
    return w, eigenvalue
