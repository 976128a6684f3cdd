"""Operation to exchange a sign-in link for a session."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey.models import AuthorLink, SignIn
from survey.sign_in.queries import unused
from survey.store.sign_ins import LinkRefused
from survey.tokens import digest, new_token


def exchange_author_link(session: Session, token: str, device: str, at: datetime) -> str:
    """Return a new session's token for a sign-in link, which then no longer works.

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
