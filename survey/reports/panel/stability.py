"""Changes from one round to the next, for the experts who answered both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import aggregation
from survey.reports.panel.answers import GroupAnswers
from survey.reports.panel.consensus import ConsensusReport, consensus_report
from survey.reports.panel.feedback import panel_weights
from survey.reports.refusals import Refused
from survey.values import FEWEST_EXPERTS, Study, is_one_or_two

#: Weights nearer than this are equal, up to the rounding of floats.
SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Stability:
    """Weights and agreement of the same experts in two rounds.

    Other experts are excluded, because the panel's change (by experts who are silent,
    join or leave) would appear as a change of opinion.
    """

    #: Number of experts who answered both rounds and have overall weights in both.
    count: int
    #: Number of these whose weights differ from those of the round before.
    changed: int
    #: The indicator whose weight in their consensus changed most (of equal ones the first), and
    #: its overall weights.
    indicator: str
    before: float
    after: float
    #: Goepel's S* of their overall weights, from 0 to 1.
    agreement_before: float
    agreement_after: float


def few_moved(before: Study, after: ConsensusReport) -> tuple[str, ...]:
    """Return the parents where weights of one or two experts came, went or changed.

    From the weights of two panels that differ by so few experts, these experts' own
    weights could be computed.
    """
    then = _priorities(panel_weights(before).answers.values())
    now = _priorities(after.answers)
    places = then.keys() | now.keys()
    moved = Counter(place[1] for place in places if then.get(place) != now.get(place))
    return tuple(p for p in after.framework.asked_parents if is_one_or_two(moved[p]))


def _priorities(found: Iterable[GroupAnswers]) -> dict[tuple[str, str], Mapping[str, float] | None]:
    """Return the priorities by expert and parent."""
    return {(answers.expert, answers.parent): answers.priorities for answers in found}


def stability(
    before: Study, after: Study, experts: Collection[str], disconnected: str
) -> Stability | None:
    """Compare two rounds of some experts, by code; None for too few or no consensus.

    ``disconnected`` is as in :func:`consensus_report`.
    """
    try:
        reports = [_report(study, experts, disconnected) for study in (before, after)]
    except Refused:
        return None
    whole = set(experts).intersection(*({*_weights(report)} for report in reports))
    if len(whole) < FEWEST_EXPERTS:
        return None
    if whole != set(experts):
        return stability(before, after, whole, disconnected)
    then, now = (_weights(report) for report in reports)
    old, new = (report.weights.global_weights for report in reports)
    # Rounded, because equal changes of two indicators differ in their last bits.
    moved = max(old, key=lambda code: round(abs(new[code] - old[code]), 12))
    return Stability(
        count=len(whole),
        changed=sum(_differ(then[expert], now[expert]) for expert in whole),
        indicator=moved,
        before=old[moved],
        after=new[moved],
        agreement_before=_agreement(then),
        agreement_after=_agreement(now),
    )


def _report(study: Study, experts: Collection[str], disconnected: str) -> ConsensusReport:
    panel = tuple(expert for expert in study.panel if expert.code in experts)
    told = replace(study, panel=panel).with_answers(study.answers.of(experts))
    return consensus_report(told, disconnected=disconnected)


def _weights(report: ConsensusReport) -> dict[str, tuple[float, ...]]:
    """Return overall weights by expert, without experts who did not judge every group."""
    found = {expert: report.global_priorities(expert) for expert in report.panel}
    return {expert: tuple(weights.values()) for expert, weights in found.items() if weights}


def _differ(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return any(abs(a - b) > SAME for a, b in zip(one, other, strict=True))


def _agreement(weights: dict[str, tuple[float, ...]]) -> float:
    return float(aggregation.consensus([list(weights[expert]) for expert in sorted(weights)]))
