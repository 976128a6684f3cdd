"""A seal that was printed is checked on a public page, which tells nothing else."""

import pytest
from sqlalchemy import select, text

from survey.models import JournalEntry, Study
from survey.store import journal
from tests.clients.pages import Page
from tests.worlds import cast

OTHER = "0123456789abcdef"


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def printed(app, store):
    """The second of three entries, and its seal."""
    with store.writing() as session:
        study_id = cast.load(session).id
        cast.load(session, cast.study("other"))
        for number in range(2):
            journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)
    key = app.extensions["settings"].secret_key.encode()
    with store.reading() as session:
        head = session.scalar(select(JournalEntry.digest).filter_by(study_id=study_id, number=2))
        return journal.seal(head, key)


def verdict(client, entry, seal, status=200):
    response = client.get("/seal", query_string={"entry": entry, "seal": seal})
    assert response.status_code == status
    found = Page(response.text).all("p", id="verdict")
    return found[0].attributes["data-verdict"] if found else None


def test_the_page_asks_for_an_entry_and_its_seal(client):
    page = client.page("/seal")

    assert {field.attributes["name"] for field in page.all("input")} >= {"entry", "seal"}
    assert page.all("p", id="verdict") == []


def test_a_printed_seal_is_right_for_its_entry_alone(client, printed):
    assert verdict(client, 2, f" {printed.upper()} ") == "whole"
    assert verdict(client, 1, printed) == "unknown"
    assert verdict(client, 2, OTHER) == "unknown"


def test_nothing_else_is_told(client, printed):
    page = client.get("/seal", query_string={"entry": 2, "seal": printed})

    for secret in ("pilot", "Pilot", "author ann", "tried"):
        assert secret not in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("entry", "seal"),
    [
        ("", OTHER),
        ("0", OTHER),
        ("x", OTHER),
        (2**31, OTHER),
        ("9" * 400, OTHER),
        (2, ""),
        (2, "z" * 16),
        (2, "a" * 17),
    ],
)
def test_what_cannot_be_a_seal_is_refused(client, entry, seal):
    assert not verdict(client, entry, seal, status=422)


def test_an_entry_that_is_no_number_is_refused_once_and_in_the_language_of_the_page(client):
    client.get("/seal?language=zh")

    page = Page(client.get("/seal", query_string={"entry": "x", "seal": OTHER}).text)

    assert page.one("p", id="entry-errors").text == "请输入记录的编号，例如 57。"


def test_a_broken_journal_is_said(sqlite_database, client, store, printed):
    """On SQLite: only the owner of PostgreSQL's tables can break a journal."""
    with store.writing() as session:
        session.execute(text("DROP TRIGGER journal_entry_update"))
        session.execute(text("UPDATE journal_entry SET actor = 'x' WHERE number = 1"))

    assert verdict(client, 2, printed) == "broken"


def test_a_seal_costs_as_much_in_a_journal_ten_times_as_long(client, store, printed, monkeypatch):
    monkeypatch.setattr(journal, "EVERY", 10)
    store.info[journal.KEY] = client.application.extensions["settings"].secret_key.encode()
    with store.reading() as session:
        study_id = session.scalar(select(Study.id).where(Study.code == "pilot"))
    for number in range(90):
        with store.writing() as session:
            journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)
    walked = []
    digest = journal.Entry.digest
    monkeypatch.setattr(journal.Entry, "digest", lambda entry: walked.append(1) or digest(entry))

    assert verdict(client, 2, printed) == "whole"
    assert 0 < len(walked) < 20


def test_the_service_says_that_it_works_and_nothing_else(client):
    response = client.get("/health")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"
