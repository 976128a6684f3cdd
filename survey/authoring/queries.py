"""What an author sees of her studies: how each stands, and its journal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from survey.models import ANSWERS, Author, Invitation, JournalEntry, Round, Study
from survey.store import journal


@dataclass(frozen=True, slots=True)
class RoundState:
    """A round with how many were invited and how many said that they were done."""

    round: Round
    invited: int
    finished: int


@dataclass(frozen=True, slots=True)
class JournalState:
    """How long a study's journal is, when it grew last, and whether it holds."""

    length: int
    last_at: datetime
    head: str
    fault: journal.Fault | None


def load_studies(session: Session, author: Author) -> list[tuple[Study, RoundState]]:
    """An author's studies, the newest first, each with its last round."""
    studies = session.scalars(
        select(Study)
        .where(Study.author_id == author.id)
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


def load_journal(session: Session, study: Study) -> JournalState:
    """The state of a study's journal, after a walk through the whole of it."""
    length, last_at = session.execute(
        select(func.count(JournalEntry.id), func.max(JournalEntry.at)).where(
            JournalEntry.study_id == study.id
        )
    ).one()
    return JournalState(
        length, last_at, journal.load_head(session, study.id), journal.find_fault(session, study.id)
    )


def has_answers(session: Session, study: Study) -> bool:
    """Whether anybody has answered, in any round."""
    answered = (
        select(answers.id).where(answers.round_id == Round.id).exists() for answers in ANSWERS
    )
    found = select(Round.id).where(Round.study_id == study.id, or_(*answered)).limit(1)
    return session.scalar(found) is not None
