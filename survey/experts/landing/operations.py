"""Operations to exchange a personal link for a session and to ask for a new link."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from survey.experts.links import find_lost_invitation, hold_link, note
from survey.models import Invitation, SignIn
from survey.store import journal
from survey.store.rounds import hold_state
from survey.tokens import digest, new_token

#: A second request for a new link within this time changes nothing.
ASKED_AGAIN_AFTER = timedelta(hours=1)


def exchange_personal_link(session: Session, token: str, device: str, at: datetime) -> str:
    """Return a new session's token for a personal link, which stays usable.

    Raises
    ------
    LinkRefused
        If the link is unknown or revoked, or ended with its round.
    """
    link = hold_link(session, token, at)
    token = new_token()
    session.add(
        SignIn(
            digest=digest(token),
            personal_link_id=link.id,
            started_at=at,
            seen_at=at,
            device=device,
        )
    )
    expert = link.invitation.expert
    journal.record(
        session, expert.study_id, f"expert {expert.code}", "link opened", {"device": device}, at
    )
    link.invitation.link_asked_at = None  # one link of the expert works, so no new one is needed
    _take_part_after_all(session, link.invitation, at)
    _begin_anew(session, link.invitation, at)
    return token


def ask_for_new_link(session: Session, token: str, at: datetime) -> None:
    """Tell the author, once an hour, that the holder of a revoked link asks for one.

    The answer is the same for a link that never existed.
    """
    invitation = find_lost_invitation(session, token)
    if invitation is None:
        return
    before = Invitation.link_asked_at
    asked = session.scalar(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            or_(before.is_(None), before <= at - ASKED_AGAIN_AFTER),
        )
        .values(link_asked_at=at)
        .returning(Invitation.id)
    )
    if asked is not None:
        note(session, invitation, "new link asked for", at)


def _take_part_after_all(session: Session, invitation: Invitation, at: datetime) -> None:
    if invitation.declined_at is None or hold_state(session, invitation.round_id) == "closed":
        return
    invitation.declined_at, invitation.decline_reason = None, ""
    session.flush()
    note(session, invitation, "decline taken back", at)


def _begin_anew(session: Session, invitation: Invitation, at: datetime) -> None:
    """Undo a withdrawal when the expert comes back: earlier answers count again."""
    if invitation.withdrew_at is None or hold_state(session, invitation.round_id) != "open":
        return
    invitation.withdrew_at = None
    session.flush()
    note(session, invitation, "withdrawal taken back", at)
