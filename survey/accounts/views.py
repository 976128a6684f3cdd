"""Links in, sessions out: the only place where somebody becomes signed in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.accounts import operations
from survey.accounts.queries import author_link_works, find_invitation, load_errand
from survey.current import TOKEN, database, device, now
from survey.locale import prefer_language

bp = Blueprint("accounts", __name__)


@bp.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What a personal link is about. Mail scanners open links: nothing is used up here."""
    with database().reading() as session:
        found = find_invitation(session, token)
        if found is None:
            return unknown_link()
        prefer_language(found.expert.language)
        return render_template(
            "accounts/invitation.html",
            invitation=found,
            study=found.expert.study,
            errand=load_errand(session, found),
        )


@bp.post("/invitation/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Exchange a personal link for a session, and for an address without the link."""
    try:
        with database().writing() as session:
            _end_session(session)
            sign_in, _ = operations.exchange_personal_link(session, token, _device(), now())
    except operations.LinkRefused:
        return unknown_link()
    _begin_session(sign_in)
    return redirect("/answer/", 303)


@bp.get("/sign-in/<token>")
def sign_in(token: str) -> ResponseReturnValue:
    """Show an author the button that uses her sign-in link up."""
    with database().reading() as session:
        if not author_link_works(session, token, now()):
            return unknown_link()
    return render_template("accounts/sign_in.html")


@bp.post("/sign-in/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Exchange a sign-in link for a session."""
    try:
        with database().writing() as session:
            _end_session(session)
            sign_in = operations.exchange_author_link(session, token, _device(), now())
    except operations.LinkRefused:
        return unknown_link()
    _begin_session(sign_in)
    return redirect("/author/", 303)


@bp.get("/sign-out")
def leave() -> ResponseReturnValue:
    """Show the button that signs out, or that nobody is signed in here."""
    return render_template("accounts/sign_out.html", signed_in=TOKEN in cookie)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    with database().writing() as session:
        _end_session(session)
    _forget()
    return redirect(url_for(".leave"), 303)


def unknown_link() -> ResponseReturnValue:
    """One answer for unknown, revoked and used links: it tells a stranger nothing."""
    return render_template("accounts/unknown_link.html"), 404


def _begin_session(token: str) -> None:
    _forget()
    cookie[TOKEN] = token


def _end_session(session: Session) -> None:
    if TOKEN in cookie:
        operations.end_session(session, cookie[TOKEN], now())


def _forget() -> None:
    """Keep nothing of the last session but the language it was in."""
    chosen = cookie.get("language")
    cookie.clear()
    if chosen:
        cookie["language"] = chosen


def _device() -> str:
    return device(request.headers.get("User-Agent", ""))
