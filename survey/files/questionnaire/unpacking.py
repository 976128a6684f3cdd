"""Reading of an upload's bytes into the cells of its sheets, within limits."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from survey.files.limits import UPLOAD
from survey.files.questionnaire import cells
from survey.files.questionnaire.faults import FaultyFile, SheetFault

#: A cell: text, a number, a truth value, or a date (as a mapping).
Cell = str | float | bool | Mapping[str, str] | None
Sheets = list[tuple[str, list[list[Cell]]]]

#: Number of workbooks opened at once: each may take a processor and cells.MEMORY.
AT_ONCE = 2
#: The longest wait for a turn, in seconds. A waiting upload occupies a thread of the service.
PATIENCE = 3.0

#: Environment variables that the process which opens a workbook inherits.
PASSED_ON = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")

_turns = threading.BoundedSemaphore(AT_ONCE)

_OLD_FORMAT = b"\xd0\xcf\x11\xe0"


class NoTurn(Exception):
    """Too many other workbooks are being opened; this one was not."""


def unpack(content: bytes) -> Sheets:
    """Return the sheets of a workbook by name, each with its rows from A1.

    Raises
    ------
    FaultyFile
        If it is not an .xlsx workbook, or is larger than a questionnaire can be.
    NoTurn
        If the wait for a turn exceeds :data:`PATIENCE`.
    """
    check(content)
    with _turn():
        return _opened(content)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise NoTurn
    try:
        yield
    finally:
        _turns.release()


def _opened(content: bytes) -> Sheets:
    try:
        # S603 does not apply: interpreter and script are trusted, the bytes are only data.
        done = subprocess.run(
            [sys.executable, "-I", str(Path(cells.__file__))],
            input=content,
            capture_output=True,
            timeout=cells.SECONDS,
            check=True,
            env=_environment(),
        )
        return sheets_of(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        _refuse("damaged")


def _environment() -> dict[str, str]:
    """Return the variables that Python needs to start; no secret, no database address."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def sheets_of(answer: dict[str, Any]) -> Sheets:
    """Return the sheets in the output of :mod:`survey.files.questionnaire.cells`."""
    if "too much" in answer:
        what, found, limit, sheet = answer["too much"]
        code = "too-much-text" if what == "text" else f"too-many-{what}"
        raise FaultyFile(SheetFault(code, {"found": found, "limit": limit}, sheet))
    return [(sheet["name"], sheet["rows"]) for sheet in answer["sheets"]]


def check(content: bytes) -> None:
    """Refuse a file that is not an .xlsx workbook, or too large, before opening it.

    Raises
    ------
    FaultyFile
    """
    if not content:
        _refuse("empty")
    if len(content) > UPLOAD.archive:
        _refuse("too-large", found=len(content), limit=UPLOAD.archive)
    if content.startswith(_OLD_FORMAT):
        _refuse("old-workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        _refuse("not-a-workbook")
    _check_parts(parts)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        _refuse("binary-workbook")
    if "content.xml" in names:
        _refuse("opendocument")
    if "[Content_Types].xml" not in names:
        _refuse("not-a-workbook")
    if len(parts) > UPLOAD.parts:
        _refuse("too-many-parts", found=len(parts), limit=UPLOAD.parts)
    size = sum(part.file_size for part in parts)
    if size > UPLOAD.unpacked:
        _refuse("too-large-unpacked", found=size, limit=UPLOAD.unpacked)


def _refuse(code: str, **data: object) -> NoReturn:
    raise FaultyFile(SheetFault(code, data))
