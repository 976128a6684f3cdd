"""The locks of a write, in one order, so that no two writes wait for each other.

Study, member, round, then rows, and the journal last. A study's lock makes its
author's writes queue; a member is one expert's invitation with its links and
sessions; among locks of one kind the smaller id comes first. ``journal``
appends its entries when the transaction ends. A write that keeps the order
(each one of a page does) and asks in another is refused here, on every
database, before it can wait for anything.

PostgreSQL locks rows; SQLite has one writer at a time. The locks are
``FOR NO KEY UPDATE``: the check of a foreign key, which each journal entry
makes on its study, does not wait for them.
"""

from collections.abc import Iterable
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey.models import Invitation, Study

_HELD, _LAST, _KEEPS_ORDER = "locks", "last lock", "keeps order"


class Lock(IntEnum):
    """Kinds of lock, in the order of locking."""

    STUDY = 1
    MEMBER = 2
    ROUND = 3
    JOURNAL = 4


class OutOfOrder(RuntimeError):
    """A write asks for a lock that comes before one it has, which can deadlock."""


def keep_order(session: Session) -> None:
    """Refuse every later lock that this transaction asks for out of order."""
    session.info[_KEEPS_ORDER] = True


def take(session: Session, kind: Lock, row_id: int, *, shared: bool = False) -> bool:
    """Record a lock that is about to be taken; False if this transaction has it.

    Raises
    ------
    OutOfOrder
        If it comes before one that is held, or was shared and is now wanted alone.
    """
    held: dict[tuple[Lock, int], bool] = session.info.setdefault(_HELD, {})
    wanted = (kind, row_id)
    before = held.get(wanted)
    if before is False or before is shared:
        return False
    last: tuple[Lock, int] = session.info.get(_LAST, wanted)
    if held and wanted <= last and _KEEPS_ORDER in session.info:
        raise OutOfOrder(f"{wanted} after {last}")
    held[wanted], session.info[_LAST] = shared, max(wanted, last)
    return True


def holds(session: Session, kind: Lock, row_id: int) -> bool:
    return (kind, row_id) in session.info.get(_HELD, ())


def hold_study(session: Session, study_id: int) -> None:
    """Make the other writes of this study's author wait until this transaction ends."""
    if take(session, Lock.STUDY, study_id) and locks_rows(session):
        session.execute(
            select(Study.id).where(Study.id == study_id).with_for_update(key_share=True)
        )


def hold_members(session: Session, invitations: Iterable[Invitation]) -> None:
    """Make other writes of these experts wait, and read their invitations again."""
    ids = sorted(i.id for i in invitations if not holds(session, Lock.MEMBER, i.id))
    for row_id in ids:
        take(session, Lock.MEMBER, row_id)
    if ids and locks_rows(session):
        session.scalars(
            select(Invitation)
            .where(Invitation.id.in_(ids))
            .order_by(Invitation.id)
            .options(joinedload(Invitation.expert, innerjoin=True))
            .with_for_update(key_share=True, of=Invitation)
            .execution_options(populate_existing=True)
        ).all()


def locks_rows(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
