"""Points divided among items: normalised to shares, with zeros replaced."""

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.faults import NotPoints, UnknownName, ZeroPoints
from aggregation.matrices import Array, first_place

#: The largest replacement of a zero, as a share of the total: half a point of 100 ...
ZERO = 0.005
#: ... and as a share of the least positive number given ...
ZERO_OF_LEAST = 0.65
#: ... and all zeros of a row together, as a share of the total.
ZEROS_TOGETHER = 0.3

#: ``bounded`` is the current rule. ``fixed`` is the rule of earlier weight sets: a zero
#: becomes ZERO, even if that is more than a number given.
ZERO_RULES = ("bounded", "fixed")


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


def replace_zeros(points: ArrayLike, rule: str = "bounded") -> Array:
    """Replace zeros by a small share, and shrink the other numbers to make room [1]_.

    A share of 0 has no logarithm. With z zeros each becomes δ of the total and
    every other number is multiplied by 1 - zδ, so that the total and the ratios
    among the others stay. δ is the least of 0.005, 0.65 times the least positive
    share, and 0.3/z: a zero never counts more than a number that was given.

    Parameters
    ----------
    points : array_like, shape (..., n)
        As for `normalise_points`.
    rule : str
        ``bounded``, or ``fixed``: δ = 0.005 always, which recomputes weight sets of
        earlier versions.

    Returns
    -------
    ndarray, shape (..., n)
        Positive, with the totals of ``points``.

    Raises
    ------
    NotPoints
        Also if a replaced zero is too small for a double, and under ``fixed`` if 200
        zeros or more leave nothing for the others.
    UnknownName

    References
    ----------
    .. [1] Martín-Fernández, J. A., Barceló-Vidal, C. and Pawlowsky-Glahn, V. (2003).
       Dealing with zeros and missing values in compositional data sets using
       nonparametric imputation. Math. Geol. 35(3), 253-278.

    Examples
    --------
    >>> replace_zeros([60, 40, 0])
    array([59.7, 39.8,  0.5])
    >>> replace_zeros([99.7, 0.3, 0]).round(4)
    array([99.5056,  0.2994,  0.195 ])
    """
    if rule not in ZERO_RULES:
        raise UnknownName(rule, ZERO_RULES)
    p = _as_points(points)
    zero = p == 0
    zeros = zero.sum(axis=-1, keepdims=True)
    total = p.sum(axis=-1, keepdims=True)
    delta = np.full(total.shape, ZERO)
    if rule == "bounded":
        least = np.where(zero, np.inf, normalise_points(p)).min(axis=-1, keepdims=True)
        delta = np.minimum(delta, ZERO_OF_LEAST * least)
        delta = np.minimum(delta, ZEROS_TOGETHER / np.maximum(zeros, 1))
    replaced = np.where(zero, delta * total, p * (1 - delta * zeros))
    if (replaced <= 0).any():
        raise NotPoints(first_place((replaced <= 0).any(axis=-1)))
    return replaced


def points_as_judgements(points: ArrayLike) -> Array:
    """Return points as the complete, consistent matrix of their ratios, for pooling.

    In a pooled estimate an expert with points then has n(n-1)/2 unit edges, like an
    expert who compared every pair, and no expert counts twice.

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
    NotPoints
        Also if a ratio exceeds the largest double.
    ZeroPoints

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
    with np.errstate(over="ignore"):
        ratios: Array = p[..., :, None] / p[..., None, :]
    unlike = np.isinf(ratios) | (ratios == 0)
    if unlike.any():
        raise NotPoints(first_place(unlike.any(axis=(-1, -2))))
    diagonal = np.arange(p.shape[-1])
    ratios[..., diagonal, diagonal] = 1.0
    return ratios


def _as_points(points: ArrayLike) -> Array:
    p: Array = as_doubles("points", points)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise NotPoints()
    with np.errstate(over="ignore", invalid="ignore"):
        total = p.sum(axis=-1)
    right = (p >= 0).all(axis=-1) & (total > 0) & (total < np.inf)
    faulty = ~(right | np.isnan(p).all(axis=-1))
    if faulty.any():
        raise NotPoints(first_place(faulty))
    return p
