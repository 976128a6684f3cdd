"""points.csv: 100 points per parent, from the experts who answer so."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from survey.folder.questions import Answered, Questions
from survey.folder.sheet import Row, Sheet
from survey.values import PAIRWISE, POINTS_TOLERANCE, Allocation

_HUNDRED = 100


def read_points(sheet: Sheet, questions: Questions, answered: Answered) -> Iterator[Allocation]:
    """The allocations, each started group complete; ``answered`` is told where they stand."""
    #: (expert, parent) → item → (line, points); None where a cell was faulty.
    given: dict[tuple[str, str], dict[str, tuple[int, float | None]]] = defaultdict(dict)
    misplaced: set[str] = set()
    for row in sheet:
        expert = questions.expert(row)
        parent = questions.parent(row)
        item = questions.item(row, "item", parent)
        points = _points(row)
        if expert is not None and expert.method == PAIRWISE and expert.code not in misplaced:
            misplaced.add(expert.code)
            row.fault("expert", "points-of-pairwise", expert=expert.code)
        if expert is None or parent is None or item is None:
            continue
        items = given[expert.code, parent]
        if item in items:
            row.fault("item", "points-twice", expert=expert.code, item=item, other=items[item][0])
            continue
        items[item] = row.line, points
        answered.setdefault((expert.code, parent, "", ""), (sheet.file, row.line))
        if points is not None:
            yield Allocation(expert.code, parent, item, points)
    for (code, parent), items in given.items():
        _check_group(sheet, code, parent, tuple(questions.children[parent]), items)


def _points(row: Row) -> float | None:
    cell = row.value("points")
    try:
        points = float(cell)
    except ValueError:
        points = math.nan
    if not 0 <= points <= _HUNDRED + POINTS_TOLERANCE or "_" in cell:
        row.fault("points", "not-points", found=cell)
        return None
    return points


def _check_group(
    sheet: Sheet,
    expert: str,
    parent: str,
    children: tuple[str, ...],
    items: dict[str, tuple[int, float | None]],
) -> None:
    lines = [line for line, _ in items.values()]
    missing = [child for child in children if child not in items]
    if missing:
        names = ", ".join(missing)
        sheet.fault(lines[0], "item", "missing-points", expert=expert, parent=parent, missing=names)
        return
    points = [value for _, value in items.values() if value is not None]
    if len(points) == len(items) and abs(math.fsum(points) - _HUNDRED) > POINTS_TOLERANCE:
        sheet.fault(
            lines[0],
            "points",
            "not-a-hundred",
            expert=expert,
            parent=parent,
            lines=", ".join(map(str, lines)),
            sum=f"{math.fsum(points):.10g}",
        )
