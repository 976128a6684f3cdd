"""Random draws of weights and of levels, by a generator that the caller passes.

Draws come from blocks, each with its own spawned generator, so that the draws do not
depend on how they are split into chunks.
"""

# Annotations are not evaluated, so that only callers that make a generator load numpy.random.
from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ranking.arrays import Array, as_rated, as_rungs, as_weights, is_whole
from ranking.chunks import rechunked
from ranking.doubles import as_doubles
from ranking.faults import NotAligned, NotAProbability

#: Draws of a block; fewer where one draw is so large that a block would hold
#: more than LARGEST_BLOCK numbers.
DRAWS_OF_A_BLOCK = 1024
LARGEST_BLOCK = 2**20

#: Levels are drawn in the thousands and have few rungs: one byte each.
Rungs = NDArray[np.int8]
_T = TypeVar("_T", bound=np.generic)


def simplex_draws(n: int, count: int, rng: np.random.Generator) -> Array:
    """Draw weights uniformly on the simplex, Dirichlet(1, ..., 1) [1]_.

    Parameters
    ----------
    n : int
        Indicators.
    count : int
        Draws.
    rng : numpy.random.Generator
        Spawned once for every block of draws; a later call gives other draws.

    Returns
    -------
    ndarray, shape (count, n)
        Each row not below 0 and summing to 1. Fewer draws from an equal
        generator are the first of more.

    Raises
    ------
    ValueError
        If there is no indicator, or the count is below 0.

    Notes
    -----
    They are exponential variates over their sum. Uniform variates over their sum, as in
    some packages, are concentrated in the middle of the simplex.

    References
    ----------
    .. [1] Devroye, L. (1986). Non-Uniform Random Variate Generation. Springer, ch. V.2.

    Examples
    --------
    >>> simplex_draws(3, 10_000, np.random.default_rng(1)).mean(axis=0).round(2)
    array([0.33, 0.33, 0.33])
    """
    return np.concatenate(list(simplex_chunks(n, count, rng, max(count, 1))))


def simplex_chunks(n: int, count: int, rng: np.random.Generator, chunk: int) -> Iterator[Array]:
    """Yield the draws of `simplex_draws`, ``chunk`` at a time, the same for any chunk.

    Parameters
    ----------
    n, count, rng
        As for `simplex_draws`.
    chunk : int
        Number of draws at a time, at least 1.

    Returns
    -------
    iterator of ndarray, shape (chunk, n)
        The last may be shorter.

    Raises
    ------
    ValueError
        If there is no indicator, the count is below 0 or the chunk below 1.

    References
    ----------
    .. [1] Devroye, L. (1986). Non-Uniform Random Variate Generation. Springer, ch. V.2.

    Examples
    --------
    >>> chunks = simplex_chunks(3, 5, np.random.default_rng(1), 2)
    >>> [chunk.shape for chunk in chunks]
    [(2, 3), (2, 3), (1, 3)]
    """
    if not is_whole(n) or n < 1:
        raise ValueError(f"weights are those of at least 1 indicator, not {n}")

    def block(rows: int, own: np.random.Generator) -> Array:
        drawn = own.standard_exponential((rows, n))
        return drawn / drawn.sum(axis=1, keepdims=True)

    return _chunks(block, (n,), count, rng, chunk)


def noise_draws(weights: ArrayLike, noise: float, count: int, rng: np.random.Generator) -> Array:
    """Draw weights with a relative error of up to ± x %, renormalised to sum to 1.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Not below 0, summing to 1.
    noise : float
        Between 0 and 1: each weight is multiplied by its own number, uniform between
        1 - noise and 1 + noise; 0.25 is ± 25 %.
    count, rng
        As for `simplex_draws`.

    Returns
    -------
    ndarray, shape (count, n)

    Raises
    ------
    NotWeights, NotSummingToOne, NotAligned
    NotAProbability
        If the noise is not between 0 and 1.

    References
    ----------
    .. [1] Butler, J., Jia, J. and Dyer, J. (1997). Simulation techniques for the
       sensitivity analysis of multi-criteria decision models. Eur. J. Oper. Res.
       103(3), 531-546.

    Examples
    --------
    >>> drawn = noise_draws([0.5, 0.3, 0.2], 0.1, 1000, np.random.default_rng(1))
    >>> bool((drawn[:, 0] > 0.44).all() and (drawn[:, 0] < 0.56).all())
    True
    """
    return np.concatenate(list(noise_chunks(weights, noise, count, rng, max(count, 1))))


def noise_chunks(
    weights: ArrayLike, noise: float, count: int, rng: np.random.Generator, chunk: int
) -> Iterator[Array]:
    """Yield the draws of `noise_draws`, ``chunk`` at a time, the same for any chunk.

    Parameters
    ----------
    weights, noise, count, rng
        As for `noise_draws`.
    chunk : int
        Number of draws at a time, at least 1.

    Returns
    -------
    iterator of ndarray, shape (chunk, n)
        The last may be shorter.

    Raises
    ------
    NotWeights, NotSummingToOne, NotAligned, NotAProbability
    ValueError
        If the count is below 0 or the chunk below 1.

    References
    ----------
    .. [1] Butler, J., Jia, J. and Dyer, J. (1997). Simulation techniques for the
       sensitivity analysis of multi-criteria decision models. Eur. J. Oper. Res.
       103(3), 531-546.

    Examples
    --------
    >>> chunks = noise_chunks([0.5, 0.5], 0.1, 5, np.random.default_rng(1), 2)
    >>> [chunk.shape for chunk in chunks]
    [(2, 2), (2, 2), (1, 2)]
    """
    w = as_weights(weights)
    if w.ndim != 1:
        raise NotAligned(weights=w.shape)
    if not 0 <= noise <= 1:
        raise NotAProbability("noise", noise)

    def block(rows: int, own: np.random.Generator) -> Array:
        drawn = w * own.uniform(1 - noise, 1 + noise, (rows, w.size))
        return drawn / drawn.sum(axis=1, keepdims=True)

    return _chunks(block, w.shape, count, rng, chunk)


def level_draws(
    levels: ArrayLike,
    tops: ArrayLike,
    probability: ArrayLike,
    count: int,
    rng: np.random.Generator,
) -> Rungs:
    """Draw levels with disputed evidence: each may be one rung off.

    Parameters
    ----------
    levels : array_like, shape (N, n)
        Whole rungs, from 0 to the top, without blanks.
    tops : array_like, shape (n,)
        The top rung of each ladder.
    probability : array_like, broadcast to (N, n)
        The probability that a level is one rung off; up and down are equally
        probable. A step beyond an end of the ladder is not taken.
    count, rng
        As for `simplex_draws`.

    Returns
    -------
    ndarray of int8, shape (count, N, n)
        For `rank_acceptability` and similar functions, with as many draws of weights.

    Raises
    ------
    OffLadder, Unrated, NotFinite, NotAligned
    NotAProbability
        With the place (unit, indicator).

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> drawn = level_draws([[0, 2]], [3, 2], [[0, 1]], 1000, np.random.default_rng(1))
    >>> np.unique(drawn[:, 0, 0]), np.unique(drawn[:, 0, 1])
    (array([0], dtype=int8), array([1, 2], dtype=int8))
    """
    drawn = level_chunks(levels, tops, probability, count, rng, max(count, 1))
    return np.concatenate(list(drawn))


def level_chunks(
    levels: ArrayLike,
    tops: ArrayLike,
    probability: ArrayLike,
    count: int,
    rng: np.random.Generator,
    chunk: int,
) -> Iterator[Rungs]:
    """Yield the draws of `level_draws`, ``chunk`` at a time, the same for any chunk.

    Parameters
    ----------
    levels, tops, probability, count, rng
        As for `level_draws`.
    chunk : int
        Number of draws at a time, at least 1.

    Returns
    -------
    iterator of ndarray of int8, shape (chunk, N, n)
        The last may be shorter.

    Raises
    ------
    OffLadder, Unrated, NotFinite, NotAligned, NotAProbability
    ValueError
        If the count is below 0 or the chunk below 1.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> chunks = level_chunks([[0, 2]], [3, 2], 0.1, 3, np.random.default_rng(1), 2)
    >>> [chunk.shape for chunk in chunks]
    [(2, 1, 2), (1, 1, 2)]
    """
    x, top = as_rungs(as_rated(levels), tops)
    if x.ndim != 2 or top.max(initial=0) > np.iinfo(np.int8).max:
        raise NotAligned(levels=x.shape, tops=top.shape)
    moved = _probabilities(probability, x.shape)
    rung, highest = x.astype(np.int8), top.astype(np.int8)

    def block(rows: int, own: np.random.Generator) -> Rungs:
        chance = own.random((rows, *x.shape))
        steps = (chance >= 1 - moved / 2).astype(np.int8) - (chance < moved / 2)
        return np.clip(rung + steps, 0, highest, dtype=np.int8)

    return _chunks(block, x.shape, count, rng, chunk)


def _probabilities(probability: ArrayLike, shape: tuple[int, ...]) -> Array:
    given = as_doubles("probability", probability)
    try:
        p = np.broadcast_to(given, shape)
    except ValueError:
        raise NotAligned(levels=shape, probability=given.shape) from None
    faulty = ~((p >= 0) & (p <= 1))
    if faulty.any():
        at = tuple(map(int, np.argwhere(faulty)[0]))
        raise NotAProbability("probability", float(p[at]), at)
    return p


def _chunks(
    block: Callable[[int, np.random.Generator], NDArray[_T]],
    shape: tuple[int, ...],
    count: int,
    rng: np.random.Generator,
    chunk: int,
) -> Iterator[NDArray[_T]]:
    """Draw block after block, and return an iterator of ``chunk`` draws at a time.

    The generators are spawned at the call, not when the first chunk is requested, so
    that two streams from one generator do not depend on the order of requests.
    """
    if not is_whole(count) or not is_whole(chunk) or count < 0 or chunk < 1:
        raise ValueError(f"{count} draws cannot come in chunks of {chunk}")
    if not count:
        return iter([block(0, rng)])
    rows = max(1, min(DRAWS_OF_A_BLOCK, LARGEST_BLOCK // max(prod(shape), 1)))
    sizes = [min(rows, count - begin) for begin in range(0, count, rows)]
    generators = rng.spawn(len(sizes))
    return rechunked(map(block, sizes, generators), chunk)
