"""Sessions of this browser: the only place where one begins or ends."""

from flask import request
from flask import session as cookie
from sqlalchemy.orm import Session

from survey.store import sign_ins
from survey.web.current import TOKEN, now


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
    """What this browser calls itself, short enough to keep."""
    return request.headers.get("User-Agent", "")[:120]
