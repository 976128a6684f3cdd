"""No answer after the close: rounds are closed in the middle of answers.

Savers write as fast as they can while the author closes. Every save that was
acknowledged must be there; none may have come after the close.
"""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import RoundClosed, Save
from survey.db import DatabaseBusy
from survey.models import (
    AnswerRevision,
    Comparison,
    Expert,
    Invitation,
    JournalEntry,
    Round,
    Study,
)
from survey.store import journal
from survey.store.drafts import add_round
from survey.store.frameworks import load_criteria
from survey.store.rounds import close_round, open_round
from survey.values import By
from tests.worlds import cast

#: The number of rounds that are closed while answers are being saved.
ROUNDS = 50
EXPERTS = 8


@pytest.fixture
def study(database):
    """A study whose panel are eight experts."""
    panel = tuple(
        values.Expert(f"E{number}", "digital", "en", values.PAIRWISE) for number in range(EXPERTS)
    )
    with database.writing() as session:
        return cast.load(session, cast.study(panel=panel)).id


def open_next_round(database, study_id):
    """Open another round of the study; return its invitations and first comparison."""
    with database.writing() as session:
        study = session.get_one(Study, study_id)
        experts = session.scalars(select(Expert).where(Expert.study_id == study_id))
        criteria = load_criteria(session, study.framework_id)
        round_ = add_round(session, study, criteria, experts.all())
        open_round(session, round_, By("author author", cast.NOON))
        invitations = session.scalars(
            select(Invitation.id).where(Invitation.round_id == round_.id)
        ).all()
        comparison = session.scalars(
            select(Comparison.id).where(Comparison.round_id == round_.id)
        ).first()
        return round_.id, invitations, comparison


def save_until_refused(database, invitation_id, comparison_id, started, acknowledged):
    version = 0
    while True:
        try:
            with database.writing() as session:
                record_judgement(
                    session,
                    session.get_one(Invitation, invitation_id),
                    session.get_one(Comparison, comparison_id),
                    version % 9,
                    "",
                    Save(f"{invitation_id}-{version}", version, cast.NOON),
                )
        except RoundClosed:
            return
        except DatabaseBusy:
            continue  # told to try again, nothing was stored
        version += 1
        acknowledged[invitation_id] = version
        started.release()


def close_among_savers(database, round_id):
    """Close a round; who is told to try again, on a busy machine, does."""
    while True:
        with suppress(DatabaseBusy), database.writing() as session:
            close_round(session, session.get_one(Round, round_id), By("author author", cast.NOON))
            return


@pytest.mark.slow
def test_no_answer_comes_after_the_close_and_none_before_it_is_lost(database, study):
    for _ in range(ROUNDS):
        round_id, invitations, comparison = open_next_round(database, study)
        acknowledged, started = {}, threading.Semaphore(0)
        savers = [
            threading.Thread(
                # A daemon: were the close to fail, the savers would go on for ever.
                daemon=True,
                target=save_until_refused,
                args=(database, invitation, comparison, started, acknowledged),
            )
            for invitation in invitations
        ]
        for saver in savers:
            saver.start()
        for _ in range(EXPERTS):
            started.acquire()

        close_among_savers(database, round_id)
        for saver in savers:
            saver.join()

        with database.reading() as session:
            stored = dict(
                session.execute(
                    select(Invitation.id, func.count(AnswerRevision.id))
                    .join(AnswerRevision, AnswerRevision.expert_id == Invitation.expert_id)
                    .where(Invitation.round_id == round_id, AnswerRevision.round_id == round_id)
                    .group_by(Invitation.id)
                ).all()
            )
            last = session.scalars(
                select(JournalEntry.action).order_by(JournalEntry.number.desc()).limit(1)
            ).one()
        assert stored == acknowledged
        assert last == "round closed"

    with database.reading() as session:
        assert journal.find_fault(session, study) is None
