"""Holding a round still: answers share it, a change of its state waits for them.

The row lock decides (``FOR SHARE`` against ``FOR UPDATE``), but PostgreSQL
lets new sharers pass one who waits for the row alone: under a steady stream
of answers a round could never close. So everybody queues, in order of
arrival, for an advisory lock first. SQLite has one writer at a time and needs
neither.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.models import Round

#: The space of advisory locks that are about rounds.
ROUNDS = 1


def hold_state(session: Session, round_id: int) -> str | None:
    """A round's state, which stays what it is until this transaction ends."""
    if _has_advisory_locks(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(ROUNDS, round_id)))
    return session.scalar(
        select(Round.state).where(Round.id == round_id).with_for_update(read=True)
    )


def hold_alone(session: Session, round_: Round) -> None:
    """Wait for the answers on their way, keep later ones out, and read the round anew."""
    if _has_advisory_locks(session):
        session.execute(select(func.pg_advisory_xact_lock(ROUNDS, round_.id)))
    session.refresh(round_, with_for_update=True)


def _has_advisory_locks(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
