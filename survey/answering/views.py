"""The expert's pages: questions, points, her weights, finishing, withdrawing."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from survey.answering import operations
from survey.answering.forms import GroupAbstentionForm, JudgementForm, PointsForm, SaveForm
from survey.answering.operations import (
    Asked,
    PointsUnfinished,
    RoundClosed,
    Save,
    Saved,
    StaleAnswer,
)
from survey.answering.queries import (
    Group,
    Questionnaire,
    find_asked,
    find_comparison,
    find_open_question,
    find_parent,
    find_receipt,
    last_saved,
    load_code,
    load_item_ids,
    load_questionnaire,
    load_version,
)
from survey.current import database, now, saving_expert, saving_seat, signed_in_expert
from survey.locale import prefer_language
from survey.models import Comparison, Criterion, Invitation
from survey.reports.own_weights import LocalWeights, weights_of_indicators
from survey.security import site_settings
from survey.store import journal
from survey.store.seats import Seat
from survey.values import DIRECT, Texts

bp = Blueprint("answering", __name__, url_prefix="/answer")

#: The place in the cookie that says, after the session is gone, that she withdrew.
WITHDRAWN = "withdrawn"

#: The largest id a database of ours has: a larger number in an address is nobody's.
MAX_ID = 2**31 - 1


class SignedOut(Forbidden):
    """Nobody is signed in here, or her link was revoked."""


# ---------------------------------------------------------------- overview


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Where she is: what is answered, what is open."""
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        return _page(
            "overview",
            invitation,
            questionnaire=questionnaire,
            onward=_onward(questionnaire),
            saved_at=last_saved(session, invitation),
        )


# ---------------------------------------------------------------- comparisons


@bp.get(f"/comparisons/<int(max={MAX_ID}):comparison_id>")
def comparison(comparison_id: int) -> ResponseReturnValue:
    """One question, with what she said to it before."""
    with database().reading() as session:
        return _comparison_page(session, _expert(session), comparison_id)


@bp.post(f"/comparisons/<int(max={MAX_ID}):comparison_id>")
def judge(comparison_id: int) -> ResponseReturnValue:
    """Store one judgement, or that she cannot judge, and move on to the next open question."""
    form = JudgementForm(request.form)
    if not form.validate():
        return _refused_judgement(comparison_id, form)
    try:
        with database().writing() as session:
            seat = saving_seat(session)
            if seat is None:
                raise SignedOut
            asked = find_asked(session, seat, comparison_id) or abort(404)
            saved = _record(session, seat, asked, form)
            following = None if _wants_json() else _following(session, seat, asked)
    except StaleAnswer:
        return _stale_judgement(comparison_id, form)
    return redirect(following, 303) if following else _saved(saved)


def _record(session: Session, seat: Seat, asked: Asked, form: JudgementForm) -> Saved:
    if form.step is None:
        return operations.record_cannot_judge(session, seat, asked, form.cannot or "", _save(form))
    return operations.record_judgement(
        session, seat, asked, form.step, form.reason.data or "", _save(form)
    )


def _following(session: Session, who: Invitation | Seat, asked: Comparison | Asked) -> str:
    """The next open question of this group; when there is none, what the group comes to."""
    following = find_open_question(session, who, asked)
    if following is not None:
        return url_for(".comparison", comparison_id=following)
    return url_for(".group", code=load_code(session, asked.parent_id))


def _comparison_page(
    session: Session,
    invitation: Invitation,
    comparison_id: int,
    form: JudgementForm | None = None,
) -> ResponseReturnValue:
    asked = find_comparison(session, invitation, comparison_id) or abort(404)
    if invitation.round.state != "open":
        return redirect(url_for(".overview"))
    questionnaire = load_questionnaire(session, invitation)
    question = questionnaire.question(asked.id) or abort(404)
    group = questionnaire.group(question.parent) or abort(404)
    if group.cannot is not None:
        return redirect(url_for(".cannot_judge", code=group.code))
    version = load_version(session, invitation, comparison=asked)
    return _page(
        "comparison",
        invitation,
        questionnaire=questionnaire,
        group=group,
        question=question,
        before=questionnaire.before(question),
        form=form or JudgementForm.of(question.steps, question.reason, question.cannot),
        base=form.base.data if form else version.number,
        version=version,
    )


def _refused_judgement(comparison_id: int, form: JudgementForm) -> ResponseReturnValue:
    _refuse_damaged(form)
    with database().reading() as session:
        page = _comparison_page(session, _expert(session), comparison_id, form)
    return (page, 422) if isinstance(page, str) else page


def _stale_judgement(comparison_id: int, form: JudgementForm) -> ResponseReturnValue:
    with database().reading() as session:
        invitation = _expert(session)
        asked = find_comparison(session, invitation, comparison_id) or abort(404)
        version = load_version(session, invitation, comparison=asked)
        if _wants_json():
            return jsonify(stored=version.content, version=version.number), 409
        questionnaire = load_questionnaire(session, invitation)
        return _page(
            "stale_judgement",
            invitation,
            questionnaire=questionnaire,
            question=questionnaire.question(asked.id) or abort(404),
            version=version,
            form=form,
            onward=_following(session, invitation, asked),
        ), 409


# ---------------------------------------------------------------- groups


@bp.get("/groups/<code>")
def group(code: str) -> ResponseReturnValue:
    """The weights that the answers of one group give; where points are handed out, the form."""
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        if found.cannot is not None:
            return redirect(url_for(".cannot_judge", code=code))
        if found.points is not None and invitation.round.state == "open":
            return _points_page(session, invitation, questionnaire, found)
        return _page(
            "group",
            invitation,
            questionnaire=questionnaire,
            group=found,
            rows=_rows(questionnaire, found.weights.weights or {}),
            onward=_onward(questionnaire),
        )


@bp.post("/groups/<code>")
def allocate(code: str) -> ResponseReturnValue:
    """Store the points of one group, whatever they sum to; go on when they are 100."""
    try:
        with database().writing() as session:
            invitation = _saving_expert(session)
            parent, ids = _list_of_points(session, invitation, code)
            form = PointsForm(list(ids), request.form)
            saved = None
            if form.validate():
                points = {ids[item]: float(given) for item, given in form.points.items()}
                saved = operations.record_allocation(
                    session, invitation, parent, points, _save(form)
                )
    except StaleAnswer:
        return _stale_points(code)
    if saved is None:
        return _refused_points(code, form)
    if _wants_json():
        return _saved(saved)
    return _after_points(code, form)


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
        return redirect(url_for(".overview"), 303)
    if form.button != "on":
        here = request.form.get("more") or request.form.get("less")
        return redirect(url_for(".group", code=code, _anchor=here), 303)
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        if form.complete:
            return redirect(_onward(questionnaire), 303)
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
    return _page(
        "points",
        invitation,
        questionnaire=questionnaire,
        group=group,
        form=form,
        asked=asked,
        base=form.base.data if form and refused else version.number,
        version=version,
        onward=_onward(questionnaire),
    )


def _refused_points(code: str, form: PointsForm) -> ResponseReturnValue:
    _refuse_damaged(form)
    with database().reading() as session:
        invitation = _expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        return _points_page(session, invitation, questionnaire, found, form), 422


def _stale_points(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        invitation = _expert(session)
        parent, ids = _list_of_points(session, invitation, code)
        version = load_version(session, invitation, parent=parent)
        if _wants_json():
            return jsonify(stored=version.content, version=version.number), 409
        questionnaire = load_questionnaire(session, invitation)
        return _page(
            "stale_points",
            invitation,
            questionnaire=questionnaire,
            group=questionnaire.group(code) or abort(404),
            form=PointsForm(list(ids), request.form),
            version=version,
        ), 409


@bp.get("/groups/<code>/cannot-judge")
def cannot_judge(code: str) -> ResponseReturnValue:
    """Say that she judges nothing in a group, or take that back."""
    with database().reading() as session:
        return _cannot_judge_page(session, _expert(session), code)


@bp.post("/groups/<code>/cannot-judge")
def abstain(code: str) -> ResponseReturnValue:
    """Store that she judges nothing in a group, or that she does after all."""
    form = GroupAbstentionForm(request.form)
    if not form.validate():
        _refuse_damaged(form)
        with database().reading() as session:
            page = _cannot_judge_page(session, _expert(session), code, form)
        return (page, 422) if isinstance(page, str) else page
    try:
        with database().writing() as session:
            invitation = _saving_expert(session)
            parent = find_parent(session, invitation, code) or abort(404)
            if form.takes_back:
                operations.take_back_group_abstention(session, invitation, parent, _save(form))
            else:
                operations.record_group_abstention(
                    session, invitation, parent, form.reason.data or "", _save(form)
                )
    except StaleAnswer:
        with database().reading() as session:
            page = _cannot_judge_page(session, _expert(session), code, form, stale=True)
        return (page, 409) if isinstance(page, str) else page
    with database().reading() as session:
        questionnaire = load_questionnaire(session, _expert(session))
    return redirect(
        url_for(".group", code=code) if form.takes_back else _onward(questionnaire), 303
    )


def _cannot_judge_page(
    session: Session,
    invitation: Invitation,
    code: str,
    form: GroupAbstentionForm | None = None,
    *,
    stale: bool = False,
) -> ResponseReturnValue:
    questionnaire = load_questionnaire(session, invitation)
    found = questionnaire.group(code) or abort(404)
    if invitation.round.state != "open":
        return redirect(url_for(".overview"))
    parent = find_parent(session, invitation, code)
    version = load_version(session, invitation, parent=parent)
    return _page(
        "cannot_judge",
        invitation,
        questionnaire=questionnaire,
        group=found,
        form=form,
        stale=stale,
        base=form.base.data if form and not stale else version.number,
    )


# ---------------------------------------------------------------- the end


@bp.get("/weights")
def weights() -> ResponseReturnValue:
    """All the weights that her answers give."""
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        local = {group.code: group.weights.weights for group in questionnaire.groups}
        whole = weights_of_indicators(questionnaire.framework, local)
        return _page(
            "weights",
            invitation,
            questionnaire=questionnaire,
            whole=_rows(questionnaire, whole or {}),
            parts=[
                (group, _rows(questionnaire, group.weights.weights or {}))
                for group in questionnaire.groups
            ],
            onward=_onward(questionnaire),
        )


@bp.get("/finish")
def finish() -> ResponseReturnValue:
    """What is answered, what is missing, and the button that ends it for now."""
    with database().reading() as session:
        invitation = _expert(session)
        if invitation.round.state != "open":
            return redirect(url_for(".overview"))
        return _finish_page(session, invitation)


@bp.post("/finish")
def finished() -> ResponseReturnValue:
    """Note that she is done; she may come back and change answers until the round closes."""
    try:
        with database().writing() as session:
            invitation = _saving_expert(session)
            begun = [g for g in load_questionnaire(session, invitation).groups if g.begun]
            sums = {g.code: g.sum for g in begun if g.points is not None and g.cannot is None}
            operations.finish(session, invitation, sums, now())
    except PointsUnfinished as unfinished:
        with database().reading() as session:
            return _finish_page(session, _expert(session), unfinished.sums), 422
    return redirect(url_for(".receipt"), 303)


def _finish_page(
    session: Session, invitation: Invitation, unfinished: Mapping[str, float] | None = None
) -> str:
    return _page(
        "finish",
        invitation,
        questionnaire=load_questionnaire(session, invitation),
        unfinished=unfinished or {},
    )


@bp.get("/receipt")
def receipt() -> ResponseReturnValue:
    """What she finished, to print or keep."""
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        found = find_receipt(session, invitation, questionnaire)
        if found is None:
            return redirect(url_for(".finish"))
        key = site_settings().secret_key.encode()
        return _page(
            "receipt",
            invitation,
            questionnaire=questionnaire,
            receipt=found,
            seal=journal.seal(found.head, key),
        )


@bp.get("/withdraw")
def withdraw() -> ResponseReturnValue:
    """What withdrawing does, and its button; afterwards, that it is done."""
    if cookie.get(WITHDRAWN):
        return render_template("answering/withdrawn.html")
    with database().reading() as session:
        return _page("withdraw", _expert(session))


@bp.post("/withdraw")
def withdrawn() -> ResponseReturnValue:
    """Delete her answers and end her link and her sessions."""
    with database().writing() as session:
        invitation = _saving_expert(session)
        operations.withdraw(session, invitation, now())
        chosen = cookie.get("language") or invitation.expert.language
    cookie.clear()
    cookie.update({"language": chosen, WITHDRAWN: True})
    return redirect(url_for(".withdraw"), 303)


# ---------------------------------------------------------------- refusals


@bp.errorhandler(SignedOut)
def show_signed_out(_error: SignedOut) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(refused="signed out"), 403
    return render_template("answering/signed_out.html"), 403


@bp.errorhandler(RoundClosed)
def show_closed(_error: RoundClosed) -> ResponseReturnValue:
    """What came too late, and what was kept."""
    if _wants_json():
        return jsonify(refused="round closed"), 409
    with database().reading() as session:
        invitation = _expert(session)
        questionnaire = load_questionnaire(session, invitation)
        return _page("closed", invitation, questionnaire=questionnaire, sent_at=now()), 409


# ---------------------------------------------------------------- what the views share


def _expert(session: Session) -> Invitation:
    """The invitation this browser answers; from here on its expert's language is spoken."""
    invitation = signed_in_expert(session)
    if invitation is None:
        raise SignedOut
    prefer_language(invitation.expert.language)
    return invitation


def _saving_expert(session: Session) -> Invitation:
    invitation = saving_expert(session)
    if invitation is None:
        raise SignedOut
    return invitation


def _save(form: SaveForm) -> Save:
    return Save(form.key.data or "", form.base.data or 0, now())


def _saved(saved: Saved) -> Response:
    """What a script is told after its save: what to send with the next one."""
    return jsonify(version=saved.version, saved_at=saved.saved_at.isoformat())


def _wants_json() -> bool:
    return request.headers.get("Accept") == "application/json"


def _refuse_damaged(form: SaveForm) -> None:
    if form.damaged:
        abort(400)


def _onward(questionnaire: Questionnaire) -> str:
    """Where the first open question is; when there is none, all her weights."""
    group = questionnaire.open_group
    if group is None:
        return url_for(".weights")
    following = next((q for q in group.questions if not q.answered), None)
    if following is not None:
        return url_for(".comparison", comparison_id=following.id)
    return url_for(".group", code=group.code)


def _rows(questionnaire: Questionnaire, weights: LocalWeights) -> list[tuple[Texts, float]]:
    """Names and shares, heaviest first."""
    heaviest_first = sorted(weights.items(), key=lambda item: -item[1])
    return [(questionnaire.names(code), share) for code, share in heaviest_first]


def _page(name: str, invitation: Invitation, **shown: Any) -> str:
    """One of her pages; ``key`` makes each rendering of a form one save."""
    return render_template(
        f"answering/{name}.html",
        invitation=invitation,
        study=invitation.expert.study,
        round=invitation.round,
        key=uuid4(),
        **shown,
    )
