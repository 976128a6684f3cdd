"""Reports as text for a terminal. Numbers are rounded here, never before."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from survey.reports.panel.answers import GroupAnswers, State
from survey.reports.panel.consensus import ConsensusReport
from survey.reports.ranking.report import RankedTable, RankingReport
from survey.values import (
    BEST_WORST,
    DIRECT,
    FEWEST_EXPERTS,
    GOAL,
    RATING,
    Interval,
    Study,
    Texts,
    text_in,
    thin_groups,
)


def consensus(study: Study, report: ConsensusReport, language: str) -> str:
    """Return the weights with their intervals, then every expert's consistency."""
    return "\n".join(
        [
            *_columns([("weight", "95 %", "local", "95 %", ""), *_weights(report, language)]),
            "",
            f"Consistency: CR by {report.random_index} / GCI as a share of random judgements'.",
            *_star_note(study),
            *_columns(list(_experts(study, report))),
            *_left_out(report),
        ]
    )


def single_answers(study: Study, report: ConsensusReport) -> Iterator[str]:
    """Yield a warning about groups whose figures reveal single answers."""
    counts = report.weights.counts
    if few := thin_groups({parent: counts[parent] for parent in study.framework.asked_parents}):
        yield (
            f"Warning: fewer than {FEWEST_EXPERTS} experts judged {', '.join(few)}. "
            "The figures there show single answers: keep them to yourself."
        )


def bands(report: RankingReport) -> str:
    """Return the bands of every table, with names in the order of the language."""
    return "\n\n".join("\n".join(_table(table, report.language)) for table in report.tables)


def unrated(report: RankingReport) -> Iterator[str]:
    """Yield a line for each table with unrated units."""
    for table in report.tables:
        if table.unrated:
            codes = ", ".join(unit.code for unit in table.unrated)
            yield f"Unrated in {table.code}, for want of a level: {codes}."


def _weights(report: ConsensusReport, language: str) -> Iterator[tuple[str, ...]]:
    weights, framework = report.weights, report.framework
    for group in framework.groups:
        yield (
            _number(weights.local[GOAL][group.code]),
            ends(weights.local_intervals[GOAL][group.code]),
            "",
            "",
            _named(group.code, group.names, language),
        )
        for i in framework.indicators:
            if i.group == group.code:
                yield (
                    _number(weights.global_weights[i.code]),
                    ends(weights.global_intervals[i.code]),
                    _number(weights.local[i.group][i.code]),
                    ends(weights.local_intervals[i.group][i.code]),
                    "  " + _named(i.code, i.names, language),
                )


def _experts(study: Study, report: ConsensusReport) -> Iterator[tuple[str, ...]]:
    parents = study.framework.asked_parents
    yield "expert", *parents
    for expert in study.panel:
        by_parent = {answers.parent: answers for answers in report.of(expert.code)}
        yield expert.code, *(_consistency(by_parent[parent]) for parent in parents)


def _consistency(answers: GroupAnswers) -> str:
    if answers.state != State.JUDGED:
        return str(answers.state)
    if answers.kind in (DIRECT, RATING):
        kind = "points" if answers.kind == DIRECT else "ratings"
        return f"{kind}, {answers.zeros} zero" if answers.zeros else kind
    assert answers.consistency is not None
    return f"{_ratio(answers)} / {answers.consistency.relative_index:.3f}"


def _ratio(answers: GroupAnswers) -> str:
    assert answers.consistency is not None
    if answers.consistency.input_ratio is not None:
        return f"star {answers.consistency.input_ratio:.3f}"
    ratio = answers.consistency.ratio
    return f"{answers.given} of {answers.asked}" if ratio is None else f"{ratio:.3f}"


def _star_note(study: Study) -> Iterator[str]:
    if any(expert.kind == BEST_WORST for expert in study.panel):
        yield "A star has its input-based ratio (Liang, Brunelli and Rezaei 2020) in place of CR."


def _left_out(report: ConsensusReport) -> Iterator[str]:
    for answers in report.answers:
        if answers.state == State.DISCONNECTED:
            parts = " | ".join(", ".join(part) for part in answers.parts)
            yield f"Left out: {answers.expert} in {answers.parent}, never compared across {parts}."


def _table(table: RankedTable, language: str) -> Iterator[str]:
    yield _named(table.code, table.names, language)
    for band in table.bands:
        names = ", ".join(_plain(text_in(unit.names, language, unit.code)) for unit in band.units)
        yield f"  {band.label} ({len(band.units)}): {names}"


def _named(code: str, names: Texts, language: str) -> str:
    name = _plain(text_in(names, language))
    return f"{code}  {name}" if name else code


def _plain(text: str) -> str:
    """Return a name without control characters, which a terminal would execute."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def _number(weight: float) -> str:
    return f"{weight:.4f}"


def ends(interval: Interval) -> str:
    return "" if interval is None else f"{_end(interval[0])}-{_end(interval[1])}"


def _end(share: float) -> str:
    """Return an end of an interval: inside (0, 1) it never prints as 0 or 1."""
    if 0 < share < 0.0005:
        return "<0.001"
    return ">0.999" if 0.9995 <= share < 1 else f"{share:.3f}"


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows as lines, each column as wide as its widest cell."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Return a text's width in columns: Chinese characters take two, accents none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
