"""Round trip of stored studies."""

import pytest
from sqlalchemy import func, select

from survey.commands.demonstration import EXAMPLE
from survey.files.study_folder import read_folder
from survey.models import Comparison, JournalEntry, Round, Study
from survey.reports.panel.consensus import consensus_report
from survey.store import journal
from survey.store.studies import StudyExists, load_study
from tests.worlds import cast


def loaded(database, code="pilot"):
    with database.reading() as session:
        return load_study(session, session.scalars(select(Study).where(Study.code == code)).one())


def test_a_study_without_answers_comes_out_as_it_went_in(database):
    with database.writing() as session:
        cast.load(session)

    assert loaded(database) == cast.study()


def test_answers_of_every_kind_come_out_as_they_went_in(database):
    content = cast.study(**cast.answers())
    with database.writing() as session:
        cast.load(session, content)

    assert loaded(database) == content


def test_the_first_edition_weighs_the_same_to_the_last_bit(database):
    content = read_folder(EXAMPLE).study
    with database.writing() as session:
        cast.load(session, content)

    came_out = loaded(database, content.code)

    assert came_out == content
    assert consensus_report(came_out).weights == consensus_report(content).weights


def test_a_study_with_answers_has_a_closed_round_and_one_without_a_draft(database):
    with database.writing() as session:
        cast.load(session, cast.study("answered", **cast.answers()))
        cast.load(session, cast.study("asked"))

    with database.reading() as session:
        states = dict(session.execute(select(Study.code, Round.state).join(Round)).all())
    assert states == {"answered": "closed", "asked": "draft"}


def test_the_questions_of_a_round_are_every_pair_of_every_group_then_the_groups(database):
    with database.writing() as session:
        round_id = cast.load(session).rounds[0].id
        asked = [
            (comparison.parent.code, comparison.first.code, comparison.second.code)
            for comparison in session.scalars(
                select(Comparison)
                .where(Comparison.round_id == round_id)
                .order_by(Comparison.position)
            )
        ]

    assert asked == [
        ("digital", "wired", "wireless"),
        ("digital", "wired", "ai"),
        ("digital", "wireless", "ai"),
        ("civic", "water", "health"),
        ("goal", "digital", "civic"),
    ]


def test_a_code_is_taken_once(database):
    with database.writing() as session:
        cast.load(session)

    with pytest.raises(StudyExists), database.writing() as session:
        cast.load(session, author="another")

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Study)) == 1
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 1


def test_loading_a_study_is_journalled(database):
    with database.writing() as session:
        study_id = cast.load(session, cast.study(**cast.answers())).id

    with database.reading() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.number))
        assert [entry.action for entry in entries] == ["study created", "answers loaded"]
        assert journal.find_fault(session, study_id) is None
