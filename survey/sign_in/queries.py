"""Query for sign-in links that can be exchanged."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from survey.models import (
    AuthorLink,
)
from survey.store.seats import AHEAD
from survey.tokens import digest


def unused(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of usable links; those of a clock ahead are not usable."""
    return (
        AuthorLink.used_at.is_(None),
        AuthorLink.expires_at > at,
        AuthorLink.issued_at <= at + AHEAD,
    )


def author_link_works(session: Session, token: str, at: datetime) -> bool:
    """Whether a sign-in link can still be exchanged."""
    found = session.scalar(
        select(AuthorLink.id).where(
            AuthorLink.digest == digest(token),
            *unused(at),
        )
    )
    return found is not None
