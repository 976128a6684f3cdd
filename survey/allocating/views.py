"""100 points for the items of a group."""

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.allocating.forms import PointsForm
from survey.asking.allotting import record_allocation
from survey.asking.forms import SaveForm
from survey.asking.loading import find_parent, load_item_ids, load_questionnaire, load_version
from survey.asking.pages import (
    answering_expert,
    answering_expert_in_write,
    onward,
    page,
    refuse_damaged,
    save_again,
    save_of,
    saved_reply,
    trip,
    wants_json,
)
from survey.asking.questionnaire import Group, Questionnaire
from survey.asking.repeating import allot_again
from survey.asking.saves import RoundClosed, StaleAnswer
from survey.current import database
from survey.models import Criterion, Invitation
from survey.values import DIRECT

bp = trip("allocating", __name__)


@bp.get("/points/<code>")
def points(code: str) -> ResponseReturnValue:
    """The points of one group, as they stand, to be handed out."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        if group.points is None:
            abort(404)
        if not group.asks:
            return redirect(url_for("reviewing.group", code=code))
        if group.cannot is not None:
            return redirect(url_for("answering.cannot_judge", code=code))
        if invitation.round.state != "open":
            return redirect(url_for("reviewing.group", code=code))
        return _points_page(session, invitation, questionnaire, group)


@bp.post("/points/<code>")
def allocate(code: str) -> ResponseReturnValue:
    """Store the points of one group, whatever they sum to; go on when they are 100."""
    if request.form.get("go") == "again":
        return _say_the_same(code)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            parent, ids = _list_of_points(session, invitation, code)
            form = PointsForm(list(ids), request.form)
            saved = None
            if form.validate():
                points = {ids[item]: float(given) for item, given in form.points.items()}
                saved = record_allocation(session, invitation, parent, points, save_of(form))
    except StaleAnswer:
        return _stale_points(code)
    if saved is None:
        return _refused_points(code, form)
    if wants_json():
        return saved_reply(saved)
    return _after_points(code, form)


def _say_the_same(code: str) -> ResponseReturnValue:
    """Store the points of the round before, whatever stands in the form."""
    form = SaveForm(request.form)
    if not form.validate():
        abort(400)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            questionnaire = load_questionnaire(session, invitation)
            group = questionnaire.group(code) or abort(404)
            if questionnaire.former is None or not questionnaire.former.has_points(group):
                abort(404)
            allot_again(session, invitation, questionnaire.former, group, save_again(form))
    except StaleAnswer:
        return redirect(url_for(".points", code=code), 303)
    with database().reading() as session:
        return redirect(onward(load_questionnaire(session, answering_expert(session))), 303)


def _list_of_points(
    session: Session, invitation: Invitation, code: str
) -> tuple[Criterion, dict[str, int]]:
    if invitation.expert.method != DIRECT:
        abort(404)
    parent = find_parent(session, invitation, code) or abort(404)
    ids = load_item_ids(session, parent)
    if len(ids) < 2:
        abort(404)
    return parent, ids


def _after_points(code: str, form: PointsForm) -> ResponseReturnValue:
    if form.button == "later":
        return redirect(url_for("answering.overview"), 303)
    if form.button != "on":
        here = request.form.get("more") or request.form.get("less")
        return redirect(url_for(".points", code=code, _anchor=here), 303)
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        if form.complete:
            return redirect(onward(questionnaire), 303)
        return _points_page(session, invitation, questionnaire, found, form, asked=True), 422


def _points_page(
    session: Session,
    invitation: Invitation,
    questionnaire: Questionnaire,
    group: Group,
    form: PointsForm | None = None,
    *,
    asked: bool = False,
) -> str:
    """``asked``: she wanted to go on, so that what is missing is said."""
    parent = find_parent(session, invitation, group.code)
    version = load_version(session, invitation, parent=parent)
    refused = form is not None and not asked
    return page(
        "allocating/points",
        invitation,
        questionnaire=questionnaire,
        group=group,
        form=form,
        asked=asked,
        base=form.base.data if form and refused else version.number,
        version=version,
        onward=onward(questionnaire),
    )


def _refused_points(code: str, form: PointsForm) -> ResponseReturnValue:
    refuse_damaged(form)
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        return _points_page(session, invitation, questionnaire, found, form), 422


def _stale_points(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        invitation = answering_expert(session)
        parent, ids = _list_of_points(session, invitation, code)
        version = load_version(session, invitation, parent=parent)
        if wants_json():
            return jsonify(stored=version.content, version=version.number), 409
        questionnaire = load_questionnaire(session, invitation)
        return page(
            "allocating/stale_points",
            invitation,
            questionnaire=questionnaire,
            group=questionnaire.group(code) or abort(404),
            form=PointsForm(list(ids), request.form),
            version=version,
        ), 409
