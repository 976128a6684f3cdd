"""Feedback for an expert: the panel's weights in a closed round beside their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import aggregation
from aggregation.ties import falling
from survey.reports.panel.answers import GroupAnswers, Reader, State, comparison_matrix
from survey.reports.panel.own_weights import LocalWeights, Steps, weights_of_indicators
from survey.values import FEWEST_EXPERTS, FEWEST_FOR_QUARTILES, GOAL, Study

#: Shares nearer than this are equal: a computed quartile may differ by a bit from a share.
ON_THE_EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """Overall weights of one indicator: the expert's beside the panel's.

    ``half`` are the quartiles, the ends of the panel's middle 50 %; None for too few others.
    """

    indicator: str
    own: float | None
    median: float
    half: tuple[float, float] | None
    #: (direction, median) if enough others were invited for it, in the framework's order.
    directions: tuple[tuple[str, float], ...]
    #: 1 is the heaviest; the panel's rank is by medians.
    own_rank: int | None
    rank: int

    @property
    def distance(self) -> float:
        """Distance of the expert's weight from the panel's median."""
        return 0.0 if self.own is None else abs(self.own - self.median)

    @property
    def side(self) -> int:
        """-1, 0 or +1 if the expert's weight is below, within or above the middle 50 %."""
        if self.own is None or self.half is None:
            return 0
        low, high = self.half
        return int(self.own > high + ON_THE_EDGE) - int(self.own < low - ON_THE_EDGE)

    @property
    def is_within(self) -> bool:
        """Whether the expert's weight is known to be within the middle 50 %."""
        return None not in (self.own, self.half) and not self.side

    @property
    def highest(self) -> float:
        """The largest share on the card."""
        return max(self.median, self.own or 0.0, *(self.half or ()))


@dataclass(frozen=True, slots=True)
class Feedback:
    """Cards of every indicator, the greatest disagreement first."""

    #: Number of experts with overall weights.
    count: int
    cards: tuple[IndicatorCard, ...]

    @property
    def far(self) -> tuple[IndicatorCard, ...]:
        """The cards outside the middle 50 %, and those where this is not known."""
        return tuple(card for card in self.cards if not card.is_within)

    @property
    def near(self) -> tuple[IndicatorCard, ...]:
        return tuple(card for card in self.cards if card.is_within)

    @property
    def has_halves(self) -> bool:
        """Whether the middle 50 % are shown."""
        return any(card.half for card in self.cards)

    @property
    def top(self) -> float:
        """The largest share in any card."""
        return max((card.highest for card in self.cards), default=0.0)


@dataclass(frozen=True, slots=True)
class PanelWeights:
    """Weights of each expert from their answers in one round."""

    study: Study
    #: By expert and parent.
    answers: Mapping[tuple[str, str], GroupAnswers]
    #: Overall weights by expert, of the experts who judged every group.
    whole: Mapping[str, LocalWeights]

    def answered(self, expert: str) -> bool:
        """Whether an expert judged some group, and judged or abstained in all others."""
        parents = self.study.framework.asked_parents
        found = [self.answers.get((expert, parent)) for parent in parents]
        states = {answers.state if answers else State.UNANSWERED for answers in found}
        return State.JUDGED in states <= {State.JUDGED, State.ABSTAINED}


def panel_weights(study: Study) -> PanelWeights:
    """Return each expert's weights, by the geometric mean."""
    reader = Reader(study, "geometric-mean", None)
    parents = study.framework.asked_parents
    answers = {(e.code, p): reader.answers(e, p) for e in study.panel for p in parents}
    whole = {
        expert.code: weights
        for expert in study.panel
        if (
            weights := weights_of_indicators(
                study.framework, {p: answers[expert.code, p].priorities for p in parents}
            )
        )
    }
    return PanelWeights(study, answers, whole)


def feedback(panel: PanelWeights, reader: str, own: LocalWeights | None) -> Feedback | None:
    """Return the panel's median and middle 50 % of every indicator, beside ``own``.

    Quartiles are numpy's default, by linear interpolation (Hyndman and Fan's type
    7). None if fewer than :data:`survey.values.FEWEST_EXPERTS` others than the
    reader have weights: with the reader's own weights they could be computed. For
    the same reason there are no quartiles with fewer than
    :data:`survey.values.FEWEST_FOR_QUARTILES` others.
    """
    if _others(panel.whole, reader) < FEWEST_EXPERTS:
        return None
    indicators = [indicator.code for indicator in panel.study.framework.indicators]
    shares = {code: [weights[code] for weights in panel.whole.values()] for code in indicators}
    quartiles = {code: np.quantile(given, (0.25, 0.5, 0.75)) for code, given in shares.items()}
    has_halves = _others(panel.whole, reader) >= FEWEST_FOR_QUARTILES
    medians = {code: float(found[1]) for code, found in quartiles.items()}
    directions = _directions(panel, reader)
    cards = [
        IndicatorCard(
            indicator=code,
            own=own[code] if own else None,
            median=medians[code],
            half=(float(quartiles[code][0]), float(quartiles[code][2])) if has_halves else None,
            directions=tuple(
                (direction, float(np.median([panel.whole[expert][code] for expert in experts])))
                for direction, experts in directions.items()
            ),
            own_rank=_rank(own.values(), own[code]) if own else None,
            rank=_rank(medians.values(), medians[code]),
        )
        for code in indicators
    ]
    farthest = falling([card.distance for card in cards])
    return Feedback(len(panel.whole), tuple(cards[place] for place in farthest))


def _others(experts: Iterable[str], reader: str) -> int:
    return sum(expert != reader for expert in experts)


def _directions(panel: PanelWeights, reader: str) -> dict[str, list[str]]:
    """Return the experts of each direction that enough others than the reader have."""
    found: dict[str, list[str]] = {}
    for expert in panel.study.panel:
        if expert.code in panel.whole:
            found.setdefault(expert.direction, []).append(expert.code)
    groups = panel.study.framework.children(GOAL)
    return {
        name: found[name]
        for name in sorted(found, key=lambda name: (*groups, name).index(name))
        if _others(found[name], reader) >= FEWEST_EXPERTS
    }


def _rank(shares: Iterable[float], share: float) -> int:
    return 1 + sum(other > share + ON_THE_EDGE for other in shares)


def moving_pairs(items: Sequence[str], steps: Steps, item: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs with ``item``, first those whose step moves its weight most.

    A pair that was not judged comes before all others.
    """
    touching = [
        (first, second)
        for place, first in enumerate(items)
        for second in items[place + 1 :]
        if item in (first, second)
    ]
    moved = falling([_moved(items, steps, item, pair) for pair in touching])
    return tuple(touching[place] for place in moved)


def _moved(items: Sequence[str], steps: Steps, item: str, pair: tuple[str, str]) -> float:
    """Return the difference of an item's share between one step more and one less."""
    if pair not in steps:
        return 1.0
    place = list(items).index(item)
    shares = []
    for shift in (-1, 1):
        moved = dict(steps)
        moved[pair] = max(-8, min(8, steps[pair] + shift))
        try:
            found = aggregation.priorities(comparison_matrix(tuple(items), moved))
        except aggregation.DisconnectedGraph:
            return 0.0
        shares.append(float(found[place]))
    return abs(shares[1] - shares[0])
