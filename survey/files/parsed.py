"""Type checks for the values of a parsed JSON document.

Each function returns its value or raises TypeError or ValueError; the caller knows the place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from survey.values import Interval

Value = TypeVar("Value")

#: Above this not every integer is a float.
LARGEST_WHOLE = 2**53


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def number(value: Any) -> float:
    return value if isinstance(value, float) else whole(value)


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_WHOLE:
        raise TypeError
    return value


def count(value: Any) -> int:
    if whole(value) < 0:
        raise ValueError
    return whole(value)


def by_name(content: Any, parse: Callable[[Any], Value]) -> dict[str, Value]:
    return {name: parse(value) for name, value in content.items()}


def texts(content: Any) -> dict[str, str]:
    return by_name(content, text)


def share(value: Any) -> float:
    if not 0 < number(value) <= 1:
        raise ValueError
    return float(value)


def shares(content: Any) -> dict[str, float]:
    return by_name(content, share)


def interval(ends: Any) -> Interval:
    if ends is None:
        return None
    low, high = map(number, ends)
    return low, high


def intervals(content: Any) -> dict[str, Interval]:
    return by_name(content, interval)
