"""panel.csv: the experts, and how each of them answers."""

from __future__ import annotations

import re

from survey.folder.sheet import Row, Sheet, as_language, is_language
from survey.values import DIRECT, PAIRWISE, Expert

_SEED = re.compile(r"([0-9]{1,10})(\.0+)?")
#: One more than the largest seed.
_SEEDS = 2**31


def read_panel(sheet: Sheet) -> tuple[Expert, ...]:
    """The experts in the file's order; a faulty method is read as pairwise."""
    lines: dict[str, int] = {}
    panel = tuple(
        Expert(
            code=code,
            direction=row.text("direction"),
            language=_language(row),
            method=_method(row),
            name=row.text("name"),
            seed=_seed(row),
        )
        for row in sheet
        if (code := row.new_code("expert", lines))
    )
    if sheet.columns and not sheet.records:
        sheet.fault(0, "", "empty-panel")
    return panel


def _language(row: Row) -> str:
    language = row.label("language")
    if not is_language(language):
        row.fault("language", "not-a-language", found=language)
        return ""
    return as_language(language)


def _method(row: Row) -> str:
    method = row.label("method")
    if method not in (PAIRWISE, DIRECT):
        row.fault("method", "not-a-method", found=method)
        return PAIRWISE
    return method


def _seed(row: Row) -> int | None:
    cell = row.value("seed")
    if not cell:
        return None
    match = _SEED.fullmatch(cell)
    if match is None or int(match[1]) >= _SEEDS:
        row.fault("seed", "not-a-seed", found=cell, top=_SEEDS - 1)
        return None
    return int(match[1])
