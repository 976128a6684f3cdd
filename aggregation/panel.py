"""The panel: from each expert's priorities to the consensus, with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.faults import NobodyJudged, NotATree, ZeroPoints
from aggregation.group import as_priorities
from aggregation.least_squares import shares
from aggregation.matrices import Array, first_place

Tree = Mapping[str, Sequence[str]]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ConsensusWeights:
    """What a panel agrees on, down a tree of criteria.

    ``local`` and ``local_intervals`` are by parent, then child; ``global_weights``
    and ``global_intervals`` by leaf; ``counts`` says how many experts judged each
    parent. An interval is None where fewer than two experts judged: one opinion
    has no spread.
    """

    local: dict[str, dict[str, float]]
    global_weights: dict[str, float]
    local_intervals: dict[str, dict[str, Interval | None]]
    global_intervals: dict[str, Interval | None]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Centre:
    """The consensus under one parent, and how each expert pulls at its logarithm."""

    weights: Array
    #: (K, n), z_ki = (d_ki - Σ_j w_j d_kj) / K; 0 in the row of an abstention.
    pulls: Array
    #: How many experts judged; None where there was nothing to judge.
    count: int | None


def consensus_weights(
    tree: Tree, expert_priorities: Mapping[str, ArrayLike], confidence: float = 0.95
) -> ConsensusWeights:
    """Draw the consensus of a panel down a tree of criteria.

    Under each parent: the equal-weight geometric mean of the priorities of the
    experts who judged it, renormalised [1]_; a global weight is the product
    down the tree. The interval is Student's t on the experts' centred logs,
    w·exp(± t_{K-1} √(Σ_k z_k² K/(K-1))), where z_k is what expert k adds to the
    logarithm of the weight, summed over the parents of the branch, and K the
    smallest number of experts on it.

    Parameters
    ----------
    tree : mapping
        Each parent to its children, in order; the root is nobody's child, the
        leaves have no entry.
    expert_priorities : mapping
        Each parent to an array (K, n): one row per expert, in the same order
        under every parent, one column per child, summing to 1; a row of NaN is
        an expert who did not judge this parent. A parent with a single child
        needs no entry: its child has weight 1.
    confidence : float
        The probability that an interval covers.

    Raises
    ------
    NobodyJudged
        With the parent that no expert judged.
    NotATree
        If there is not one root from which every parent hangs.
    NotPriorities, ZeroPoints
        With the place in the panel: (expert,).

    References
    ----------
    .. [1] Forman, E. and Peniwati, K. (1998). Aggregating individual judgments and
       priorities with the analytic hierarchy process. Eur. J. Oper. Res. 108,
       165-169.

    Examples
    --------
    >>> panel = {"goal": [[0.2, 0.8], [0.8, 0.2], [0.5, 0.5]]}
    >>> consensus = consensus_weights({"goal": ("cost", "risk")}, panel)
    >>> consensus.global_weights
    {'cost': 0.5, 'risk': 0.5}
    """
    _check_tree(tree)
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
    experts = _panel_size(expert_priorities)
    centres = {
        parent: _centre(parent, len(children), expert_priorities, experts)
        for parent, children in tree.items()
    }
    branches = {leaf: _branch(tree, leaf) for leaf in _leaves(tree)}
    global_weights = {leaf: _product(centres, branch) for leaf, branch in branches.items()}
    return ConsensusWeights(
        local={
            parent: dict(zip(children, centres[parent].weights.tolist(), strict=True))
            for parent, children in tree.items()
        },
        global_weights=global_weights,
        local_intervals={
            parent: {
                child: _interval(
                    float(centres[parent].weights[place]), centres, [(parent, place)], confidence
                )
                for place, child in enumerate(children)
            }
            for parent, children in tree.items()
        },
        global_intervals={
            leaf: _interval(global_weights[leaf], centres, branch, confidence)
            for leaf, branch in branches.items()
        },
        counts={parent: centre.count or 0 for parent, centre in centres.items()},
    )


def _centre(
    parent: str, children: int, expert_priorities: Mapping[str, ArrayLike], experts: int
) -> _Centre:
    if children == 1:
        return _Centre(np.ones(1), np.zeros((experts, 1)), None)
    if parent not in expert_priorities or experts == 0:
        raise NobodyJudged(parent)
    p, judged = as_priorities(expert_priorities[parent])
    if p.shape != (experts, children):
        raise ValueError(
            f"priorities under {parent!r} have shape {p.shape}, not {(experts, children)}"
        )
    if not judged.any():
        raise NobodyJudged(parent)
    if (p == 0).any():
        raise ZeroPoints(first_place((p == 0).any(axis=-1)))
    return _centre_of_logs(np.log(p[judged]), judged)


def _centre_of_logs(logs: Array, judged: NDArray[np.bool_]) -> _Centre:
    u = logs - logs.mean(axis=-1, keepdims=True)
    middle = u.mean(axis=0)
    weights = shares(middle)
    deviations = u - middle
    pulls = np.zeros((judged.size, weights.size))
    pulls[judged] = (deviations - (deviations @ weights)[:, None]) / len(u)
    return _Centre(weights, pulls, len(u))


def _interval(
    weight: float, centres: Mapping[str, _Centre], branch: list[tuple[str, int]], confidence: float
) -> Interval | None:
    counts = [count for parent, _ in branch if (count := centres[parent].count) is not None]
    if not counts:
        return weight, weight
    k = min(counts)
    if k < 2:
        return None
    pulls = sum((centres[parent].pulls[:, place] for parent, place in branch), np.zeros(1))
    half_width = _t_quantile(k - 1, confidence) * sqrt(float(pulls @ pulls) * k / (k - 1))
    return weight * exp(-half_width), weight * exp(half_width)


def _t_quantile(freedom: int, confidence: float) -> float:
    # Imported here: scipy.special costs a tenth of a second, which most callers need not pay.
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def _product(centres: Mapping[str, _Centre], branch: list[tuple[str, int]]) -> float:
    weight = 1.0
    for parent, place in branch:
        weight *= float(centres[parent].weights[place])
    return weight


def _panel_size(expert_priorities: Mapping[str, ArrayLike]) -> int:
    sizes = {len(np.asarray(rows)) for rows in expert_priorities.values()}
    if len(sizes) > 1:
        raise ValueError(f"the parents list panels of different sizes: {sorted(sizes)}")
    return sizes.pop() if sizes else 0


def _check_tree(tree: Tree) -> None:
    children = [child for listed in tree.values() for child in listed]
    twice = {child for child in children if children.count(child) > 1}
    childless = {parent for parent, listed in tree.items() if not listed}
    roots = [parent for parent in tree if parent not in children]
    if len(roots) != 1 or twice or childless:
        raise NotATree(tuple(sorted(twice | childless)) or tuple(roots) or tuple(tree))
    hanging = list(roots)
    for parent in hanging:
        hanging.extend(child for child in tree[parent] if child in tree)
    if len(hanging) < len(tree):
        raise NotATree(tuple(parent for parent in tree if parent not in hanging))


def _leaves(tree: Tree) -> list[str]:
    return [child for children in tree.values() for child in children if child not in tree]


def _branch(tree: Tree, leaf: str) -> list[tuple[str, int]]:
    """The steps from the root to a leaf: each parent, and the child's place under it."""
    above = {
        child: (parent, place)
        for parent, children in tree.items()
        for place, child in enumerate(children)
    }
    branch = [above[leaf]]
    while branch[0][0] in above:
        branch.insert(0, above[branch[0][0]])
    return branch
