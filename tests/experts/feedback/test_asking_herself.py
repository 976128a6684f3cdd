"""Targeted rounds in which an expert reconsiders more: the pages show what counts."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey import values
from survey.authors.panel.operations import add_expert
from survey.authors.rounds.operations import start_round
from survey.authors.rounds.queries import choose_targets, load_progress
from survey.models import Expert, Round, Study
from survey.store.invitations import invite
from survey.store.rounds import open_round
from survey.values import By
from tests.clients import arrivals
from tests.clients.arrivals import answer
from tests.experts.feedback.steps import AGAIN, again, decide, question, said_now
from tests.worlds import cast, further

#: Only Dee is asked anything again.
ASKED = {"DEE": {("digital", "wired", "wireless"): "contradictory"}}


@pytest.fixture
def asked():
    return ASKED


def counted(database, expert):
    """Return an expert's pairs and points as they count in the open round."""
    with database.reading() as session:
        round_ = session.scalars(select(Round).where(Round.state == "open")).one()
        found = cast.load_as_if_closed(session, round_)
    judged = [j for j in found.judgements if j.expert == expert]
    return judged, [a for a in found.allocations if a.expert == expert]


def pairs(judgements, parent):
    return {(j.first, j.second): j.steps for j in judgements if j.parent == parent}


def test_a_reconsidered_answer_that_is_left_open_counts_as_it_was(arrive, database):
    eve = arrive("EVE")

    decide(eve, **{"decision-wired": "reconsider"})

    assert "0 of 2" in eve.page("/answer/finish").text
    assert pairs(counted(database, "EVE")[0], "digital") == {
        ("wired", "wireless"): 1,
        ("wired", "ai"): 3,
        ("wireless", "ai"): 2,
    }
    assert pairs(counted(database, "EVE")[0], "goal") == {("digital", "civic"): 1}


def test_when_the_weight_is_kept_after_all_the_earlier_answers_count_again(arrive, database):
    eve = arrive("EVE")
    before = counted(database, "EVE")
    decide(eve, **{"decision-wired": "reconsider"})

    decide(eve, **{"decision-wired": "keep"})

    assert counted(database, "EVE") == before
    assert eve.page("/answer/").one("h1").text == "You have no new questions"


def test_reconsidered_points_that_are_left_unfinished_count_as_they_were(arrive, database):
    bo = arrive("BO")
    decide(bo, **{"decision-wired": "reconsider"})

    answer(bo, "/answer/points/digital", **{"points-wired": "10", "points-ai": "20"}, go="later")

    assert {a.item: a.points for a in counted(database, "BO")[1] if a.parent == "digital"} == {
        "wired": 50.0,
        "wireless": 30.0,
        "ai": 20.0,
    }
    assert "Digital 30 of 100 points" in bo.page("/answer/").text


def test_an_abstention_from_a_group_can_be_taken_back(arrive, database):
    eve = arrive("EVE")
    decide(eve, **{"decision-wired": "reconsider"})
    path = "/answer/groups/digital/cannot-judge"
    answer(eve, path, reason="")
    decide(eve, **{"decision-wired": "keep"})

    assert pairs(counted(database, "EVE")[0], "digital") == {}
    assert eve.page("/answer/").one("h1").text != "You have no new questions"
    assert answer(eve, path, take_back="1").status_code == 303
    assert len(pairs(counted(database, "EVE")[0], "digital")) == 3


@pytest.mark.world("nothing")
def test_an_only_child_is_asked_with_its_group_one_pair_after_the_other(
    database, database_url, tmp_path
):
    base = further.study()
    solo = replace(base.framework.indicators[0], code="only", group="solo", names={"en": "Only"})
    framework = replace(
        base.framework,
        groups=(*base.framework.groups, values.Group("solo", {"en": "Solo"})),
        indicators=(*base.framework.indicators, solo),
    )
    judged = [
        values.Judgement(expert, "goal", *pair, 1)
        for expert in further.STEPS
        for pair in (("digital", "solo"), ("civic", "solo"))
    ]
    study = replace(
        base,
        framework=framework,
        units=(),
        tables=(),
        judgements=(*base.judgements, *judged),
        allocations=(),
        panel=tuple(expert for expert in base.panel if expert.code != "BO"),
    )
    with database.writing() as session:
        further.ask_some_again(session, further.load(session, study), ASKED)
    app = arrivals.application(database_url, tmp_path)
    eve = further.arrive(app, database, "EVE")
    decide(eve, **{"decision-only": "reconsider"})

    response = answer(eve, question(database, "digital", "solo"), direction="same")

    assert response.headers["Location"] == question(database, "civic", "solo")
    app.extensions["database"].close()


def progress(database, expert):
    """Return the numbers of an expert's given and asked answers, by parent."""
    with database.reading() as session:
        study = session.scalars(select(Study)).one()
        round_ = session.scalars(select(Round).where(Round.state == "open")).one()
        found = load_progress(session, study, round_)
    (hers,) = (seat for seat in found.experts if seat.member.expert.code == expert)
    return {parent: (c.given, c.asked) for parent, c in zip(found.parents, hers.cells, strict=True)}


def test_the_authors_grid_counts_reconsidered_questions(arrive, database):
    eve, bo = arrive("EVE"), arrive("BO")
    assert progress(database, "EVE")["digital"] == (0, 0)
    decide(eve, **{"decision-wired": "reconsider"})
    decide(bo, **{"decision-wired": "reconsider"})

    answer(eve, question(database, "wired", "ai"), direction="same")

    assert progress(database, "EVE") == {"digital": (1, 2), "civic": (0, 0), "goal": (0, 0)}
    # The three lines of Bo's list: the sum of their points is shown after the close.
    assert progress(database, "BO") == {"digital": (0, 3), "civic": (0, 0), "goal": (0, 0)}
    # An answer that was given also counts if the expert keeps the weight after all.
    decide(eve, **{"decision-wired": "keep"})
    assert progress(database, "EVE")["digital"] == (1, 1)


# ---------- who comes late ----------


@pytest.fixture
def late(database, database_url, tmp_path):
    """Eve, who answered before, and Gus, who did not, invited after the round was prepared."""
    with database.writing() as session:
        study = session.scalars(select(Study)).one()
        panel = session.scalars(select(Expert).order_by(Expert.id)).all()
        others = [expert for expert in panel if expert.code != "EVE"]
        by = By("author author", cast.NOON)
        round_ = start_round(session, study, others, by, choose_targets(session, study))
        round_.order = values.FIXED
        session.flush()
        (eve,) = (expert for expert in panel if expert.code == "EVE")
        gus = add_expert(session, study, values.Expert("GUS", "civic", "en", values.PAIRWISE), by)
        for expert in (eve, gus):
            invite(session, expert, round_, by)
        open_round(session, round_, by)
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


def test_who_comes_late_and_answered_before_is_told_that_everything_is_asked(late, database):
    with database.writing() as session:
        token = further.link(session, further.invitation(session, "EVE"))
    landing = late.test_client().get(f"/invitation/{token}").get_data(as_text=True)
    eve = further.arrive(late, database, "EVE")

    assert "instead of" not in landing
    overview = eve.page("/answer/")
    assert overview.one("p", id="silence").attributes["data-silence"] == "keep"
    assert "Round 2 asks all questions again." in overview.text
    asked = eve.page(question(database, "wired", "ai")).text
    assert "you have no answer here that counts" not in asked
    assert "Your answer in round 1" in asked


def test_an_expert_may_keep_the_earlier_answers_with_one_button(late, database):
    eve = further.arrive(late, database, "EVE")
    assert said_now(database) == []

    assert again(eve).status_code == 303

    assert [row[4] for row in said_now(database)] == list(further.STEPS["EVE"])


def test_who_never_answered_is_told_nothing_of_former_answers(late, database):
    gus = further.arrive(late, database, "GUS")

    assert "instead of" not in gus.page("/answer/").text
    assert gus.get(AGAIN).status_code == 302
