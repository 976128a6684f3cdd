"""Contradictions within one matrix, and predictions of judgements by the others."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.estimate import Estimate, antisymmetric, estimate
from aggregation.matrices import Array, log_judgements, order
from aggregation.scales import END, ratio_from_steps
from aggregation.ties import falling
from aggregation.triads import chains, circles, contradictions_of_triads, triads

#: A bridge has leverage 1: without it the ratio between its two sides is unknown.
BRIDGE = 1 - 1e-9
#: Logs nearer than this are the same judgement.
SAME = 1e-9

CIRCLE = "circle"
STRENGTH = "strength"
END_OF_SCALE = "end-of-scale"


@dataclass(frozen=True, slots=True)
class ContradictoryTriad:
    """Triad in which the chain of two judgements contradicts the third.

    ``kind`` is ``circle`` (A over B, B over C, C over A), ``end-of-scale`` (the
    chain implies more than the scale can express, and its end was given: there is
    nothing to correct) or ``strength`` (the order agrees, the strengths do not).
    ``share`` is its share of the triads' squared contradictions.
    """

    items: tuple[int, int, int]
    kind: str
    share: float


def contradictions(matrix: ArrayLike, scale_max: float = END) -> tuple[ContradictoryTriad, ...]:
    """Return the contradictory triads of one matrix, the worst first [1]_.

    RSS = (1/n) Σ over triads (y_ij + y_jk + y_ki)² on a complete matrix, so the
    shares are those of the residual sum of squares. On an incomplete matrix they
    are shares of the part in triads; the rest is in longer cycles
    (`harmonic_share`).

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal; NaN is a missing judgement.
    scale_max : float
        The largest ratio of the scale.

    Returns
    -------
    tuple of ContradictoryTriad
        Empty for a consistent matrix.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] Jiang, X., Lim, L.-H., Yao, Y. and Ye, Y. (2011). Statistical ranking and
       combinatorial Hodge theory. Math. Program. 127(1), 203-244.

    Examples
    --------
    >>> contradictions([[1, 5, 9], [1 / 5, 1, 5], [1 / 9, 1 / 5, 1]])
    (ContradictoryTriad(items=(0, 1, 2), kind='end-of-scale', share=1.0),)
    """
    logs = log_judgements(matrix)
    if logs.ndim > 1:
        raise ValueError("contradictions are listed for one matrix at a time")
    size = np.nan_to_num(contradictions_of_triads(logs))
    shares = size**2 / max(float(size @ size), np.finfo(float).tiny)
    around, in_circle = np.stack(chains(logs), axis=-1), circles(logs)
    return tuple(
        ContradictoryTriad(
            items=tuple(triads(order(logs))[place].tolist()),
            kind=CIRCLE if in_circle[place] else _kind(around[place], log(scale_max)),
            share=float(shares[place]),
        )
        for place in falling(np.abs(size).tolist())
        if abs(size[place]) > SAME
    )


def triad_shares(matrix: ArrayLike) -> tuple[NDArray[np.intp], Array]:
    """Return the triads, (T, 3), and their shares of squared contradictions, (..., T).

    NaN for a triad with a missing judgement; 0 everywhere in a consistent matrix.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray of int, shape (T, 3), and ndarray, shape (..., T)
        The shares sum to 1 over the whole triads.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] Jiang, X., Lim, L.-H., Yao, Y. and Ye, Y. (2011). Statistical ranking and
       combinatorial Hodge theory. Math. Program. 127(1), 203-244.

    Examples
    --------
    >>> triad_shares([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])
    (array([[0, 1, 2]]), array([1.]))
    """
    logs = log_judgements(matrix)
    size = contradictions_of_triads(logs)
    squares = np.where(np.abs(size) <= SAME, 0.0, size**2)
    total = np.nansum(squares, axis=-1, keepdims=True)
    shares: Array = squares / np.where(total > 0, total, 1.0)
    return triads(order(logs)), shares


def harmonic_share(matrix: ArrayLike) -> float:
    """Compute the share of residual squares in cycles longer than triads [1]_.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    float
        0 on a complete matrix, where every cycle is a sum of triads.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Jiang, X., Lim, L.-H., Yao, Y. and Ye, Y. (2011). Statistical ranking and
       combinatorial Hodge theory. Math. Program. 127(1), 203-244.

    Examples
    --------
    >>> nan = float("nan")
    >>> square = [[1, 2, nan, 1], [1 / 2, 1, 2, nan], [nan, 1 / 2, 1, 2], [1, nan, 1 / 2, 1]]
    >>> harmonic_share(square)
    1.0
    """
    found = estimate(matrix)
    if found.logs.ndim > 1:
        raise ValueError("the harmonic share is told of one matrix at a time")
    given = found.conductances > 0
    residuals = found.edge_residuals[given]
    total = float(residuals @ residuals)
    if total <= SAME**2:
        return 0.0
    curls = _curls(found.logs)[:, given]
    local = curls.T @ np.linalg.lstsq(curls.T, residuals, rcond=None)[0]
    return float(((residuals - local) ** 2).sum() / total)


def predicted_judgements(matrix: ArrayLike) -> Array:
    """Predict each judgement from the others: exp(y_e - e/(1 - h_e)).

    The estimate w_i/w_j includes the judgement itself; this prediction does not.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (..., n, n)
        Reciprocal; NaN where no judgement was given, and where the others do not
        determine it (a bridge).

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Belsley, D. A., Kuh, E. and Welsch, R. E. (1980). Regression Diagnostics.
       Wiley.

    Examples
    --------
    >>> predicted_judgements([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])[0, 2].round(6)
    np.float64(6.0)
    """
    found = estimate(matrix)
    return np.exp(antisymmetric(found.logs - _deleted_residuals(found)))


def suggested_steps(matrix: ArrayLike) -> Array:
    """Return the step nearest to the prediction from the other judgements, by pair.

    Nearest in logarithms, from -8 to +8; as `predicted_judgements` otherwise.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (..., n, n)
        Whole numbers, antisymmetric; NaN where no judgement was given, and for a
        bridge.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Belsley, D. A., Kuh, E. and Welsch, R. E. (1980). Regression Diagnostics.
       Wiley.

    Examples
    --------
    >>> suggested_steps([[1, 2, 1 / 5], [1 / 2, 1, 3], [5, 1 / 3, 1]])[0, 2]
    np.float64(5.0)
    """
    steps = np.arange(1 - END, END)
    distances = np.abs(
        np.log(predicted_judgements(matrix))[..., None] - np.log(ratio_from_steps(steps))
    )
    # A tie is decided for the step nearer to equal, so that the reversed pair agrees.
    near = distances <= distances.min(axis=-1, keepdims=True) + SAME
    weakest = np.where(near, np.abs(steps), END).argmin(axis=-1)
    return np.where(np.isnan(distances[..., 0]), np.nan, steps[weakest])


def studentised_residuals(matrix: ArrayLike) -> Array:
    """Divide each residual by its standard error, estimated without the judgement.

    t = e / (s₋ₑ √(1 - h_e)), with m - n degrees of freedom.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray, shape (..., n, n)
        Antisymmetric. NaN where no judgement was given, for a bridge, and if at
        most one judgement is redundant: with three items the three residuals are
        equal, and none is singled out.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal, DisconnectedGraph

    References
    ----------
    .. [1] Belsley, D. A., Kuh, E. and Welsch, R. E. (1980). Regression Diagnostics.
       Wiley.

    Examples
    --------
    >>> bool(np.isnan(studentised_residuals([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])[0, 1]))
    True
    """
    found = estimate(matrix)
    deleted = _deleted_residuals(found)
    remaining = (found.freedom - 1)[..., None]
    left = found.residual_sum[..., None] - found.edge_residuals * deleted
    variance = np.where(remaining > 0, np.maximum(left, 0.0), np.nan) / np.maximum(remaining, 1)
    scale = np.sqrt(variance * (1 - found.edge_leverage))
    with np.errstate(divide="ignore"):
        t = np.where(np.abs(found.edge_residuals) <= SAME, 0 * scale, found.edge_residuals / scale)
    return antisymmetric(np.where(np.isnan(deleted), np.nan, t))


def all_equal(matrix: ArrayLike) -> NDArray[np.bool_]:
    """Whether every judgement given is "equal": consistent but without information.

    Parameters
    ----------
    matrix : array_like, shape (..., n, n)
        Positive and reciprocal; NaN is a missing judgement.

    Returns
    -------
    ndarray of bool, shape (...)
        False for n <= 2 and without judgements: a single "equal" is an answer.

    Raises
    ------
    NotSquare, NotPositive, NotReciprocal

    References
    ----------
    .. [1] The scale: Saaty, T. L. (1977). A scaling method for priorities in hierarchical
       structures. J. Math. Psychol. 15(3), 234-281.

    Examples
    --------
    >>> bool(all_equal([[1, 1, 1], [1, 1, 1], [1, 1, 1]]))
    True
    """
    logs = log_judgements(matrix)
    given = ~np.isnan(logs)
    equal = (np.abs(logs) <= SAME) | ~given
    return equal.all(axis=-1) & (given.sum(axis=-1) > 1)


def _deleted_residuals(found: Estimate) -> Array:
    """Return e/(1 - h), the distance from the others' prediction; NaN for a bridge."""
    beyond = np.where(found.edge_leverage < BRIDGE, 1 - found.edge_leverage, np.nan)
    return found.edge_residuals / beyond


def _kind(around: Array, end: float) -> str:
    """Return the kind of a triad that is not a circle."""
    asked = around - around.sum()
    at_the_end = (around * asked > 0) & (np.abs(around) >= end - SAME)
    return END_OF_SCALE if np.any(at_the_end & (np.abs(asked) > end + SAME)) else STRENGTH


def _curls(logs: Array) -> Array:
    """Return each complete triad as a row of signs on the m pairs."""
    units = np.eye(logs.size)
    whole = ~np.isnan(contradictions_of_triads(logs))
    return np.stack([contradictions_of_triads(unit) for unit in units], axis=-1)[whole]
