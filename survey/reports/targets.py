"""Which questions a targeted round asks again, of whom, and why.

Of what an expert left open, of where she contradicts herself, of where she is
far from the panel, and of where one step of hers moves a band: at most six
questions each, the strongest reasons first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import aggregation
from survey.reports.answers import Answers, comparison_matrix
from survey.reports.consensus import asked_parents
from survey.reports.feedback import PanelWeights, panel_weights
from survey.reports.reach import Reach
from survey.values import (
    BAND,
    CONTRADICTORY,
    FAR,
    FEWEST_EXPERTS,
    KINDS,
    UNANSWERED,
    WHY_ASKED,
    Expert,
    Study,
)

#: How many questions an expert is asked at most, if she answered anything before.
MOST = 6
#: A judgement contradicts the others when they predict another by this factor or more.
CONTRADICTS = log(3)
#: She is far from the panel when she lies outside its middle half by this factor or more.
FAR_FROM = log(2)
#: The ends of the scale: the others may predict more, and cannot be followed there.
END = log(9)
#: What one press of a button moves of 100 points.
PRESS = 5.0
ROUNDING = 1e-9

Pair = tuple[str, str]
#: Where an answer is to a whole group.
_WHOLE: Pair = ("", "")


class Target(NamedTuple):
    """A question asked again; ``first`` and ``second`` are empty for a whole list."""

    parent: str
    first: str
    second: str
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What might be asked, and how strongly it should be, in the unit of its reason."""

    target: Target
    size: float

    @property
    def urgency(self) -> tuple[int, float]:
        return WHY_ASKED.index(self.target.why), -self.size


def targets(
    study: Study, pairs: Mapping[str, Sequence[Pair]] | None = None
) -> dict[str, tuple[Target, ...]]:
    """What to ask each expert of a closed round's panel again, in the order of asking.

    ``pairs`` are what that round asked under each parent; by default every
    pair. Who said nothing is asked everything.
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
        for parent in asked_parents(self.study.framework):
            answers = self.panel.answers[expert.code, parent]
            if _WHOLE in self._cannot.get((expert.code, parent), ()):
                continue
            if self.study.framework.asks_every_pair(parent, expert.method):
                yield from self._of_pairs(answers)
            else:
                yield from self._of_list(answers)

    # ------------------------------------------------------------ comparisons

    def _of_pairs(self, answers: Answers) -> Iterator[Candidate]:
        parent, steps = answers.parent, self._steps.get((answers.expert, answers.parent), {})
        for pair, joins in self._open(answers, steps):
            yield Candidate(Target(parent, *pair, UNANSWERED), float(joins))
        if answers.priorities is None:
            return
        for pair, off in self._contradicted(parent, steps):
            yield Candidate(Target(parent, *pair, CONTRADICTORY), off)
        for pair in steps:
            off = self._beyond(parent, pair, answers.expert)
            if off >= FAR_FROM - ROUNDING:
                yield Candidate(Target(parent, *pair, FAR), off)
        for pair, units in self._moving(answers, steps):
            yield Candidate(Target(parent, *pair, BAND), float(units))

    def _open(self, answers: Answers, steps: Mapping[Pair, int]) -> Iterator[tuple[Pair, bool]]:
        """The pairs without an answer, and whether each joins what nothing connects yet."""
        parts = {item: item for item in self.study.framework.children(answers.parent)}
        for first, second in steps:
            _join(parts, first, second)
        cannot = self._cannot.get((answers.expert, answers.parent), frozenset())
        for pair in self.pairs.get(answers.parent, ()):
            if pair not in steps and pair not in cannot:
                yield pair, _join(parts, *pair)

    def _contradicted(self, parent: str, steps: Mapping[Pair, int]) -> Iterator[tuple[Pair, float]]:
        """How far each judgement is from what the others predict of it, as far as the scale goes.

        With three items the three differ alike, and all three are named.
        """
        items = self.study.framework.children(parent)
        matrix = comparison_matrix(items, steps)
        triad = aggregation.contradictions(matrix) if len(items) == 3 else ()
        if triad and triad[0].kind == "end-of-scale":
            return
        predicted = np.clip(np.log(aggregation.predicted_judgements(matrix)), -END, END)
        off = np.abs(np.log(matrix) - predicted)
        for first, second in steps:
            found = float(off[items.index(first), items.index(second)])
            if found >= CONTRADICTS - ROUNDING:
                yield (first, second), found

    def _beyond(self, parent: str, pair: Pair, expert: str) -> float:
        """How far outside the middle half of the panel an expert's ratio lies, in logarithms."""
        logs = self._logs[parent, pair]
        if len(logs) < FEWEST_EXPERTS:
            return 0.0
        low, high = np.quantile(list(logs.values()), (0.25, 0.75))
        return float(max(low - logs[expert], logs[expert] - high, 0.0))

    def _moving(self, answers: Answers, steps: Mapping[Pair, int]) -> Iterator[tuple[Pair, int]]:
        """The pairs whose next step, to one side or the other, moves a band."""
        items = self.study.framework.children(answers.parent)
        shifts = [(pair, shift) for pair in steps for shift in (-1, 1)]
        if not shifts:
            return
        shifted = [
            comparison_matrix(items, {**steps, pair: max(-8, min(8, steps[pair] + shift))})
            for pair, shift in shifts
        ]
        others = aggregation.priorities(np.stack(shifted))
        units = self.reach.moved(answers.parent, list((answers.priorities or {}).values()), others)
        most: dict[Pair, int] = {}
        for (pair, _), count in zip(shifts, units.tolist(), strict=True):
            most[pair] = max(most.get(pair, 0), count)
        yield from ((pair, count) for pair, count in most.items() if count)

    # ------------------------------------------------------------ lists

    def _of_list(self, answers: Answers) -> Iterator[Candidate]:
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
        own = np.array(list(answers.priorities.values()))
        units = self.reach.moved(parent, own.tolist(), _pressed(own))
        if units.any():
            yield Candidate(Target(parent, *_WHOLE, BAND), float(units.max()))

    # ------------------------------------------------------------ what was said

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
        """The ratio of every pair by expert, in logarithms: as judged, or as her points imply."""
        return {
            (parent, pair): dict(self._logs_of(parent, pair))
            for parent in asked_parents(self.study.framework)
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
            elif found.priorities is not None and not every_pair[expert.method]:
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
    """Each question with its strongest reason."""
    found: dict[tuple[str, str, str], Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: one.urgency):
        target = candidate.target
        found.setdefault((target.parent, target.first, target.second), candidate)
    return list(found.values())


def _join(parts: dict[str, str], first: str, second: str) -> bool:
    """Put two items in one part; whether they were in two."""
    one, other = parts[first], parts[second]
    for item, part in parts.items():
        if part == other:
            parts[item] = one
    return one != other


def _pressed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shares after one press on each item, more and less, the others scaled to fit."""
    rows = []
    for place, share in enumerate(shares.tolist()):
        for press in (PRESS / 100, -PRESS / 100):
            moved = min(max(share + press, 0.005), 0.995)
            row = shares * (1 - moved) / (1 - share)
            row[place] = moved
            rows.append(row)
    return np.stack(rows)
