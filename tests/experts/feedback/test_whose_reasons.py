"""Reasons shown in another round: only those of answers that count in the round before."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey import values
from survey.models import Study
from tests.clients import arrivals, console
from tests.clients.arrivals import answer, close, hidden
from tests.experts.feedback.steps import PANEL, card, question
from tests.worlds import cast, further

WITHDRAW = "/answer/withdraw"
DEES = further.REASONS["DEE", 1]


@pytest.fixture
def asked():
    return {"DEE": {("digital", "wired", "ai"): "far"}}


@pytest.fixture
def author(database_url, app, tmp_path):
    console_app = console.application(database_url, tmp_path)
    yield console.signed_in(console_app)
    console_app.extensions["database"].close()


def to_translate(author, number=1):
    """Return the author's page of a round's reasons."""
    return author.page(f"/author/studies/pilot/rounds/{number}/reasons/en")


def panel_in_round_3(app, database, expert="CY"):
    """Return the expert's page with the panel's weights once the second round is closed."""
    close(database)
    with database.writing() as session:
        study = session.scalars(select(Study).where(Study.code == "pilot")).one()
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, expert, number=3))
    return arrivals.arrive(app, token).page(PANEL)


def read(page, said):
    """Count a reason on the card of its first indicator."""
    return card(page, "wired").count(said)


# ---------- what counts nowhere is read nowhere ----------


def test_answers_kept_aside_by_another_kind_are_not_shown(app, author, database):
    aside = tuple(
        replace(expert, kind=values.DIRECT) if expert.code == "ANN" else expert
        for expert in further.PANEL
    )
    with database.writing() as session:
        study = cast.load(session, further.study(code="aside", panel=aside))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="aside"))

    text = arrivals.arrive(app, token).page(PANEL).text
    assert "CANARY of Ann" not in text
    assert DEES in text
    told = author.page("/author/studies/aside/rounds/1/reasons/en").text
    assert "CANARY of Ann" not in told
    assert DEES in told


def test_nor_are_reasons_in_a_group_that_the_expert_left_later(app, author, database):
    left = values.Abstention("DEE", "digital", "", "", "")
    with database.writing() as session:
        cast.load(session, further.study(code="left", abstentions=(left,)))

    page = author.page("/author/studies/left/rounds/1/reasons/en")

    assert DEES not in page.text
    assert "CANARY of Ann" in page.text


# ---------- what carries over does so with its reason ----------


def test_the_reason_of_what_carried_over_is_read_in_the_round_after(app, arrive, database):
    assert read(panel_in_round_3(app, database), "CANARY of Ann") == 1


def test_it_is_on_both_rounds_pages_with_one_translation(app, author, database):
    close(database)
    second = to_translate(author, 2)
    assert "CANARY of Ann" in second.text
    [field] = [e.attributes["name"] for e in second.all("textarea") if under(e, "CANARY of Ann")]
    author.post(
        "/author/studies/pilot/rounds/2/reasons/en",
        data=hidden(second) | {field: "What Ann said."},
    )

    assert "What Ann said." in [e.text for e in to_translate(author, 1).all("textarea")]
    with database.writing() as session:
        study = session.scalars(select(Study)).one()
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", number=3))
    assert "What Ann said." in card(arrivals.arrive(app, token).page(PANEL), "wired")


def under(field, said):
    """Whether there is a field under this reason."""
    return said in field.within("li").text


def test_what_was_asked_again_and_not_answered_keeps_its_reason(app, author, database):
    page = panel_in_round_3(app, database)

    assert read(page, DEES) == 1
    assert DEES in to_translate(author, 2).text
    assert DEES in to_translate(author, 1).text


def test_of_the_same_said_again_the_reason_is_read_once(app, arrive, author, database):
    answer(arrive("DEE"), question(database, "wired", "ai"), direction="same", reason=DEES)
    page = panel_in_round_3(app, database)

    assert read(page, DEES) == 1
    assert to_translate(author, 2).text.count(DEES) == 1


# ---------- who has withdrawn ----------


def test_reasons_of_earlier_rounds_are_no_longer_shown(arrive, app, database):
    cy = arrive("CY")
    assert "CANARY of Ann" in card(cy.page(PANEL), "wired")

    arrive("ANN").send(WITHDRAW, {})

    assert "CANARY of Ann" not in cy.page(PANEL).text
    assert "A reason about the groups." in cy.page(PANEL).text


def test_nor_are_they_offered_for_translation(arrive, author):
    arrive("ANN").send(WITHDRAW, {})
    page = to_translate(author)

    assert "CANARY of Ann" not in page.text
    assert "A reason about the groups." in page.text


def test_reasons_of_a_later_round_are_shown_again(arrive, app, database):
    arrive("EVE").send(WITHDRAW, {})
    close(database)
    with database.writing() as session:
        study = session.scalars(select(Study)).one()
        third = further.ask_again(session, study)
        said = further.study().judgements
        said = [replace(j, reason="Eve, later." if j.expert == "EVE" else "") for j in said]
        again = further.study(judgements=tuple(said))
        further.answer_again(session, third, again)
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", number=4))

    page = arrivals.arrive(app, token).page(PANEL)

    assert "Eve, later." in page.text
