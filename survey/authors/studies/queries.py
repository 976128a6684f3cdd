"""Queries for an author's studies: their state and their journals."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from survey.models import ANSWERS, Author, Invitation, Journal, JournalEntry, Round, Study
from survey.store import journal


@dataclass(frozen=True, slots=True)
class RoundState:
    """Round with the numbers of invited experts and of experts who finished."""

    round: Round
    invited: int
    finished: int


@dataclass(frozen=True, slots=True)
class JournalState:
    """Length, last entry and first fault of a study's journal."""

    length: int
    last_at: datetime
    head: str
    fault: journal.ChainFault | None


def load_studies(session: Session, author: Author) -> list[tuple[Study, RoundState]]:
    """Return an author's studies, the newest first, each with its last round."""
    studies = session.scalars(
        select(Study)
        .where(Study.author_id == author.id, Study.aside_since.is_(None))
        .order_by(Study.id.desc())
        .options(selectinload(Study.rounds))
    ).all()
    last = {study.id: study.rounds[-1] for study in studies}
    states = _states(session, list(last.values()))
    return [(study, states[last[study.id].id]) for study in studies]


def load_rounds(session: Session, study: Study) -> list[RoundState]:
    states = _states(session, study.rounds)
    return [states[round_.id] for round_ in study.rounds]


def _states(session: Session, rounds: list[Round]) -> dict[int, RoundState]:
    counts = {
        round_id: (invited, finished)
        for round_id, invited, finished in session.execute(
            select(
                Invitation.round_id, func.count(Invitation.id), func.count(Invitation.finished_at)
            )
            .where(Invitation.round_id.in_([round_.id for round_ in rounds]))
            .group_by(Invitation.round_id)
        )
    }
    return {round_.id: RoundState(round_, *counts.get(round_.id, (0, 0))) for round_ in rounds}


def load_journal(session: Session, study: Study, key: bytes, turn: int) -> JournalState:
    """Return the state of a study's journal, checked by ``journal.find_recent_fault``."""
    row = session.get_one(Journal, study.id)
    last_at = session.scalar(
        select(JournalEntry.at)
        .where(JournalEntry.study_id == study.id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
    fault = journal.find_recent_fault(session, study.id, key, turn)
    return JournalState(row.length, last_at or study.created_at, row.head, fault)


def has_answers(session: Session, study: Study) -> bool:
    """Whether any expert has answered, in any round."""
    answered = (
        select(answers.id).where(answers.round_id == Round.id).exists() for answers in ANSWERS
    )
    found = select(Round.id).where(Round.study_id == study.id, or_(*answered)).limit(1)
    return session.scalar(found) is not None
