"""Sessions of this browser: the only place where one begins or ends."""

from datetime import timedelta

from flask import render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.store import sign_ins
from survey.store.authors import AUTHOR_LINK_LASTS
from survey.web.current import TOKEN, device, now
from survey.web.limits import count_wrong_link


def begin_session(token: str) -> None:
    forget()
    cookie[TOKEN] = token


def end_session(session: Session) -> None:
    if TOKEN in cookie:
        sign_ins.end_session(session, cookie[TOKEN], now())


def forget() -> None:
    """Keep nothing of the last session but the language it was in."""
    chosen = cookie.get("language")
    cookie.clear()
    if chosen:
        cookie["language"] = chosen


def this_device() -> str:
    return device(request.headers.get("User-Agent", ""))


def unknown_link(token: str | None = None) -> ResponseReturnValue:
    """One answer for unknown, revoked and used links, until they are many: it tells nothing.

    With the ``token`` of what came as a personal link, a new one can be asked for.
    """
    count_wrong_link()
    hours = AUTHOR_LINK_LASTS // timedelta(hours=1)
    return render_template("errors/unknown_link.html", token=token, sign_in_hours=hours), 404
