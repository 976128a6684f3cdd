"""Scales that map verbal answers to ratios, a choice made after answering."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.faults import OffScale, UnknownName
from aggregation.matrices import Array, first_place

#: The end of the scale: 9 times, or 8 steps from equal.
END = 9


def _adaptive_balanced(x: Array, n: int) -> Array:
    share = 1 / n + (0.9 - 1 / n) * (x - 1) / 8
    return share / (1 - share) * (n - 1)


#: Ratio of a judgement x = 1..9 by scale (Goepel 2018, Table 1; 2019).
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "power": lambda x: x**2,
    "geometric": lambda x: 2 ** (x - 1),
    "logarithmic": lambda x: np.log2(x + 1),
    "root": lambda x: np.sqrt(x),
    "inverse-linear": lambda x: 9 / (10 - x),
    "balanced": lambda x: (9 + x) / (11 - x),
}

#: These also depend on the number of items compared.
FUNCTIONS_OF_N: dict[str, Callable[[Array, int], Array]] = {
    "balanced-n": lambda x, n: (9 + (n - 1) * x) / (9 + n - x),
    "adaptive": lambda x, n: x ** (1 + np.log(n - 1) / np.log(9)),
    "adaptive-balanced": _adaptive_balanced,
}

SCALES = (*FUNCTIONS, *FUNCTIONS_OF_N)


def scale_ratio(x: ArrayLike, scale: str, n: int | None = None) -> Array:
    """Return the ratio of a judgement on the 1-9 scale, by another scale [1]_, [2]_.

    Parameters
    ----------
    x : array_like
        Judgements from 1/9 to 9; below 1 the other item counts more. NaN is
        missing and stays NaN.
    scale : str
        ``linear``, ``power``, ``geometric``, ``logarithmic``, ``root``,
        ``inverse-linear``, ``balanced``; with ``n``: ``balanced-n``,
        ``adaptive``, ``adaptive-balanced``.
    n : int, optional
        Number of items compared, at least 2.

    Returns
    -------
    ndarray
        Of the shape of ``x``; the ratio of 1/x is the reciprocal of that of x.

    Raises
    ------
    OffScale
        If a judgement lies outside 1/9..9.
    UnknownName
        If there is no such scale.
    ValueError
        If the scale needs ``n`` and it is missing or below 2.

    References
    ----------
    .. [1] Goepel, K. D. (2018). Implementation of an online software tool for the
       analytic hierarchy process (AHP-OS). Int. J. Anal. Hierarchy Process 10(3).
    .. [2] Goepel, K. D. (2019). Comparison of judgment scales of the analytical
       hierarchy process: a new approach. Int. J. Inf. Technol. Decis. Mak. 18(2).

    Examples
    --------
    >>> scale_ratio([9, 5, 1, 1 / 5], "balanced") * 3
    array([27.        ,  7.        ,  3.        ,  1.28571429])
    """
    if scale not in SCALES:
        raise UnknownName(scale, SCALES)
    answers: Array = as_doubles("x", x)
    strength = _strength(answers, scale)
    if scale in FUNCTIONS:
        ratio = FUNCTIONS[scale](strength)
    elif n is None or n < 2:
        raise ValueError(f"the scale {scale} needs n, the number of items, at least 2")
    else:
        ratio = FUNCTIONS_OF_N[scale](strength, n)
    return np.where(answers < 1, 1 / ratio, ratio)


def ratio_from_steps(steps: ArrayLike) -> Array:
    """Return the 1-9 judgement of an answer stored as steps from equal.

    Parameters
    ----------
    steps : array_like
        Whole numbers from -8 (the second counts more, 1/9) over 0 (equal) to +8
        (the first counts more, 9). NaN is missing and stays NaN.

    Returns
    -------
    ndarray
        Of the shape of ``steps``, from 1/9 to 9.

    Raises
    ------
    OffScale
        If a step is not whole or lies outside -8..8.

    References
    ----------
    .. [1] Saaty, T. L. (1977). A scaling method for priorities in hierarchical
       structures. J. Math. Psychol. 15(3), 234-281.

    Examples
    --------
    >>> ratio_from_steps([8, 1, 0, -1, -3])
    array([9.  , 2.  , 1.  , 0.5 , 0.25])
    """
    s = as_doubles("steps", steps)
    wrong = ~np.isnan(s) & ((np.abs(s) > END - 1) | (s != np.trunc(s)))
    if wrong.any():
        at = first_place(wrong)
        raise OffScale(float(s[at]), "-8..8", at)
    strength = np.abs(s) + 1
    return np.where(s < 0, 1 / strength, strength)


def _strength(answers: Array, scale: str) -> Array:
    """Return judgements or reciprocals, at least 1; tiny excesses count as the end."""
    hair = 1e-9
    wrong = ~np.isnan(answers) & ~((answers >= (1 - hair) / END) & (answers <= END * (1 + hair)))
    if wrong.any():
        at = first_place(wrong)
        raise OffScale(float(answers[at]), scale, at)
    strength = np.where(answers < 1, 1 / answers, answers)
    strong: Array = np.minimum(strength, END)
    return strong
