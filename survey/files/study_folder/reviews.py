"""reviews.csv: experts' reviews of their weights, and the contradictions shown.

Contradictions are written as ``circle:a/b/c``, judgements as ``a/b=3`` and ``a/b=1/3``;
several are separated by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from survey.files.study_folder.questions import Questions
from survey.files.study_folder.sheet import Row, Sheet
from survey.values import LOOKS_RIGHT, OFF, Contradiction, Judged, Review

COLUMNS = ("expert", "parent", "verdict", "reason", "kinds", "before", "after")

#: Kinds of contradictions among three judgements.
KINDS = ("circle", "strength", "end-of-scale")

_JUDGED = re.compile(r"([^/=]+)/([^/=]+)=(1/)?([1-9])")


def read_reviews(sheet: Sheet, questions: Questions) -> Iterator[Review]:
    """Yield the reviews, one of each expert under each parent."""
    lines: dict[tuple[str, str], int] = {}
    for row in sheet:
        expert, parent = questions.expert(row), questions.parent(row)
        verdict = row.label("verdict")
        if verdict not in ("", LOOKS_RIGHT, OFF):
            row.fault("verdict", "not-a-verdict", found=verdict)
        if expert is None or parent is None:
            continue
        if (expert.code, parent) in lines:
            other = lines[expert.code, parent]
            row.fault("parent", "reviewed-twice", expert=expert.code, other=other)
            continue
        lines[expert.code, parent] = row.line
        places = questions.children[parent]
        yield Review(
            expert=expert.code,
            parent=parent,
            verdict=verdict,
            reason=row.text("reason"),
            shown=tuple(_shown(row, places)),
            before=_judged(row, "before", places),
            after=_judged(row, "after", places) or None,
        )


def written(review: Review) -> dict[str, str]:
    """Return a review as a row of the table."""
    return {
        "expert": review.expert,
        "parent": review.parent,
        "verdict": review.verdict,
        "reason": review.reason,
        "kinds": " ".join(f"{shown.kind}:{'/'.join(shown.items)}" for shown in review.shown),
        "before": _steps(review.before),
        "after": _steps(review.after or ()),
    }


def _steps(judged: Judged) -> str:
    return " ".join(
        f"{first}/{second}={f'1/{1 - steps}' if steps < 0 else steps + 1}"
        for first, second, steps in judged
    )


def _shown(row: Row, places: Mapping[str, int]) -> Iterator[Contradiction]:
    for cell in row.value("kinds").split():
        kind, _, named = cell.partition(":")
        items = named.split("/")
        if kind not in KINDS or len(items) != 3 or not _are_items(items, places):
            row.fault("kinds", "not-a-contradiction", found=cell)
            continue
        first, second, third = sorted(items, key=places.__getitem__)
        yield Contradiction(kind, (first, second, third))


def _judged(row: Row, column: str, places: Mapping[str, int]) -> Judged:
    """Return the judgements in a cell, sorted, each pair in the framework's order."""
    said: dict[tuple[str, str], int] = {}
    for cell in row.value(column).split():
        found = _JUDGED.fullmatch(cell)
        if found is None or not _are_items(found.group(1, 2), places):
            row.fault(column, "not-judged", found=cell)
            continue
        first, second, below, strength = found.groups()
        steps = 1 - int(strength) if below else int(strength) - 1
        if places[first] > places[second]:
            first, second, steps = second, first, -steps
        if (first, second) in said:
            row.fault(column, "not-judged", found=cell)
        said[first, second] = steps
    order = sorted(said, key=lambda pair: (places[pair[0]], places[pair[1]]))
    return tuple((*pair, said[pair]) for pair in order)


def _are_items(items: Iterable[str], places: Mapping[str, int]) -> bool:
    """Whether these are different items of one parent."""
    named = list(items)
    return len({*named}) == len(named) and {*named} <= places.keys()
