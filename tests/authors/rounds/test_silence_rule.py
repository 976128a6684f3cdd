"""The author sets a round's rule for silence and its minimum response, until it opens."""

import pytest
from sqlalchemy import select

from survey.models import Round
from tests.clients import console
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.worlds import cast, further

STUDY = "/author/studies/pilot"
ROUNDS = f"{STUDY}/rounds"
SECOND = f"{ROUNDS}/2"
INVITED = {"asks": "everything", "experts": [expert.code for expert in further.PANEL]}
ASKED = {"form": "full", "order": "fixed"}


@pytest.fixture(autouse=True)
def asked_once(store):
    with store.writing() as session:
        further.load(session)


def rule(store, number=2):
    with store.reading() as session:
        round_ = session.scalars(select(Round).where(Round.number == number)).one()
        return round_.silence, round_.least_response


def fields(page):
    """Return the fields of the page's form: the rule chosen of those offered, and the minimum."""
    offered = page.all("input", name="silence")
    assert [(e.attributes["type"], e.attributes["value"]) for e in offered] == [
        ("radio", "keep"),
        ("radio", "leave-out"),
    ]
    (chosen,) = [e.attributes["value"] for e in offered if "checked" in e.attributes]
    return chosen, page.one("input", name="least_response").attributes["value"]


def told(page):
    shown = page.one("p", id="silence")
    assert shown.text
    return shown.attributes["data-silence"], shown.attributes["data-least"]


def test_a_further_round_keeps_answers_and_suggests_half_of_the_panel(author):
    # Of a panel of six.
    assert fields(author.page(ROUNDS)) == ("keep", "3")


def test_the_rule_and_the_minimum_are_set_with_the_round(app, author, store):
    sent = INVITED | {"silence": "leave-out", "least_response": "5"}

    assert author.send(ROUNDS, sent).headers["Location"] == SECOND

    assert rule(store) == ("leave-out", 5)
    assert fields(author.page(SECOND)) == ("leave-out", "5")
    assert console.written(app)[-1] == "round added"


def test_what_is_not_sent_is_the_default_of_a_new_round_and_stays_in_a_draft(author, store):
    author.send(ROUNDS, INVITED)
    assert rule(store) == ("keep", 3)

    author.send(SECOND, ASKED | {"silence": "leave-out", "least_response": "4"})
    author.send(SECOND, ASKED | {"order": "random"})

    assert rule(store) == ("leave-out", 4)


def test_a_draft_changes_its_rule_and_the_journal_says_so(app, author, store):
    author.send(ROUNDS, INVITED | {"silence": "leave-out", "least_response": "5"})

    response = author.send(SECOND, ASKED | {"silence": "keep", "least_response": "0"})

    assert response.status_code == 303
    assert rule(store) == ("keep", 0)
    assert "rule for silence set" in console.written(app)
    assert told(author.page(f"{SECOND}/open")) == ("keep", "0")


def test_an_empty_minimum_is_none(author, store):
    author.send(ROUNDS, INVITED | {"least_response": ""})

    assert rule(store) == ("keep", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"silence": "drop"},
        {"silence": ""},
        {"least_response": "-1"},
        {"least_response": "10000"},
        {"least_response": "three"},
    ],
)
def test_what_is_no_rule_and_no_number_is_refused_beside_the_field(author, store, wrong):
    (name,) = wrong
    response = author.send(ROUNDS, INVITED | wrong)
    assert response.status_code == 422
    assert page_of(response).one("p", id=f"{name}-errors").text
    with store.reading() as session:
        assert session.scalars(select(Round.number)).all() == [1]

    author.send(ROUNDS, INVITED)
    response = author.send(SECOND, ASKED | wrong)
    assert response.status_code == 422
    assert page_of(response).one("p", id=f"{name}-errors").text
    assert rule(store) == ("keep", 3)


@pytest.mark.parametrize("closed", [False, True])
def test_after_opening_the_rule_is_read_and_cannot_be_changed(author, store, closed):
    author.send(ROUNDS, INVITED | {"silence": "leave-out", "least_response": "5"})
    author.send(f"{SECOND}/open", {})
    if closed:
        author.send(f"{SECOND}/close", {})

    page = author.page(SECOND)
    assert told(page) == ("leave-out", "5")
    assert not page.all("input", name="silence") + page.all("input", name="least_response")
    before = rows(store)
    author.send(
        SECOND,
        ASKED | {"silence": "keep", "least_response": "0"},
        seen_at=f"{STUDY}/",
    )
    assert rows(store) == before


def test_a_first_round_has_a_minimum_and_nothing_to_keep(author, store):
    with store.writing() as session:
        cast.load(session, cast.study("fresh"))
    path = "/author/studies/fresh/rounds/1"

    page = author.page(path)
    assert page.all("input", name="silence") == []
    assert page.one("input", name="least_response").attributes["value"] == "3"

    author.send(path, ASKED | {"least_response": "2"})
    with store.reading() as session:
        assert session.scalars(select(Round.least_response).order_by(Round.id)).all() == [3, 2]
