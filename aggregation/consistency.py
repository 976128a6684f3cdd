"""Consistency indices of comparison matrices."""

import numpy as np
from numpy.typing import ArrayLike

from aggregation.least_squares import (
    centred_log_priorities,
    from_judgements,
    residual_variance,
)
from aggregation.matrices import Array
from aggregation.priorities import eigenpairs
from aggregation.random_indices import random_index as random_index_of

#: The mean of ln² over the 17 values of the 1-9 scale: the mean GCI of random judgements, on
#: every connected graph and for every n.
RANDOM_GCI = 2.6292171407838634


def lambda_max(matrix: ArrayLike) -> Array:
    """Compute the principal eigenvalue: n for a consistent matrix, else more [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive, reciprocal and complete.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, Incomplete

    References
    ----------
    .. [1] Saaty, T. L. (1977). A scaling method for priorities in hierarchical
       structures. J. Math. Psychol. 15(3), 234-281.

    Examples
    --------
    >>> round(float(lambda_max([[1, 3, 6], [1 / 3, 1, 4], [1 / 6, 1 / 4, 1]])), 6)
    3.053622
    """
    return eigenpairs(matrix)[1]


def consistency_ratio(matrix: ArrayLike, random_index: str | float = "saaty-1980") -> Array:
    """Compute CI / RI with CI = (λ_max - n) / (n - 1); 0 for n <= 2 [1]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive, reciprocal and complete.
    random_index : str or float
        The table of `random_index`, or the index as a number.

    Returns
    -------
    ndarray, shape (...)
        By convention, 0.1 and less is acceptable.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, Incomplete, NoRandomIndex, UnknownName

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

    Examples
    --------
    >>> round(float(consistency_ratio([[1, 3, 6], [1 / 3, 1, 4], [1 / 6, 1 / 4, 1]])), 4)
    0.0462
    """
    largest = lambda_max(matrix)
    n = np.shape(matrix)[-1]
    by_chance = random_index_of(n, random_index)
    if n <= 2:
        return np.zeros_like(largest)
    index: Array = np.maximum(largest - n, 0.0) / (n - 1)
    return index / by_chance


def geometric_consistency_index(matrix: ArrayLike) -> Array:
    """Compute the residual variance of log least squares, RSS/(m - n + 1) [1]_, [2]_.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (...)
        0 if no judgement is redundant: for n <= 2, and on a graph without cycles,
        judgements cannot contradict one another. The mean for random judgements on
        the 1-9 scale is 2.6292, complete or not.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Crawford, G. and Williams, C. (1985). A note on the analysis of
       subjective judgment matrices. J. Math. Psychol. 29(4), 387-405.
    .. [2] Aguarón, J. and Moreno-Jiménez, J. M. (2003). The geometric consistency
       index: approximated thresholds. Eur. J. Oper. Res. 147(1), 137-145.

    Examples
    --------
    >>> round(float(geometric_consistency_index([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])), 6)
    0.01108
    """

    def index(logs: Array) -> Array:
        return residual_variance(logs, centred_log_priorities(logs))

    return from_judgements(matrix, index)


def gci_threshold(n: int) -> float:
    """Return the geometric consistency index that corresponds to CR = 0.1 [1]_.

    0 for n <= 2, where the index is 0 by definition.

    Parameters
    ----------
    n : int
        The order of the matrix, at least 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If n is not a whole number from 1.

    References
    ----------
    .. [1] Aguarón, J. and Moreno-Jiménez, J. M. (2003). The geometric consistency
       index: approximated thresholds. Eur. J. Oper. Res. 147(1), 137-145.

    Examples
    --------
    >>> [gci_threshold(n) for n in (2, 3, 4, 11)]
    [0.0, 0.31, 0.35, 0.37]
    """
    if not 1 <= n < float("inf") or n != int(n):
        raise ValueError(f"a matrix has a whole number of items from 1, not {n}")
    return {1: 0.0, 2: 0.0, 3: 0.31, 4: 0.35}.get(n, 0.37)
