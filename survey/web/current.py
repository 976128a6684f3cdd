"""Context of the current request: its database, its time, who is signed in.

Authorisation starts here: an expert is found by their session, through a link
that is not revoked; everything else is then looked up among the expert's own rows.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

from flask import current_app, flash
from flask import session as cookie
from flask_babel import gettext
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload
from werkzeug.exceptions import Forbidden, NotFound

from survey.db import Database
from survey.models import Author, Expert, Invitation, PersonalLink, SignIn, Study
from survey.store.journal import has_recorded
from survey.store.locks import hold_study, keep_order
from survey.store.seats import IS_READ, IS_SIGNED_IN, Seat, bounds, hold_seat
from survey.tokens import digest

#: Key in the signed cookie of the random token that identifies the session.
TOKEN = "who"

#: ``seen_at`` is renewed at most this often, to spare writes.
RENEWED_AFTER = timedelta(minutes=5)


_EXPERTS = (
    select(SignIn)
    .join(SignIn.personal_link)
    .join(PersonalLink.invitation)
    .join(Invitation.expert)
    .join(Invitation.round)
    .where(PersonalLink.revoked_at.is_(None), IS_READ)
    .options(
        contains_eager(SignIn.personal_link)
        .contains_eager(PersonalLink.invitation)
        .options(
            contains_eager(Invitation.expert).joinedload(Expert.study),
            contains_eager(Invitation.round),
        )
    )
)


class AuthorSignedOut(Forbidden):
    """No author is signed in on this browser."""


def database() -> Database:
    return cast(Database, current_app.extensions["database"])


def now() -> datetime:
    return datetime.now(UTC)


#: Part of a browser's User-Agent and the browser's usual name; the first match counts.
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(description: str) -> str:
    """Return the usual name of a browser, else its User-Agent.

    >>> device_name("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox, Linux'
    """
    names = [
        next(name for mark, name in table if mark in description)
        for table in (BROWSERS, SYSTEMS)
        if any(mark in description for mark, _name in table)
    ]
    return ", ".join(names) or description


def signed_in_expert(session: Session) -> Invitation | None:
    """Return this browser's invitation, with its expert, study and round, or None."""
    found = _find_sign_in(session, _EXPERTS)
    return found.personal_link.invitation if found and found.personal_link else None


def saving_seat(session: Session) -> Seat | None:
    """Return the expert's seat within a write; their link stays valid until its end."""
    token = cookie.get(TOKEN)
    if not token:
        return None
    at = now()
    found = hold_seat(session, digest(token), at)
    if found is None:
        return None
    if at - found.seen_at > RENEWED_AFTER:
        session.execute(update(SignIn).where(SignIn.id == found.sign_in_id).values(seen_at=at))
    return found.seat


def saving_expert(session: Session) -> Invitation | None:
    """Return the invitation of :func:`saving_seat`, with its expert, study and round."""
    seat = saving_seat(session)
    if seat is None:
        return None
    return session.get_one(
        Invitation,
        seat.invitation_id,
        options=[
            joinedload(Invitation.expert).joinedload(Expert.study),
            joinedload(Invitation.round),
        ],
    )


def signed_in_author(session: Session) -> Author | None:
    """Return the author that is signed in on this browser, or None."""
    found = _find_sign_in(session, select(SignIn).options(joinedload(SignIn.author)))
    return found.author if found else None


def require_author(session: Session) -> Author:
    """Return the author that is signed in; else refuse with a page about signing in."""
    author = signed_in_author(session)
    if author is None:
        raise AuthorSignedOut
    return author


def require_own_study(session: Session, code: str) -> Study:
    """Return a study of the signed-in author; 404 for one of another author."""
    author = require_author(session)
    study = session.scalar(
        select(Study)
        .where(Study.code == code, Study.author_id == author.id, Study.aside_since.is_(None))
        .options(joinedload(Study.author))
    )
    if study is None:
        raise NotFound
    return study


def changing_study(session: Session, code: str) -> Study:
    """Return the author's study within a write; other writes to it wait."""
    renew_sign_in(session)
    study = require_own_study(session, code)
    keep_order(session)
    hold_study(session, study.id)
    session.refresh(study)
    return study


def say_saved(session: Session) -> None:
    """Show "Saved." on the next page, if this write changed anything."""
    if has_recorded(session):
        flash(gettext("Saved."))


def actor_of(study: Study) -> str:
    """Return the journal's name for the author of a study."""
    return f"author {study.author.code}"


def renew_sign_in(session: Session) -> None:
    """Record, within a write, that the signed-in browser is still in use."""
    found = _find_sign_in(session, select(SignIn))
    if found and now() - found.seen_at > RENEWED_AFTER:
        found.seen_at = now()


def _find_sign_in(session: Session, sign_ins: Select[SignIn]) -> SignIn | None:
    token = cookie.get(TOKEN)
    if not token:
        return None
    return session.scalar(
        sign_ins.where(SignIn.digest == digest(token), *IS_SIGNED_IN), bounds(now())
    )
