"""Operations to finish and to withdraw."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey.asking.saves import hold_answers, of_invitation, seat_of
from survey.experts.links import note
from survey.models import ANSWERS, Invitation, PersonalLink, SignIn
from survey.store import journal


@dataclass(eq=False)
class ListsUnfinished(Exception):
    """Groups, by code, whose points or ratings are saved but cannot be submitted yet."""

    codes: Collection[str]


def finish(
    session: Session, invitation: Invitation, unfinished: Collection[str], at: datetime
) -> str:
    """Record that the expert finished; return the journal's head for the receipt.

    ``unfinished`` are the codes of groups whose list the expert began but did not
    complete. They may come back and change answers until the round closes.

    Raises
    ------
    RoundClosed, ListsUnfinished
        Nothing was stored.
    """
    hold_answers(session, seat_of(invitation))
    if unfinished:
        raise ListsUnfinished(unfinished)
    session.execute(update(Invitation).where(Invitation.id == invitation.id).values(finished_at=at))
    note(session, invitation, "answers finished", at)
    journal.append(session)
    return journal.load_head(session, invitation.expert.study_id)


def withdraw(session: Session, invitation: Invitation, at: datetime) -> None:
    """Delete every answer of this invitation, end its links and sessions, and mark it.

    The expert's answers of earlier rounds do not carry over into this round either.

    The journal keeps that there were answers, not their content.

    Raises
    ------
    RoundClosed
        Nothing was deleted: a closed round stays as it is.
    """
    hold_answers(session, seat_of(invitation))  # a save by another link is waited for, and deleted
    _end_links(session, invitation, at)
    for table in ANSWERS:
        session.execute(delete(table).where(*of_invitation(table, invitation)))
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id)
        .values(withdrew_at=at, finished_at=None, suggestion="")
    )
    note(session, invitation, journal.WITHDREW, at)


def _end_links(session: Session, invitation: Invitation, at: datetime) -> None:
    links = select(PersonalLink.id).where(PersonalLink.invitation_id == invitation.id)
    session.execute(
        update(SignIn)
        .where(SignIn.personal_link_id.in_(links), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    session.execute(
        update(PersonalLink)
        .where(PersonalLink.invitation_id == invitation.id, PersonalLink.revoked_at.is_(None))
        .values(revoked_at=at)
    )
