"""Views of an expert's own weights and their review of them."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.group_ends import load_group_end
from survey.asking.questionnaire import QuestionGroup, Questionnaire
from survey.asking.questions import find_parent, load_questionnaire
from survey.asking.saves import StaleAnswer, hold_answers, seat_of
from survey.experts.own_weights.forms import ReviewForm
from survey.experts.own_weights.operations import record_review
from survey.experts.pages import (
    answering_expert,
    answering_expert_in_write,
    entrance,
    heaviest_first,
    onward,
    page,
    refuse_damaged,
    save_of,
    trip,
    with_status,
)
from survey.models import Invitation
from survey.reports.panel.own_weights import weights_of_indicators
from survey.values import BEST_WORST
from survey.web.current import database
from survey.web.responses import wants_part

bp = trip("own_weights", __name__)


class NoSuchPair(Exception):
    """The expert did not choose two items that they were asked to compare."""


@bp.get("/groups/<code>")
def group(code: str) -> ResponseReturnValue:
    """Show the weights from the answers of one group, and their contradictions."""
    with database().reading() as session:
        return _group_page(session, answering_expert(session), code)


@bp.post("/groups/<code>")
def review(code: str) -> ResponseReturnValue:
    """Store the expert's review; redirect to one of their answers or the next page."""
    form = ReviewForm(request.form)
    if not form.validate():
        refuse_damaged(form)
        return _shown_again(code, form, 422)
    try:
        with database().writing() as session:
            following = _review(session, answering_expert_in_write(session), code, form)
    except NoSuchPair:
        form.ask_for_two()
        return _shown_again(code, form, 422)
    except StaleAnswer:
        return _shown_again(code, form, 409)
    return redirect(following, 303)


@bp.get("/groups/<code>/fit")
def fit(code: str) -> ResponseReturnValue:
    """Return the part of a group's page that depends on the answers, after each save."""
    if not wants_part():
        return redirect(url_for(".group", code=code))
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        return render_template(
            "experts/own_weights/fit.html",
            questionnaire=questionnaire,
            group=group,
            end=load_group_end(session, invitation, group),
            rows=heaviest_first(questionnaire, group.weights.weights or {}),
        )


@bp.get("/weights")
def weights() -> ResponseReturnValue:
    """Show all weights that follow from the expert's answers."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        local = {group.code: group.weights.weights for group in questionnaire.groups}
        whole = weights_of_indicators(questionnaire.framework, local)
        return page(
            "experts/own_weights/weights",
            invitation,
            questionnaire=questionnaire,
            whole=heaviest_first(questionnaire, whole or {}),
            parts=[
                (group, heaviest_first(questionnaire, group.weights.weights or {}))
                for group in questionnaire.groups
            ],
            onward=onward(questionnaire),
        )


def _review(session: Session, invitation: Invitation, code: str, form: ReviewForm) -> str:
    """Store the review; return the address of the next page."""
    if hold_answers(session, seat_of(invitation)) != invitation.kind:
        raise StaleAnswer
    questionnaire = load_questionnaire(session, invitation)
    group = questionnaire.group(code) or abort(404)
    parent = find_parent(session, invitation, code) or abort(404)
    if not group.questions:
        abort(404)
    if group.cannot is not None or not group.done:
        raise StaleAnswer
    following = _following(questionnaire, group, form)
    end = load_group_end(session, invitation, group)
    said = end.next_review(form.verdict.data or "", form.reason.data or "", goes_on=form.goes_on)
    record_review(session, invitation, parent, end, said, form.answers.data or "", save_of(form))
    return following


def _following(questionnaire: Questionnaire, group: QuestionGroup, form: ReviewForm) -> str:
    if form.goes_on:
        return onward(questionnaire)
    if form.wants_pair:
        chosen = group.question_of(form.one.data or "", form.other.data or "")
        if chosen is None:
            raise NoSuchPair
    else:
        chosen = next((q for q in group.questions if q.id == form.again.data), None) or abort(404)
    if group.extremes:
        return url_for("best_worst.star", code=group.code)
    return url_for("pairs.comparison", comparison_id=chosen.id, back="group")


def _is_answered_elsewhere(group: QuestionGroup) -> bool:
    """Whether the page of the list itself shows everything there is to see."""
    return group.points is not None or (group.kind == BEST_WORST and not group.begun)


def _shown_again(code: str, form: ReviewForm, status: int) -> ResponseReturnValue:
    with database().reading() as session:
        shown = _group_page(session, answering_expert(session), code, form, stale=status == 409)
    return with_status(shown, status)


def _group_page(
    session: Session,
    invitation: Invitation,
    code: str,
    form: ReviewForm | None = None,
    *,
    stale: bool = False,
) -> ResponseReturnValue:
    questionnaire = load_questionnaire(session, invitation)
    group = questionnaire.group(code) or abort(404)
    if group.cannot is not None and group.asks:
        return redirect(url_for("pairs.cannot_judge", code=code))
    is_open = invitation.round.state == "open"
    if is_open and group.asks and _is_answered_elsewhere(group):
        return redirect(entrance(group))
    end = load_group_end(session, invitation, group)
    whole = bool(group.questions) and group.done and group.weights.weights is not None
    reopened = form is not None or "reopen" in request.args
    return page(
        "experts/own_weights/group",
        invitation,
        questionnaire=questionnaire,
        group=group,
        rows=heaviest_first(questionnaire, group.weights.weights or {}),
        end=end,
        missing=group.marks.count(False),
        explains=any(finding.kind != "end-of-scale" for finding in end.findings),
        asked=is_open and whole and (reopened or not end.decided),
        form=form or ReviewForm(data={"verdict": end.review.verdict, "reason": end.review.reason}),
        stale=stale,
        onward=onward(questionnaire),
    )
