"""Views before another round's questions: the panel's weights and the expert's."""

from collections.abc import Mapping

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.former import Decision
from survey.asking.questionnaire import Questionnaire
from survey.asking.questions import load_questionnaire
from survey.asking.saves import RoundClosed, StaleAnswer, hold_answers, seat_of
from survey.asking.second_look import load_second_look
from survey.experts.feedback.forms import DecisionsForm
from survey.experts.feedback.operations import record_decisions, say_the_same
from survey.experts.feedback.queries import PanelSaid, load_panel_said
from survey.experts.forms import KeyForm
from survey.experts.pages import (
    answering_expert,
    answering_expert_in_write,
    onward,
    page,
    refuse_damaged,
    trip,
)
from survey.models import Invitation
from survey.web.current import database, now
from survey.web.locale import language

bp = trip("feedback", __name__)


@bp.get("/panel")
def panel() -> ResponseReturnValue:
    """Show the panel's weights of the round before, beside the expert's own."""
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            return redirect(url_for("pairs.overview"))
        return _panel_page(invitation, *_shown(session, invitation))


@bp.post("/panel")
def decide() -> ResponseReturnValue:
    """Store which weights the expert keeps and which they reconsider."""
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        questionnaire, said = _shown(session, invitation)
        form = DecisionsForm(said.own_indicators, request.form)
        if not form.validate():
            refuse_damaged(form)
            return _panel_page(invitation, questionnaire, said, form), 422
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            record_decisions(session, invitation, form.decided, form.key.data or "", now())
    except StaleAnswer:
        with database().reading() as session:
            invitation = answering_expert(session)
            shown = _shown(session, invitation)
            return _panel_page(invitation, *shown, unsaved=form.decided), 409
    return redirect(url_for(".again"), 303)


def _shown(session: Session, invitation: Invitation) -> tuple[Questionnaire, PanelSaid]:
    questionnaire = load_questionnaire(session, invitation)
    said = load_panel_said(session, invitation, questionnaire, language().code) or abort(404)
    return questionnaire, said


def _panel_page(
    invitation: Invitation,
    questionnaire: Questionnaire,
    said: PanelSaid,
    form: DecisionsForm | None = None,
    *,
    unsaved: Mapping[str, Decision] | None = None,
) -> str:
    """Return the page; ``unsaved`` holds the decisions sent from an outdated page."""
    return page(
        "experts/feedback/panel" if said.feedback else "experts/feedback/nothing",
        invitation,
        questionnaire=questionnaire,
        said=said,
        fields={group.code: group.names for group in questionnaire.framework.groups},
        form=form,
        unsaved=unsaved,
        onward=onward(questionnaire),
    )


@bp.get("/again")
def again() -> ResponseReturnValue:
    """Show the answers to reconsider, and offer to keep all the others at once."""
    with database().reading() as session:
        return _again_page(session, answering_expert(session))


@bp.post("/again")
def same_again() -> ResponseReturnValue:
    """Store earlier answers to questions that are neither reconsidered nor answered."""
    form = KeyForm(request.form)
    if not form.validate():
        abort(400)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            hold_answers(session, seat_of(invitation))  # nothing newer than the rest is replaced
            questionnaire = load_questionnaire(session, invitation)
            former = questionnaire.former or abort(404)
            rest = load_second_look(session, invitation, questionnaire).rest
            rest = rest.among(request.form.get("rest", ""))
            say_the_same(session, invitation, former, rest, form.key.data or "", now())
    except StaleAnswer:
        return redirect(url_for(".again"), 303)
    with database().reading() as session:
        questionnaire = load_questionnaire(session, answering_expert(session))
        return redirect(onward(questionnaire), 303)


def _again_page(session: Session, invitation: Invitation) -> ResponseReturnValue:
    questionnaire = load_questionnaire(session, invitation)
    if questionnaire.former is None:
        abort(404)
    if invitation.round.state != "open":
        return redirect(url_for("pairs.overview"))
    second = load_second_look(session, invitation, questionnaire)
    if invitation.round.targeted and not (second.looks or second.rest.count):
        return redirect(onward(questionnaire))
    return page(
        "experts/feedback/again",
        invitation,
        questionnaire=questionnaire,
        former=questionnaire.former,
        looks=second.looks,
        rest=second.rest,
        onward=onward(questionnaire),
    )
