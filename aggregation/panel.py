"""Consensus of a panel from each expert's priorities, with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.faults import NobodyJudged, NotPriorities, UnknownName, ZeroPoints
from aggregation.group import as_priorities
from aggregation.hierarchy import Branch, Tree, branches, check_tree, from_the_root
from aggregation.intervals import INTERVALS, Interval, centre, check_confidence, product
from aggregation.least_squares import shares
from aggregation.matrices import Array, first_place


@dataclass(frozen=True, slots=True)
class ConsensusWeights:
    """Consensus weights of a panel down a tree of criteria.

    ``local`` and ``local_intervals`` are by parent, then child; ``global_weights``
    and ``global_intervals`` by leaf; ``counts`` is the number of experts who judged
    each parent. An interval is None if fewer than two experts judged: one opinion
    has no spread.
    """

    local: dict[str, dict[str, float]]
    global_weights: dict[str, float]
    local_intervals: dict[str, dict[str, Interval | None]]
    global_intervals: dict[str, Interval | None]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Opinions:
    """Experts' opinions on the children of one parent, in logarithms.

    They need not be centred: a constant in an expert's row cancels in the shares and
    in the expert's influence.
    """

    #: (K, n), 0 in the row of an abstention.
    logs: Array
    #: (K,); all False for a single child, which needs no judgement.
    judged: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return int(self.judged.sum())

    def mixed(self, mixtures: Array) -> Array:
        """Return local weights (..., n) if expert k counts ``mixtures[..., k]`` times.

        The weighted geometric mean over those who judged, renormalised.
        """
        if not self.count:
            return np.ones((*mixtures.shape[:-1], self.logs.shape[1]))
        counted = mixtures @ self.judged.astype(float)
        return shares(mixtures @ self.logs / counted[..., None])


@dataclass(frozen=True, slots=True)
class Panel:
    """Opinions of one list of experts under every parent of a tree."""

    tree: Tree
    experts: int
    opinions: dict[str, Opinions]
    branches: dict[str, Branch]

    def global_weights(self, mixtures: Array) -> Array:
        """Return weights (..., leaves) if expert k counts ``mixtures[..., k]`` times."""
        root, *_ = parents = from_the_root(self.tree)
        weights = {root: np.ones(mixtures.shape[:-1])}
        for parent in parents:
            below = self.opinions[parent].mixed(mixtures) * weights[parent][..., None]
            for place, child in enumerate(self.tree[parent]):
                weights[child] = below[..., place]
        return np.stack([weights[leaf] for leaf in self.branches], axis=-1)


def read_panel(tree: Tree, expert_priorities: Mapping[str, ArrayLike]) -> Panel:
    """Check a tree and its experts' priorities, in the format of `consensus_weights`.

    Raises
    ------
    NotATree, NobodyJudged, NotPriorities, ZeroPoints
    """
    check_tree(tree)
    experts = _panel_size(expert_priorities)
    return Panel(
        tree=tree,
        experts=experts,
        opinions={
            parent: _opinions(parent, len(children), expert_priorities, experts)
            for parent, children in tree.items()
        },
        branches=branches(tree),
    )


def consensus_weights(
    tree: Tree,
    expert_priorities: Mapping[str, ArrayLike],
    confidence: float = 0.95,
    intervals: str = "log-odds",
) -> ConsensusWeights:
    """Compute the consensus of a panel down a tree of criteria.

    Under each parent: the equal-weight geometric mean of the priorities of the
    experts who judged it, renormalised [1]_; a global weight is the product
    down the tree. The interval is Student's t on the log-odds,
    logit(w) ± t_ν √(Σ_k z_k²) / (1 - w), where z_k is the contribution of expert k
    to the logarithm of the weight times √(K/(K-1)), summed over the parents of the
    branch with the K experts who judged each; ν is K - 1 if the same experts judged
    all of them, else by Satterthwaite [2]_. The results do not depend on the order
    of the experts.

    Parameters
    ----------
    tree : mapping
        Each parent to its children, in order; the root is not a child, the leaves
        have no entry.
    expert_priorities : mapping
        Each parent to an array (K, n): one row per expert, in the same order
        under every parent, one column per child, summing to 1; a row of NaN is
        an expert who did not judge this parent. A parent with a single child
        needs no entry: its child has weight 1.
    confidence : float
        The probability that an interval covers.
    intervals : str
        ``log-odds``, or ``log``: t on the logarithm with the smallest K of the
        branch, which recomputes weight sets of earlier versions.

    Returns
    -------
    ConsensusWeights

    Raises
    ------
    NobodyJudged
        With the parent that no expert judged.
    NotATree
        If the parents are not all connected to one root.
    NotPriorities, ZeroPoints
        With the place in the panel: (expert,).
    UnknownName

    References
    ----------
    .. [1] Forman, E. and Peniwati, K. (1998). Aggregating individual judgments and
       priorities with the analytic hierarchy process. Eur. J. Oper. Res. 108,
       165-169.
    .. [2] Satterthwaite, F. E. (1946). An approximate distribution of estimates of
       variance components. Biometrics Bull. 2(6), 110-114.

    Examples
    --------
    >>> panel = {"goal": [[0.2, 0.8], [0.8, 0.2], [0.5, 0.5]]}
    >>> consensus = consensus_weights({"goal": ("cost", "risk")}, panel)
    >>> consensus.global_weights
    {'cost': 0.5, 'risk': 0.5}
    """
    check_confidence(confidence)
    if intervals not in INTERVALS:
        raise UnknownName(intervals, tuple(INTERVALS))
    interval = INTERVALS[intervals]
    panel = read_panel(tree, expert_priorities)
    centres = {p: centre(opinions.logs, opinions.judged) for p, opinions in panel.opinions.items()}
    leaves = {
        leaf: [(centres[parent], place) for parent, place in branch]
        for leaf, branch in panel.branches.items()
    }
    return ConsensusWeights(
        local={
            parent: dict(zip(children, centres[parent].weights.tolist(), strict=True))
            for parent, children in tree.items()
        },
        global_weights={leaf: product(steps) for leaf, steps in leaves.items()},
        local_intervals={
            parent: {
                child: interval([(centres[parent], place)], confidence)
                for place, child in enumerate(children)
            }
            for parent, children in tree.items()
        },
        global_intervals={leaf: interval(steps, confidence) for leaf, steps in leaves.items()},
        counts={parent: found.count for parent, found in centres.items()},
    )


def _opinions(
    parent: str, children: int, expert_priorities: Mapping[str, ArrayLike], experts: int
) -> Opinions:
    if children == 1:
        return Opinions(np.zeros((experts, 1)), np.zeros(experts, dtype=bool))
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
    rows = np.where(judged[:, None], p, 1.0).tolist()
    return Opinions(np.array([[log(share) for share in row] for row in rows]), judged)


def _panel_size(expert_priorities: Mapping[str, ArrayLike]) -> int:
    shapes = [np.shape(rows) for rows in expert_priorities.values()]
    if () in shapes:
        raise NotPriorities()
    sizes = {shape[0] for shape in shapes}
    if len(sizes) > 1:
        raise ValueError(f"the parents list panels of different sizes: {sorted(sizes)}")
    return sizes.pop() if sizes else 0
