"""A targeted round: prepared by the author, answered by experts who are asked a little."""

import json

import pytest
from sqlalchemy import func, select

from survey import values
from survey.authors.consensus.queries import load_consensus
from survey.authors.panel.operations import add_expert
from survey.models import Expert, JournalEntry, Judgement, Round, Study, Target
from survey.reports.panel.feedback import panel_weights
from survey.reports.panel.targets import targets_of
from survey.store.invitations import invite
from survey.store.rounds import close_round
from survey.store.studies import load_answered, load_study
from survey.values import By
from tests.clients import arrivals, console
from tests.clients.arrivals import answer, hidden
from tests.experts.feedback.steps import question
from tests.worlds import cast, further

STUDY = "/author/studies/pilot"

#: The questions asked again of the experts of the next tests; of Cy and Eve none.
ASKED = {
    "ANN": {("digital", "wired", "ai"): "far", ("goal", "digital", "civic"): "band"},
    "BO": {("civic",): "far"},
    "DEE": {("digital", "wired", "wireless"): "contradictory"},
    "FAY": dict.fromkeys(further.PAIRS, "unanswered"),
}


# ---------- the author ----------


@pytest.fixture
def asked():
    return ASKED


@pytest.fixture
def author(plain_app):
    return console.signed_in(plain_app)


@pytest.fixture
def plain_app(database_url, tmp_path):
    app = console.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


def test_a_targeted_round_asks_what_was_chosen_and_says_what_that_saves(author, database):
    response = author.send(
        f"{STUDY}/rounds", {"asks": "targeted", "experts": [e.code for e in further.PANEL]}
    )

    assert response.status_code == 303
    with database.reading() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        assert (round_.targeted, round_.state) == (True, "draft")
        chosen = targets_of(load_study(session, round_.study, round_.study.rounds[0]))
        stored = session.execute(
            select(Expert.code, func.count())
            .join(Target, Target.expert_id == Expert.id)
            .group_by(Expert.code)
        ).all()
    wanted = {expert: len(found) for expert, found in chosen.items() if found}
    assert {row[0]: row[1] for row in stored} == wanted
    # Five experts are asked five pairs each, Bo three lists.
    saved = f"{len(wanted)} experts, {sum(wanted.values())} questions in total"
    for page in (f"{STUDY}/rounds/2", f"{STUDY}/rounds/2/open"):
        text = author.page(page).text
        assert saved in text
        assert "instead of 28" in text
        # Fay, who has said nothing yet.
        assert "1 of them gets all questions" in text


def test_all_are_invited_unless_the_author_says_otherwise_and_everything_is_asked(author, database):
    page = author.page(f"{STUDY}/rounds")
    boxes = page.all("input", name="experts")
    assert [e.attributes["value"] for e in boxes if "checked" in e.attributes] == [
        e.code for e in further.PANEL
    ]
    (asks,) = [e for e in page.all("input", name="asks") if "checked" in e.attributes]
    assert asks.attributes["value"] == "everything"

    author.send(f"{STUDY}/rounds", {"asks": "everything", "experts": ["ANN", "BO"]})

    with database.reading() as session:
        assert not session.scalars(select(Round).where(Round.number == 2)).one().targeted
        assert session.scalar(select(func.count(Target.id))) == 0


def test_the_grid_counts_what_is_asked_again(author, database):
    with database.writing() as session:
        study = session.scalars(select(Round)).one().study
        further.ask_some_again(session, study, ASKED)
    page = author.page(f"{STUDY}/rounds/2")

    cells = {
        row.text.split()[0]: [c.text for c in page.all("td") if c.parents[-1] is row]
        for row in page.all("tr")
        if row.parents[-1].tag == "tbody" and "class" not in row.attributes
    }
    assert cells["ANN"][:3] == ["0 of 1", "not asked again", "0 of 1"]
    assert cells["BO"][:3] == ["not asked again", "0 of 2", "not asked again"]
    assert cells["CY"][:3] == ["not asked again"] * 3
    assert cells["FAY"][:3] == ["0 of 3", "0 of 1", "0 of 1"]


def test_who_is_invited_late_is_asked_everything(database):
    with database.writing() as session:
        study = session.scalars(select(Study)).one()
        round_ = further.ask_some_again(session, study, ASKED)
        new = values.Expert("GUS", "civic", "en", values.PAIRWISE)
        points = values.Expert("HAL", "civic", "en", values.DIRECT)
        for expert in (new, points):
            row = add_expert(session, study, expert, By("author author", cast.NOON))
            invite(session, row, round_, By("author author", cast.NOON))
        asked = session.execute(
            select(Expert.code, func.count(Target.id))
            .join(Target, Target.expert_id == Expert.id)
            .where(Expert.code.in_(("GUS", "HAL")))
            .group_by(Expert.code)
        ).all()

    assert {row[0]: row[1] for row in asked} == {"GUS": 5, "HAL": 3}


def test_how_many_rounds_are_planned_is_told(author, database):
    author.send(
        f"{STUDY}/rounds", {"asks": "everything", "planned": "3", "experts": ["ANN", "BO", "CY"]}
    )
    author.send(f"{STUDY}/rounds/2/open", {})
    with database.writing() as session:
        token = further.link(session, further.invitation(session, "ANN"))
    ann = arrivals.arrive(author.application, token)

    assert "This is round 2 of 3." in ann.page("/answer/panel").text
    assert "This is round 2 of 3." in ann.page(f"/invitation/{token}").text


def test_a_plan_of_fewer_rounds_than_this_is_refused_and_a_plan_is_in_the_journal(author, database):
    sent = {"asks": "everything", "experts": ["ANN", "BO", "CY"]}

    refused = author.send(f"{STUDY}/rounds", {**sent, "planned": "1"})
    assert refused.status_code == 422
    assert "Enter a number from 2 to 99." in refused.get_data(as_text=True)
    author.send(f"{STUDY}/rounds", {**sent, "planned": "3"})

    with database.reading() as session:
        added = select(JournalEntry.detail).where(JournalEntry.action == "round added")
        details = [json.loads(detail) for detail in session.scalars(added)]
    assert details[-1] == {"round": 2, "planned": 3}


def test_an_open_targeted_round_does_not_claim_to_ask_every_pair(author, database):
    with database.writing() as session:
        study = session.scalars(select(Round)).one().study
        further.ask_some_again(session, study, ASKED)

    assert "Every pair of each group" not in author.page(f"{STUDY}/rounds/2").text
    assert "Every pair of each group" in _open_in_full(author, database)


def _open_in_full(author, database):
    """Return the author's page of another round that asks everything, once it is open."""
    with database.writing() as session:
        targeted = session.scalars(select(Round).where(Round.number == 2)).one()
        close_round(session, targeted, By("author author", cast.NOON))
        further.ask_again(session, targeted.study)
    return author.page(f"{STUDY}/rounds/3").text


# ---------- the expert ----------


def test_the_expert_is_told_how_much_less_is_asked(arrive, app, database):
    ann = arrive("ANN")
    with database.writing() as session:
        token = further.link(session, further.invitation(session, "ANN"))

    assert "2 questions instead of 5" in ann.page(f"/invitation/{token}").text
    assert "Round 2 asks you 2 questions instead of 5" in ann.page("/answer/").text


def test_a_question_says_why_it_is_asked(arrive, database):
    ann = arrive("ANN")

    far = ann.page(question(database, "wired", "ai")).text
    band = ann.page(question(database, "digital", "civic")).text

    assert "Asked again because your answer is far from most of the panel’s." in far
    assert "Asked again because one step here can move one city to another band." in band


def test_a_pair_not_asked_is_no_question_and_its_answer_counts_in_the_weights(arrive, database):
    ann = arrive("ANN")

    assert ann.get(question(database, "water", "health")).status_code == 404
    page = ann.page("/answer/groups/civic")
    assert "count as you gave them in round 1" in page.text
    assert [e.text.replace("\xa0", " ") for e in page.all("td", class_="value num")] == [
        "50.0%",
        "50.0%",
    ]


def test_a_group_that_is_not_asked_cannot_be_left(arrive, database):
    ann = arrive("ANN")
    seen = ann.page("/answer/groups/digital/cannot-judge")
    before = arrivals.rows(database)

    assert answer(ann, "/answer/groups/civic/cannot-judge", seen).status_code == 404
    assert arrivals.rows(database) == before


def test_the_expert_is_led_through_the_questions_and_then_is_done(arrive, database):
    ann = arrive("ANN")
    wired, groups = question(database, "wired", "ai"), question(database, "digital", "civic")

    assert f'href="{wired}"' in ann.get("/answer/").get_data(as_text=True)
    response = answer(ann, wired, direction="same")
    assert response.headers["Location"] == "/answer/groups/digital"
    ended = ann.page("/answer/groups/digital")
    assert ann.post("/answer/groups/digital", data=hidden(ended)).headers["Location"] == groups
    answer(ann, groups, direction="same")
    assert ann.page("/answer/").one("h1").text == "Everything is answered"


def test_an_expert_who_is_asked_nothing_is_told_that_their_answers_count(arrive):
    cy = arrive("CY")
    page = cy.page("/answer/")

    assert (
        "Round 2 has no new questions for you: all your answers from round 1 still count."
        in page.text
    )
    assert cy.page("/answer/panel").all("article") != []
    assert cy.page("/answer/weights").one("h1").text == "All your weights"
    assert cy.page("/answer/finish").one("h1").text == "Everything is answered"


def test_of_who_hands_out_points_only_the_asked_list_is_open(arrive):
    bo = arrive("BO")

    assert bo.get("/answer/points/digital").headers["Location"] == "/answer/groups/digital"
    page = bo.page("/answer/points/civic")
    assert "far from most of the panel" in page.text
    answer(bo, "/answer/points/civic", **{"points-water": "50", "points-health": "50"}, go="on")
    assert bo.page("/answer/weights").one("h1").text == "All your weights"


def test_a_reconsidered_question_is_asked_too_and_counts_when_answered(arrive, database):
    ann = arrive("ANN")
    path = question(database, "water", "health")
    page = ann.page("/answer/panel")
    ann.post("/answer/panel", data=hidden(page) | {"decision-health": "reconsider"})

    assert "Your answer in round 1" in ann.page(path).text
    answer(ann, path, direction="first", strength="9")

    with database.writing() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        close_round(session, round_, By("author author", cast.NOON))
    with database.reading() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        hers = panel_weights(load_answered(session, round_.study, round_))
    shares = hers.answers["ANN", "civic"].priorities
    assert shares == {"water": pytest.approx(0.9), "health": pytest.approx(0.1)}


def test_of_what_was_asked_for_a_reason_nothing_is_said_again_in_one_press(arrive, database):
    ann = arrive("ANN")
    first = question(database, "wired", "ai")
    assert ann.get("/answer/again").headers["Location"] == first
    page = ann.page("/answer/panel")
    ann.post("/answer/panel", data=hidden(page) | {"decision-health": "reconsider"})

    page = ann.page("/answer/again")
    assert "Keep my earlier answer" not in page.text
    before = arrivals.rows(database)
    ann.post("/answer/again", data={**hidden(ann.page("/answer/panel"))})
    assert arrivals.rows(database) == before


def test_the_consensus_of_a_targeted_round_has_all_experts_in_it(arrive, database):
    ann = arrive("ANN")
    answer(ann, question(database, "wired", "ai"), direction="same")
    answer(ann, question(database, "digital", "civic"), direction="same")
    with database.writing() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        close_round(session, round_, By("author author", cast.NOON))
    with database.reading() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        found = load_consensus(session, round_.study, round_)
        given = session.scalar(
            select(func.count(Judgement.id)).where(Judgement.round_id == round_.id)
        )

    assert given == 2
    # Bo's civic list and Dee's one pair stayed open, and count as they were; Fay never answered.
    assert found.counts == {"digital": 5, "civic": 5, "goal": 5}
