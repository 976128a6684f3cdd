"""The link of a closed round, while a newer one is open for the same expert."""

import pytest

from survey.web.current import now
from tests import worlds
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.worlds import cast, further


@pytest.fixture(autouse=True)
def round_closed_today(monkeypatch):
    """A link ends with its round, thirty days after it closed: here it still works."""
    monkeypatch.setattr(cast, "NOON", now())


def closed_today(session):
    worlds.asked_again(session)


@pytest.fixture
def world(round_closed_today):
    return closed_today


def former_link(database, expert="ANN"):
    with database.writing() as session:
        return further.link(session, further.invitation(session, expert, 1))


def test_it_says_that_a_newer_round_is_open_and_does_not_lead_there(app, database):
    token = former_link(database)
    visitor = app.test_client()

    page = page_of(visitor.get(f"/invitation/{token}?language=en", follow_redirects=True))

    assert "Round 2 is open for you." in page.text
    visitor.send(f"/invitation/{token}", {})
    assert "This round has closed" in visitor.page("/answer/").text


def test_its_bearer_can_have_the_author_told_that_a_new_link_is_wanted(app, database):
    token = former_link(database)
    visitor = app.test_client()
    links = rows(database, "personal_link")

    visitor.send(f"/invitation/{token}/new-link", {}, seen_at=f"/invitation/{token}")

    with database.reading() as session:
        assert further.invitation(session, "ANN", 1).link_asked_at is None
        assert further.invitation(session, "ANN", 2).link_asked_at is not None
    assert rows(database, "personal_link") == links


def test_who_is_not_asked_again_reads_of_no_newer_round(app, database):
    with database.writing() as session:
        session.delete(further.invitation(session, "EVE", 2))
    visitor = app.test_client()

    token = former_link(database, "EVE")
    page = page_of(visitor.get(f"/invitation/{token}?language=en", follow_redirects=True))

    assert "Round 1 closed" in page.text
    assert "is open for you" not in page.text
