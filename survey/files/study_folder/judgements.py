"""Reading of a judgement's cell: steps, or its fault and possible meaning."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction

from survey.files.study_folder.amounts import amount
from survey.files.study_folder.codes import MONTH_OF

#: Position on the 1-9 scale, in steps from equal toward ``a`` (+) or ``b`` (-).
_STEPS = {
    **{Fraction(strength): strength - 1 for strength in range(1, 10)},
    **{Fraction(1, strength): 1 - strength for strength in range(1, 10)},
}
#: The points of the scale in their usual spelling, which need no computation.
_WRITTEN = {str(point): steps for point, steps in _STEPS.items()}
#: Relative tolerance of a decimal for a reciprocal: 1/3 has no finite decimals.
_TOLERANCE = Fraction(1, 10**9)

#: Limited, because an exponent would be expanded into its digits.
_DECIMAL = r"[0-9]{1,6}(?:\.[0-9]{1,20})?"
_RATIO = re.compile(rf"({_DECIMAL})(?: *[/⁄∕÷] *({_DECIMAL}))?")
#: A ratio of two parts: 3:1. With a leading zero it is a time of day, as 3:01.
_PARTS = re.compile(r"([1-9][0-9]?) *[:∶] *([1-9][0-9]?)")
_NOT_POSITIVE = re.compile(r"-[0-9.]+(/[0-9.]+)?|0+(\.0*)?(/[0-9.]+)?")

_MONTH = rf"(?:{'|'.join(MONTH_OF)})[^\W\d_]{{0,7}}\.?"
_DATE = re.compile(
    rf"[0-9]{{1,2}}[-/. ]*{_MONTH}|{_MONTH}[-/. ]*[0-9]{{1,4}}|[0-9]{{1,2}}月[0-9]{{1,2}}日"
    r"|[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}( .*)?|[0-9]{1,2}-[0-9]{1,2}|4[0-9]{4}"
    r"|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[ap]m)?",
    re.IGNORECASE,
)

#: A fault's code, and data with the possible meaning of the cell.
Wrong = tuple[str, Mapping[str, object]]


def steps_of(cell: str) -> int | Wrong:
    """Return a cell's steps toward ``a``, or its fault."""
    if cell in _WRITTEN:
        return _WRITTEN[cell]
    ratio = _ratio(cell)
    steps = None if ratio is None else _on_scale(ratio)
    return _what_is_wrong(cell, ratio) if steps is None else steps


def _ratio(cell: str) -> Fraction | None:
    if len(cell) == 1 and unicodedata.decomposition(cell).startswith("<fraction>"):
        return Fraction(unicodedata.numeric(cell)).limit_denominator(10)
    found = _RATIO.fullmatch(cell) or _PARTS.fullmatch(cell)
    if found is None:
        return None
    divisor = Fraction(found[2] or 1)
    return Fraction(found[1]) / divisor if divisor else None


def _on_scale(ratio: Fraction) -> int | None:
    if ratio in _STEPS:
        return _STEPS[ratio]
    near = float(ratio)
    for point, steps in _STEPS.items():
        # A comparison of fractions takes a hundred times as long.
        if math.isclose(near, point, rel_tol=1e-8) and abs(ratio / point - 1) <= _TOLERANCE:
            return steps
    return None


def _what_is_wrong(cell: str, ratio: Fraction | None) -> Wrong:
    if _NOT_POSITIVE.fullmatch(cell):
        meant = _rounded(cell[1:]) if cell.startswith("-") else None
        if meant is None:
            return "not-positive", {}
        return "not-positive", {"hint": "minus", "meant": str(1 / meant)}
    if _DATE.fullmatch(cell):
        return "date", {}
    if ratio is None and (said := amount(cell)) in _STEPS:
        return "not-a-judgement", {"hint": "meant", "meant": str(said)}
    if ratio is not None and (meant := _rounded(cell)) is not None:
        return "not-a-judgement", {"hint": "meant", "meant": str(meant)}
    if ratio is not None and Fraction(1, 9) < ratio < 9:
        low = max(point for point in _STEPS if point < ratio)
        high = min(point for point in _STEPS if point > ratio)
        between = {"hint": "between", "low": str(low), "high": str(high)}
        return "not-a-judgement", between
    return "not-a-judgement", {}


def _rounded(cell: str) -> Fraction | None:
    """Return the one point of the scale that equals a cell, also after rounding."""
    ratio = _ratio(cell)
    if ratio is None or ratio in _STEPS:
        return ratio
    decimals = len(cell.partition(".")[2])
    points = [point for point in _STEPS if "/" not in cell and round(point, decimals) == ratio]
    return points[0] if len(points) == 1 else None
