"""Uploads that take long to open, which delay only their senders."""

import io

import pytest

from survey.desk import pages
from survey.files.questionnaire.unpacking import NoTurn
from tests.clients import arrivals
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.desk.files import HERS, download, filled, sides, upload


@pytest.fixture
def content(ann, database):
    pair = sides(database, "wired", "wireless")
    return filled(download(ann), ("Digital", pair, ["Wired network", "3"]))


def test_nothing_is_held_while_a_workbook_is_opened(app, ann, database, content, monkeypatch):
    """Neither a session nor its connection: the process that opens it may take ten seconds."""
    held = []

    def watched(content):
        own = app.extensions["database"]
        held.append([engine.pool.checkedout() for engine in (own._reader, own._writer)])
        return unpack(content)

    unpack = pages.unpack
    monkeypatch.setattr(pages, "unpack", watched)

    assert upload(ann, content).status_code == 303
    assert held == [[0, 0]]
    assert arrivals.judgements(database) == [("wired", "wireless", 2, "")]


def test_who_comes_while_others_are_read_is_told_and_may_send_the_same_file_again(
    ann, database, content, monkeypatch
):
    def busy(content):
        raise NoTurn

    before = rows(database)
    with monkeypatch.context() as others:
        others.setattr(pages, "unpack", busy)
        response = upload(ann, content)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    page = page_of(response)
    assert "The server is busy with other files. Nothing was saved" in page.text
    assert page.all("input", type="file")
    assert rows(database) == before

    assert upload(ann, content).status_code == 303
    assert arrivals.judgements(database) == [("wired", "wireless", 2, "")]


def test_a_round_that_closed_while_the_file_was_opened_takes_nothing(
    ann, database, content, monkeypatch
):
    def slow(content):
        arrivals.close(database)
        return unpack(content)

    unpack = pages.unpack
    monkeypatch.setattr(pages, "unpack", slow)
    response = upload(ann, content)

    assert response.status_code == 409
    assert page_of(response).one("h1").text == "This round has closed"
    assert arrivals.judgements(database) == []


def test_a_workbook_is_opened_for_signed_in_users_only(ann, database, content, monkeypatch):
    monkeypatch.setattr(pages, "unpack", lambda content: pytest.fail("opened"))
    token = ann.page(HERS).csrf_token
    arrivals.revoke(database)

    response = ann.post(
        HERS,
        data={"csrf_token": token, "questionnaire": (io.BytesIO(content), "filled.xlsx")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 403
