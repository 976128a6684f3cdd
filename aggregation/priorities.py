"""Derivation of priorities from one matrix of comparisons."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from aggregation import exactly, graph
from aggregation.completion import optimal_completion
from aggregation.faults import UnknownName
from aggregation.least_squares import centred_log_priorities, from_judgements, shares
from aggregation.matrices import (
    Array,
    as_comparison_matrices,
    as_complete_matrices,
    as_square,
)
from aggregation.perron import perron


def priorities(matrix: ArrayLike, method: str = "geometric-mean") -> Array:
    """Derive priorities from matrices of comparisons.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal. ``matrix[i, j]`` is how many times as much item i
        counts as item j: a ratio, without unit. NaN, in both places of a pair, is
        a judgement that was not given.
    method : str
        ``geometric-mean``: least squares in logarithms on the graph of the
        judgements given, which is the row geometric mean if all are given
        [1]_, [2]_. ``eigenvector``: the principal eigenvector [3]_; needs every
        judgement. ``eigenvector-completion``: the eigenvector after the gaps are
        filled so that λ_max is least [2]_. ``harker``: the eigenvector with gaps
        counted on the diagonal [4]_. ``additive-normalisation``: row means of
        the columns divided by their sums; needs every judgement.

    Returns
    -------
    ndarray, shape (..., n)
        Positive, in row order, summing to 1. Not rounded.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal
        If the input is not a matrix of comparisons.
    DisconnectedGraph
        If the judgements given do not connect all items; ``parts`` are named.
    Incomplete
        If a judgement is missing and the method needs it.

    References
    ----------
    .. [1] Crawford, G. and Williams, C. (1985). A note on the analysis of
       subjective judgment matrices. J. Math. Psychol. 29(4), 387-405.
    .. [2] Bozóki, S., Fülöp, J. and Rónyai, L. (2010). On optimal completion of
       incomplete pairwise comparison matrices. Math. Comput. Model. 52, 318-333.
    .. [3] Saaty, T. L. (1977). A scaling method for priorities in hierarchical
       structures. J. Math. Psychol. 15(3), 234-281.
    .. [4] Harker, P. T. (1987). Incomplete pairwise comparisons in the analytic
       hierarchy process. Math. Model. 9(11), 837-848.

    Examples
    --------
    >>> priorities([[1, 4], [1 / 4, 1]])
    array([0.8, 0.2])
    >>> nan = float("nan")
    >>> priorities([[1, 2, nan], [1 / 2, 1, 2], [nan, 1 / 2, 1]]) * 7
    array([4., 2., 1.])
    """
    if method not in METHODS:
        raise UnknownName(method, tuple(METHODS))
    return METHODS[method](matrix)


def geometric_mean(matrix: ArrayLike) -> Array:
    """Solve log least squares: the row geometric mean, generalised to gaps."""
    n = as_square(matrix).shape[-1]
    return from_judgements(
        matrix, lambda logs: shares(centred_log_priorities(logs), exactly.exponentials), n
    )


def eigenvector(matrix: ArrayLike) -> Array:
    """Return the principal eigenvector."""
    return eigenpairs(matrix)[0]


def eigenpairs(matrix: ArrayLike) -> tuple[Array, Array]:
    """Return the principal eigenvectors (..., n), summing to 1, and eigenvalues (...)."""
    a = as_complete_matrices(matrix)
    return perron(a)


def eigenvector_completion(matrix: ArrayLike) -> Array:
    """Return the principal eigenvector of the completion with the least eigenvalue."""
    return eigenvector(optimal_completion(matrix))


def harker(matrix: ArrayLike) -> Array:
    """Return the eigenvector of a matrix with 0 in gaps, 1 + gaps on the diagonal."""
    a = as_comparison_matrices(matrix)
    gaps = np.isnan(a)
    graph.check_connected((~gaps).astype(float))
    filled = np.where(gaps, 0.0, a)
    diagonal = np.arange(a.shape[-1])
    filled[..., diagonal, diagonal] += gaps.sum(axis=-1)
    return perron(filled)[0]


def additive_normalisation(matrix: ArrayLike) -> Array:
    """Return the row means of the matrix whose columns are divided by their sums."""
    a = as_complete_matrices(matrix)
    return (a / a.sum(axis=-2, keepdims=True)).mean(axis=-1)


METHODS: dict[str, Callable[[ArrayLike], Array]] = {
    "geometric-mean": geometric_mean,
    "eigenvector": eigenvector,
    "eigenvector-completion": eigenvector_completion,
    "harker": harker,
    "additive-normalisation": additive_normalisation,
}
