"""Choice of the questions that a targeted round asks each expert again.

These are questions that the expert left open, where their answers contradict one
another or are far from the panel, and where their next step would change a band: at
most six questions each, the strongest reasons first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

import aggregation
from survey.reports.panel.answers import GroupAnswers, comparison_matrix
from survey.reports.panel.feedback import PanelWeights, panel_weights
from survey.reports.panel.reach import Reach
from survey.values import (
    BAND,
    CONTRADICTORY,
    FAR,
    FEWEST_EXPERTS,
    KINDS,
    PRESS,
    UNANSWERED,
    WHY_ASKED,
    Expert,
    Study,
    Target,
    is_one_or_two,
)

#: The most questions asked of an expert who answered something before.
MOST = 6
#: A judgement contradicts the others if they predict another value by this factor or more.
CONTRADICTS = log(3)
#: An answer is far from the panel if it is outside its middle 50 % by this factor or more.
FAR_FROM = log(2)
#: The end of the scale, which limits predictions from the other judgements.
END = log(9)
ROUNDING = 1e-9

Pair = tuple[str, str]
#: In place of a pair, for an answer to a whole group.
_WHOLE: Pair = ("", "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Possible target, with the size of its reason, in the unit of that reason."""

    target: Target
    size: float

    @property
    def urgency(self) -> tuple[int, float]:
        # Sizes that differ only in their last bits are equal.
        return WHY_ASKED.index(self.target.why), -round(self.size, 9)


def targets_of(
    study: Study, pairs: Mapping[str, Sequence[Pair]] | None = None
) -> dict[str, tuple[Target, ...]]:
    """Return what to ask each expert of a closed round again, in the order of asking.

    ``pairs`` are the pairs that the round asked under each parent, by default all.
    An expert who gave no answer is asked everything.
    """
    framework = study.framework
    every = {parent: tuple(framework.pairs(parent)) for parent in framework.parents}
    return _Chooser(study, every if pairs is None else pairs).chosen()


class _Chooser:
    def __init__(self, study: Study, pairs: Mapping[str, Sequence[Pair]]) -> None:
        self.study = study
        self.pairs = pairs
        self.panel: PanelWeights = panel_weights(study)
        self.reach = Reach(study)

    def chosen(self) -> dict[str, tuple[Target, ...]]:
        return {expert.code: tuple(self._of(expert)) for expert in self.study.panel}

    def _of(self, expert: Expert) -> Iterable[Target]:
        candidates = list(self._candidates(expert))
        if expert.code in self._spoke:
            candidates = sorted(_once(candidates), key=lambda found: found.urgency)[:MOST]
        asked = {found.target: found for found in candidates}
        return sorted(
            asked, key=lambda target: self._order[target.parent, target.first, target.second]
        )

    def _candidates(self, expert: Expert) -> Iterator[Candidate]:
        for parent in self.study.framework.asked_parents:
            answers = self.panel.answers[expert.code, parent]
            if _WHOLE in self._cannot.get((expert.code, parent), ()):
                continue
            if self.study.framework.asks_every_pair(parent, expert.kind):
                yield from self._of_pairs(answers)
            else:
                yield from self._of_list(answers)

    # ------------------------------------------------------------ comparisons

    def _of_pairs(self, answers: GroupAnswers) -> Iterator[Candidate]:
        parent, steps = answers.parent, self._steps.get((answers.expert, answers.parent), {})
        for pair, joins in self._open(answers, steps):
            yield Candidate(Target(parent, *pair, UNANSWERED), float(joins))
        if answers.priorities is None:
            return
        for pair, off in self._contradicted(answers, steps):
            yield Candidate(Target(parent, *pair, CONTRADICTORY), off)
        for pair in steps:
            off = self._beyond(parent, pair, answers.expert)
            if off >= FAR_FROM - ROUNDING:
                yield Candidate(Target(parent, *pair, FAR), off)
            if units := self._units_moved(answers, pair):
                yield Candidate(Target(parent, *pair, BAND), float(units))

    def _open(
        self, answers: GroupAnswers, steps: Mapping[Pair, int]
    ) -> Iterator[tuple[Pair, bool]]:
        """Yield the pairs without an answer, and whether each connects two separate parts."""
        parts = {item: item for item in self.study.framework.children(answers.parent)}
        for first, second in steps:
            _join(parts, first, second)
        cannot = self._cannot.get((answers.expert, answers.parent), frozenset())
        for pair in self.pairs.get(answers.parent, ()):
            if pair not in steps and pair not in cannot:
                yield pair, _join(parts, *pair)

    def _contradicted(
        self, answers: GroupAnswers, steps: Mapping[Pair, int]
    ) -> Iterator[tuple[Pair, float]]:
        """Yield judgements that contradict the others, with distances to predictions.

        The prediction is limited to the scale. With three items all three judgements have
        the same distance, and all three are yielded.
        """
        off = self._residuals[answers.expert, answers.parent]
        items = self.study.framework.children(answers.parent)
        found = {
            (first, second): float(off[items.index(first), items.index(second)])
            for first, second in steps
        }
        far = {pair: by for pair, by in found.items() if by >= CONTRADICTS - ROUNDING}
        if far and len(items) == 3:
            (triad,) = aggregation.contradictions(comparison_matrix(items, steps))
            if triad.kind == "end-of-scale":
                return
        yield from far.items()

    def _beyond(self, parent: str, pair: Pair, expert: str) -> float:
        """Return the distance of an expert's ratio from the panel's middle 50 %, in logs."""
        low, high = self._middle_half[parent, pair]
        own = self._logs[parent, pair][expert]
        return max(low - own, own - high, 0.0)

    def _units_moved(self, answers: GroupAnswers, question: Pair) -> int:
        """Return how many units change their band by an expert's next step.

        0 if the bands, with the expert's own answers, would reveal those of one or two others.
        """
        units = self._moved[answers.expert, answers.parent, question]
        return 0 if units and self._has_few_others(answers.expert) else units

    def _has_few_others(self, expert: str) -> bool:
        """Whether under some parent only one or two other experts have weights."""
        return any(
            is_one_or_two(count - (self.panel.answers[expert, parent].priorities is not None))
            for parent, count in self._judged.items()
        )

    # ------------------------------------------------------------ lists

    def _of_list(self, answers: GroupAnswers) -> Iterator[Candidate]:
        parent = answers.parent
        if answers.priorities is None or answers.given < answers.asked:
            yield Candidate(Target(parent, *_WHOLE, UNANSWERED), 1.0)
            return
        off = max(
            self._beyond(parent, pair, answers.expert)
            for pair in self.study.framework.pairs(parent)
        )
        if off >= FAR_FROM - ROUNDING:
            yield Candidate(Target(parent, *_WHOLE, FAR), off)
        if units := self._units_moved(answers, _WHOLE):
            yield Candidate(Target(parent, *_WHOLE, BAND), float(units))

    # ------------------------------------------------------------ of the whole panel at once

    @cached_property
    def _residuals(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Log distances of ratios from the others' predictions, by expert and parent.

        NaN where there is no judgement; predictions are limited to the ends of the scale.
        """
        found: dict[tuple[str, str], NDArray[np.float64]] = {}
        for parent in self.study.framework.asked_parents:
            if self._judging[parent]:
                matrices = self._matrices(parent)
                predicted = np.clip(np.log(aggregation.predicted_judgements(matrices)), -END, END)
                off = np.abs(np.log(matrices) - predicted)
                found |= {(e, parent): o for e, o in zip(self._judging[parent], off, strict=True)}
        return found

    @cached_property
    def _middle_half(self) -> dict[tuple[str, Pair], tuple[float, float]]:
        """Quartiles of every pair's ratio, in logarithms; infinite for too few experts.

        The expert who learns of them is one of those who answered: three others are needed.
        """
        found = {}
        for place, logs in self._logs.items():
            low, high = -np.inf, np.inf
            if len(logs) > FEWEST_EXPERTS:
                low, high = np.quantile(list(logs.values()), (0.25, 0.75)).tolist()
            found[place] = (low, high)
        return found

    @cached_property
    def _moved(self) -> Counter[tuple[str, str, Pair]]:
        """Number of units that change their band by an expert's next step at a question."""
        moved: Counter[tuple[str, str, Pair]] = Counter()
        for parent in self.study.framework.asked_parents:
            for expert, question, units in (*self._by_steps(parent), *self._by_presses(parent)):
                moved[expert, parent, question] = max(moved[expert, parent, question], units)
        return moved

    def _by_steps(self, parent: str) -> Iterator[tuple[str, Pair, int]]:
        """Yield the units moved by one step more or less at each pair of each expert."""
        items = self.study.framework.children(parent)
        experts, matrices = self._judging[parent], self._matrices(parent)
        own = self._priorities(parent, experts)
        for pair in self.study.framework.pairs(parent):
            said = [k for k, expert in enumerate(experts) if pair in self._steps[expert, parent]]
            first, second = (items.index(item) for item in pair)
            steps = np.array([self._steps[experts[k], parent][pair] for k in said], np.int64)
            for shift in (-1, 1) if said else ():
                ratios = aggregation.ratio_from_steps(np.clip(steps + shift, -8, 8))
                shifted = matrices[said]
                shifted[:, first, second], shifted[:, second, first] = ratios, 1 / ratios
                units = self.reach.moved(parent, own[said], aggregation.priorities(shifted))
                yield from (
                    (experts[k], pair, u) for k, u in zip(said, units.tolist(), strict=True)
                )

    def _by_presses(self, parent: str) -> Iterator[tuple[str, Pair, int]]:
        """Yield the units moved by one press more or less at each item of each list."""
        experts = [
            expert.code
            for expert in self.study.panel
            if not self.study.framework.asks_every_pair(parent, expert.kind)
            and self.panel.answers[expert.code, parent].priorities is not None
        ]
        if experts:
            own = self._priorities(parent, experts)
            for others in _pressed(own):
                units = self.reach.moved(parent, own, others)
                for expert, count in zip(experts, units.tolist(), strict=True):
                    yield expert, _WHOLE, count

    @cached_property
    def _judged(self) -> Counter[str]:
        """Number of experts with priorities under each parent."""
        found = self.panel.answers.values()
        return Counter(answers.parent for answers in found if answers.priorities is not None)

    @cached_property
    def _judging(self) -> dict[str, list[str]]:
        """The experts whose comparisons under a parent give priorities."""
        framework = self.study.framework
        return {
            parent: [
                expert.code
                for expert in self.study.panel
                if framework.asks_every_pair(parent, expert.kind)
                and self.panel.answers[expert.code, parent].priorities is not None
            ]
            for parent in framework.asked_parents
        }

    def _matrices(self, parent: str) -> NDArray[np.float64]:
        """Return the judgements under a parent, (experts, n, n)."""
        items = self.study.framework.children(parent)
        found = [comparison_matrix(items, self._steps[e, parent]) for e in self._judging[parent]]
        return np.array(found).reshape(-1, len(items), len(items))

    def _priorities(self, parent: str, experts: Sequence[str]) -> NDArray[np.float64]:
        """Return the priorities of these experts, (experts, n)."""
        found = (self.panel.answers[expert, parent].priorities or {} for expert in experts)
        return np.array([list(shares.values()) for shares in found])

    # ------------------------------------------------------------ answers

    @cached_property
    def _steps(self) -> dict[tuple[str, str], dict[Pair, int]]:
        said: dict[tuple[str, str], dict[Pair, int]] = {}
        for j in self.study.judgements:
            said.setdefault((j.expert, j.parent), {})[j.first, j.second] = j.steps
        return said

    @cached_property
    def _cannot(self) -> dict[tuple[str, str], frozenset[Pair]]:
        said: dict[tuple[str, str], frozenset[Pair]] = {}
        for a in self.study.abstentions:
            place = (a.expert, a.parent)
            said[place] = said.get(place, frozenset()) | {(a.first, a.second)}
        return said

    @cached_property
    def _spoke(self) -> frozenset[str]:
        study = self.study
        return frozenset(
            (
                *(judgement.expert for judgement in study.judgements),
                *(allocation.expert for allocation in study.allocations),
                *(abstention.expert for abstention in study.abstentions),
            )
        )

    @cached_property
    def _logs(self) -> dict[tuple[str, Pair], dict[str, float]]:
        """The ratio of every pair by expert, in logs: as judged, or implied by points."""
        return {
            (parent, pair): dict(self._logs_of(parent, pair))
            for parent in self.study.framework.asked_parents
            for pair in self.study.framework.pairs(parent)
        }

    def _logs_of(self, parent: str, pair: Pair) -> Iterator[tuple[str, float]]:
        framework = self.study.framework
        every_pair = {kind: framework.asks_every_pair(parent, kind) for kind in KINDS}
        for expert in self.study.panel:
            found = self.panel.answers[expert.code, parent]
            steps = self._steps.get((expert.code, parent), {})
            if pair in steps:
                yield expert.code, log(float(aggregation.ratio_from_steps(steps[pair])))
            elif found.priorities is not None and not every_pair[expert.kind]:
                first, second = (found.priorities[item] for item in pair)
                yield expert.code, log(first / second)

    @cached_property
    def _order(self) -> dict[tuple[str, str, str], int]:
        framework = self.study.framework
        asked = [
            (parent, *pair)
            for parent in framework.parents
            for pair in (_WHOLE, *framework.pairs(parent))
        ]
        return {question: place for place, question in enumerate(asked)}


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return each question once, with its strongest reason."""
    found: dict[tuple[str, str, str], Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: one.urgency):
        target = candidate.target
        found.setdefault((target.parent, target.first, target.second), candidate)
    return list(found.values())


def _join(parts: dict[str, str], first: str, second: str) -> bool:
    """Join the parts of two items; return whether they were separate."""
    one, other = parts[first], parts[second]
    for item, part in parts.items():
        if part == other:
            parts[item] = one
    return one != other


def _pressed(shares: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield the shares (experts, n) after each press at one item, the others rescaled."""
    for place in range(shares.shape[-1]):
        share = shares[:, place, None]
        for press in (PRESS / 100, -PRESS / 100):
            moved = np.clip(share + press, 0.005, 0.995)
            others = shares * (1 - moved) / (1 - share)
            others[:, place] = moved[:, 0]
            yield others
