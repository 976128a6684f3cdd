"""Verification that a study's answers give a recorded weight set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isclose

from survey.reports import frameworks
from survey.reports.panel.weight_sets import (
    ANSWERS_DIGEST,
    BELOW,
    RESPONSE,
    THIN,
    answers_digest,
    is_salted,
    recomputed,
    told,
    told_before,
)
from survey.reports.refusals import Reason
from survey.values import WITHHELD, Framework, Interval, Parameter, Study, WeightSet
from survey.values.response import Response

#: Absolute tolerance of a recomputed weight: the recorded one has 12 digits.
_TOLERANCE = 1e-11
#: Relative tolerance of an interval's ends: quantiles differ between libraries.
_INTERVAL_TOLERANCE = 1e-9


def verification(
    recorded: WeightSet, study: Study, response: Response | None = None
) -> tuple[Reason, ...]:
    """Return all differences between a weight set and that of a study's answers.

    Its parameters about the ``response`` are compared if that is known, which it is not
    in a folder.

    Raises
    ------
    Refused
        If these answers have no consensus by the recorded method.
    """
    if not is_salted(recorded):
        study = replace(study, salt="")
    reasons = list(frameworks.differences(recorded.framework, study.framework))
    reasons += _names(recorded.framework, study.framework)
    if can_compare_answers(recorded, study) and (recorded.answers_digest != answers_digest(study)):
        reasons.append(Reason("answers-differ"))
    if reasons:
        return tuple(reasons)
    reasons = list(_differences(recorded, recomputed(study, recorded)))
    if response is not None and not _tells(recorded, response):
        reasons.append(Reason("parameters-differ"))
    return tuple(reasons)


def can_compare_answers(recorded: WeightSet, study: Study) -> bool:
    """Return whether the checksum of the answers can be computed from a study.

    A folder that was downloaded before the first weight set was frozen has no salt; its
    answers are compared by the weights that they give.
    """
    return bool(study.salt) or not is_salted(recorded)


def _tells(recorded: WeightSet, response: Response) -> bool:
    """Whether a set states this response, in any of the forms that sets have had."""
    said = {
        name: value
        for name, value in recorded.parameters.items()
        if name.startswith(RESPONSE) and name not in (BELOW, THIN)
    }
    return said in (told(response), *told_before(response))


def _choices(weight_set: WeightSet) -> dict[str, Parameter]:
    """Return the parameters that do not depend on the response to a round."""
    apart = (RESPONSE, ANSWERS_DIGEST)
    return {n: v for n, v in weight_set.parameters.items() if not n.startswith(apart)}


def _names(theirs: Framework, ours: Framework) -> Iterator[Reason]:
    their_names = theirs.names
    for code, names in ours.names.items():
        if their_names.get(code, names) != names:
            yield Reason("names-differ", {"code": code})


def _differences(recorded: WeightSet, ours: WeightSet) -> Iterator[Reason]:
    for parent, shares in ours.local_weights.items():
        yield from _weights("local-differs", recorded.local_weights[parent], shares)
    yield from _weights("global-differs", recorded.global_weights, ours.global_weights)
    if not recorded.withholds_intervals:
        for parent, ends in ours.local_intervals.items():
            yield from _intervals(recorded.local_intervals.get(parent, {}), ends)
        yield from _intervals(recorded.global_intervals, ours.global_intervals)
    if recorded.panel not in (ours.panel, WITHHELD):
        yield Reason("panel-differs")
    if _choices(recorded) != _choices(ours):
        yield Reason("parameters-differ")


def _weights(
    code: str, recorded: Mapping[str, float], ours: Mapping[str, float]
) -> Iterator[Reason]:
    for name, weight in ours.items():
        if not abs(recorded[name] - weight) <= _TOLERANCE:
            data = {"code": name, "recorded": repr(recorded[name]), "recomputed": repr(weight)}
            yield Reason(code, data)


def _intervals(recorded: Mapping[str, Interval], ours: Mapping[str, Interval]) -> Iterator[Reason]:
    for name, interval in ours.items():
        if not _same(recorded.get(name), interval):
            yield Reason("interval-differs", {"code": name})


def _same(recorded: Interval, ours: Interval) -> bool:
    if recorded is None or ours is None:
        return recorded is ours
    return all(
        isclose(theirs, mine, rel_tol=_INTERVAL_TOLERANCE)
        for theirs, mine in zip(recorded, ours, strict=True)
    )
