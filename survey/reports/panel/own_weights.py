"""The weights that one expert's answers give, for her own eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregation import (
    DisconnectedGraph,
    gci_threshold,
    geometric_consistency_index,
    priorities,
    synthesise,
)
from aggregation.ties import falling
from survey.reports.panel.answers import comparison_matrix, shares_of_points
from survey.values import DIRECT, GOAL, Framework, is_whole

#: Steps from equal, toward the first (+) or the second (-), by pair.
Steps = Mapping[tuple[str, str], int]

LocalWeights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GroupWeights:
    """What one expert's answers under one parent come to.

    ``weights`` is None until the answers reach every item. ``fits`` says
    whether the judgements fit together well; None where nothing can contradict
    anything: points, ratings, two items, no more judgements than it takes.
    """

    weights: LocalWeights | None
    fits: bool | None = None


def by_weight(weights: LocalWeights) -> list[str]:
    """Sort codes by weight, the heaviest first; equal weights keep their order.

    Weights that differ by no more than rounding are equal, as ranks see them.
    """
    codes = list(weights)
    return [codes[place] for place in falling(list(weights.values()))]


def weights_of_judgements(items: tuple[str, ...], steps: Steps) -> GroupWeights:
    """Draw local weights from judgements, complete or not.

    The threshold of the geometric consistency index is the one that goes with
    a consistency ratio of 0.1 (Aguarón and Moreno-Jiménez 2003).
    """
    matrix = comparison_matrix(items, steps)
    try:
        shares = priorities(matrix)
    except DisconnectedGraph:
        return GroupWeights(None)
    fits = None
    if len(steps) >= len(items):
        fits = bool(geometric_consistency_index(matrix) <= gci_threshold(len(items)))
    return GroupWeights(dict(zip(items, shares.tolist(), strict=True)), fits)


def weights_of_points(
    items: Sequence[str], points: Mapping[str, float], method: str = DIRECT
) -> GroupWeights:
    """Turn 100 points or ratings into local weights as the consensus does, zeros replaced."""
    if set(items) - points.keys() or not is_whole(method, points.values()):
        return GroupWeights(None)
    return GroupWeights(shares_of_points(items, points))


def weights_of_indicators(
    framework: Framework, local: Mapping[str, LocalWeights | None]
) -> LocalWeights | None:
    """Each indicator's share of the whole; None while the weights under a parent are missing.

    An only child takes the whole of its parent without being asked about.
    """
    nodes = (*framework.children(GOAL), *(i.code for i in framework.indicators))
    above = {i.code: i.group for i in framework.indicators}
    shares = []
    for node in nodes:
        parent = above.get(node, GOAL)
        siblings = local.get(parent) if len(framework.children(parent)) > 1 else {node: 1.0}
        if siblings is None:
            return None
        shares.append(siblings[node])
    place = {node: position for position, node in enumerate(nodes)}
    whole = synthesise(shares, [place.get(above.get(node, GOAL), -1) for node in nodes])
    return {node: share for node, share in zip(nodes, whole.tolist(), strict=True) if node in above}
