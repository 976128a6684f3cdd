"""Weight set of a consensus, which a study adopts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType

from aggregation.intervals import INTERVALS
from aggregation.points import ZERO, ZERO_RULES
from survey.canonical import compact
from survey.reports.panel.answers import State
from survey.reports.panel.consensus import (
    DISCONNECTED_RULES,
    METHODS,
    RANDOM_INDICES,
    ConsensusReport,
    consensus_report,
)
from survey.reports.refusals import Reason, Refused
from survey.values import (
    FEWEST_EXPERTS,
    FEWEST_FOR_INTERVALS,
    GOAL,
    Framework,
    Interval,
    PanelCounts,
    Parameter,
    Study,
    WeightSet,
    is_one_or_two,
    tellable,
    thin_groups,
)
from survey.values.response import Response

#: The parameter that says whether the checksum of the answers begins with the study's salt.
ANSWERS_DIGEST = "answers_digest"
PLAIN, SALTED = "plain", "salted"
#: The rules of weight sets that name none, because they were frozen before there was a choice.
_EARLIER = {"zero_rule": "fixed", "intervals": "log", ANSWERS_DIGEST: PLAIN}

#: Prefix of the parameters about the round's response, on which no weight depends.
RESPONSE = "response_"
#: The author's reason for freezing although the minimum response was not reached.
BELOW = f"{RESPONSE}below_least"
#: The author's reason for freezing although fewer than three experts judged a group, or
#: changed their answers in one since an earlier set.
THIN = f"{RESPONSE}thin_groups"
#: The least number of experts for an interval of a group; stated only if some are withheld.
LEAST_FOR_INTERVALS = "least_for_intervals"
#: Its possible values: three experts, before intervals of three were withheld too, and four.
_LEASTS: Mapping[object, int] = {n: n for n in (FEWEST_EXPERTS, FEWEST_FOR_INTERVALS)}


def weight_set(
    study: Study,
    report: ConsensusReport,
    software: str,
    response: Response | None = None,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> WeightSet:
    """Return the weight set to freeze: weights and parameters, no individual answer.

    ``response`` has the counts of the round, ``reasons`` by parameter the author's
    reasons why fewer answers are enough.
    """
    return without_thin_intervals(_with_every_interval(study, report, software, response, reasons))


def without_thin_intervals(content: WeightSet, least: int = FEWEST_FOR_INTERVALS) -> WeightSet:
    """Withhold the intervals of groups that fewer than ``least`` experts judged.

    With two experts, an interval and its middle reveal both answers; with three, all
    integer answers that give them can be tried.
    """
    thin = thin_groups(content.panel.judged, least)
    if not thin:
        return content
    branches = {i.code: {GOAL, i.group} for i in content.framework.indicators}
    return replace(
        content,
        global_intervals={
            code: ends if branches[code].isdisjoint(thin) else None
            for code, ends in content.global_intervals.items()
        },
        local_intervals={
            parent: dict.fromkeys(ends) if parent in thin else ends
            for parent, ends in content.local_intervals.items()
        },
        parameters={**content.parameters, LEAST_FOR_INTERVALS: least},
    )


def _with_every_interval(
    study: Study,
    report: ConsensusReport,
    software: str,
    response: Response | None = None,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> WeightSet:
    return WeightSet(
        study=study.code,
        titles=study.titles,
        framework=without_rungs(study.framework),
        global_weights=_rounded(report.weights.global_weights),
        local_weights={parent: _rounded(shares) for parent, shares in report.weights.local.items()},
        global_intervals=_rounded_ends(report.weights.global_intervals),
        local_intervals={
            parent: _rounded_ends(ends) for parent, ends in report.weights.local_intervals.items()
        },
        method=report.method,
        parameters=_parameters(report) | _salted(study) | told(response) | dict(reasons),
        panel=_panel(study, report),
        answers_digest=answers_digest(study),
        software=software,
        notices=study.notices,
    )


def recomputed(study: Study, recorded: WeightSet) -> WeightSet:
    """Return the weight set of a study's answers, by a recorded one's parameters.

    Raises
    ------
    Refused
        If these answers give no such consensus.
    """
    parameters = recorded.parameters
    if reasons := tuple(_unknown_parameters(recorded)):
        raise Refused(reasons)
    report = consensus_report(
        study,
        method=recorded.method,
        random_index=parameters["random_index"],
        disconnected=str(parameters["disconnected"]),
        confidence=float(parameters["confidence"]),
        zero_rule=str(parameters.get("zero_rule", _EARLIER["zero_rule"])),
        intervals=str(parameters.get("intervals", _EARLIER["intervals"])),
    )
    content = _with_every_interval(study, report, recorded.software)
    if recorded.panel.zeros is not None:  # sets frozen earlier state every count of zeros
        content = replace(content, panel=replace(content.panel, zeros=report.zeros))
    return _by_its_rule(content, parameters.get(LEAST_FOR_INTERVALS))


def _by_its_rule(content: WeightSet, least: Parameter | None) -> WeightSet:
    """Withhold the same intervals as a recorded set; none without the parameter."""
    if least is None:
        return content
    return without_thin_intervals(content, _LEASTS.get(least, FEWEST_FOR_INTERVALS))


def told(response: Response | None) -> dict[str, Parameter]:
    """Return the parameters that a response adds; none for a plain first round.

    The number who answered is always stated, as is the number who judged a group. The
    numbers by what the others did, and of those who kept every answer, only if
    `tellable`.
    """
    if response is None or response.is_plain:
        return {}
    kept = response.kept_by_word
    parted = (response.others, {"kept_by_word": kept, "changed": response.answered - kept})
    withheld = {name for counts in parted for name in counts.keys() - tellable(counts).keys()}
    every = _every_count(response)
    return {name: every[name] for name in every if name.removeprefix(RESPONSE) not in withheld}


def told_before(response: Response) -> tuple[dict[str, Parameter], ...]:
    """Return the parameters of earlier sets: none, all counts, or tellable counts.

    These sets count an expert who declined, but whose earlier answers count, as silent.
    """
    kept = response.kept_by_silence + response.kept_declining
    merged = replace(response, kept_by_silence=kept, kept_declining=0)
    every = _every_count(merged)
    del every[f"{RESPONSE}kept_declining"]
    return {}, every, told(merged)


def _every_count(response: Response) -> dict[str, Parameter]:
    return {f"{RESPONSE}{name}": value for name, value in response.counts.items()}


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {code: _significant(weight) for code, weight in weights.items()}


def _rounded_ends(intervals: Mapping[str, Interval]) -> dict[str, Interval]:
    return {
        code: ends and (_significant(ends[0]), _significant(ends[1]))
        for code, ends in intervals.items()
    }


def _significant(number: float) -> float:
    """Round to 12 significant digits: processors differ only after them."""
    return float(f"{number:.12g}")


def _unknown_parameters(recorded: WeightSet) -> Iterator[Reason]:
    index = recorded.parameters["random_index"]
    confidence = recorded.parameters["confidence"]
    disconnected = recorded.parameters["disconnected"]
    known = {
        "method": (recorded.method, recorded.method in METHODS),
        "random_index": (index, index in RANDOM_INDICES if isinstance(index, str) else index > 0),
        "confidence": (confidence, isinstance(confidence, float) and 0 < confidence < 1),
        "disconnected": (disconnected, disconnected in DISCONNECTED_RULES),
        "zero_rule": _offered(recorded, "zero_rule", ZERO_RULES),
        "intervals": _offered(recorded, "intervals", tuple(INTERVALS)),
        ANSWERS_DIGEST: _offered(recorded, ANSWERS_DIGEST, (PLAIN, SALTED)),
    }
    for name, (value, is_known) in known.items():
        if not is_known:
            yield Reason("not-a-parameter", {"name": name, "value": str(value)})


def _offered(recorded: WeightSet, name: str, rules: tuple[str, ...]) -> tuple[Parameter, bool]:
    rule = recorded.parameters.get(name, _EARLIER[name])
    return rule, rule in rules


def without_rungs(framework: Framework) -> Framework:
    indicators = tuple(replace(indicator, rungs=()) for indicator in framework.indicators)
    return replace(framework, indicators=indicators)


def answers_digest(study: Study) -> str:
    """Return the SHA-256 of all answers with their experts and methods, in any order.

    It begins with the study's salt. Without one, who has a weight set of a small panel can
    try which answers give it.
    """
    answers = {
        "panel": sorted((expert.code, expert.kind) for expert in study.panel),
        "judgements": sorted(
            (j.expert, j.parent, j.first, j.second, j.steps) for j in study.judgements
        ),
        "points": sorted((a.expert, a.parent, a.item, float(a.points)) for a in study.allocations),
        "abstentions": sorted((a.expert, a.parent, a.first, a.second) for a in study.abstentions),
    }
    # Left out if there are none, so that the digests of older weight sets stay the same.
    if study.extremes:
        answers["extremes"] = sorted((e.expert, e.parent, e.best, e.worst) for e in study.extremes)
    return sha256((study.salt + compact(answers)).encode()).hexdigest()


def _salted(study: Study) -> dict[str, Parameter]:
    return {ANSWERS_DIGEST: SALTED} if study.salt else {}


def is_salted(recorded: WeightSet) -> bool:
    """Return whether the checksum of a set's answers begins with the study's salt."""
    return recorded.parameters.get(ANSWERS_DIGEST) == SALTED


def _parameters(report: ConsensusReport) -> dict[str, Parameter]:
    rules = {"zero_rule": report.zero_rule, "intervals": report.intervals}
    return {
        "consensus": "geometric mean of the experts' local priorities",
        "expert_weights": "equal",
        "scale": "linear",
        "random_index": report.random_index,
        "zero_replacement": 100 * ZERO,
        "disconnected": report.disconnected,
        "confidence": report.confidence,
        **{name: rule for name, rule in rules.items() if rule != _EARLIER[name]},
    }


def _panel(study: Study, report: ConsensusReport) -> PanelCounts:
    heard = {answers.expert for answers in report.answers if answers.state == State.JUDGED}
    experts = [expert for expert in study.panel if expert.code in heard]
    parents = study.framework.asked_parents
    return PanelCounts(
        invited=len(study.panel),
        size=len(experts),
        judged={parent: report.weights.counts[parent] for parent in parents},
        directions=tellable(Counter(expert.direction for expert in experts)),
        languages=tellable(Counter(expert.language for expert in experts)),
        kinds=tellable(Counter(expert.kind for expert in experts)),
        zeros=_told_zeros(report),
    )


def _told_zeros(report: ConsensusReport) -> int | None:
    """Return the number of zeros replaced; None if one or two experts gave them."""
    givers = {answers.expert for answers in report.answers if answers.zeros}
    return None if is_one_or_two(len(givers)) else report.zeros
