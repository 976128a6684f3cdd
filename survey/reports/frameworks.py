"""Comparison of frameworks, for applying weights of one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.reports.refusals import Reason
from survey.values import Framework


def unfit(weights: Mapping[str, float], framework: Framework) -> Iterator[Reason]:
    """Yield the reasons why weights, by indicator, do not fit a framework."""
    codes = [indicator.code for indicator in framework.indicators]
    for code in codes:
        if code not in weights:
            yield Reason("weight-missing", {"code": code})
    for code in weights:
        if code not in codes:
            yield Reason("weight-unknown", {"code": code})


def differences(theirs: Framework, ours: Framework) -> Iterator[Reason]:
    """Yield differences of tree and heights between a weight set and a study.

    Names may differ, because another study may have them in other languages.
    """
    their_groups = {group.code for group in theirs.groups}
    our_groups = {group.code for group in ours.groups}
    for code in sorted(their_groups - our_groups):
        yield Reason("group-unknown", {"code": code})
    for code in sorted(our_groups - their_groups):
        yield Reason("group-missing", {"code": code})
    their_indicators = {indicator.code: indicator for indicator in theirs.indicators}
    yield from unfit(dict.fromkeys(their_indicators, 0.0), ours)
    for mine in ours.indicators:
        other = their_indicators.get(mine.code)
        if other is None:
            continue
        if other.group != mine.group:
            data = {"code": mine.code, "theirs": other.group, "ours": mine.group}
            yield Reason("group-differs", data)
        if other.top != mine.top:
            yield Reason(
                "height-differs", {"code": mine.code, "theirs": other.top, "ours": mine.top}
            )
