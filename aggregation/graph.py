"""Comparison graph: items are nodes, judgements are edges.

Least squares in logarithms on this graph is the only estimator:
u = L⁺BᵀCy, with the incidence matrix B and the Laplacian L = BᵀCB of the
conductances C (an edge's weight; 0 where no judgement was given). Values of
edges are (..., m), in the order of the upper triangle.
"""

from functools import cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from aggregation import exactly
from aggregation.faults import DisconnectedGraph
from aggregation.matrices import FEW, Array, Indices, blocks, first_place, pairs


@cache
def incidence(n: int) -> Array:
    """Return B of the complete graph, (m, n): +1 for a first item, -1 for a second."""
    first, second = pairs(n)
    b = np.zeros((first.size, n))
    each = np.arange(first.size)
    b[each, first] = 1
    b[each, second] = -1
    b.flags.writeable = False
    return b


def net_flows(edges: Array, n: int) -> Array:
    """Compute Bᵀy, (..., n): for each item, outflow minus inflow along its edges."""
    if edges.size <= FEW:
        return exactly.net_flows(edges, n)
    return _times(edges, incidence(n))


def differences(u: Array) -> Array:
    """Compute Bu, (..., m): the first item of each pair minus the second."""
    return _times(u, incidence(u.shape[-1]).T)


def links(conductances: Array, n: int) -> Array:
    """Return the conductance between any two items, (..., n, n); 0 on the diagonal."""
    padded = np.zeros((*conductances.shape[:-1], conductances.shape[-1] + 1))
    padded[..., :-1] = conductances
    flat = np.take(padded, _edge_of(n), axis=-1)
    return flat.reshape(*conductances.shape[:-1], n, n)


def regular_laplacian(linked: Array) -> Array:
    """Return L + 1/n, (..., n, n): regular if connected, and L on centred vectors."""
    n = linked.shape[-1]
    matrix = 1 / n - linked
    diagonal = np.arange(n)
    matrix[..., diagonal, diagonal] += linked.sum(axis=-1)
    return matrix


def check_connected(linked: Array) -> None:
    """Refuse the first graph of a batch that falls into parts.

    Raises
    ------
    DisconnectedGraph
        With the parts, and the place in the batch.
    """
    n = linked.shape[-1]
    reached = np.zeros(linked.shape[:-1])
    reached[..., 0] = 1
    while True:
        further = np.einsum("...ij,...j->...i", linked, reached) + reached
        further = (further > 0).astype(float)
        if (further == reached).all():
            break
        reached = further
    if not reached.all():
        at = first_place((reached == 0).any(axis=-1))
        raise DisconnectedGraph(_parts(linked[at] > 0, n), at)


def centred_logs(logs: Array, conductances: Array, linked: Array) -> Array:
    """Compute u = L⁺BᵀCy, (..., n), of connected graphs, without logs where C is 0."""
    given = np.where(conductances > 0, conductances * logs, 0.0)
    flows = net_flows(given, linked.shape[-1])
    return exactly.solve(regular_laplacian(linked), flows)


def _times(rows: Array, matrix: Array) -> Array:
    """Compute rows @ matrix, in blocks small enough for one core."""
    flat = rows.reshape(prod(rows.shape[:-1]), matrix.shape[0])
    product = np.empty((len(flat), matrix.shape[1]))
    for block in blocks(len(flat), max(1, min(matrix.shape))):
        np.matmul(flat[block], matrix, out=product[block])
    return product.reshape(*rows.shape[:-1], matrix.shape[1])


@cache
def _edge_of(n: int) -> Indices:
    """Return the edge between two items, (n·n,); on the diagonal one past the last."""
    first, second = pairs(n)
    edge = np.full((n, n), first.size)
    edge[first, second] = edge[second, first] = np.arange(first.size)
    return edge.ravel()


def _parts(linked: NDArray[np.bool_], n: int) -> tuple[tuple[int, ...], ...]:
    """Return the connected parts of one graph, each in item order."""
    unseen = set(range(n))
    found = []
    while unseen:
        part = _reached(linked, min(unseen))
        unseen -= set(part)
        found.append(part)
    return tuple(found)


def _reached(linked: NDArray[np.bool_], start: int) -> tuple[int, ...]:
    seen = {start}
    frontier = [start]
    while frontier:
        node = frontier.pop()
        new = {int(other) for other in np.flatnonzero(linked[node])} - seen
        seen |= new
        frontier.extend(new)
    return tuple(sorted(seen))
