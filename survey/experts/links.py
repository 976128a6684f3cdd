"""Personal links: their invitation, and whether it has ended or been begun."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from survey.asking.saves import of_invitation
from survey.models import (
    AnswerRevision,
    Expert,
    Invitation,
    PersonalLink,
    Round,
)
from survey.store import journal
from survey.store.locks import Lock, keep_order, take
from survey.store.seats import READS_FOR
from survey.store.sign_ins import LinkRefused
from survey.tokens import digest


def end_of(invitation: Invitation) -> datetime | None:
    """Return the end of an invitation's links and sessions; None in an open round."""
    closed_at = invitation.round.closed_at
    return closed_at + READS_FOR if closed_at else None


def has_ended(invitation: Invitation, at: datetime) -> bool:
    """Whether an invitation's links and sessions have ended."""
    end = end_of(invitation)
    return end is not None and end <= at


def find_invitation(session: Session, token: str, at: datetime) -> Invitation | None:
    """Return the invitation of a personal link that is not revoked and has not ended."""
    found = _invitation_of(session, token)
    return None if found is None or has_ended(found, at) else found


def _invitation_of(session: Session, token: str) -> Invitation | None:
    link = session.scalar(
        select(PersonalLink)
        .where(PersonalLink.digest == digest(token), PersonalLink.revoked_at.is_(None))
        .options(
            joinedload(PersonalLink.invitation).options(
                joinedload(Invitation.expert).joinedload(Expert.study),
                joinedload(Invitation.round),
            )
        )
    )
    return link.invitation if link else None


def find_lost_invitation(session: Session, token: str) -> Invitation | None:
    """Return the invitation for which the holder of this link needs a new one.

    The link was revoked before its round closed, or it works while a newer round is open.
    """
    found = _invitation_of(session, token)
    if found is not None:
        return find_newer_invitation(session, found)
    return session.scalar(
        select(Invitation)
        .join(PersonalLink)
        .join(Round, Round.id == Invitation.round_id)
        .where(
            PersonalLink.digest == digest(token),
            PersonalLink.revoked_at.is_not(None),
            Round.state != "closed",
        )
    )


def find_newer_invitation(session: Session, invitation: Invitation) -> Invitation | None:
    """Return the same expert's invitation to the open round, if this one's is closed."""
    if invitation.round.state != "closed":
        return None
    return session.scalar(
        select(Invitation)
        .join(Round, Round.id == Invitation.round_id)
        .where(
            Invitation.expert_id == invitation.expert_id,
            Round.state == "open",
            Round.number > invitation.round.number,
        )
        .order_by(Round.number.desc())
        .limit(1)
    )


def find_withdrawn_invitation(session: Session, token: str) -> Invitation | None:
    """Return the invitation that the expert withdrew from, by a link that this ended."""
    return session.scalar(
        select(Invitation)
        .join(PersonalLink)
        .where(
            PersonalLink.digest == digest(token),
            # A link that was revoked earlier may be known to a stranger.
            PersonalLink.revoked_at == Invitation.withdrew_at,
        )
    )


def has_begun(session: Session, invitation: Invitation) -> bool:
    """Whether the expert has saved anything in this round."""
    return count_rows(session, AnswerRevision.id, *of_invitation(AnswerRevision, invitation)) > 0


def count_rows(
    session: Session, column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]
) -> int:
    return session.scalar(select(func.count(column)).where(*conditions)) or 0


def hold_link(session: Session, token: str, at: datetime) -> PersonalLink:
    """Return this token's link, locked against revoking until the transaction ends."""
    link = session.scalar(
        select(PersonalLink)
        .join(PersonalLink.invitation)
        .where(PersonalLink.digest == digest(token), PersonalLink.revoked_at.is_(None))
        .options(contains_eager(PersonalLink.invitation))
        .with_for_update(key_share=True, of=(Invitation, PersonalLink))
    )
    if link is None or has_ended(link.invitation, at):
        raise LinkRefused
    keep_order(session)
    take(session, Lock.MEMBER, link.invitation_id)
    return link


def note(
    session: Session, invitation: Invitation, action: str, at: datetime, **more: str | int
) -> None:
    """Append what the expert did in the round to the journal, with ``more`` details."""
    expert = invitation.expert
    detail: journal.Detail = {"round": invitation.round_id, **more}
    journal.record(session, expert.study_id, f"expert {expert.code}", action, detail, at)
