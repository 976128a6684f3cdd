"""Views of the best-worst method."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.best_worst import record_extremes, record_star
from survey.asking.questionnaire import QuestionGroup, Questionnaire
from survey.asking.questions import find_parent, load_item_ids, load_questionnaire
from survey.asking.saves import RoundClosed, StaleAnswer, load_version
from survey.experts.best_worst.forms import ExtremesForm, StarForm
from survey.experts.pages import (
    answer_list_again,
    answering_expert,
    answering_expert_in_write,
    page,
    refuse_damaged,
    save_of,
    saved_reply,
    stale_reply,
    trip,
)
from survey.models import Invitation
from survey.values import BEST_WORST
from survey.web.current import database
from survey.web.responses import wants_json

bp = trip("best_worst", __name__)

# ------------------------------------------------------------ the two ends


@bp.get("/extremes/<code>")
def extremes(code: str) -> ResponseReturnValue:
    """Ask which item counts most and which counts least."""
    with database().reading() as session:
        return _page(session, answering_expert(session), code, "experts/best_worst/extremes")


@bp.post("/extremes/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Store which item counts most and which least, and redirect to the comparisons."""
    if request.form.get("go") == "again":
        return answer_list_again(code)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            _, group = _star_group(session, invitation, code)
            parent = find_parent(session, invitation, code) or abort(404)
            ids = load_item_ids(session, parent)
            form = ExtremesForm(group.items, request.form)
            if valid := form.validate():
                best, worst = ids[form.best.data or ""], ids[form.worst.data or ""]
                record_extremes(session, invitation, parent, best, worst, save_of(form))
    except StaleAnswer:
        return _again(code, "experts/best_worst/stale_extremes", form, 409)
    if not valid:
        return _again(code, "experts/best_worst/extremes", form, 422)
    return redirect(url_for(".star", code=code), 303)


# ------------------------------------------------------------ all others


@bp.get("/star/<code>")
def star(code: str) -> ResponseReturnValue:
    """Ask how much more the best counts than the others, and they than the worst."""
    with database().reading() as session:
        return _page(session, answering_expert(session), code, "experts/best_worst/star")


@bp.post("/star/<code>")
def judge(code: str) -> ResponseReturnValue:
    """Store the judgements of a star; redirect to the weights when none is open."""
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            _, group = _star_group(session, invitation, code)
            if group.extremes is None:
                return redirect(url_for(".extremes", code=code), 303)
            parent = find_parent(session, invitation, code) or abort(404)
            form = StarForm(group.extremes, group.questions, request.form)
            form.validate()
            refuse_damaged(form)
            save = save_of(form)
            saved = record_star(session, invitation, parent, form.steps, save, form.reasons)
    except StaleAnswer:
        if wants_json():
            return stale_reply()
        return _again(code, "experts/best_worst/stale_star", form, 409)
    if wants_json():
        return saved_reply(saved)
    if len(form.steps) < len(group.questions) and form.button == "on":
        return _again(code, "experts/best_worst/star", None, 422, asked=True, reasons=form.reasons)
    return redirect(url_for("own_weights.group", code=code), 303)


# ------------------------------------------------------------ pages


def _star_group(
    session: Session, invitation: Invitation, code: str
) -> tuple[Questionnaire, QuestionGroup]:
    questionnaire = load_questionnaire(session, invitation)
    group = questionnaire.group(code)
    if group is None or group.kind != BEST_WORST:
        abort(404)
    return questionnaire, group


def _page(session: Session, invitation: Invitation, code: str, name: str) -> ResponseReturnValue:
    """Return a best-worst page, or a redirect if the group is at another step."""
    questionnaire, group = _star_group(session, invitation, code)
    if not group.asks:
        return redirect(url_for("own_weights.group", code=code))
    if group.cannot is not None:
        return redirect(url_for("pairs.cannot_judge", code=code))
    if invitation.round.state != "open":
        return redirect(url_for("own_weights.group", code=code))
    if group.extremes is None and name == "experts/best_worst/star":
        return redirect(url_for(".extremes", code=code))
    return _rendered(session, invitation, questionnaire, group, name, None)


def _rendered(
    session: Session,
    invitation: Invitation,
    questionnaire: Questionnaire,
    group: QuestionGroup,
    name: str,
    form: ExtremesForm | StarForm | None,
    **shown: Any,
) -> str:
    parent = find_parent(session, invitation, group.code)
    version = load_version(session, invitation, parent=parent)
    steps = [question.steps for question in group.questions if question.steps is not None]
    return page(
        name,
        invitation,
        questionnaire=questionnaire,
        group=group,
        missing=sum(not question.answered for question in group.questions),
        between=any(step % 2 for step in steps),
        form=form,
        stored={q.id: q.steps for q in group.questions if q.steps is not None},
        base=form.base.data if form else version.number,
        version=version,
        **shown,
    )


def _again(
    code: str,
    name: str,
    form: ExtremesForm | StarForm | None,
    status: int,
    **shown: Any,
) -> ResponseReturnValue:
    """Return the page again with the values sent and their errors."""
    if form is not None:
        refuse_damaged(form)
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        questionnaire, group = _star_group(session, invitation, code)
        return _rendered(session, invitation, questionnaire, group, name, form, **shown), status
