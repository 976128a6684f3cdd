"""comparisons.csv: how many times ``a`` outweighs ``b``, by label, in either direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from survey.folder.questions import Answered, Pair, Questions
from survey.folder.sheet import Row, Sheet
from survey.values import BEST_WORST, DIRECT, RATING, Expert, Judgement

#: Position on the 1-9 scale, in steps from equal toward ``a`` (+) or ``b`` (-).
_STEPS = {
    **{Fraction(strength): strength - 1 for strength in range(1, 10)},
    **{Fraction(1, strength): 1 - strength for strength in range(1, 10)},
}
#: How far a decimal may be from a reciprocal, relatively: 1/3 has no finite decimals.
_TOLERANCE = Fraction(1, 10**9)

#: Bounded, because an exponent would be unpacked into its digits.
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,20})?(/[0-9]{1,6}(\.[0-9]{1,20})?)?")
_NOT_POSITIVE = re.compile(r"[-−][0-9.]+(/[0-9.]+)?|0+(\.0*)?(/[0-9.]+)?")
_DATE = re.compile(
    r"[0-9]{1,2}[-/ ]?[A-Za-z]{3,9}\.?|[A-Za-z]{3,9}[-/ ][0-9]{1,4}|[0-9]{1,2}月[0-9]{1,2}日"
    r"|[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}( .*)?|[0-9]{1,2}-[0-9]{1,2}|4[0-9]{4}"
)


#: The ways of answering without pairs, and what is said of a pair then.
_WITHOUT = {DIRECT: "pairs-of-direct", RATING: "pairs-of-rating"}


def read_comparisons(sheet: Sheet, questions: Questions, answered: Answered) -> Iterator[Judgement]:
    """The judgements, each pair in the framework's order; ``answered`` is told where they stand."""
    said: dict[tuple[str, str, str], tuple[int, bool]] = {}
    misplaced: set[str] = set()
    for row in sheet:
        expert = questions.expert(row)
        pair = questions.pair(row)
        steps = _steps(row)
        if expert is not None and expert.method in _WITHOUT and expert.code not in misplaced:
            misplaced.add(expert.code)
            row.fault("expert", _WITHOUT[expert.method], expert=expert.code)
        if expert is None or pair is None:
            continue
        key = expert.code, pair.first, pair.second
        if key in said:
            line, was_reversed = said[key]
            code = "judged-twice" if was_reversed == pair.reversed else "judged-twice-opposite"
            a, b = row.label("a"), row.label("b")
            row.fault("judgement", code, expert=expert.code, a=a, b=b, other=line)
            continue
        said[key] = row.line, pair.reversed
        answered[expert.code, pair.parent, pair.first, pair.second] = sheet.file, row.line
        answered.setdefault((expert.code, pair.parent, "", ""), (sheet.file, row.line))
        if steps is not None:
            toward_first = -steps if pair.reversed else steps
            _check_star(row, questions, expert, pair, toward_first)
            yield Judgement(
                expert.code, pair.parent, pair.first, pair.second, toward_first, row.text("reason")
            )


def _check_star(
    row: Row, questions: Questions, expert: Expert, pair: Pair, toward_first: int
) -> None:
    """A best-worst expert judges the pairs of her star, in the direction that it gives them."""
    if expert.method != BEST_WORST or questions.framework.asks_every_pair(pair.parent, BEST_WORST):
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
    """The judgement in this row, in steps toward ``a``."""
    cell = row.value("judgement")
    if not cell:
        row.fault("judgement", "no-judgement", expert=row.label("expert"))
        return None
    ratio = _ratio(cell)
    steps = None if ratio is None else _on_scale(ratio)
    if steps is None:
        row.fault("judgement", _what_is_wrong(cell), found=cell)
    return steps


def _ratio(cell: str) -> Fraction | None:
    if not _NUMBER.fullmatch(cell):
        return None
    above, _, below = cell.partition("/")
    divisor = Fraction(below or 1)
    return Fraction(above) / divisor if divisor else None


def _on_scale(ratio: Fraction) -> int | None:
    if ratio in _STEPS:
        return _STEPS[ratio]
    for point, steps in _STEPS.items():
        if abs(ratio / point - 1) <= _TOLERANCE:
            return steps
    return None


def _what_is_wrong(cell: str) -> str:
    if _NOT_POSITIVE.fullmatch(cell):
        return "not-positive"
    return "date" if _DATE.fullmatch(cell) else "not-a-judgement"
