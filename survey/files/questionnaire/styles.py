"""Formats of a questionnaire's cells, and heights of its rows."""

from __future__ import annotations

import math
from typing import Any
from unicodedata import east_asian_width

#: Height of a line of text, and greatest height of a row, in points.
LINE_HEIGHT, TALLEST = 18, 400


class Styles:
    """Formats of a workbook."""

    def __init__(self, workbook: Any, direction: str) -> None:
        # Not every program detects the direction of a text.
        runs = {"reading_order": 2, "align": "right"} if direction == "rtl" else {}
        wrapped = {**runs, "text_wrap": True, "valign": "top"}
        self.plain = workbook.add_format(wrapped)
        self.title = workbook.add_format({**runs, "bold": True, "font_size": 16})
        self.hint = workbook.add_format(runs)
        self.head = workbook.add_format({**wrapped, "bold": True, "bottom": 2})
        self.line = workbook.add_format({**wrapped, "bottom": 4, "bottom_color": "#87826f"})
        self.answer = workbook.add_format(
            {
                **wrapped,
                "locked": False,
                "bg_color": "#f3f0e7",
                "border": 1,
                "border_color": "#87826f",
            }
        )
        self.wrong = workbook.add_format({"font_color": "#a92a1c", "bold": True})
        # Otherwise a text in a hidden column would overflow into the empty cell beside it.
        self.hidden = workbook.add_format({"align": "fill"})


def height(*cells: tuple[str, int]) -> float:
    """Return the height of a row for its longest text, each in its column's width.

    It is estimated: not every program computes it, and none runs here.
    """
    return min(TALLEST, LINE_HEIGHT * max(lines_of(text, width) for text, width in cells))


def lines_of(text: str, width: int) -> int:
    """Estimate the lines of a text in a column of this width, or a little fewer.

    >>> lines_of("a word", 30), lines_of("有线网" * 10, 30), lines_of("one\\ntwo", 30)
    (1, 3, 2)
    """
    # Widths are in digits; a letter is a little narrower, an ideograph takes two.
    return sum(
        max(1, math.ceil(sum(2.1 if east_asian_width(c) in "WF" else 0.95 for c in line) / width))
        for line in text.split("\n")
    )
