"""What one expert's answers under one parent imply: priorities and consistency, or silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import fsum

import numpy as np
from numpy.typing import NDArray

import aggregation
from survey.values import DIRECT, POINTS_TOLERANCE, Expert, Study


class State(StrEnum):
    """Whether the answers under one parent count in the consensus."""

    JUDGED = "judged"
    #: She said that she cannot judge.
    ABSTAINED = "abstained"
    #: She said nothing, or her points are not a hundred yet.
    UNANSWERED = "unanswered"
    #: Her comparisons fall into parts that nothing connects.
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far pairwise judgements contradict one another. Points cannot, and have none.

    ``ratio`` is the consistency ratio, None where a judgement is missing.
    ``geometric_index`` is the geometric consistency index, ``threshold`` what
    goes with a ratio of 0.1, and ``relative_index`` the index as a share of
    what random judgements have on average. All are without unit.
    """

    ratio: float | None
    geometric_index: float
    threshold: float
    relative_index: float

    @property
    def relative_threshold(self) -> float:
        """``threshold`` as the same share."""
        return self.threshold / aggregation.RANDOM_GCI


@dataclass(frozen=True, slots=True)
class Answers:
    """One expert under one parent. ``given`` of ``asked`` pairs, or items with points."""

    expert: str
    parent: str
    method: str
    state: State
    given: int
    asked: int
    #: By item, summing to 1; None where the answers do not count.
    priorities: Mapping[str, float] | None = None
    consistency: Consistency | None = None
    #: How many zeros among the points were made small.
    zeros: int = 0
    #: The parts of a graph of comparisons that falls apart.
    parts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads the answers of a study by one method of priorities."""

    study: Study
    method: str
    random_index: str | float

    def answers(self, expert: Expert, parent: str) -> Answers:
        """What an expert's answers under a parent imply.

        Raises
        ------
        aggregation.Incomplete
            If the method needs every pair, and one is missing.
        aggregation.NoRandomIndex
            If the table has no value for so many items.
        """
        if expert.method == DIRECT:
            return self._of_points(expert, parent)
        return self._of_pairs(expert, parent)

    def _of_pairs(self, expert: Expert, parent: str) -> Answers:
        children = self.study.framework.children(parent)
        steps = self._steps.get((expert.code, parent), {})
        asked = len(children) * (len(children) - 1) // 2
        silent = Answers(
            expert.code, parent, expert.method, self._silence(expert, parent), len(steps), asked
        )
        if not steps:
            return silent
        matrix = comparison_matrix(children, steps)
        try:
            shares = aggregation.priorities(matrix, self.method)
        except aggregation.DisconnectedGraph as error:
            parts = tuple(tuple(children[place] for place in part) for part in error.parts)
            return replace(silent, state=State.DISCONNECTED, parts=parts)
        return replace(
            silent,
            state=State.JUDGED,
            priorities=dict(zip(children, shares.tolist(), strict=True)),
            consistency=self._consistency(matrix, complete=len(steps) == asked),
        )

    def _consistency(self, matrix: NDArray[np.float64], complete: bool) -> Consistency:
        index = float(aggregation.geometric_consistency_index(matrix))
        return Consistency(
            ratio=(
                float(aggregation.consistency_ratio(matrix, self.random_index))
                if complete
                else None
            ),
            geometric_index=index,
            threshold=aggregation.gci_threshold(len(matrix)),
            relative_index=index / aggregation.RANDOM_GCI,
        )

    def _of_points(self, expert: Expert, parent: str) -> Answers:
        children = self.study.framework.children(parent)
        points = self._points.get((expert.code, parent), {})
        given, asked = len(points), len(children)
        silent = Answers(
            expert.code, parent, expert.method, self._silence(expert, parent), given, asked
        )
        if given < asked or abs(fsum(points.values()) - 100) > POINTS_TOLERANCE:
            return silent
        shares = aggregation.normalise_points([points[child] for child in children])
        positive = aggregation.replace_zeros(shares)
        return replace(
            silent,
            state=State.JUDGED,
            priorities=dict(zip(children, positive.tolist(), strict=True)),
            zeros=int((shares == 0).sum()),
        )

    def _silence(self, expert: Expert, parent: str) -> State:
        said_so = (expert.code, parent) in self._abstained
        return State.ABSTAINED if said_so else State.UNANSWERED

    @cached_property
    def _steps(self) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
        by_group: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
        for judgement in self.study.judgements:
            pairs = by_group.setdefault((judgement.expert, judgement.parent), {})
            pairs[judgement.first, judgement.second] = judgement.steps
        return by_group

    @cached_property
    def _points(self) -> dict[tuple[str, str], dict[str, float]]:
        by_group: dict[tuple[str, str], dict[str, float]] = {}
        for allocation in self.study.allocations:
            items = by_group.setdefault((allocation.expert, allocation.parent), {})
            items[allocation.item] = allocation.points
        return by_group

    @cached_property
    def _abstained(self) -> frozenset[tuple[str, str]]:
        return frozenset((a.expert, a.parent) for a in self.study.abstentions)


def comparison_matrix(
    children: tuple[str, ...], steps: Mapping[tuple[str, str], int]
) -> NDArray[np.float64]:
    """One expert's judgements, (n, n) in the order of ``children``; NaN where none was given."""
    places = {child: place for place, child in enumerate(children)}
    matrix = np.full((len(children), len(children)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    ratios = aggregation.ratio_from_steps(list(steps.values())).tolist()
    for (first, second), ratio in zip(steps, ratios, strict=True):
        matrix[places[first], places[second]] = ratio
        matrix[places[second], places[first]] = 1 / ratio
    return matrix
