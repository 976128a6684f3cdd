"""comparisons.csv: how many times as much ``a`` counts as ``b``, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from survey.files.study_folder.judgements import steps_of
from survey.files.study_folder.questions import AnswerPlaces, Pair, Questions
from survey.files.study_folder.sheet import Row, Sheet
from survey.values import BEST_WORST, DIRECT, RATING, Expert, Judgement

#: Ways of answering without pairs, and the code of the fault.
_WITHOUT = {DIRECT: "pairs-of-direct", RATING: "pairs-of-rating"}


def read_comparisons(
    sheet: Sheet, questions: Questions, answered: AnswerPlaces
) -> Iterator[Judgement]:
    """Yield the judgements, pairs in framework order; add places to ``answered``."""
    misplaced: set[str] = set()
    for row in sheet:
        expert = questions.expert(row)
        pair = questions.pair(row)
        steps = _steps(row)
        if expert is not None and expert.kind in _WITHOUT and expert.code not in misplaced:
            misplaced.add(expert.code)
            row.fault("expert", _WITHOUT[expert.kind], expert=expert.code)
        if expert is None or pair is None:
            continue
        lines = answered.lines[expert.code, pair.parent]
        if place := answered.find(expert.code, pair.parent, *pair.written):
            code = "judged-twice" if pair.written in lines else "judged-twice-opposite"
            a, b = pair.written
            row.fault("judgement", code, expert=expert.code, a=a, b=b, other=place[1])
            continue
        lines[pair.written] = row.line
        answered.first.setdefault((expert.code, pair.parent), (sheet.file, row.line))
        if steps is not None:
            toward_first = -steps if pair.reversed else steps
            _check_star(row, questions, expert, pair, toward_first)
            yield Judgement(
                expert.code, pair.parent, pair.first, pair.second, toward_first, row.text("reason")
            )


def _check_star(
    row: Row, questions: Questions, expert: Expert, pair: Pair, toward_first: int
) -> None:
    """Report a best-worst judgement outside the expert's star, or opposite to it."""
    if expert.kind != BEST_WORST or questions.framework.asks_every_pair(pair.parent, BEST_WORST):
        return
    star = questions.stars.get((expert.code, pair.parent))
    if star is None:
        row.fault("parent", "no-extremes", expert=expert.code, parent=pair.parent)
    elif star.admit(pair.first, pair.second, toward_first):
        return
    elif {star.best, star.worst} & {pair.first, pair.second}:
        row.fault("judgement", "against-extremes", best=star.best, worst=star.worst)
    else:
        row.fault("a", "not-in-star", best=star.best, worst=star.worst)


def _steps(row: Row) -> int | None:
    """Return the judgement in this row, in steps toward ``a``."""
    cell = row.number("judgement")
    if not cell:
        row.fault("judgement", "no-judgement", expert=row.label("expert"))
        return None
    said = steps_of(cell)
    if isinstance(said, int):
        return said
    code, meant = said
    row.fault("judgement", code, found=cell, **meant)
    return None
