"""Checks of input: levels, weights, shares."""

from collections.abc import Sequence
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ranking.doubles import as_doubles
from ranking.faults import (
    NotAligned,
    NotFinite,
    NotShares,
    NotSummingToOne,
    NotWeights,
    OffLadder,
    Unrated,
)

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Tolerance of the sum of weights: nine printed decimals, as for reciprocity of judgements.
SUM_TOLERANCE = 1e-9


#: The largest level, so that sums of levels do not overflow.
LARGEST_LEVEL = 1e300


def is_whole(number: float) -> bool:
    """Whether a count is an integer (an int) that can be the size of an array."""
    return isinstance(number, Integral) and -(2**63) <= number < 2**63


def first_place(faulty: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the index of the first True."""
    return tuple(map(int, np.argwhere(faulty)[0]))


def as_weights(weights: ArrayLike, *, whole: bool = True) -> Array:
    """Check weights (..., n): finite, not below 0 and, with ``whole``, summing to 1."""
    given = np.asarray(weights)
    w = as_doubles("weights", given)
    if w.ndim == 0 or w.shape[-1] == 0:
        raise NotAligned(weights=w.shape)
    # One pass for the whole batch; the place of a fault is searched only if there is one.
    if not w.size:
        return w
    if not (w.min() >= 0 and w.max() < np.inf):
        faulty = ~((w >= 0) & (w < np.inf))
        at = first_place(faulty)[:-1]
        raise NotWeights(tuple(map(int, np.flatnonzero(faulty[at]))), at)
    if whole:
        if given.dtype.kind == "f" and given.dtype.itemsize < w.itemsize:
            w = _whole_again(w, float(np.finfo(given.dtype).eps))
        totals = np.asarray(w.sum(axis=-1))
        off = np.abs(totals - 1) > SUM_TOLERANCE
        if off.any():
            at = first_place(off)
            raise NotSummingToOne(float(totals[at]), at)
    return w


def _whole_again(weights: Array, precision: float) -> Array:
    """Divide weights of single precision by their sum, which cannot be exactly 1."""
    totals = weights.sum(axis=-1, keepdims=True)
    near = np.abs(totals - 1) <= precision * weights.shape[-1]
    return np.where(near, weights / np.where(near, totals, 1.0), weights)


def as_levels(levels: ArrayLike) -> Array:
    """Check levels (..., N, n): numbers up to 1e300, NaN where blank."""
    x = as_doubles("levels", levels)
    if x.ndim < 2:
        raise NotAligned(levels=x.shape)
    large = np.abs(x) > LARGEST_LEVEL
    if large.any():
        raise NotFinite("level", first_place(large))
    return x


def as_rated(levels: ArrayLike) -> Array:
    """Check levels (..., N, n) without a blank."""
    x = as_levels(levels)
    blank = np.isnan(x)
    if blank.any():
        units = np.unique(np.argwhere(blank)[:, -2])
        raise Unrated(tuple(map(int, units)))
    return x


def as_rungs(levels: ArrayLike, tops: ArrayLike) -> tuple[Array, Array]:
    """Check levels (..., N, n): whole rungs up to the tops (n,), NaN where blank."""
    x, top = as_levels(levels), as_doubles("tops", tops)
    if top.shape != x.shape[-1:]:
        raise NotAligned(levels=x.shape, tops=top.shape)
    if not (np.isfinite(top) & (top >= 1) & (top == np.rint(top))).all():
        raise ValueError(f"a ladder has a whole number of rungs, at least 1, not {top.tolist()}")
    off = (x < 0) | (x > top) | ((x != np.rint(x)) & ~np.isnan(x))
    if off.any():
        at = first_place(off)
        raise OffLadder(float(x[at]), float(top[at[-1]]), at)
    return x, top


def as_scores(scores: ArrayLike) -> Array:
    """Check scores (..., N): finite numbers, NaN where a unit is unrated."""
    s = as_doubles("scores", scores)
    if s.ndim == 0:
        raise NotAligned(scores=s.shape)
    if np.isinf(s).any():
        raise NotFinite("score", first_place(np.isinf(s)))
    return s


def as_shares(shares: Sequence[float]) -> Array:
    """Check cumulative shares (B,), rising strictly in (0, 1); none for one band."""
    q = as_doubles("shares", shares)
    if q.ndim != 1 or not ((q > 0) & (q < 1)).all() or not (np.diff(q) > 0).all():
        raise NotShares(tuple(np.ravel(q).tolist()))
    return q
