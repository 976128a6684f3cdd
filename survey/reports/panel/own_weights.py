"""Weights of one expert's answers, which only the expert sees."""

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
    """Weights of one expert's answers under one parent.

    ``weights`` is None until the answers connect every item. ``fits`` says whether
    the judgements are consistent enough; None if they cannot contradict one another:
    points, ratings, two items, no more judgements than needed.
    """

    weights: LocalWeights | None
    fits: bool | None = None


def by_weight(weights: LocalWeights) -> list[str]:
    """Sort codes by weight, the heaviest first; equal weights keep their order.

    Weights that differ only by rounding are equal, as for ranks.
    """
    codes = list(weights)
    return [codes[place] for place in falling(list(weights.values()))]


def weights_of_judgements(items: tuple[str, ...], steps: Steps) -> GroupWeights:
    """Return local weights from judgements, complete or not.

    The threshold of the geometric consistency index corresponds to a consistency
    ratio of 0.1 (Aguarón and Moreno-Jiménez 2003).
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
    items: Sequence[str], points: Mapping[str, float], kind: str = DIRECT
) -> GroupWeights:
    """Return local weights from points or ratings as in the consensus, zeros replaced."""
    if set(items) - points.keys() or not is_whole(kind, points.values()):
        return GroupWeights(None)
    return GroupWeights(shares_of_points(items, points))


def weights_of_indicators(
    framework: Framework, local: Mapping[str, LocalWeights | None]
) -> LocalWeights | None:
    """Return all indicators' overall weights; None if a parent's weights are missing.

    An only child has the whole weight of its parent without a question.
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
