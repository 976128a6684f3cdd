"""Answers: what they are, and that those of an open round do not leave the store."""

import pytest
from sqlalchemy import select, text

from survey.db import Base
from survey.files.study_folder import read_zip, zipped
from survey.models import ANSWERS, Criterion, Round, Study
from survey.store.reasons import load_reasons
from survey.store.rounds import close_round
from survey.store.studies import load_answered, load_study
from survey.values import BEST_WORST, DIRECT, PAIRWISE, RATING, By, Expert
from survey.values.answers import Abstention, Allocation, Answers, Extremes, Judgement, Review
from tests.worlds import cast, further

#: An expert for each way of answering.
PANEL = (
    Expert("ANN", "digital", "zh", PAIRWISE),
    Expert("BO", "civic", "en", DIRECT),
    Expert("KIM", "civic", "tr", RATING),
    Expert("WIL", "digital", "ar", BEST_WORST),
)

#: An answer of every kind; under the goal Ann abstains.
SAID = Answers(
    judgements=(
        Judgement("ANN", "digital", "wired", "wireless", 2, "CANARY in a reason"),
        Judgement("ANN", "digital", "wired", "ai", 4),
        Judgement("ANN", "digital", "wireless", "ai", -8),
        Judgement("WIL", "digital", "wired", "wireless", 3),
        Judgement("WIL", "digital", "wired", "ai", 6),
        Judgement("WIL", "digital", "wireless", "ai", 2),
    ),
    allocations=(
        Allocation("BO", "civic", "water", 60.0),
        Allocation("BO", "civic", "health", 40.0),
        Allocation("KIM", "civic", "water", 7.5),
        Allocation("KIM", "civic", "health", 3.0),
    ),
    abstentions=(Abstention("ANN", "goal", reason="CANARY of an abstention"),),
    extremes=(Extremes("WIL", "digital", "wired", "ai"),),
    reviews=(Review("ANN", "digital", "off", "CANARY of a review"),),
)


def test_every_table_of_what_an_expert_says_in_a_round_is_a_table_of_answers():
    said_in_a_round = {
        table.name
        for table in Base.metadata.tables.values()
        if {"expert_id", "round_id"} <= set(table.columns.keys()) and table.name != "invitation"
    }

    assert {answer.__tablename__ for answer in ANSWERS} == {
        "abstention",
        "allocation",
        "answer_revision",
        "extremes",
        "judgement",
        "reconsideration",
        "review",
    }
    # The questions that a targeted round asks an expert are not the expert's answers.
    assert said_in_a_round == {answer.__tablename__ for answer in ANSWERS} | {"asked"}


@pytest.mark.parametrize(
    "kind", ["judgements", "allocations", "abstentions", "extremes", "reviews"]
)
def test_a_study_with_an_answer_of_any_kind_has_answers(kind):
    said = Answers(**{kind: getattr(SAID, kind)})

    assert said
    assert not Answers()
    assert cast.study(panel=PANEL).with_answers(said).answers == said


@pytest.fixture
def blank(database):
    """The files of the study before anything was said in its open round; now everything is."""
    with database.writing() as session:
        study = cast.load(session, cast.study(panel=PANEL))
        round_ = study.rounds[0]
        round_.state, round_.opened_at = "open", cast.NOON
        session.flush()
        before = zipped(load_study(session, study))
        further.answer(session, round_, cast.study(panel=PANEL).with_answers(SAID))
    return before


def test_the_files_of_a_study_are_the_same_bytes_however_its_open_round_was_answered(
    database, blank
):
    with database.reading() as session:
        study = session.scalars(select(Study)).one()
        found = load_study(session, study)

        assert found.answers == Answers()
        assert zipped(found) == blank
        assert load_answered(session, study, study.rounds[0]).answers == Answers()


def test_once_the_round_is_closed_every_answer_is_among_them(database, blank):
    with database.writing() as session:
        round_ = session.scalars(select(Round)).one()
        close_round(session, round_, By("author author", cast.NOON))
    with database.reading() as session:
        found = load_study(session, session.scalars(select(Study)).one())

    assert zipped(found) != blank
    back = read_zip(zipped(found), "any.zip").study.answers
    assert set(back.judgements) == set(SAID.judgements)
    assert set(back.allocations) == set(SAID.allocations)
    assert back.abstentions == SAID.abstentions
    assert back.extremes == SAID.extremes
    assert back.reviews == SAID.reviews


@pytest.mark.usefixtures("blank")
def test_no_reason_of_an_open_round_is_read(database):
    with database.writing() as session:
        round_ = session.scalars(select(Round)).one()
        wired = session.scalars(select(Criterion.id).where(Criterion.code == "wired")).one()
        session.execute(
            text(
                "INSERT INTO reconsideration"
                " (round_id, expert_id, criterion_id, decision, reason, decided_at)"
                " SELECT round_id, expert_id, :wired, 'keep', 'CANARY kept', answered_at"
                " FROM judgement WHERE step = 4"
            ),
            {"wired": wired},
        )
        assert load_reasons(session, round_, SAID.judgements, "en") == []

        close_round(session, round_, By("author author", cast.NOON))
        told = [given.text for given in load_reasons(session, round_, SAID.judgements, "en")]
    assert told == ["CANARY in a reason", "CANARY kept"]
