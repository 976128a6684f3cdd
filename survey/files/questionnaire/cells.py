"""A workbook as the cells of its sheets. Run as a script: a process to be given up on.

What a stranger packed into the file can at worst end this process: its memory
and its time are bounded, and so is what it may say. The workbook comes in on
standard input, and its cells go out as JSON.
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
#: How many characters all cells may hold: far above any questionnaire.
MOST_TEXT = 4 * 2**20


class TooMuch(Exception):
    """The workbook holds more than a questionnaire can: ``what``, found, allowed, in a sheet."""


def cells_of(content: bytes) -> list[dict[str, Any]]:
    """The sheets of a workbook: their names, and their rows of cells from A1 on.

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
            text += sheet.total_height * sheet.total_width  # an empty cell takes memory, too
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
    """A cell as JSON has it; what a spreadsheet made a date of says so."""
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return {"date": str(cell)}
    return cell


def main() -> None:
    # Where a system does not know a limit, the caller's clock remains.
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
