"""Synthesis of local weights into global ones down a tree of criteria."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.faults import NotATree, NotTreeWeights
from aggregation.matrices import Array, first_place

#: Each parent to its children, in order; the root is not a child, leaves have no entry.
Tree = Mapping[str, Sequence[str]]
#: The path from the root to a node: each parent, and the place of the next node under it.
Branch = tuple[tuple[str, int], ...]

#: The parent of the nodes at the top.
ROOT = -1


def synthesise(local: ArrayLike, parents: Sequence[int]) -> Array:
    """Multiply local weights down the tree.

    Parameters
    ----------
    local : array_like, shape (..., nodes)
        The weight of each node among the children of its parent.
    parents : sequence of int, length nodes
        The place of each node's parent in the same order; -1 at the top.

    Returns
    -------
    ndarray, shape (..., nodes)
        The overall weight of each node; at the leaves they sum to 1 if the children
        of every parent do.

    Raises
    ------
    NotATree
        If a parent does not exist or is its own descendant; those nodes are named.
    NotTreeWeights
        If a local weight is not finite or below 0; those nodes are named.
    ValueError
        If the numbers of parents and of local weights differ.

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

    Examples
    --------
    >>> synthesise([0.6, 0.4, 0.5, 0.5], [-1, -1, 0, 0])
    array([0.6, 0.4, 0.3, 0.3])
    """
    weights: Array = np.array(as_doubles("local", local))
    if weights.ndim == 0 or weights.shape[-1] != len(parents):
        raise ValueError(f"{len(parents)} parents for local weights of shape {weights.shape}")
    _check_weights(weights)
    with np.errstate(over="ignore"):
        for node in _from_the_top(parents):
            if parents[node] != ROOT:
                weights[..., node] *= weights[..., int(parents[node])]
    _check_weights(weights)
    return weights


def check_tree(tree: Tree) -> None:
    """Refuse several roots, nodes with two parents, and parents without children."""
    children = [child for listed in tree.values() for child in listed]
    twice = {child for child in children if children.count(child) > 1}
    childless = {parent for parent, listed in tree.items() if not listed}
    roots = [parent for parent in tree if parent not in children]
    if len(roots) != 1 or twice or childless:
        raise NotATree(tuple(sorted(twice | childless)) or tuple(roots) or tuple(tree))
    hanging = from_the_root(tree)
    if len(hanging) < len(tree):
        raise NotATree(tuple(parent for parent in tree if parent not in hanging))


def from_the_root(tree: Tree) -> list[str]:
    """Return the parents of a tree with one root, each after its own parent."""
    children = {child for listed in tree.values() for child in listed}
    found = [parent for parent in tree if parent not in children]
    for parent in found:
        found.extend(child for child in tree[parent] if child in tree)
    return found


def branches(tree: Tree) -> dict[str, Branch]:
    """Return the path to each leaf, branch by branch."""
    found: dict[str, Branch] = {}

    def walk(node: str, steps: Branch) -> None:
        if node not in tree:
            found[node] = steps
        for place, child in enumerate(tree.get(node, ())):
            walk(child, (*steps, (node, place)))

    walk(from_the_root(tree)[0], ())
    return found


def _check_weights(weights: Array) -> None:
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        at = first_place(wrong.any(axis=-1))
        raise NotTreeWeights(tuple(np.flatnonzero(wrong[at]).tolist()), at)


def _from_the_top(parents: Sequence[int]) -> list[int]:
    """Return the nodes, each after its parent."""
    below: dict[int, list[int]] = {}
    for node, parent in enumerate(parents):
        below.setdefault(parent, []).append(node)
    found = list(below.get(ROOT, ()))
    for node in found:
        found.extend(below.get(node, ()))
    if len(found) < len(parents):
        raise NotATree(tuple(sorted(set(range(len(parents))) - set(found))))
    return found
