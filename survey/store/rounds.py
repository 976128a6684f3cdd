"""Holding a round still: answers share it, a change of its state waits for them.

The row lock decides (``FOR SHARE`` against ``FOR UPDATE``), but PostgreSQL
lets new sharers pass one who waits for the row alone: under a steady stream
of answers a round could never close. So everybody queues, in order of
arrival, for an advisory lock first. SQLite has one writer at a time and needs
neither.
"""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from survey.db import Base
from survey.models import Round

#: The space of advisory locks that are about rounds.
ROUNDS = 1

# Every save asks this: a statement made once is looked up, not built and compiled, each time.
_ROUND = Base.metadata.tables["round"]
_QUEUE = select(func.pg_advisory_xact_lock_shared(ROUNDS, bindparam("round_id")))
_SHARE = (
    select(_ROUND.c.state).where(_ROUND.c.id == bindparam("round_id")).with_for_update(read=True)
)


def hold_state(session: Session, round_id: int) -> str | None:
    """A round's state, which stays what it is until this transaction ends."""
    connection = session.connection()
    if _has_advisory_locks(session):
        connection.execute(_QUEUE, {"round_id": round_id})
    state: str | None = connection.scalar(_SHARE, {"round_id": round_id})
    return state


def hold_alone(session: Session, round_: Round) -> None:
    """Wait for the answers on their way, keep later ones out, and read the round anew."""
    if _has_advisory_locks(session):
        session.execute(select(func.pg_advisory_xact_lock(ROUNDS, round_.id)))
    session.refresh(round_, with_for_update=True)


def find_former_round(session: Session, round_: Round) -> Round | None:
    """The closed round before this one: what it was told is what this one may show."""
    return session.scalar(
        select(Round)
        .where(
            Round.study_id == round_.study_id,
            Round.number < round_.number,
            Round.state == "closed",
        )
        .order_by(Round.number.desc())
        .limit(1)
    )


def _has_advisory_locks(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
