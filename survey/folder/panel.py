"""panel.csv: the experts, and how each of them answers."""

from __future__ import annotations

from survey.folder.sheet import Row, Sheet, as_language, is_language
from survey.values import DIRECT, PAIRWISE, Expert


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
