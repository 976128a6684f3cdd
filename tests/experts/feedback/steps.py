"""Steps of an expert in another round, and the pages that they read."""

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Comparison, Round
from tests.clients.arrivals import hidden, rows
from tests.clients.pages import Page, PageClient

PANEL = "/answer/panel"
AGAIN = "/answer/again"


def card(page: Page, code: str) -> str:
    """Return the text of one indicator's card."""
    return page.one("article", id=code).text.replace("\xa0", " ")


def decide(client: PageClient, seen: Page | None = None, **fields: str) -> TestResponse:
    return client.post(PANEL, data=hidden(seen or client.page(PANEL)) | fields)


def again(client: PageClient) -> TestResponse:
    """Keep all earlier answers that the expert does not reconsider."""
    return client.post(AGAIN, data=hidden(client.page(AGAIN)))


def question(database: Database, first: str = "wired", second: str = "wireless") -> str:
    """Return the address of a comparison of the open round."""
    with database.reading() as session:
        found = session.scalars(
            select(Comparison)
            .join(Round, Round.id == Comparison.round_id)
            .where(Round.state == "open")
        )
        return next(
            f"/answer/comparisons/{row.id}"
            for row in found
            if (row.first.code, row.second.code) == (first, second)
        )


def said_now(database: Database, table: str = "judgement") -> list[tuple[Any, ...]]:
    """Return the rows of a kind of answer in the open round."""
    with database.reading() as session:
        number = session.scalar(select(Round.id).where(Round.state == "open"))
    return [row for row in rows(database, table)[table] if row[1] == number]
