"""points.csv: 100 points per parent or a rating per item, by kind of answering."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from survey.files.study_folder.questions import AnswerPlaces, Questions
from survey.files.study_folder.sheet import Row, Sheet, percent
from survey.values import (
    BEST_WORST,
    HIGHEST_RATING,
    PAIRWISE,
    POINTS_TOLERANCE,
    RATING,
    Allocation,
    Expert,
    is_whole,
)

_HUNDRED = 100

#: Ways of answering without a number per item, and the code of the fault.
_WITHOUT = {PAIRWISE: "points-of-pairwise", BEST_WORST: "points-of-best-worst"}


def read_points(sheet: Sheet, questions: Questions, answered: AnswerPlaces) -> Iterator[Allocation]:
    """Yield the allocations and check each group; add their places to ``answered``."""
    #: (expert, parent) → item → (line, points); None for a faulty cell.
    given: dict[tuple[str, str], dict[str, tuple[int, float | None]]] = defaultdict(dict)
    misplaced: set[str] = set()
    for row in sheet:
        expert = questions.expert(row)
        parent = questions.parent(row)
        item = questions.item(row, "item", parent)
        points = _rating(row) if expert and expert.kind == RATING else _points(row)
        if expert is not None and expert.kind in _WITHOUT and expert.code not in misplaced:
            misplaced.add(expert.code)
            row.fault("expert", _WITHOUT[expert.kind], expert=expert.code)
        if expert is None or parent is None or item is None:
            continue
        items = given[expert.code, parent]
        if item in items:
            row.fault("item", "points-twice", expert=expert.code, item=item, other=items[item][0])
            continue
        items[item] = row.line, points
        answered.first.setdefault((expert.code, parent), (sheet.file, row.line))
        if points is not None:
            yield Allocation(expert.code, parent, item, points)
    for (code, parent), items in given.items():
        expert = questions.experts[code]
        _check_group(sheet, expert, parent, tuple(questions.children[parent]), items)


def _points(row: Row) -> float | None:
    return _number(row, _HUNDRED + POINTS_TOLERANCE, "not-points")


def _rating(row: Row) -> float | None:
    return _number(row, HIGHEST_RATING, "not-a-rating")


def _number(row: Row, highest: float, fault: str) -> float | None:
    cell = row.number("points")
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not 0 <= number <= highest or "_" in cell:
        row.fault("points", fault, found=cell, **percent(cell))
        return None
    return number


def _check_group(
    sheet: Sheet,
    expert: Expert,
    parent: str,
    children: tuple[str, ...],
    items: dict[str, tuple[int, float | None]],
) -> None:
    lines = [line for line, _ in items.values()]
    about = {"expert": expert.code, "parent": parent}
    missing = [child for child in children if child not in items]
    if missing:
        sheet.fault(lines[0], "item", "missing-points", **about, missing=", ".join(missing))
        return
    points = [value for _, value in items.values() if value is not None]
    if len(points) < len(items) or is_whole(expert.kind, points):
        return
    if expert.kind == RATING:
        sheet.fault(lines[0], "points", "all-zero", **about)
    else:
        sheet.fault(
            lines[0],
            "points",
            "not-a-hundred",
            **about,
            lines=", ".join(map(str, lines)),
            sum=f"{math.fsum(points):.10g}",
        )
