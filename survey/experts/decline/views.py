"""Views to decline an invitation."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.asking.questions import load_questionnaire
from survey.experts.decline import operations
from survey.experts.decline.forms import DeclineForm
from survey.experts.links import find_invitation, has_begun
from survey.experts.refusals import refused, why_refused
from survey.store.sign_ins import LinkRefused
from survey.web.current import database, now
from survey.web.locale import prefer_language

bp = Blueprint("decline", __name__)


@bp.get("/invitation/<token>/decline")
def ask_to_decline(token: str) -> ResponseReturnValue:
    """Show the form to decline."""
    return _decline_page(token, DeclineForm())


@bp.post("/invitation/<token>/decline")
def decline(token: str) -> ResponseReturnValue:
    """Record that the expert declines; the page of the link says so from then on."""
    form = DeclineForm(request.form)
    if not form.validate():
        return _decline_page(token, form, 422)
    reason, suggestion = form.reason.data or "", form.suggestion.data or ""
    try:
        with database().writing() as session:
            operations.decline(session, token, reason, suggestion, now())
    except LinkRefused:
        return refused(token)
    except operations.TooLateToDecline:
        pass  # the page of the link says what can be done now
    return redirect(url_for("landing.invitation", token=token), 303)


def _decline_page(token: str, form: DeclineForm, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        invitation = find_invitation(session, token, now())
        if invitation is None:
            return why_refused(session, token)
        prefer_language(invitation.expert.language)
        if invitation.round.state == "closed" or has_begun(session, invitation):
            return redirect(url_for("landing.invitation", token=token), 303)
        questionnaire = load_questionnaire(session, invitation)
        former = questionnaire.former
        page = render_template(
            "experts/decline/decline.html",
            study=invitation.expert.study,
            round=invitation.round,
            former=former.number if former and former.spoke else None,
            asked=questionnaire.count,
            form=form,
            token=token,
        )
        return page, status
