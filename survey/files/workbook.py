"""Tables as one XLSX file: equal tables give equal bytes, no text is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

Cell = str | int | float | None

#: The media type of the file.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Worksheet(NamedTuple):
    """Table of a workbook; a cell that a row does not name is empty."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Mapping[str, Cell]]


def workbook(sheets: Iterable[Worksheet]) -> bytes:
    """Return the file of these tables, with frozen first rows and without formulas."""
    import xlsxwriter  # imported only for a download

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        # A fixed date: the same tables give the same bytes.
        book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - a file's own date
        head = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                page.write_string(0, column, name, head)
            for line, row in enumerate(sheet.rows, 1):
                for column, name in enumerate(sheet.columns):
                    _write(page, line, column, row.get(name))
            page.autofit()
    return target.getvalue()


def _write(page: object, line: int, column: int, value: Cell) -> None:
    if isinstance(value, str):
        page.write_string(line, column, value)  # type: ignore[attr-defined]
    elif value is not None:
        page.write_number(line, column, value)  # type: ignore[attr-defined]
