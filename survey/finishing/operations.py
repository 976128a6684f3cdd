"""What ends an expert's trip: finishing, withdrawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey.asking.saves import hold_open, of_invitation
from survey.models import (
    Abstention,
    Allocation,
    AnswerRevision,
    Invitation,
    Judgement,
    PersonalLink,
    Reconsideration,
    Review,
    SignIn,
)
from survey.store import journal
from survey.values import POINTS_TOLERANCE


@dataclass(eq=False)
class PointsUnfinished(Exception):
    """Groups, by code, whose points do not sum to 100: saved, but not to be submitted."""

    sums: Mapping[str, float]


def finish(
    session: Session, invitation: Invitation, sums: Mapping[str, float], at: datetime
) -> str:
    """Note that the expert is done; returns the journal's head, for her receipt.

    ``sums`` are her points by group code, of the groups that she has begun.
    She may come back and change answers until the round closes.

    Raises
    ------
    RoundClosed, PointsUnfinished
        Nothing was stored.
    """
    hold_open(session, invitation.round_id)
    unfinished = {
        code: total for code, total in sums.items() if abs(total - 100) > POINTS_TOLERANCE
    }
    if unfinished:
        raise PointsUnfinished(unfinished)
    session.execute(update(Invitation).where(Invitation.id == invitation.id).values(finished_at=at))
    return _note(session, invitation, "answers finished", at)


def withdraw(session: Session, invitation: Invitation, at: datetime) -> None:
    """Delete every answer of this invitation and end its links and sessions.

    The journal keeps that there were answers, not what they said.

    Raises
    ------
    RoundClosed
        Nothing was deleted: a closed round stays as it is.
    """
    hold_open(session, invitation.round_id)
    for answers in (Judgement, Allocation, Abstention, AnswerRevision, Reconsideration, Review):
        session.execute(delete(answers).where(*of_invitation(answers, invitation)))
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
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id)
        .values(finished_at=None, suggestion="")
    )
    _note(session, invitation, "expert withdrew", at)


def _note(session: Session, invitation: Invitation, action: str, at: datetime) -> str:
    return journal.record(
        session,
        invitation.expert.study_id,
        f"expert {invitation.expert.code}",
        action,
        {"round": invitation.round_id},
        at,
    )
