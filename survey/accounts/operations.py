"""Exchanging a link for a session, and ending one."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, contains_eager

from survey.accounts.queries import find_lost_invitation, has_begun, has_ended, unused
from survey.models import AuthorLink, Invitation, PersonalLink, SignIn
from survey.store import journal
from survey.store.locks import Kind, keep_order, take
from survey.store.rounds import hold_state
from survey.tokens import digest, new_token

#: Asking for a new link again within this time changes nothing.
ASKED_AGAIN_AFTER = timedelta(hours=1)


class LinkRefused(Exception):
    """No such link, or it was revoked, used up or has expired."""


class TooLateToDecline(Exception):
    """She has begun, or the round is closed; nothing was stored."""


def exchange_personal_link(session: Session, token: str, device: str, at: datetime) -> str:
    """A new session's token for a personal link, which stays usable.

    Raises
    ------
    LinkRefused
        If the link is unknown or revoked, or ended with its round.
    """
    link = _hold_link(session, token, at)
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
    link.invitation.link_asked_at = None  # whichever link she asked by: she has one that works
    _take_part_after_all(session, link.invitation, at)
    _begin_anew(session, link.invitation, at)
    return token


def decline(session: Session, token: str, reason: str, suggestion: str, at: datetime) -> None:
    """Note that she takes no part; to begin takes it back, and keeps whom she suggested.

    Raises
    ------
    LinkRefused, TooLateToDecline
        Nothing was stored.
    """
    invitation = _hold_link(session, token, at).invitation
    if hold_state(session, invitation.round_id) == "closed" or has_begun(session, invitation):
        raise TooLateToDecline
    invitation.declined_at = at
    invitation.decline_reason, invitation.suggestion = reason, suggestion
    session.flush()
    _note(session, invitation, "expert declined", at)


def ask_for_new_link(session: Session, token: str, at: datetime) -> None:
    """Tell the author that the bearer of a revoked link asks for a new one, once per hour.

    What became of it is nobody's to know: a link that never was changes as little.
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
        _note(session, invitation, "new link asked for", at)


def _hold_link(session: Session, token: str, at: datetime) -> PersonalLink:
    """The link of this token, which is not revoked before this transaction ends."""
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
    take(session, Kind.MEMBER, link.invitation_id)
    return link


def _take_part_after_all(session: Session, invitation: Invitation, at: datetime) -> None:
    if invitation.declined_at is None or invitation.round.state == "closed":
        return
    invitation.declined_at, invitation.decline_reason = None, ""
    session.flush()
    _note(session, invitation, "decline taken back", at)


def _begin_anew(session: Session, invitation: Invitation, at: datetime) -> None:
    """To come back takes a withdrawal back: what she said before the round counts in it again."""
    if invitation.withdrew_at is None or hold_state(session, invitation.round_id) != "open":
        return
    invitation.withdrew_at = None
    session.flush()
    _note(session, invitation, "withdrawal taken back", at)


def _note(session: Session, invitation: Invitation, action: str, at: datetime) -> None:
    expert = invitation.expert
    detail: journal.Detail = {"round": invitation.round_id}
    journal.record(session, expert.study_id, f"expert {expert.code}", action, detail, at)


def exchange_author_link(session: Session, token: str, device: str, at: datetime) -> str:
    """A new session's token for a sign-in link, which is used up by it.

    Raises
    ------
    LinkRefused
        If the link is unknown, used or expired.
    """
    used = session.execute(
        update(AuthorLink)
        .where(
            AuthorLink.digest == digest(token),
            *unused(at),
        )
        .values(used_at=at)
        .returning(AuthorLink.author_id)
    ).first()
    if used is None:
        raise LinkRefused
    token = new_token()
    session.add(
        SignIn(digest=digest(token), author_id=used[0], started_at=at, seen_at=at, device=device)
    )
    return token


def end_session(session: Session, token: str, at: datetime) -> None:
    """Sign a browser out on the server's side; an unknown token changes nothing."""
    session.execute(
        update(SignIn)
        .where(SignIn.digest == digest(token), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
