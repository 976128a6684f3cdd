"""Consensus of a panel's answers, with the answers of each expert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

import aggregation
from survey.reports.panel.answers import GroupAnswers, Reader, State
from survey.reports.refusals import Reason, Refused
from survey.values import GOAL, Framework, Study

#: Rules for answers that fall into unconnected parts.
REFUSE, LEAVE_OUT_DISCONNECTED = DISCONNECTED_RULES = "refuse", "leave-out"

METHODS = ("geometric-mean", "eigenvector")
RANDOM_INDICES = (
    "exact",
    "saaty-1980",
    "saaty-2005",
    "alonso-lamata",
    "alonso-lamata-table",
    "donegan-dodd",
)


@dataclass(frozen=True)
class ConsensusReport:
    """Consensus of a panel, with its answers and parameters; nothing is rounded."""

    framework: Framework
    #: The codes of the experts invited.
    panel: tuple[str, ...]
    #: Every expert under every parent that has something to compare.
    answers: tuple[GroupAnswers, ...]
    weights: aggregation.ConsensusWeights
    method: str
    random_index: str | float
    disconnected: str
    confidence: float
    #: One of `aggregation.points.ZERO_RULES`.
    zero_rule: str
    #: One of `aggregation.intervals.INTERVALS`.
    intervals: str

    def under(self, parent: str, *states: State) -> tuple[GroupAnswers, ...]:
        """Return the answers under a parent, in panel order; only of these states, if any."""
        return tuple(
            a for a in self.answers if a.parent == parent and (not states or a.state in states)
        )

    def of(self, expert: str) -> tuple[GroupAnswers, ...]:
        """Return one expert's answers, in the order of asking."""
        return self._by_expert.get(expert, ())

    def global_priorities(self, expert: str) -> Mapping[str, float] | None:
        """Return one expert's overall weights; None if they did not judge every group."""
        own = {answers.parent: answers.priorities for answers in self.of(expert)}
        if None in own.values():
            return None
        shares = {child: share for local in own.values() for child, share in (local or {}).items()}
        return {
            i.code: prod(shares.get(criterion, 1.0) for criterion in (i.group, i.code))
            for i in self.framework.indicators
        }

    @cached_property
    def _by_expert(self) -> Mapping[str, tuple[GroupAnswers, ...]]:
        found: dict[str, tuple[GroupAnswers, ...]] = {}
        for answers in self.answers:
            found[answers.expert] = (*found.get(answers.expert, ()), answers)
        return found

    @property
    def zeros(self) -> int:
        """Number of zeros among the points that were replaced before the logarithm."""
        return sum(answers.zeros for answers in self.answers)


def consensus_report(
    study: Study,
    method: str = "geometric-mean",
    random_index: str | float = "saaty-1980",
    disconnected: str = REFUSE,
    confidence: float = 0.95,
    zero_rule: str = "bounded",
    intervals: str = "log-odds",
) -> ConsensusReport:
    """Aggregate the answers of a study's panel.

    Parameters
    ----------
    method : str
        Method that derives priorities from one expert's pairs: one of :data:`METHODS`.
    random_index : str or float
        Divisor of the consistency ratio: one of :data:`RANDOM_INDICES`, or a number.
    disconnected : str
        ``refuse`` a study in which an expert's comparisons fall into parts, or
        ``leave-out`` the expert's answers in that group.
    confidence : float
        The probability that an interval covers.
    zero_rule : str
        Replacement of zeros: see `aggregation.replace_zeros`.
    intervals : str
        Method of the intervals: see `aggregation.consensus_weights`.

    Raises
    ------
    Refused
        With every reason: an empty panel, a group that no expert judged, comparisons
        that fall into parts, a missing judgement under ``eigenvector``.
    """
    if not study.panel:
        raise Refused((Reason("empty-panel"),))
    reasons: list[Reason] = []
    reader = Reader(study, method, random_index, zero_rule)
    answers = tuple(_answers(study, reader, reasons))
    if disconnected == REFUSE:
        reasons += [_falls_apart(a) for a in answers if a.state == State.DISCONNECTED]
    reasons += _without_answers(study.framework, answers) if not reasons else []
    if reasons:
        raise Refused(tuple(reasons))
    return ConsensusReport(
        framework=study.framework,
        panel=tuple(expert.code for expert in study.panel),
        answers=answers,
        weights=_consensus(study, answers, confidence, intervals),
        method=method,
        random_index=random_index,
        disconnected=disconnected,
        confidence=confidence,
        zero_rule=zero_rule,
        intervals=intervals,
    )


def _answers(study: Study, reader: Reader, reasons: list[Reason]) -> Iterator[GroupAnswers]:
    for expert in study.panel:
        for parent in study.framework.asked_parents:
            try:
                yield reader.answers(expert, parent)
            except aggregation.Incomplete:
                reasons.append(_incomplete(study, expert.code, parent))
            except aggregation.NoRandomIndex as error:
                data = {"random_index": error.table, "n": error.n, "parent": parent}
                reason = Reason("no-random-index", data)
                if reason not in reasons:
                    reasons.append(reason)


def _incomplete(study: Study, expert: str, parent: str) -> Reason:
    given = sum(j.expert == expert and j.parent == parent for j in study.judgements)
    asked = sum(1 for _ in study.framework.pairs(parent))
    data = {"expert": expert, "parent": parent, "given": given, "asked": asked}
    return Reason("incomplete", data)


def _falls_apart(answers: GroupAnswers) -> Reason:
    parts = " | ".join(", ".join(part) for part in answers.parts)
    data = {"expert": answers.expert, "parent": answers.parent, "parts": parts}
    return Reason("disconnected", data)


def _without_answers(framework: Framework, answers: tuple[GroupAnswers, ...]) -> list[Reason]:
    judged = {a.parent for a in answers if a.state == State.JUDGED}
    return [
        Reason("nobody-judged", {"parent": parent})
        for parent in framework.asked_parents
        if parent not in judged
    ]


def _consensus(
    study: Study, answers: tuple[GroupAnswers, ...], confidence: float, intervals: str
) -> aggregation.ConsensusWeights:
    framework = study.framework
    experts = sorted(expert.code for expert in study.panel)
    row = {code: place for place, code in enumerate(experts)}
    tree = {parent: framework.children(parent) for parent in (GOAL, *framework.parents[:-1])}
    priorities = {
        parent: np.full((len(row), len(tree[parent])), np.nan) for parent in framework.asked_parents
    }
    for a in answers:
        if a.priorities is not None:
            priorities[a.parent][row[a.expert]] = list(a.priorities.values())
    return aggregation.consensus_weights(tree, priorities, confidence, intervals)
