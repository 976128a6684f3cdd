"""Bayesian bootstrap of a panel's consensus over its experts."""

# Annotations are not evaluated, so that only callers that make a generator load numpy.random.
from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike

from aggregation.hierarchy import Tree
from aggregation.matrices import Array, is_count
from aggregation.panel import read_panel

#: Draws come from blocks of so many, each with its own spawned generator; fewer in
#: panels so large that a block would hold more than LARGEST_BLOCK numbers.
DRAWS_OF_A_BLOCK = 1024
LARGEST_BLOCK = 2**20


def bootstrap_weights(
    tree: Tree, expert_priorities: Mapping[str, ArrayLike], count: int, rng: np.random.Generator
) -> Array:
    """Draw consensus weights: in each draw expert k counts as a Dirichlet share [1]_.

    One share per expert and draw, the same under every parent, renormalised
    over those who judged it.

    Parameters
    ----------
    tree, expert_priorities
        As for `consensus_weights`.
    count : int
        Number of draws.
    rng : numpy.random.Generator
        Spawned once for every block of draws.

    Returns
    -------
    ndarray, shape (count, leaves)
        Global weights, leaves branch by branch. Fewer draws from an equal
        generator are the first of more.

    Raises
    ------
    NotATree, NobodyJudged, NotPriorities, ZeroPoints

    References
    ----------
    .. [1] Rubin, D. B. (1981). The Bayesian bootstrap. Ann. Stat. 9(1), 130-134.

    Examples
    --------
    >>> panel = {"goal": [[0.2, 0.8], [0.8, 0.2], [0.5, 0.5]]}
    >>> draws = bootstrap_weights({"goal": ("a", "b")}, panel, 1000, np.random.default_rng(1))
    >>> draws.shape, draws.mean(axis=0).round(1)
    ((1000, 2), array([0.5, 0.5]))
    """
    chunks = bootstrap_chunks(tree, expert_priorities, count, rng, max(count, 1))
    return np.concatenate(list(chunks))


def bootstrap_chunks(
    tree: Tree,
    expert_priorities: Mapping[str, ArrayLike],
    count: int,
    rng: np.random.Generator,
    chunk: int,
) -> Iterator[Array]:
    """Yield the draws of `bootstrap_weights` by chunks, the same for any ``chunk``.

    Memory stays at one chunk of weights and one block of shares (8 MB).

    Parameters
    ----------
    tree, expert_priorities, count, rng
        As for `bootstrap_weights`.
    chunk : int
        Number of draws at a time, at least 1.

    Returns
    -------
    iterator of ndarray, shape (chunk, leaves)
        The last may be shorter.

    Raises
    ------
    NotATree, NobodyJudged, NotPriorities, ZeroPoints
    ValueError
        If the count is below 0 or the chunk below 1.

    References
    ----------
    .. [1] Rubin, D. B. (1981). The Bayesian bootstrap. Ann. Stat. 9(1), 130-134.

    Examples
    --------
    >>> panel = {"goal": [[0.2, 0.8], [0.8, 0.2], [0.5, 0.5]]}
    >>> chunks = bootstrap_chunks({"goal": "ab"}, panel, 5, np.random.default_rng(1), 2)
    >>> [chunk.shape for chunk in chunks]
    [(2, 2), (2, 2), (1, 2)]
    """
    if not (count == 0 or is_count(count)) or not is_count(chunk):
        raise ValueError(f"{count} draws cannot come in chunks of {chunk}")
    panel = read_panel(tree, expert_priorities)
    room = np.empty((min(chunk, count), len(panel.branches)))
    filled = 0
    for mixtures in _dirichlet_blocks(panel.experts, count, rng):
        weights = panel.global_weights(mixtures)
        while len(weights):
            taken = min(len(weights), len(room) - filled)
            room[filled : filled + taken] = weights[:taken]
            weights, filled = weights[taken:], filled + taken
            if filled == len(room):
                yield room
                room, filled = np.empty_like(room), 0
    if filled or count == 0:
        yield room[:filled]


def _dirichlet_blocks(experts: int, count: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield uniform points of the simplex of experts: exponentials over row sums."""
    rows = max(1, min(DRAWS_OF_A_BLOCK, LARGEST_BLOCK // max(experts, 1)))
    for block, own in enumerate(rng.spawn(-(-count // rows))):
        shares = own.standard_exponential((min(rows, count - block * rows), experts))
        yield shares / shares.sum(axis=1, keepdims=True)
