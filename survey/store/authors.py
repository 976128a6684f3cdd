"""Authors, and the links they sign in by."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Author, AuthorLink
from survey.tokens import digest, new_token

#: The time in which an author's sign-in link can be used.
AUTHOR_LINK_LASTS = timedelta(hours=24)

#: The author of a study that is loaded without naming one.
DEFAULT_AUTHOR = "author"


def ensure_author(session: Session, code: str, at: datetime) -> Author:
    """Return the author of this code, created when new."""
    author = session.scalar(select(Author).where(Author.code == code))
    if author is None:
        author = Author(code=code, created_at=at)
        session.add(author)
        session.flush()
    return author


def issue_author_link(session: Session, author: Author, at: datetime) -> str:
    """Issue a one-time sign-in link; return its token."""
    token = new_token()
    session.add(
        AuthorLink(
            author_id=author.id,
            digest=digest(token),
            issued_at=at,
            expires_at=at + AUTHOR_LINK_LASTS,
        )
    )
    return token
