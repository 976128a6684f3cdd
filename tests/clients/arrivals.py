"""Experts at their browsers, for tests of their pages: on an open round, with links."""

import secrets
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, MetaData, select
from werkzeug.test import TestResponse

from survey import models
from survey.db import Base, Database
from survey.experts.landing.operations import exchange_personal_link
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Extremes,
    Judgement,
    Round,
)
from survey.store.invitations import issue_personal_link, revoke_personal_links
from survey.store.rounds import close_round
from survey.values import By
from survey.web.current import TOKEN, now
from tests.clients import applications
from tests.clients.pages import Page, PageClient
from tests.worlds import cast

SITE = "http://127.0.0.1:8000"
JSON = {"Accept": "application/json"}


def application(database_url: str, instance: Path) -> Flask:
    return applications.application(database_url, instance, SITE)


def link(database: Database, expert: str = "ANN", study: str = "pilot") -> str:
    """Return a personal link's token."""
    with database.writing() as session:
        invitation = cast.invitation(session, expert, study)
        return issue_personal_link(session, invitation, By("author author", cast.NOON))


def revoke(database: Database, expert: str = "ANN") -> None:
    with database.writing() as session:
        revoke_personal_links(
            session, cast.invitation(session, expert), By("author author", cast.NOON)
        )


def answers_by(database: Database, kind: str, expert: str = "CY") -> None:
    """Let an expert answer in another way than the panel says."""
    with database.writing() as session:
        cast.invitation(session, expert).kind = kind


def close(database: Database, study: str = "pilot") -> None:
    with database.writing() as session:
        round_ = session.scalars(select(Round).join(Round.study).where(Round.state == "open")).one()
        close_round(session, round_, By("author author", now()))


def arrive(app: Flask, token: str, language: str = "en") -> PageClient:
    """Return a browser signed in by a personal link: its session is stored, no page requested."""
    with app.extensions["database"].writing() as session:
        entered = exchange_personal_link(session, token, "a browser", now())
    client = app.test_client()
    assert isinstance(client, PageClient)
    with client.session_transaction(base_url=app.extensions["settings"].site_url) as cookie:
        cookie[TOKEN] = entered
        cookie["language"] = language
    return client


def press(app: Flask, token: str, language: str = "en") -> PageClient:
    """Return a browser that has pressed the button of a personal link."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.get(f"/invitation/{token}?language={language}")
    response = client.send(f"/invitation/{token}", {})
    assert (response.status_code, response.headers["Location"]) == (303, "/answer/")
    return client


def question(database: Database, first: str = "wired", second: str = "wireless") -> str:
    """Return the address of a comparison."""
    with database.reading() as session:
        return f"/answer/comparisons/{cast.comparison(session, first, second).id}"


def hidden(page: Page) -> dict[str, str]:
    """Return the hidden fields that the page's form sends beside the answer."""
    return {e.attributes["name"]: e.attributes["value"] for e in page.all("input", type="hidden")}


def chosen(page: Page) -> dict[str, str]:
    """Return the chosen radios and the texts of the text fields."""
    radios = {
        e.attributes["name"]: e.attributes["value"]
        for e in page.all("input", type="radio")
        if "checked" in e.attributes
    }
    texts = {e.attributes["name"]: e.attributes["value"] for e in page.all("input", type="text")}
    return radios | texts


def answer(client: PageClient, path: str, seen: Page | None = None, **fields: str) -> TestResponse:
    """Fill in the form of the page at ``path`` (as it was seen) and send it."""
    return client.post(path, data=hidden(seen or client.page(path)) | fields)


def autosave(client: PageClient, path: str, seen: Page, **fields: str) -> TestResponse:
    return client.post(path, data=hidden(seen) | {"key": new_key()} | fields, headers=JSON)


def new_key() -> str:
    return secrets.token_hex(16)


ANSWERS = tuple(answer.__tablename__ for answer in models.ANSWERS)
EVERYTHING = tuple(sorted(Base.metadata.tables))


def rows(database: Database, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the content of all or some tables, to compare that nothing changed."""
    with database.reading() as session:
        return {name: _rows(session.connection(), name) for name in tables or EVERYTHING}


def _rows(connection: Connection, name: str) -> list[tuple[Any, ...]]:
    metadata: MetaData = Base.metadata
    table = metadata.tables[name]
    return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def judgements(database: Database) -> list[tuple[str, str, int, str]]:
    """Return (first, second, step, reason) of every judgement, in the order asked."""
    with database.reading() as session:
        found = session.execute(
            select(Comparison, Judgement)
            .join(Judgement, Judgement.comparison_id == Comparison.id)
            .order_by(Comparison.position, Judgement.expert_id)
        ).all()
        return [(c.first.code, c.second.code, j.step, j.reason) for c, j in found]


def points(database: Database) -> dict[str, float]:
    """Return the points of every criterion that has some."""
    with database.reading() as session:
        found = session.execute(
            select(Criterion.code, Allocation.points)
            .join(Allocation, Allocation.criterion_id == Criterion.id)
            .order_by(Criterion.position)
        ).all()
        return {row.code: row.points for row in found}


def extremes(database: Database) -> dict[str, tuple[str, str]]:
    """Return (best, worst) by parent."""
    with database.reading() as session:
        codes = dict(session.execute(select(Criterion.id, Criterion.code)).all())
        found = session.scalars(select(Extremes).order_by(Extremes.id))
        return {codes[e.parent_id]: (codes[e.best_id], codes[e.worst_id]) for e in found}


def abstentions(database: Database) -> list[tuple[str, bool, str]]:
    """Return (parent, whether of a whole group, reason) of every abstention."""
    with database.reading() as session:
        found = session.execute(
            select(Criterion.code, Abstention.comparison_id, Abstention.reason)
            .join(Abstention, Abstention.parent_id == Criterion.id)
            .order_by(Abstention.id)
        ).all()
        return [(code, comparison is None, reason) for code, comparison, reason in found]
