"""Rounds: who has answered how much, opening, closing for good, and asking again."""

import pytest
from sqlalchemy import select

from survey.asking.allotting import record_allocation
from survey.asking.judging import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.saves import RoundClosed, Save
from survey.finishing.operations import finish
from survey.models import Criterion, Invitation, Round
from tests import cast, console
from tests.pages import Page

STUDY = "/author/studies/pilot"


@pytest.fixture
def opened(store):
    with store.writing() as session:
        return cast.load_open(session).id


def save(number):
    return Save(f"key-{number}", 0, cast.NOON)


def parent(session, code):
    return session.scalars(select(Criterion).where(Criterion.code == code)).one()


def states(store):
    with store.reading() as session:
        return session.scalars(select(Round.state).order_by(Round.number)).all()


def rows(page):
    """The grid's rows: each expert's cells, as read aloud."""
    return {
        row.text.split()[0]: [cell.text for cell in page.all("td") if cell.parents[-1] is row]
        for row in page.all("tr")
        if row.parents[-1].tag == "tbody" and "class" not in row.attributes
    }


def test_the_grid_shows_who_has_answered_how_much(author, opened, store):
    with store.writing() as session:
        ann = cast.invitation(session, "ANN")
        record_judgement(session, ann, cast.comparison(session), 2, "", save(1))
        record_cannot_judge(session, ann, cast.comparison(session, "wired", "ai"), "", save(2))
        record_group_abstention(session, ann, parent(session, "civic"), "", save(3))
        bo = cast.invitation(session, "BO")
        wired = parent(session, "wired")
        record_allocation(session, bo, parent(session, "digital"), {wired.id: 62.5}, save(4))

    page = author.page(f"{STUDY}/rounds/1")

    assert rows(page) == {
        "ANN": ["2 of 3", "cannot judge", "0 of 1", "not opened"],
        "BO": ["62.5 of 100", "0 of 100", "0 of 100", "not opened"],
        "CY": ["0 of 3", "0 of 1", "0 of 1", "not opened"],
    }
    assert [e.text for e in page.all("dd")] == ["0", "2", "1"]
    assert page.text.index("Invited for Digital") < page.text.index("Invited for Civic")


def test_who_gave_up_a_group_and_took_it_back_by_judging_is_no_abstainer(author, opened, store):
    with store.writing() as session:
        ann = cast.invitation(session, "ANN")
        record_judgement(session, ann, cast.comparison(session), 2, "", save(1))
        record_group_abstention(session, ann, parent(session, "digital"), "", save(2))
    assert rows(author.page(f"{STUDY}/rounds/1"))["ANN"][0] == "cannot judge"


def test_an_expert_who_finished_is_counted(author, opened, store):
    with store.writing() as session:
        invitation = cast.invitation(session, "CY")
        finish(session, invitation, {}, cast.NOON)

    page = author.page(f"{STUDY}/rounds/1")

    assert "1 of 3 experts have finished." in page.text
    assert rows(page)["CY"][-1] == "finished, 6 August 2024"


def test_a_round_is_opened_and_closed_by_a_button_each(app, author, pilot, store):
    page = author.page(f"{STUDY}/rounds/1/open")
    assert "3 experts can answer from then on" in page.text
    assert states(store) == ["draft"]

    assert author.send(f"{STUDY}/rounds/1/open", {}).location == f"{STUDY}/rounds/1"
    assert states(store) == ["open"]

    page = author.page(f"{STUDY}/rounds/1/close")
    assert "3 experts have not finished." in page.text
    assert states(store) == ["open"]

    assert author.send(f"{STUDY}/rounds/1/close", {}).status_code == 303
    assert states(store) == ["closed"]
    assert console.written(app)[-2:] == ["round opened", "round closed"]


def test_no_answer_counts_after_the_close(author, opened, store):
    author.send(f"{STUDY}/rounds/1/close", {})

    with pytest.raises(RoundClosed), store.writing() as session:
        record_judgement(
            session, cast.invitation(session), cast.comparison(session), 2, "", save(1)
        )


@pytest.mark.parametrize(
    ("state", "turn"), [("open", "open"), ("closed", "close"), ("closed", "open")]
)
def test_a_round_that_has_moved_on_is_left_as_it_is(app, author, store, state, turn):
    with store.writing() as session:
        (cast.load_open if state == "open" else cast.load_closed)(session)
    before = console.written(app)

    response = author.send(f"{STUDY}/rounds/1/{turn}", {}, seen_at="/author/")

    assert response.status_code == 409
    assert author.get(f"{STUDY}/rounds/1/{turn}").status_code == 409
    assert states(store) == [state]
    assert console.written(app) == before


def test_a_round_without_anybody_invited_is_not_opened(author, pilot, store):
    with store.writing() as session:
        for invitation in session.scalars(select(Invitation)):
            session.delete(invitation)

    response = author.send(f"{STUDY}/rounds/1/open", {})

    assert response.status_code == 409
    assert "Nobody is invited" in response.get_data(as_text=True)
    assert states(store) == ["draft"]


def test_a_further_round_asks_those_who_were_chosen(app, author, store):
    with store.writing() as session:
        cast.load_closed(session)
    page = author.page(f"{STUDY}/rounds")
    assert [
        box.attributes["value"] for box in page.all("input", type="checkbox", name="experts")
    ] == [
        "ANN",
        "BO",
        "CY",
    ]

    response = author.send(f"{STUDY}/rounds", {"experts": ["ANN", "BO"]})

    assert response.location == f"{STUDY}/rounds/2"
    assert list(rows(author.page(response.location))) == ["ANN", "BO"]
    assert states(store) == ["closed", "draft"]
    assert console.written(app)[-1] == "round added"


@pytest.mark.parametrize("chosen", [{}, {"experts": ["NOBODY"]}])
def test_a_further_round_needs_somebody_of_the_panel(author, store, chosen):
    with store.writing() as session:
        cast.load_closed(session)

    response = author.send(f"{STUDY}/rounds", chosen)

    assert response.status_code == 422
    assert "Choose at least one expert." in Page(response.get_data(as_text=True)).text
    assert states(store) == ["closed"]


def test_a_further_round_waits_for_the_close_of_the_last(author, opened, store):
    response = author.send(f"{STUDY}/rounds", {"experts": ["ANN"]}, seen_at="/author/")

    assert response.status_code == 409
    assert author.get(f"{STUDY}/rounds").status_code == 409
    assert states(store) == ["open"]


@pytest.mark.parametrize("path", ["/rounds", "/rounds/1", "/rounds/1/open", "/rounds/1/close"])
def test_another_authors_round_is_not_found(app, pilot, store, path):
    other = console.signed_in(app, "other")

    assert other.get(f"{STUDY}{path}").status_code == 404
    if path != "/rounds/1":
        assert (
            other.send(f"{STUDY}{path}", {"experts": "ANN"}, seen_at="/author/").status_code == 404
        )
    assert states(store) == ["draft"]


def test_a_round_that_is_not_there_is_not_found(author, pilot):
    assert author.get(f"{STUDY}/rounds/2").status_code == 404
    assert author.get(f"{STUDY}/rounds/99999999999").status_code == 404
