"""Triads: comparison of a chain of two judgements with the third judgement."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from aggregation.faults import Incomplete
from aggregation.matrices import Array, Indices, first_place, log_judgements, order, pairs


@cache
def triads(n: int) -> Indices:
    """Return the triads i < j < k of n items: (n(n-1)(n-2)/6, 3)."""
    i, j, k = np.ogrid[:n, :n, :n]
    found = np.argwhere((i < j) & (j < k))
    found.flags.writeable = False
    return found


@cache
def _edges(n: int) -> tuple[Indices, Indices, Indices]:
    """Return the places of pairs ij, jk and ik of each triad in the upper triangle."""
    place = np.zeros((n, n), dtype=np.intp)
    place[pairs(n)] = np.arange(n * (n - 1) // 2)
    i, j, k = triads(n).T
    return place[i, j], place[j, k], place[i, k]


def chains(logs: Array) -> tuple[Array, Array, Array]:
    """Return the logs of a_ij, a_jk and a_ki around each triad, (..., T) each."""
    ij, jk, ik = _edges(order(logs))
    return logs[..., ij], logs[..., jk], -logs[..., ik]


def contradictions_of_triads(logs: Array) -> Array:
    """Compute ln(a_ij a_jk a_ki) of triads, (..., T): 0 if consistent, NaN in gaps."""
    ij, jk, ki = chains(logs)
    return ij + jk + ki


def koczkodaj_index(matrix: ArrayLike) -> Array:
    """Compute the worst triad's 1 - 1/t; t = a_ij a_jk / a_ik or its reciprocal [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; triads with a missing judgement are left out.

    Returns
    -------
    ndarray, shape (...)
        From 0 (consistent) towards 1; 0 if there is no complete triad.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] Koczkodaj, W. W. (1993). A new definition of consistency of pairwise
       comparisons. Math. Comput. Model. 18(7), 79-84.

    Examples
    --------
    >>> round(float(koczkodaj_index([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])), 6)
    0.166667
    """
    size = np.abs(contradictions_of_triads(log_judgements(matrix)))
    worst: Array = np.max(size, axis=-1, initial=0.0, where=~np.isnan(size))
    return -np.expm1(-worst)


def pelaez_lamata_index(matrix: ArrayLike) -> Array:
    """Compute CI*, the mean over the triads of t + 1/t - 2, their determinants [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; triads with a missing judgement are left out.

    Returns
    -------
    ndarray, shape (...)
        0 for a consistent matrix, and if there is no complete triad.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] Peláez, J. I. and Lamata, M. T. (2003). A new measure of consistency for
       positive reciprocal matrices. Comput. Math. Appl. 46(12), 1839-1845.

    Examples
    --------
    >>> round(float(pelaez_lamata_index([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])), 6)
    0.033333
    """
    contradiction = contradictions_of_triads(log_judgements(matrix))
    whole = ~np.isnan(contradiction)
    # t + 1/t - 2 = (2 sinh(ln t / 2))², which keeps its digits near t = 1.
    determinants = (2 * np.sinh(np.where(whole, contradiction, 0.0) / 2)) ** 2
    mean: Array = determinants.sum(axis=-1) / np.maximum(whole.sum(axis=-1), 1)
    return mean


def circular_triads(matrix: ArrayLike) -> Array:
    """Count the circular triads: A over B, B over C, C over A [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal. Equal (1) and a missing judgement are no preference
        and belong to no circle.

    Returns
    -------
    ndarray, shape (...)
        Whole numbers.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] Kendall, M. G. and Babington Smith, B. (1940). On the method of paired
       comparisons. Biometrika 31(3/4), 324-345.

    Examples
    --------
    >>> int(circular_triads([[1, 3, 1 / 2], [1 / 3, 1, 3], [2, 1 / 3, 1]]))
    1
    """
    counts: Array = np.count_nonzero(circles(log_judgements(matrix)), axis=-1)
    return np.asarray(counts)


#: A logarithm nearer to 0 than this is "equal": pooled judgements differ in the last bits.
SAME = 1e-9


def circles(logs: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which triads are circular, (..., T)."""
    around = np.sign(np.stack(chains(np.where(np.abs(logs) <= SAME, 0.0, logs))))
    return np.abs(around.sum(axis=0)) == 3


def kendall_zeta(matrix: ArrayLike) -> Array:
    """Compute ζ = 1 - d/d_max, Kendall's coefficient of consistence [1]_.

    d counts the `circular_triads`; d_max is (n³-n)/24 for odd n and (n³-4n)/24
    for even n.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive, reciprocal and complete.

    Returns
    -------
    ndarray, shape (...)
        1 without a circular triad, 0 with as many as possible; 1 for n <= 2.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, Incomplete

    References
    ----------
    .. [1] Kendall, M. G. and Babington Smith, B. (1940). On the method of paired
       comparisons. Biometrika 31(3/4), 324-345.

    Examples
    --------
    >>> float(kendall_zeta([[1, 3, 1 / 2], [1 / 3, 1, 3], [2, 1 / 3, 1]]))
    0.0
    """
    logs = log_judgements(matrix)
    n = order(logs)
    missing = np.isnan(logs)
    if missing.any():
        at = first_place(missing.any(axis=-1))
        i, j = (index[missing[at]] for index in pairs(n))
        raise Incomplete(tuple(zip(i.tolist(), j.tolist(), strict=True)), at)
    most = (n**3 - n) / 24 if n % 2 else (n**3 - 4 * n) / 24
    zeta: Array = 1 - np.count_nonzero(circles(logs), axis=-1) / max(most, 1.0)
    return np.asarray(zeta)
