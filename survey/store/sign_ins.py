"""Sessions of browsers: links that are refused, and the end of a session."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey.models import SignIn
from survey.tokens import digest


class LinkRefused(Exception):
    """No such link, or it was revoked, used up or has expired."""


def end_session(session: Session, token: str, at: datetime) -> None:
    """Sign a browser out on the server's side; an unknown token changes nothing."""
    session.execute(
        update(SignIn)
        .where(SignIn.digest == digest(token), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
