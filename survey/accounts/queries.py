"""Whom a link is for, without using it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey.models import AuthorLink, Expert, Invitation, PersonalLink
from survey.tokens import digest


def find_invitation(session: Session, token: str) -> Invitation | None:
    """The invitation behind a personal link that is not revoked."""
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


def author_link_works(session: Session, token: str, at: datetime) -> bool:
    """Whether a sign-in link can still be exchanged."""
    found = session.scalar(
        select(AuthorLink.id).where(
            AuthorLink.digest == digest(token),
            AuthorLink.used_at.is_(None),
            AuthorLink.expires_at > at,
        )
    )
    return found is not None
