"""Priorities and consistency of one expert's answers under one parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

import aggregation
from survey.reports.panel.short_forms import short_pairs
from survey.values import BEST_WORST, DIRECT, RATING, Expert, Extremes, Study, is_whole


class State(StrEnum):
    """State of the answers under one parent; only those judged count in the consensus."""

    JUDGED = "judged"
    #: The expert said that they cannot judge.
    ABSTAINED = "abstained"
    #: No answer, or the points do not sum to 100, or no rating is above 0.
    UNANSWERED = "unanswered"
    #: The comparisons fall into unconnected parts.
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Consistency:
    """Measures of consistency of judgements. Points and ratings have none.

    ``ratio`` is the consistency ratio, None if a judgement is missing.
    ``input_ratio`` is the input-based ratio of a complete best-worst answer (Liang,
    Brunelli and Rezaei 2020), and ``input_threshold`` its threshold: None for
    other answers, and if no threshold has been published.
    ``geometric_index`` is the geometric consistency index, ``threshold`` its value
    for a ratio of 0.1, and ``relative_index`` the index as a share of the mean
    index of random judgements. All are without unit.
    """

    ratio: float | None
    geometric_index: float
    threshold: float
    relative_index: float
    input_ratio: float | None = None
    input_threshold: float | None = None

    @property
    def relative_threshold(self) -> float:
        """``threshold`` as a share of the mean index of random judgements."""
        return self.threshold / aggregation.RANDOM_GCI


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """Answers of one expert under one parent: ``given`` of ``asked`` pairs or numbers."""

    expert: str
    parent: str
    kind: str
    state: State
    given: int
    asked: int
    #: By item, summing to 1; None if the answers do not count.
    priorities: Mapping[str, float] | None = None
    consistency: Consistency | None = None
    #: Number of zeros among the points that were replaced.
    zeros: int = 0
    #: The parts of a graph of comparisons that is not connected.
    parts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Reader:
    """Evaluation of a study's answers by one method of priorities."""

    study: Study
    method: str
    #: None if consistency is not needed: it takes longer than the priorities.
    random_index: str | float | None
    #: The rule that replaces a zero among points: one of `aggregation.points.ZERO_RULES`.
    zero_rule: str = "bounded"

    def answers(self, expert: Expert, parent: str) -> GroupAnswers:
        """Return an expert's answers under a parent, with priorities and consistency.

        Raises
        ------
        aggregation.Incomplete
            If the method needs every pair, and one is missing.
        aggregation.NoRandomIndex
            If the table has no value for so many items.
        """
        if expert.kind in (DIRECT, RATING):
            return self._of_points(expert, parent)
        return self._of_pairs(expert, parent)

    def _of_pairs(self, expert: Expert, parent: str) -> GroupAnswers:
        children = self.study.framework.children(parent)
        steps = self._steps.get((expert.code, parent), {})
        pairs = len(children) * (len(children) - 1) // 2
        is_star = expert.kind == BEST_WORST and len(children) > 2
        silent = GroupAnswers(
            expert.code,
            parent,
            expert.kind,
            self._silence(expert, parent),
            len(steps),
            2 * len(children) - 3 if is_star else pairs,
        )
        if not steps:
            return silent
        matrix = comparison_matrix(children, steps)
        # A star lacks pairs by design: its weights are always by least squares.
        method = "geometric-mean" if is_star else self.method
        try:
            shares = aggregation.priorities(matrix, method)
        except aggregation.DisconnectedGraph as error:
            parts = tuple(tuple(children[place] for place in part) for part in error.parts)
            return replace(silent, state=State.DISCONNECTED, parts=parts)
        return replace(
            silent,
            state=State.JUDGED,
            priorities=dict(zip(children, shares.tolist(), strict=True)),
            consistency=self._consistency(
                matrix,
                complete=len(steps) == pairs,
                star=self._extremes.get((expert.code, parent)),
            ),
        )

    def _consistency(
        self, matrix: NDArray[np.float64], complete: bool, star: Extremes | None
    ) -> Consistency | None:
        if self.random_index is None:
            return None
        index = float(aggregation.geometric_consistency_index(matrix))
        consistency = Consistency(
            ratio=(
                float(aggregation.consistency_ratio(matrix, self.random_index))
                if complete
                else None
            ),
            geometric_index=index,
            threshold=aggregation.gci_threshold(len(matrix)),
            relative_index=index / aggregation.RANDOM_GCI,
        )
        return _with_input_ratio(consistency, matrix, self._places(star)) if star else consistency

    def _places(self, star: Extremes) -> tuple[int, int]:
        children = self.study.framework.children(star.parent)
        return children.index(star.best), children.index(star.worst)

    def _of_points(self, expert: Expert, parent: str) -> GroupAnswers:
        children = self.study.framework.children(parent)
        points = self._points.get((expert.code, parent), {})
        given, asked = len(points), len(children)
        silent = GroupAnswers(
            expert.code, parent, expert.kind, self._silence(expert, parent), given, asked
        )
        if given < asked or not is_whole(expert.kind, points.values()):
            return silent
        return replace(
            silent,
            state=State.JUDGED,
            priorities=shares_of_points(children, points, self.zero_rule),
            zeros=sum(points[child] == 0 for child in children),
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
    def _extremes(self) -> dict[tuple[str, str], Extremes]:
        return {(star.expert, star.parent): star for star in self.study.extremes}

    @cached_property
    def _abstained(self) -> frozenset[tuple[str, str]]:
        """Experts, with the parent, who abstained in a group or in all pairs asked of it."""
        cannot: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for a in self.study.abstentions:
            cannot.setdefault((a.expert, a.parent), set()).add((a.first, a.second))
        return frozenset(
            (expert, parent)
            for (expert, parent), pairs in cannot.items()
            if ("", "") in pairs or pairs >= set(short_pairs(self.study.framework, parent))
        )


def _with_input_ratio(
    consistency: Consistency, matrix: NDArray[np.float64], extremes: tuple[int, int]
) -> Consistency:
    """Return the consistency with the input-based ratio, if the star is complete."""
    best, worst = extremes
    to_others, to_worst = matrix[best], matrix[:, worst]
    if np.isnan(to_others).any() or np.isnan(to_worst).any():
        return consistency
    try:
        threshold = aggregation.input_based_threshold(round(to_others[worst]), len(matrix))
    except aggregation.NoThreshold:
        threshold = None
    return replace(
        consistency,
        input_ratio=float(aggregation.input_based_ratio(to_others, to_worst, extremes)),
        input_threshold=threshold,
    )


def shares_of_points(
    items: Sequence[str], points: Mapping[str, float], zero_rule: str = "bounded"
) -> dict[str, float]:
    """Return priorities from points or ratings: divided by their sum, zeros replaced."""
    shares = aggregation.normalise_points([points[item] for item in items])
    positive = aggregation.replace_zeros(shares, zero_rule)
    return dict(zip(items, positive.tolist(), strict=True))


def comparison_matrix(
    children: tuple[str, ...], steps: Mapping[tuple[str, str], int]
) -> NDArray[np.float64]:
    """Return an expert's judgements (n, n) in the order of ``children``; NaN: missing."""
    places = {child: place for place, child in enumerate(children)}
    matrix = np.full((len(children), len(children)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    ratios = aggregation.ratio_from_steps(list(steps.values())).tolist()
    for (first, second), ratio in zip(steps, ratios, strict=True):
        matrix[places[first], places[second]] = ratio
        matrix[places[second], places[first]] = 1 / ratio
    return matrix
