"""Author's console in tests: an application on a database, and signed-in browsers."""

from pathlib import Path

from babel.dates import format_date
from flask import Flask

from survey.sign_in.operations import exchange_author_link
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.web.current import TOKEN, now
from tests.clients import applications
from tests.clients.pages import PageClient

SITE = "https://weights.example.org"


def application(database_url: str, instance: Path) -> Flask:
    return applications.application(database_url, instance, SITE)


def signed_in(app: Flask, author: str = DEFAULT_AUTHOR, language: str = "en") -> PageClient:
    """Return a browser signed in by an author's sign-in link."""
    with app.extensions["database"].writing() as session:
        link = issue_author_link(session, ensure_author(session, author, now()), now())
        token = exchange_author_link(session, link, "a browser", now())
    client = app.test_client()
    assert isinstance(client, PageClient)
    with client.session_transaction(base_url=SITE) as cookie:
        cookie[TOKEN] = token
        cookie["language"] = language
    return client


def written(app: Flask) -> list[str]:
    """Return the actions in the journals, in order."""
    from sqlalchemy import select

    from survey.models import JournalEntry

    with app.extensions["database"].reading() as session:
        return list(session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def today() -> str:
    """Return today's date as an English page writes it."""
    return format_date(now(), "d MMMM y", locale="en")
