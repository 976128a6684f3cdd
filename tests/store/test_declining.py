"""Experts who decline another round, and their answers that count in it."""

import pytest
from sqlalchemy import select

from survey.experts.decline.operations import decline
from survey.experts.landing.operations import exchange_personal_link
from survey.models import Round, Study
from survey.store.responses import load_response
from survey.store.rounds import close_round
from survey.store.studies import load_study
from survey.values import By
from tests.worlds import cast, further


def ask_again(session, silence, asked=None):
    study = session.scalars(select(Study)).one()
    if asked is None:
        return further.ask_again(session, study, silence=silence)
    return further.ask_some_again(session, study, asked, silence)


def say_no(session, expert, number=2):
    """Let an expert say that they cannot take part; the link they say it by."""
    token = further.link(session, further.invitation(session, expert, number))
    decline(session, token, "No time", "", cast.NOON)
    return token


def told(database):
    """Return (counting answers by expert, the response) of the last round, once closed."""
    with database.writing() as session:
        round_ = session.scalars(select(Round).order_by(Round.number.desc())).first()
        close_round(session, round_, By("author a", cast.NOON))
    with database.reading() as session:
        round_ = session.scalars(select(Round).order_by(Round.number.desc())).first()
        study = load_study(session, round_.study, round_)
        given = [a.expert for a in (*study.judgements, *study.allocations)]
        return {code: given.count(code) for code in sorted(set(given))}, load_response(
            session, round_
        )


@pytest.fixture(autouse=True)
def asked_once(database):
    with database.writing() as session:
        further.load(session)


ASKED = {
    "everything": None,
    "a few questions": {"CY": {("digital", "wired", "ai"): "far"}},
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_by_keep_all_that_they_said_before_counts(database, asked):
    with database.writing() as session:
        ask_again(session, "keep", asked)
        say_no(session, "CY")

    counted, response = told(database)

    assert counted == {"ANN": 5, "BO": 7, "CY": 5, "DEE": 5, "EVE": 5}
    assert (response.answered, response.declined, response.left_out) == (0, 0, 0)
    # Of a few questions none is asked of the four others.
    assert response.kept_declining == 1
    assert (response.kept_by_silence, response.not_asked) == ((0, 4) if asked else (4, 0))
    assert response.without_answers == 1


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_by_leave_out_nothing_of_them_counts(database, asked):
    with database.writing() as session:
        round_ = ask_again(session, "leave-out", asked)
        further.answer(session, round_, further.study(judgements=()))
        say_no(session, "CY")

    counted, response = told(database)

    # Asked a few questions, an expert of whom none is asked is not silent.
    assert counted == ({"ANN": 5, "BO": 7, "DEE": 5, "EVE": 5} if asked else {"BO": 7})
    assert (response.answered, response.declined) == (1, 1)
    # Experts who declined are counted apart from those who are silent.
    assert (response.left_out, response.not_asked) == ((0, 3) if asked else (3, 0))
    assert response.left == (1 if asked else 4)


@pytest.mark.parametrize("silence", ["keep", "leave-out"])
def test_of_an_expert_who_never_answered_there_is_nothing_to_count(database, silence):
    with database.writing() as session:
        round_ = ask_again(session, silence)
        further.answer(session, round_, further.study())
        say_no(session, "FAY")

    counted, response = told(database)

    assert "FAY" not in counted
    assert (response.answered, response.declined, response.without_answers) == (5, 1, 0)


def test_one_answer_after_all_brings_the_whole_expert_back(database):
    with database.writing() as session:
        round_ = ask_again(session, "leave-out")
        token = say_no(session, "CY")
        exchange_personal_link(session, token, "a browser", cast.NOON)
        said = [j for j in further.study().judgements if j.expert == "CY"]
        further.answer(session, round_, further.study(judgements=tuple(said[:1]), allocations=()))

    counted, response = told(database)

    assert counted == {"CY": 5}
    assert (response.answered, response.declined, response.left_out) == (1, 0, 4)


def test_left_out_of_one_round_they_come_back_whole_with_an_answer_in_the_next(database):
    with database.writing() as session:
        round_ = ask_again(session, "leave-out")
        further.answer(session, round_, further.study(judgements=()))
        say_no(session, "CY")
    told(database)
    with database.writing() as session:
        round_ = ask_again(session, "keep")
        said = [j for j in further.study().judgements if j.expert == "CY"]
        further.answer(session, round_, further.study(judgements=tuple(said[:1]), allocations=()))

    counted, response = told(database)

    assert counted == {"BO": 7, "CY": 5}
    assert (response.answered, response.kept_by_silence) == (1, 1)
