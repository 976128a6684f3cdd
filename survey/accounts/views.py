"""Links in, sessions out: the only place where somebody becomes signed in."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.accounts import operations
from survey.accounts.forms import DeclineForm
from survey.accounts.queries import (
    author_link_works,
    end_of,
    find_invitation,
    find_lost_invitation,
    find_newer_invitation,
    find_withdrawn_invitation,
    has_begun,
    load_errand,
)
from survey.asking.kinds import offered_kinds
from survey.asking.loading import load_questionnaire
from survey.store.authors import AUTHOR_LINK_LASTS
from survey.web.current import TOKEN, database, device, now
from survey.web.limits import count_wrong_link
from survey.web.locale import prefer_language, words
from survey.web.security import site_link

bp = Blueprint("accounts", __name__)


@bp.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What a personal link is about. Mail scanners open links: nothing is used up here."""
    with database().reading() as session:
        found = find_invitation(session, token, now())
        if found is None:
            return _why_refused(session, token)
        prefer_language(found.expert.language)
        link = site_link(".invitation", token=token)
        return render_template(
            "accounts/invitation.html",
            invitation=found,
            study=found.expert.study,
            errand=load_errand(session, found),
            end=end_of(found),
            newer=find_newer_invitation(session, found),
            kinds=offered_kinds(found),
            token=token,
            link=link,
            mail=mail_of(words(found.expert.study.titles), link),
        )


def mail_of(title: str, link: str) -> str:
    """The address that opens a mail, to whom she likes, with her link in it."""
    body = gettext(
        "This link leads to your questions, and back to your answers, on any device. "
        "Whoever has it can answer in your name."
    )
    fields = {"subject": title, "body": f"{body}\r\n\r\n{link}\r\n"}
    return "mailto:?" + urlencode(fields, quote_via=quote)


@bp.post("/invitation/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Exchange a personal link for a session, and for an address without the link."""
    try:
        with database().writing() as session:
            _end_session(session)
            sign_in = operations.exchange_personal_link(session, token, _device(), now())
    except operations.LinkRefused:
        return _refused(token)
    _begin_session(sign_in)
    return redirect("/answer/", 303)


@bp.get("/invitation/<token>/decline")
def ask_to_decline(token: str) -> ResponseReturnValue:
    """What to say who cannot take part."""
    return _decline_page(token, DeclineForm())


@bp.post("/invitation/<token>/decline")
def decline(token: str) -> ResponseReturnValue:
    """Store that she takes no part; her link's page says so from then on."""
    form = DeclineForm(request.form)
    if not form.validate():
        return _decline_page(token, form, 422)
    reason, suggestion = form.reason.data or "", form.suggestion.data or ""
    try:
        with database().writing() as session:
            operations.decline(session, token, reason, suggestion, now())
    except operations.LinkRefused:
        return _refused(token)
    except operations.TooLateToDecline:
        pass  # what can be done now stands on her link's page
    return redirect(url_for(".invitation", token=token), 303)


def _decline_page(token: str, form: DeclineForm, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        found = find_invitation(session, token, now())
        if found is None:
            return _why_refused(session, token)
        prefer_language(found.expert.language)
        if found.round.state == "closed" or has_begun(session, found):
            return redirect(url_for(".invitation", token=token), 303)
        questionnaire = load_questionnaire(session, found)
        former = questionnaire.former
        page = render_template(
            "accounts/decline.html",
            study=found.expert.study,
            round=found.round,
            former=former.number if former and former.spoke else None,
            asked=questionnaire.count,
            form=form,
            token=token,
        )
        return page, status


@bp.post("/invitation/<token>/new-link")
def ask_for_link(token: str) -> ResponseReturnValue:
    """Tell the author, where the link was one, that its bearer asks for a new one."""
    with database().reading() as session:
        lost = find_lost_invitation(session, token)
    if lost is None:
        count_wrong_link()
    else:
        with database().writing() as session:
            operations.ask_for_new_link(session, token, now())
    return redirect(url_for(".link_asked_for"), 303)


@bp.get("/new-link")
def link_asked_for() -> ResponseReturnValue:
    """One answer to whoever asked for a link."""
    return render_template("accounts/link_asked_for.html")


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


def _refused(token: str) -> ResponseReturnValue:
    with database().reading() as session:
        return _why_refused(session, token)


def _why_refused(session: Session, token: str) -> ResponseReturnValue:
    """Who withdrew is told so; anybody else that a link does not work."""
    withdrawn = find_withdrawn_invitation(session, token)
    if withdrawn is None:
        return unknown_link(token)
    prefer_language(withdrawn.expert.language)
    return render_template(
        "accounts/withdrawn.html",
        invitation=withdrawn,
        study=withdrawn.expert.study,
        token=token,
    ), 404


def unknown_link(token: str | None = None) -> ResponseReturnValue:
    """One answer for unknown, revoked and used links, until they are many: it tells nothing.

    With the ``token`` of what came as a personal link, a new one can be asked for.
    """
    count_wrong_link()
    hours = AUTHOR_LINK_LASTS // timedelta(hours=1)
    return render_template("accounts/unknown_link.html", token=token, sign_in_hours=hours), 404


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
