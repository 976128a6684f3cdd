"""Views of the first page of a personal link."""

from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.asking.kinds import offered_kinds
from survey.experts.landing import operations
from survey.experts.landing.queries import load_errand
from survey.experts.links import (
    end_of,
    find_invitation,
    find_lost_invitation,
    find_newer_invitation,
)
from survey.experts.refusals import refused, why_refused
from survey.store.sign_ins import LinkRefused
from survey.web.current import database, now
from survey.web.locale import prefer_language, words
from survey.web.rates import count_wrong_link
from survey.web.security import site_link
from survey.web.sessions import begin_session, end_session, this_device

bp = Blueprint("landing", __name__)


@bp.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """Show the purpose of a link. Mail scanners open links, so this changes nothing."""
    with database().reading() as session:
        invitation = find_invitation(session, token, now())
        if invitation is None:
            return why_refused(session, token)
        prefer_language(invitation.expert.language)
        link = site_link(".invitation", token=token)
        return render_template(
            "experts/landing/invitation.html",
            invitation=invitation,
            study=invitation.expert.study,
            errand=load_errand(session, invitation),
            end=end_of(invitation),
            newer=find_newer_invitation(session, invitation),
            kinds=offered_kinds(invitation),
            token=token,
            link=link,
            mail=mail_of(words(invitation.expert.study.titles), link),
        )


def mail_of(title: str, link: str) -> str:
    """Return the address that opens a mail, without a recipient, with the link in it."""
    body = gettext(
        "This link opens your questions and your answers on any device. Anyone who has it can "
        "answer in your name."
    )
    fields = {"subject": title, "body": f"{body}\r\n\r\n{link}\r\n"}
    return "mailto:?" + urlencode(fields, quote_via=quote)


@bp.post("/invitation/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Exchange a personal link for a session, and redirect to an address without it."""
    try:
        with database().writing() as session:
            end_session(session)
            sign_in = operations.exchange_personal_link(session, token, this_device(), now())
    except LinkRefused:
        return refused(token)
    begin_session(sign_in)
    return redirect(url_for("pairs.overview"), 303)


@bp.post("/invitation/<token>/new-link")
def ask_for_link(token: str) -> ResponseReturnValue:
    """Tell the author that the holder asks for a new link, if the old one existed."""
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
    """Show the same answer to every request for a new link."""
    return render_template("experts/landing/link_asked_for.html")
