"""Questionnaires for tests: downloaded, filled in as new workbooks, uploaded."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from werkzeug.test import TestResponse

from survey.asking.pairs import record_judgement
from survey.asking.questions import load_questionnaire
from survey.asking.saves import Save
from survey.db import Database
from survey.files.questionnaire import cells
from survey.files.questionnaire.unpacking import Sheets
from tests.clients.pages import PageClient
from tests.files.questionnaire.files import find, sheet
from tests.worlds import cast

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HERS = "/answer/questionnaire"
AUTHORS = "/author/studies/pilot/experts/ANN/questionnaire"


def download(client: PageClient, address: str = HERS) -> bytes:
    response = client.get(f"{address}.xlsx")
    assert response.status_code == 200
    return response.data


def filled(content: bytes, *answers: tuple[str, Sequence[str], Sequence[Any]]) -> bytes:
    """Return the file as a new workbook with cells filled in, by the end of sheet names."""
    sheets = [(s["name"], s["rows"]) for s in cells.cells_of(content)]
    for name, line, given in answers:
        row, column = find(sheet(sheets, name), *line)
        sheet(sheets, name)[row][column + 1 : column + 1 + len(given)] = given
    return book_of(sheets)


def book_of(sheets: Sheets) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, lines in sheets:
            page = book.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    write = page.write_string if isinstance(cell, str) else page.write_number
                    write(row, column, cell)
    return target.getvalue()


def upload(client: PageClient, content: bytes, address: str = HERS) -> TestResponse:
    token = client.page(address).csrf_token
    return client.post(
        address,
        data={"csrf_token": token, "questionnaire": (io.BytesIO(content), "filled.xlsx")},
        content_type="multipart/form-data",
    )


def judge(
    database: Database,
    step: int,
    key: str,
    base: int,
    pair: tuple[str, str] = ("wired", "wireless"),
    expert: str = "ANN",
    study: str = "pilot",
) -> None:
    """Store an answer of the expert on their pages."""
    with database.writing() as session:
        invitation = cast.invitation(session, expert, study)
        asked = cast.comparison(session, *pair, study)
        record_judgement(
            session, invitation, asked, step, "", Save(key.ljust(16, key[0]), base, cast.NOON)
        )


def sides(
    database: Database,
    first: str,
    second: str,
    expert: str = "ANN",
    language: str = "en",
    study: str = "pilot",
) -> list[str]:
    """Return a pair as an expert's file shows it: each expert has their own order and sides."""
    with database.reading() as session:
        questionnaire = load_questionnaire(session, cast.invitation(session, expert, study))
        question = next(
            q for q in questionnaire.questions if {q.first, q.second} == {first, second}
        )
        return [questionnaire.names(code)[language] for _side, code in question.shown]
