"""Comparison matrices: the check of input, and their judgements as logarithms.

A matrix of order n has m = n(n-1)/2 judgements. The estimators use their
logarithms, in the order of the upper triangle read row by row; NaN is a
judgement that was not given.
"""

from collections.abc import Iterator
from functools import cache
from math import isqrt, log
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.doubles import as_doubles
from aggregation.faults import Incomplete, NotPositive, NotReciprocal, NotSquare, Place

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

#: Sizes of a block of matrices, so that it stays in the cache and a product with the
#: incidence matrix (n²(n-1)/2 multiplications each) stays on one core.
MULTIPLICATIONS_OF_A_BLOCK = 2**18
LARGEST_BLOCK = 4096

#: The most numbers that are processed by `aggregation.exactly`: one matrix of 64 items has
#: 2,016 judgements.
FEW = 2048

#: Tolerance of ``a_ij * a_ji`` from 1: matrices are printed to a dozen digits.
RECIPROCITY = 1e-9


@cache
def pairs(n: int) -> tuple[Indices, Indices]:
    """Return first and second items of the m pairs i < j, in upper-triangle order."""
    first, second = np.triu_indices(n, 1)
    first.flags.writeable = second.flags.writeable = False
    return first, second


def as_comparison_matrices(matrix: ArrayLike) -> Array:
    """Check that all matrices are square, positive, reciprocal; NaN pairs are missing.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        ``matrix[i, j]`` is how many times as much item i counts as item j: a ratio.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal
        With the pairs of the first matrix that is faulty, and its place.
    """
    a = as_square(matrix)
    for _ in _checked_upper_triangles(a):
        pass
    return a


def as_complete_matrices(matrix: ArrayLike) -> Array:
    """Check as `as_comparison_matrices`, and that no judgement is missing.

    Raises
    ------
    Incomplete
        With the missing pairs of the first incomplete matrix.
    """
    a = as_comparison_matrices(matrix)
    if np.isnan(a.max(initial=1.0)):
        at = first_place(np.isnan(a).any(axis=(-1, -2)))
        raise Incomplete(_pairs_where(np.triu(np.isnan(a[at]))), at)
    return a


def log_judgements(matrix: ArrayLike) -> Array:
    """Check the matrices, then take the logarithms of their m judgements: (..., m)."""
    a = as_square(matrix)
    logs = np.empty((a[..., 0, 0].size, pairs(a.shape[-1])[0].size))
    for block, own in log_blocks(a):
        logs[block] = own
    return logs.reshape(*a.shape[:-2], logs.shape[-1])


def log_blocks(a: Array) -> Iterator[tuple[slice, Array]]:
    """Yield the logarithms (k, m) of square matrices, checked block by block.

    Results computed from a block before the next one stay in the cache and need no
    more memory than a block.
    """
    for block, upper in _checked_upper_triangles(a):
        yield block, _logarithms(upper)


def _logarithms(values: Array) -> Array:
    """Take logarithms in place; few by the C library, for equal bits everywhere."""
    if values.size > FEW:
        return np.log(values, out=values)
    values[...] = np.reshape([log(value) for value in values.ravel().tolist()], values.shape)
    return values


def order(logs: Array) -> int:
    """Return the number of items n of m = n(n-1)/2 pairs."""
    return (1 + isqrt(1 + 8 * logs.shape[-1])) // 2


def from_log_judgements(logs: Array) -> Array:
    """Return the reciprocal matrices (..., n, n) of logarithms (..., m)."""
    n = order(logs)
    i, j = pairs(n)
    matrices = np.ones((*logs.shape[:-1], n, n))
    matrices[..., i, j] = np.exp(logs)
    matrices[..., j, i] = np.exp(-logs)
    return matrices


def blocks(count: int, n: int) -> Iterator[slice]:
    """Cut a batch of matrices of order n into blocks."""
    multiplications = max(n * n * (n - 1) // 2, 1)
    rows = min(LARGEST_BLOCK, max(1, MULTIPLICATIONS_OF_A_BLOCK // multiplications))
    return (slice(first, first + rows) for first in range(0, count, rows))


def first_place(faulty: NDArray[np.bool_] | np.bool_) -> Place:
    """Return the first faulty place of a batch."""
    return tuple(int(index) for index in np.argwhere(faulty)[0])


def as_square(matrix: ArrayLike) -> Array:
    """Check only that the matrices are square, (..., n, n)."""
    given = np.asarray(matrix)
    a: Array = np.asarray(as_doubles("matrix", given), order="C")
    if a.ndim < 2 or a.shape[-1] != a.shape[-2] or a.shape[-1] == 0:
        raise NotSquare(a.shape)
    return _widened(a, precision(given)) if precision(given) > RECIPROCITY else a


def is_count(number: float) -> bool:
    """Whether a number is an integer (an int) and at least 1."""
    return isinstance(number, Integral) and 1 <= number < 2**63


def precision(given: NDArray[Any]) -> float:
    """Return the largest error of a product of two rounded numbers of this type."""
    return 4 * float(np.finfo(given.dtype).eps) if given.dtype.kind == "f" else 0.0


def _widened(a: Array, tolerance: float) -> Array:
    """Return matrices of single precision with exact instead of rounded reciprocals."""
    i, j = pairs(a.shape[-1])
    a = a.copy()
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        near = np.abs(a[..., i, j] * a[..., j, i] - 1) <= tolerance
        a[..., j, i] = np.where(near, 1 / a[..., i, j], a[..., j, i])
    return a


def _checked_upper_triangles(a: Array) -> Iterator[tuple[slice, Array]]:
    """Yield the upper triangles (k, m), block by block; refuse a fault with its place."""
    n = a.shape[-1]
    above, below, diagonal = _places(n)
    flat = a.reshape(-1, n * n)
    for block in blocks(len(flat), n):
        rows = flat[block]
        upper = rows.take(above, axis=1)
        if not _passes(upper, rows.take(below, axis=1), rows.take(diagonal, axis=1)):
            _refuse(a)
        yield block, upper


@cache
def _places(n: int) -> tuple[Indices, Indices, Indices]:
    """Return the places of a_ij, a_ji and a_ii in a matrix that is read row by row."""
    i, j = pairs(n)
    return i * n + j, j * n + i, np.arange(n) * (n + 1)


def _passes(upper: Array, lower: Array, diagonal: Array) -> bool:
    """Whether all pairs are positive, finite and reciprocal, or missing on both sides."""
    # 0 · ∞ and overflowing products are not reciprocal anyway, so warnings are off.
    with np.errstate(invalid="ignore", over="ignore"):
        products = upper * lower
    if _within(products) and _within(diagonal):
        return bool(upper.min(initial=1.0) > 0)
    gaps = np.isnan(upper)
    return bool(
        (gaps == np.isnan(lower)).all()
        and _within(np.where(gaps, 1.0, products))
        and _within(diagonal)
        and np.where(gaps, 1.0, upper).min(initial=1.0) > 0
    )


def _within(products: Array) -> bool:
    """Whether all are 1 within the tolerance; false if one is NaN."""
    low = products.min(initial=1.0)
    high = products.max(initial=1.0)
    return bool(low >= 1 - RECIPROCITY and high <= 1 + RECIPROCITY)


def _refuse(a: Array) -> None:
    """Raise the first fault of a batch that has one."""
    with np.errstate(invalid="ignore", over="ignore"):
        _refuse_where(_not_positive(a), NotPositive)
        _refuse_where(_not_reciprocal(a), NotReciprocal)


def _not_positive(a: Array) -> NDArray[np.bool_]:
    faulty = ~np.isnan(a) & ~((a > 0) & np.isfinite(a))
    return np.triu(faulty | np.swapaxes(faulty, -1, -2))


def _not_reciprocal(a: Array) -> NDArray[np.bool_]:
    opposite = np.swapaxes(a, -1, -2)
    missing = np.isnan(a) & np.isnan(opposite) & ~np.eye(a.shape[-1], dtype=bool)
    right = np.abs(a * opposite - 1) <= RECIPROCITY
    return np.triu(~(right | missing))


def _refuse_where(
    faulty: NDArray[np.bool_], refusal: type[NotPositive] | type[NotReciprocal]
) -> None:
    if faulty.any():
        at = first_place(faulty.any(axis=(-1, -2)))
        raise refusal(_pairs_where(faulty[at]), at)


def _pairs_where(faulty: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    return tuple((int(i), int(j)) for i, j in np.argwhere(faulty))
