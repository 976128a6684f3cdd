"""Exchanging a link for a session, and ending one."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.models import AuthorLink, Invitation, PersonalLink, SignIn
from survey.store import journal
from survey.tokens import digest, new_token


class LinkRefused(Exception):
    """No such link, or it was revoked, used up or has expired."""


def exchange_personal_link(
    session: Session, token: str, device: str, at: datetime
) -> tuple[str, Invitation]:
    """A new session's token for a personal link, which stays usable; and whom it is for.

    Raises
    ------
    LinkRefused
        If the link is unknown or revoked.
    """
    link = session.scalar(
        select(PersonalLink)
        .where(PersonalLink.digest == digest(token), PersonalLink.revoked_at.is_(None))
        .with_for_update(read=True)
    )
    if link is None:
        raise LinkRefused
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
    return token, link.invitation


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
            AuthorLink.used_at.is_(None),
            AuthorLink.expires_at > at,
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
