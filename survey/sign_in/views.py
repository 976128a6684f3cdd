"""Views for authors to sign in, and to sign out."""

from flask import Blueprint, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from survey.sign_in import operations
from survey.sign_in.queries import author_link_works
from survey.store.sign_ins import LinkRefused
from survey.web.addresses import studies_url
from survey.web.current import TOKEN, database, now
from survey.web.errors import show_unknown_link
from survey.web.sessions import begin_session, end_session, forget, this_device

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in/<token>")
def sign_in(token: str) -> ResponseReturnValue:
    """Show an author the button that uses up the sign-in link."""
    with database().reading() as session:
        if not author_link_works(session, token, now()):
            return show_unknown_link()
    return render_template("sign_in/sign_in.html")


@bp.post("/sign-in/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Exchange a sign-in link for a session."""
    try:
        with database().writing() as session:
            end_session(session)
            sign_in = operations.exchange_author_link(session, token, this_device(), now())
    except LinkRefused:
        return show_unknown_link()
    begin_session(sign_in)
    return redirect(studies_url(), 303)


@bp.get("/sign-out")
def leave() -> ResponseReturnValue:
    """Show the button that signs out, or that this browser is not signed in."""
    return render_template("sign_in/sign_out.html", signed_in=TOKEN in cookie)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    with database().writing() as session:
        end_session(session)
    forget()
    return redirect(url_for(".leave"), 303)
