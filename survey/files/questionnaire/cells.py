"""Cells of a workbook's sheets, read in a process of its own that may be killed.

A malicious file can at worst end this process: its memory, time and output are
limited. The workbook comes on standard input; its cells go to standard output as
JSON.
"""

import contextlib
import datetime as dt
import io
import json
import resource
import sys
from typing import Any

MEMORY = 512 * 2**20
SECONDS = 10

MOST_ROWS = 20_000
MOST_COLUMNS = 200
#: The most characters of all cells: far above any questionnaire.
MOST_TEXT = 4 * 2**20


class TooMuch(Exception):
    """The workbook is larger than a questionnaire can be: what, found, limit, sheet."""


def cells_of(content: bytes) -> list[dict[str, Any]]:
    """Return the sheets of a workbook: their names, and their rows of cells from A1.

    Raises
    ------
    TooMuch
        If there are more cells, or more text, than any questionnaire has.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    text = 0
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for position, known in enumerate(book.sheets_metadata):
            if known.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(position)
            _bound("rows", sheet.total_height, MOST_ROWS, known.name)
            _bound("columns", sheet.total_width, MOST_COLUMNS, known.name)
            text += sheet.total_height * sheet.total_width  # an empty cell takes memory too
            _bound("text", text, MOST_TEXT, known.name)
            rows = [list(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False)]
            text += sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
            _bound("text", text, MOST_TEXT, known.name)
            sheets.append({"name": known.name, "rows": rows})
    return sheets


def _bound(what: str, found: int, limit: int, sheet: str) -> None:
    if found > limit:
        raise TooMuch(what, found, limit, sheet)


def _plain(cell: Any) -> Any:
    """Return a cell as a JSON value; a date is marked as one."""
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return {"date": str(cell)}
    return cell


def main() -> None:
    # If a system does not know a limit, the caller's timeout still applies.
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    try:
        answer: dict[str, Any] = {"sheets": cells_of(sys.stdin.buffer.read())}
    except TooMuch as error:
        answer = {"too much": error.args}
    json.dump(answer, sys.stdout, allow_nan=False)


if __name__ == "__main__":
    main()
