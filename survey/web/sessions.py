"""Begin and end of this browser's session; no other module does either."""

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
    """Clear the cookie, except for the chosen language."""
    chosen = cookie.get("language")
    cookie.clear()
    if chosen:
        cookie["language"] = chosen


def this_device() -> str:
    """Return this browser's User-Agent, shortened for storing."""
    return request.headers.get("User-Agent", "")[:120]
