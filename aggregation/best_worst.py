"""Best-worst method: the best item against all, and all against the worst."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.extremes import LARGEST, BestWorstAnswers, Extremes, read_answers
from aggregation.faults import NoThreshold, OffScale, Place, UnknownName
from aggregation.matrices import Array

#: Largest input-based ratio that 95 % of random answers exceed, by a_BW = 3..9 and n = 3..9:
#: Liang, F., Brunelli, M. and Rezaei, J. (2020). Consistency issues in the best worst
#: method: measurements and thresholds. Omega 96, 102175.
INPUT_THRESHOLDS: dict[int, tuple[float, ...]] = {
    3: (0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667),
    4: (0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683),
    5: (0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960),
    6: (0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262),
    7: (0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403),
    8: (0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657),
    9: (0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662),
}


class BestWorst(NamedTuple):
    """Weights (..., n) of the linear model, and its ξ (...): the largest deviation."""

    weights: Array
    xi: float | Array


class BestWorstIntervals(NamedTuple):
    """Lowest and highest weights (..., n, 2) of the non-linear model at least ξ (...)."""

    weight_intervals: Array
    xi: float | Array


def best_worst(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    model: str = "linear",
    extremes: Extremes | None = None,
) -> BestWorst | BestWorstIntervals:
    """Derive weights from 2n - 3 judgements: the best over each, each over the worst.

    Parameters
    ----------
    best_to_others, others_to_worst : array_like, shape (..., n)
        At least 1; 1 marks the best in the first and the worst in the second,
        and both say the same about the best over the worst.
    model : str
        ``linear`` [1]_: least ξ with \\|w_B - a_Bj w_j\\| <= ξ and
        \\|w_j - a_jW w_W\\| <= ξ, solved by HiGHS. ``nonlinear`` [2]_: least ξ
        with \\|w_B/w_j - a_Bj\\| <= ξ and \\|w_j/w_W - a_jW\\| <= ξ, solved in
        closed form but for one root; its weights may be intervals.
    extremes : (int, int), optional
        The places of the best and the worst that the expert named, for all experts
        alike. Needed if another item equals the best or the worst.

    Returns
    -------
    BestWorst or BestWorstIntervals
        ``weights, xi`` or ``weight_intervals, xi``; each set of weights sums to 1. ξ is
        a float for one expert, an array for several. Items with the same two answers
        have the same weight.

    Raises
    ------
    OffScale
        If a judgement is below 1 or nothing is marked as best or worst.
    BestWorstMismatch
        If the two answers about the best over the worst differ.
    AmbiguousExtremes
        If several items can be the best or the worst, and none was named.
    ValueError
        If the extremes are not two of the items.
    UnknownName

    References
    ----------
    .. [1] Rezaei, J. (2016). Best-worst multi-criteria decision-making method: some
       properties and a linear model. Omega 64, 126-130.
    .. [2] Rezaei, J. (2015). Best-worst multi-criteria decision-making method.
       Omega 53, 49-57.

    Examples
    --------
    >>> weights, xi = best_worst([8, 2, 1], [1, 5, 8])
    >>> weights.round(4), round(xi, 4)
    (array([0.0714, 0.3214, 0.6071]), 0.0357)
    >>> intervals, xi = best_worst([8, 2, 1], [1, 5, 8], model="nonlinear")
    >>> intervals.mean(axis=1).round(4), round(xi, 4)
    (array([0.0714, 0.3387, 0.5899]), 0.2583)
    """
    if model not in ("linear", "nonlinear"):
        raise UnknownName(model, ("linear", "nonlinear"))
    batch, experts = read_answers(best_to_others, others_to_worst, extremes)
    n = np.shape(best_to_others)[-1]
    if model == "linear":
        linear = [_linear(answers) for answers in experts]
        return linear[0] if not batch else BestWorst(*_together(linear, (n,), batch))
    nonlinear = [_nonlinear(answers) for answers in experts]
    return nonlinear[0] if not batch else BestWorstIntervals(*_together(nonlinear, (n, 2), batch))


def best_worst_judgements(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, extremes: Extremes | None = None
) -> Array:
    """Return best-worst answers as an incomplete comparison matrix: a double star.

    `priorities` and `estimate` then treat them by least squares in logarithms.

    Parameters
    ----------
    best_to_others, others_to_worst, extremes
        As for `best_worst`.

    Returns
    -------
    ndarray, shape (..., n, n)
        Reciprocal; NaN for the pairs that were not asked.

    Raises
    ------
    OffScale, BestWorstMismatch, AmbiguousExtremes

    References
    ----------
    .. [1] Rezaei, J. (2015). Best-worst multi-criteria decision-making method.
       Omega 53, 49-57.

    Examples
    --------
    >>> best_worst_judgements([1, 2, 4, 3], [4, 3, 1, 2])
    array([[1.        , 2.        , 4.        , 3.        ],
           [0.5       , 1.        , 3.        ,        nan],
           [0.25      , 0.33333333, 1.        , 0.5       ],
           [0.33333333,        nan, 2.        , 1.        ]])
    """
    batch, experts = read_answers(best_to_others, others_to_worst, extremes)
    matrices = np.array([_double_star(answers) for answers in experts])
    n = np.shape(best_to_others)[-1]
    return matrices.reshape(*batch, n, n)


def _double_star(answers: BestWorstAnswers) -> Array:
    n = answers.to_others.size
    matrix = np.full((n, n), np.nan)
    matrix[:, answers.worst] = answers.to_worst
    matrix[answers.worst, :] = 1 / answers.to_worst
    matrix[answers.best, :] = answers.to_others
    matrix[:, answers.best] = 1 / answers.to_others
    np.fill_diagonal(matrix, 1)
    return matrix


def best_worst_consistency_index(span: float) -> float:
    """Return the largest ξ of 3 items with this a_BW: ((1 + 2a) - √(1 + 8a)) / 2 [1]_.

    The non-linear ξ over it is the output-based consistency ratio. With more items
    ξ can be larger, and the ratio above 1.

    Parameters
    ----------
    span : float
        a_BW, at least 1: the best against the worst.

    Returns
    -------
    float
        0 for a_BW = 1.

    Raises
    ------
    OffScale
        If a_BW is below 1.

    References
    ----------
    .. [1] Rezaei, J. (2015). Best-worst multi-criteria decision-making method.
       Omega 53, 49-57.

    Examples
    --------
    >>> [round(best_worst_consistency_index(a), 2) for a in (1, 2, 8)]
    [0.0, 0.44, 4.47]
    """
    if not 1 <= span <= LARGEST:
        raise OffScale(span, "1..9")
    return float((1 + 2 * span - np.sqrt(1 + 8 * span)) / 2)


def input_based_ratio(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    extremes: Extremes | None = None,
) -> float | Array:
    """Compute max_j \\|a_Bj a_jW - a_BW\\| / (a_BW² - a_BW), the input-based ratio [1]_.

    Parameters
    ----------
    best_to_others, others_to_worst, extremes
        As for `best_worst`.

    Returns
    -------
    float, or ndarray of shape (...) for several experts
        0 if every chain through an item gives a_BW, and for a_BW = 1.

    Raises
    ------
    OffScale, BestWorstMismatch, AmbiguousExtremes

    References
    ----------
    .. [1] Liang, F., Brunelli, M. and Rezaei, J. (2020). Consistency issues in the
       best worst method: measurements and thresholds. Omega 96, 102175.

    Examples
    --------
    >>> round(input_based_ratio([8, 2, 1], [1, 5, 8]), 6)
    0.035714
    """
    batch, experts = read_answers(best_to_others, others_to_worst, extremes)
    ratios = [_input_ratio(answers) for answers in experts]
    return np.reshape(ratios, batch) if batch else ratios[0]


def _input_ratio(answers: BestWorstAnswers) -> float:
    if answers.span == 1:
        return 0.0
    deviations = np.abs(answers.to_others * answers.to_worst - answers.span)
    return float(deviations.max() / (answers.span**2 - answers.span))


def input_based_threshold(span: int, n: int) -> float:
    """Return the largest acceptable input-based ratio for this a_BW and n.

    0 for a_BW <= 2, where only consistent answers pass.

    Parameters
    ----------
    span : int
        a_BW: the best against the worst.
    n : int
        How many items.

    Returns
    -------
    float

    Raises
    ------
    NoThreshold
        If the table has no value: a_BW above 9 or not whole, n outside 3..9.

    References
    ----------
    .. [1] Liang, F., Brunelli, M. and Rezaei, J. (2020). Consistency issues in the
       best worst method: measurements and thresholds. Omega 96, 102175.

    Examples
    --------
    >>> input_based_threshold(8, 3)
    0.1309
    """
    if span in (1, 2) and n >= 2:
        return 0.0
    if span not in INPUT_THRESHOLDS or not 3 <= n <= 9:
        raise NoThreshold(span, n)
    return INPUT_THRESHOLDS[span][n - 3]


def _together(
    solved: Sequence[BestWorst] | Sequence[BestWorstIntervals], shape: tuple[int, ...], batch: Place
) -> tuple[Array, Array]:
    weights = np.reshape([own[0] for own in solved], (*batch, *shape))
    return weights, np.reshape([own.xi for own in solved], batch)


def _twins(answers: BestWorstAnswers) -> NDArray[np.intp]:
    """Return the first item with the same two answers as each item, (n,)."""
    both = np.stack([answers.to_others, answers.to_worst], axis=-1)
    return np.argmax((both[:, None] == both).all(axis=-1), axis=1)


def _linear(answers: BestWorstAnswers) -> BestWorst:
    # Imported here: scipy.optimize takes a quarter of a second, and most callers do not use it.
    from scipy.optimize import linprog

    first, twin = np.unique(_twins(answers), return_inverse=True)
    n = first.size
    # Items with the same answers share one unknown, which counts as often in the sum.
    units = np.eye(n)[twin]
    deviations = np.concatenate(
        [
            units[answers.best] - answers.to_others[:, None] * units,
            units - np.outer(answers.to_worst, units[answers.worst]),
        ]
    )
    bound = -np.ones((len(deviations), 1))
    solution = linprog(
        c=np.append(np.zeros(n), 1.0),
        A_ub=np.block([[deviations, bound], [-deviations, bound]]),
        b_ub=np.zeros(2 * len(deviations)),
        A_eq=[np.append(np.bincount(twin), 0.0)],
        b_eq=[1.0],
        method="highs",
    )
    return BestWorst(solution.x[:n][twin], float(solution.x[n]))


def _nonlinear(answers: BestWorstAnswers) -> BestWorstIntervals:
    """Solve the non-linear model: given r = w_B/w_W, the items are independent.

    With ξ every item j allows r between (a_Bj - ξ)(a_jW - ξ) and
    (a_Bj + ξ)(a_jW + ξ); the least ξ is where the highest of the lower ends meets
    the lowest of the upper ends.
    """
    xi = _least_deviation(answers)
    low, high = _span_bounds(answers, xi)
    span = (low + high) / 2
    lower = np.maximum(answers.to_worst - xi, span / (answers.to_others + xi))
    reach = np.where(answers.to_others > xi, answers.to_others - xi, np.nan)
    upper = np.fmin(answers.to_worst + xi, span / reach)
    twins = _twins(answers)
    best, worst = twins == twins[answers.best], twins == twins[answers.worst]
    lower[best] = upper[best] = span
    lower[worst] = upper[worst] = 1.0
    # At the least ξ the interval of one item is a point, up to rounding.
    lower = np.minimum(lower, upper)
    ends = np.stack(
        [lower / (lower + upper.sum() - upper), upper / (upper + lower.sum() - lower)], axis=-1
    )
    return BestWorstIntervals(ends, xi)


def _least_deviation(answers: BestWorstAnswers) -> float:
    def gap(xi: float) -> float:
        low, high = _span_bounds(answers, xi)
        return low - high

    from scipy.optimize import brentq

    if gap(0.0) <= 0:
        return 0.0
    return float(brentq(gap, 0.0, answers.span, xtol=1e-15, rtol=1e-15))


def _span_bounds(answers: BestWorstAnswers, xi: float) -> tuple[float, float]:
    """Return the lowest and highest w_B/w_W that every judgement allows within ξ."""
    middle = np.ones(answers.to_others.size, dtype=bool)
    middle[[answers.best, answers.worst]] = False
    a, b = answers.to_others[middle], answers.to_worst[middle]
    low = max(answers.span - xi, *(np.maximum(a - xi, 0) * np.maximum(b - xi, 0)), 0.0)
    high = min(answers.span + xi, *((a + xi) * (b + xi)), np.inf)
    return float(low), float(high)
