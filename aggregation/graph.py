"""The comparison graph: items are nodes, judgements are edges.

Least squares in logarithms on this graph is the one estimator:
u = L⁺Bᵀy, with the incidence matrix B and the Laplacian L = BᵀCB of the
conductances C (an edge's weight; 0 where no judgement was given).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from aggregation.faults import DisconnectedGraph
from aggregation.matrices import Array, first_place, pairs


@cache
def incidence(n: int) -> Array:
    """B of the complete graph, (m, n): +1 for the first item of a pair, -1 for the second."""
    i, j = pairs(n)
    b = np.zeros((i.size, n))
    b[np.arange(i.size), i] = 1
    b[np.arange(i.size), j] = -1
    b.flags.writeable = False
    return b


def laplacian(conductances: Array, n: int) -> Array:
    """L = BᵀCB, (..., n, n), of conductances (..., m) on the pairs of n items."""
    i, j = pairs(n)
    matrix = np.zeros((*conductances.shape[:-1], n, n))
    matrix[..., i, j] = matrix[..., j, i] = -conductances
    diagonal = np.arange(n)
    matrix[..., diagonal, diagonal] = -matrix.sum(axis=-1)
    return matrix


def parts(conductances: Array, n: int) -> tuple[tuple[int, ...], ...]:
    """The connected parts of one graph, each in item order."""
    linked = laplacian(conductances, n) != 0
    unseen = set(range(n))
    found = []
    while unseen:
        part = _reached(linked, min(unseen))
        unseen -= set(part)
        found.append(part)
    return tuple(found)


def check_connected(conductances: Array, n: int) -> None:
    """Refuse the first graph of a batch that falls into parts.

    Raises
    ------
    DisconnectedGraph
        With the parts, and the place in the batch.
    """
    linked = (laplacian(conductances, n) != 0) | np.eye(n, dtype=bool)
    reached = np.zeros((*linked.shape[:-2], n, 1))
    reached[..., :1, :] = 1
    steps = linked.astype(float)
    while True:
        further = (steps @ reached > 0).astype(float)
        if (further == reached).all():
            break
        reached = further
    apart = (reached == 0).any(axis=(-1, -2))
    if apart.any():
        at = first_place(apart)
        raise DisconnectedGraph(parts(conductances[at], n), at)


def centred_logs(logs: Array, conductances: Array, n: int) -> Array:
    """u = L⁺BᵀCy, (..., n), of connected graphs; ``logs`` may be anything where C is 0.

    Adding 1/n to every entry of L makes it regular without moving the
    centred solution.
    """
    flows = np.where(conductances > 0, conductances * logs, 0.0) @ incidence(n)
    regular = laplacian(conductances, n) + 1 / n
    return np.linalg.solve(regular, flows[..., None])[..., 0].astype(float, copy=False)


def _reached(linked: NDArray[np.bool_], start: int) -> tuple[int, ...]:
    seen = {start}
    frontier = [start]
    while frontier:
        node = frontier.pop()
        new = {int(other) for other in np.flatnonzero(linked[node])} - seen
        seen |= new
        frontier.extend(new)
    return tuple(sorted(seen))
