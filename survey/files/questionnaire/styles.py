"""How the cells of a questionnaire look, and how high its rows are."""

from __future__ import annotations

import math
from typing import Any
from unicodedata import east_asian_width

#: How high a line of text stands, and at most a row, in points.
LINE_HEIGHT, TALLEST = 18, 400


class Styles:
    """The formats of a workbook."""

    def __init__(self, workbook: Any, direction: str) -> None:
        # Not every program finds out by itself which way a text runs.
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
        # A text in a hidden column would run over into the empty cell beside it.
        self.hidden = workbook.add_format({"align": "fill"})


def height(*cells: tuple[str, int]) -> float:
    """How high a row must be for the longest of its texts to be seen, each in its column's width.

    Not every program finds that out by itself, and none can be asked here: it is estimated.
    """
    return min(TALLEST, LINE_HEIGHT * max(lines_of(text, width) for text, width in cells))


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column of some width, or a little fewer.

    >>> lines_of("a word", 30), lines_of("有线网" * 10, 30), lines_of("one\\ntwo", 30)
    (1, 3, 2)
    """
    # A column is as wide as so many figures; letters are narrower, and an ideograph is two.
    return sum(
        max(1, math.ceil(sum(2.1 if east_asian_width(c) in "WF" else 0.95 for c in line) / width))
        for line in text.split("\n")
    )
