"""Codes changed by a spreadsheet: no leading zeros, dates, powers of ten."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[0-9]{1,30}([.][0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
#: Beginnings of each month's names, in the languages of the pages, German, Spanish and
#: Italian.
_MONTHS = (
    "jan oca янв ينا ene gen",
    "feb fév fev şub фев فبر",
    "mar mär mrz мар مار",
    "apr avr nis апр أبر ابر abr",
    "may mai май мая ماي mag",
    "jun juin haz июн يون giu",
    "jul juil tem июл يول lug",
    "aug aoû aou ağu авг أغس اغس ago",
    "sep eyl сен سبت set",
    "oct okt eki окт أكت اكت ott",
    "nov kas ноя نوف",
    "dec déc dez ara дек ديس dic",
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_YEARS = range(1900, 2100)
#: No converted code is longer. Python refuses to convert thousands of digits.
_LONGEST = 64

Trace = tuple[str, frozenset[float]]


def trace(code: str) -> Trace | None:
    """Return the number or date into which a spreadsheet converts a code, or None.

    >>> trace("004") == trace("4"), trace("1E5") == trace("1.00E+05") == trace("100000")
    (True, True)
    >>> trace("3-1") == trace("1-Mar") == trace("2026-03-01") == trace("MAR1") == trace("01.мар")
    True
    """
    if len(code) > _LONGEST:
        return None
    code = code.replace(",", ".")
    if _NUMBER.fullmatch(code):
        is_power = len(code) > 11 or "e" in code.lower()
        return "number", frozenset({float(f"{float(code):.2e}" if is_power else code)})
    parts = [
        _month(part.lower()) or part
        for part in _PART.findall(code.replace("月", "-").replace("日", ""))
    ]
    numbers = [int(part) for part in parts if str(part).isdecimal()]
    day_and_month = frozenset(float(n) for n in numbers if n not in _YEARS)
    if len(numbers) != len(parts) or not 2 <= len(parts) <= 3 or len(numbers) > 3:
        return None
    return ("date", day_and_month) if all(n <= 31 for n in day_and_month) else None


def _month(word: str) -> int | None:
    return next((MONTH_OF[word[:n]] for n in (3, 4) if word[:n] in MONTH_OF), None)


def traces(codes: Iterable[str]) -> dict[Trace, str]:
    """Return codes by their converted form; codes with the same form are left out."""
    found: dict[Trace, list[str]] = {}
    for code in codes:
        if (kept := trace(code)) is not None:
            found.setdefault(kept, []).append(code)
    return {kept: same[0] for kept, same in found.items() if len(same) == 1}
