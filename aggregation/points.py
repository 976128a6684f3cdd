"""Points handed out among items: shares of a whole, with zeros made small."""

import numpy as np
from numpy.typing import ArrayLike

from aggregation.faults import NotPoints, ZeroPoints
from aggregation.matrices import Array, first_place

#: What stands for a zero, as a share of the whole: half a point of 100.
ZERO = 0.005


def normalise_points(points: ArrayLike) -> Array:
    """Divide points by their sum.

    Parameters
    ----------
    points : array_like, shape (..., n)
        Finite, none below 0, not all 0; any total. A row of NaN is an
        abstention and stays one.

    Returns
    -------
    ndarray, shape (..., n)
        Summing to 1; a zero stays zero.

    Raises
    ------
    NotPoints
        With the place of the first row that is faulty.

    References
    ----------
    .. [1] von Winterfeldt, D. and Edwards, W. (1986). Decision Analysis and Behavioral
       Research. Cambridge University Press.

    Examples
    --------
    >>> normalise_points([50, 30, 20])
    array([0.5, 0.3, 0.2])
    """
    p = _as_points(points)
    shares: Array = p / p.sum(axis=-1, keepdims=True)
    return shares


def replace_zeros(points: ArrayLike) -> Array:
    """Multiplicative replacement: zeros become half a hundredth, the rest makes room [1]_.

    A share of 0 has no logarithm. With z zeros each becomes δ = 0.005 of the
    total and every other is multiplied by 1 - zδ, so that the total and the
    ratios among the others stay.

    Parameters
    ----------
    points : array_like, shape (..., n)
        As for `normalise_points`.

    Returns
    -------
    ndarray, shape (..., n)
        Positive, with the totals of ``points``.

    Raises
    ------
    NotPoints

    References
    ----------
    .. [1] Martín-Fernández, J. A., Barceló-Vidal, C. and Pawlowsky-Glahn, V. (2003).
       Dealing with zeros and missing values in compositional data sets using
       nonparametric imputation. Math. Geol. 35(3), 253-278.

    Examples
    --------
    >>> replace_zeros([60, 40, 0])
    array([59.7, 39.8,  0.5])
    """
    p = _as_points(points)
    zero = p == 0
    total = p.sum(axis=-1, keepdims=True)
    room = 1 - ZERO * zero.sum(axis=-1, keepdims=True)
    return np.where(zero, ZERO * total, p * room)


def points_as_judgements(points: ArrayLike) -> Array:
    """Points as the complete, consistent matrix of their ratios, for pooling.

    So a points expert enters a pooled estimate with n(n-1)/2 unit edges, like one
    who compared every pair, and nobody counts twice.

    Parameters
    ----------
    points : array_like, shape (..., n)
        As for `normalise_points`, and positive: `replace_zeros` comes before.

    Returns
    -------
    ndarray, shape (..., n, n)
        Reciprocal; for an abstention NaN everywhere but on the diagonal.

    Raises
    ------
    NotPoints, ZeroPoints

    References
    ----------
    .. [1] Barzilai, J. and Golany, B. (1994). AHP rank reversal, normalization and
       aggregation rules. INFOR 32(2), 57-64.

    Examples
    --------
    >>> points_as_judgements([20, 80])
    array([[1.  , 0.25],
           [4.  , 1.  ]])
    """
    p = _as_points(points)
    if (p == 0).any():
        raise ZeroPoints(first_place((p == 0).any(axis=-1)))
    ratios: Array = p[..., :, None] / p[..., None, :]
    diagonal = np.arange(p.shape[-1])
    ratios[..., diagonal, diagonal] = 1.0
    return ratios


def _as_points(points: ArrayLike) -> Array:
    p: Array = np.asarray(points, dtype=float)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise NotPoints()
    right = (np.isfinite(p) & (p >= 0)).all(axis=-1) & (p > 0).any(axis=-1)
    faulty = ~(right | np.isnan(p).all(axis=-1))
    if faulty.any():
        raise NotPoints(first_place(faulty))
    return p
