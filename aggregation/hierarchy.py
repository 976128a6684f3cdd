"""A tree of criteria: local weights into global ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from aggregation.faults import NotATree
from aggregation.matrices import Array

#: The parent of the nodes at the top.
ROOT = -1


def synthesise(local: ArrayLike, parents: Sequence[int]) -> Array:
    """Multiply local weights down the tree.

    Parameters
    ----------
    local : array_like, shape (..., nodes)
        The weight of each node among the children of its parent.
    parents : sequence of int, length nodes
        Where the parent of each node stands in the same order; -1 at the top.

    Returns
    -------
    ndarray, shape (..., nodes)
        The weight of each node in the whole: at the leaves they sum to 1 when
        the children of every parent do.

    Raises
    ------
    NotATree
        If a parent does not exist or is its own descendant; those nodes are named.

    Examples
    --------
    >>> synthesise([0.6, 0.4, 0.5, 0.5], [-1, -1, 0, 0])
    array([0.6, 0.4, 0.3, 0.3])
    """
    weights = np.array(local, dtype=float)
    if weights.ndim == 0 or weights.shape[-1] != len(parents):
        raise ValueError(f"{len(parents)} parents for local weights of shape {weights.shape}")
    for node in _from_the_top(parents):
        if parents[node] != ROOT:
            weights[..., node] *= weights[..., parents[node]]
    return weights


def _from_the_top(parents: Sequence[int]) -> list[int]:
    """The nodes, each after its parent."""
    below: dict[int, list[int]] = {}
    for node, parent in enumerate(parents):
        below.setdefault(int(parent), []).append(node)
    found = list(below.get(ROOT, ()))
    for node in found:
        found.extend(below.get(node, ()))
    if len(found) < len(parents):
        raise NotATree(tuple(sorted(set(range(len(parents))) - set(found))))
    return found
