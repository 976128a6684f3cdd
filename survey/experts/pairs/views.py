"""Views of the pairwise comparisons."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.group_ends import load_group_end
from survey.asking.kinds import kept_aside, offered_kinds
from survey.asking.pairs import (
    find_open_question,
    record_cannot_judge,
    record_group_abstention,
    record_judgement,
    take_back_group_abstention,
)
from survey.asking.questionnaire import Question, QuestionGroup
from survey.asking.questions import (
    asks_this_pair,
    find_asked,
    find_comparison,
    find_parent,
    load_code,
    load_questionnaire,
)
from survey.asking.saves import (
    Asked,
    Saved,
    StaleAnswer,
    Version,
    last_saved,
    load_version,
    load_versions,
)
from survey.asking.second_look import judge_again, load_second_look
from survey.db import MAX_ID
from survey.experts.pages import (
    SignedOut,
    answering_expert,
    answering_expert_in_write,
    heaviest_first,
    onward,
    page,
    refuse_damaged,
    save_again,
    save_of,
    saved_reply,
    stale_reply,
    trip,
    with_status,
)
from survey.experts.pairs.forms import GroupAbstentionForm, JudgementForm
from survey.models import Comparison, Invitation
from survey.store.seats import Seat
from survey.values import PAIRWISE
from survey.web.current import database, saving_seat
from survey.web.responses import wants_json

bp = trip("pairs", __name__)

#: Marks a question that was opened from the list of answers to reconsider.
LIST = "list"


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Show which questions are answered and which are open."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        kinds = offered_kinds(invitation)
        further = questionnaire.former is not None and invitation.round.state == "open"
        return page(
            "experts/pairs/overview",
            invitation,
            questionnaire=questionnaire,
            onward=onward(questionnaire),
            saved_at=last_saved(session, invitation),
            second=load_second_look(session, invitation, questionnaire) if further else None,
            kinds=kinds,
            aside=kept_aside(session, invitation, questionnaire) if kinds else 0,
        )


# ---------------------------------------------------------------- comparisons


@bp.get(f"/comparisons/<int(max={MAX_ID}):comparison_id>")
def comparison(comparison_id: int) -> ResponseReturnValue:
    """Show one question with the expert's earlier answer."""
    with database().reading() as session:
        return _comparison_page(session, answering_expert(session), comparison_id)


@bp.post(f"/comparisons/<int(max={MAX_ID}):comparison_id>")
def judge(comparison_id: int) -> ResponseReturnValue:
    """Store one judgement or abstention, and redirect to the next open question."""
    if "again" in request.form:
        return _answer_again(comparison_id)
    form = JudgementForm(request.form)
    if not form.validate():
        return _refused_judgement(comparison_id, form)
    try:
        with database().writing() as session:
            seat = saving_seat(session)
            if seat is None:
                raise SignedOut
            asked = find_asked(session, seat, comparison_id) or abort(404)
            if not asks_this_pair(session, seat, asked):
                abort(404)
            saved = _record(session, seat, asked, form)
            following = None if wants_json() else _following(session, seat, asked, form)
    except StaleAnswer:
        return _stale_judgement(comparison_id, form)
    return redirect(following, 303) if following else saved_reply(saved)


def _answer_again(comparison_id: int) -> ResponseReturnValue:
    """Store the expert's answer of the round before, with the reason from the form."""
    form = JudgementForm(request.form)
    form.validate()
    refuse_damaged(form)
    if form.reason.errors:
        form.direction.errors = form.strength.errors = ()
        return _refused_judgement(comparison_id, form)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            questionnaire = load_questionnaire(session, invitation)
            question = questionnaire.question(comparison_id) or abort(404)
            if questionnaire.former is None or not questionnaire.former.has(question):
                abort(404)
            reason, save = form.reason.data or "", save_again(form)
            judge_again(session, invitation, questionnaire.former, question, save, reason)
            asked = find_comparison(session, invitation, comparison_id) or abort(404)
            following = _following(session, invitation, asked, form)
    except StaleAnswer:
        return redirect(url_for(".comparison", comparison_id=comparison_id), 303)
    return redirect(following, 303)


def _record(session: Session, seat: Seat, asked: Asked, form: JudgementForm) -> Saved:
    if form.step is None:
        return record_cannot_judge(session, seat, asked, form.cannot or "", save_of(form))
    return record_judgement(session, seat, asked, form.step, form.reason.data or "", save_of(form))


def _following(
    session: Session, who: Invitation | Seat, asked: Comparison | Asked, form: JudgementForm
) -> str:
    """Return the address of the group's next open question, or of its weights.

    An expert who reconsiders returns to the weights, or gets the next answer to reconsider.
    """
    if request.args.get("back") == LIST:
        return _next_look(session, who)
    following = None if _goes_back() else find_open_question(session, who, asked)
    if form.stacked.data:
        code = load_code(session, asked.parent_id)
        return url_for(".questions", code=code, _anchor=f"q{following or asked.id}")
    if following is not None:
        return url_for(".comparison", comparison_id=following)
    return url_for("own_weights.group", code=load_code(session, asked.parent_id))


def _next_look(session: Session, who: Invitation | Seat) -> str:
    """Return the address of the next comparison to reconsider, or of their list."""
    mine = who if isinstance(who, Invitation) else session.get_one(Invitation, who.invitation_id)
    questionnaire = load_questionnaire(session, mine)
    if questionnaire.former is None:
        return onward(questionnaire)
    following = load_second_look(session, mine, questionnaire).next
    if following is None:
        return url_for("feedback.again")
    return url_for(".comparison", comparison_id=following.id, back=LIST)


def _goes_back() -> bool:
    return request.args.get("back") == "group"


def _comparison_page(
    session: Session,
    invitation: Invitation,
    comparison_id: int,
    form: JudgementForm | None = None,
) -> ResponseReturnValue:
    if invitation.round.state != "open":
        find_comparison(session, invitation, comparison_id) or abort(404)
        return redirect(url_for(".overview"))
    questionnaire = load_questionnaire(session, invitation)
    question = questionnaire.question(comparison_id) or abort(404)
    group = questionnaire.group(question.parent) or abort(404)
    if group.cannot is not None:
        return redirect(url_for(".cannot_judge", code=group.code))
    version = load_version(session, invitation, comparison=question)
    return page(
        "experts/pairs/comparison",
        invitation,
        questionnaire=questionnaire,
        group=group,
        question=question,
        before=questionnaire.before(question),
        of_list=request.args.get("back") == LIST and questionnaire.former is not None,
        end=load_group_end(session, invitation, group) if _goes_back() else None,
        rows=heaviest_first(questionnaire, group.weights.weights or {}),
        form=form or JudgementForm.of(question.steps, question.reason, question.cannot),
        base=form.base.data if form else version.number,
        version=version,
    )


def _refused_judgement(comparison_id: int, form: JudgementForm) -> ResponseReturnValue:
    refuse_damaged(form)
    with database().reading() as session:
        shown = _comparison_page(session, answering_expert(session), comparison_id, form)
    return with_status(shown, 422)


def _stale_judgement(comparison_id: int, form: JudgementForm) -> ResponseReturnValue:
    if wants_json():
        return stale_reply()
    with database().reading() as session:
        invitation = answering_expert(session)
        asked = find_comparison(session, invitation, comparison_id) or abort(404)
        version = load_version(session, invitation, comparison=asked)
        questionnaire = load_questionnaire(session, invitation)
        return page(
            "experts/pairs/stale_judgement",
            invitation,
            questionnaire=questionnaire,
            question=questionnaire.question(asked.id) or abort(404),
            version=version,
            form=form,
            onward=_following(session, invitation, asked, form),
        ), 409


# ---------------------------------------------------------------- whole groups


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """Question on the page of its group, with its own form."""

    question: Question
    form: JudgementForm
    version: Version
    key: UUID


@bp.get("/groups/<code>/questions")
def questions(code: str) -> ResponseReturnValue:
    """Show all questions of a group on one page."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code)
        if group is None or group.kind != PAIRWISE:
            abort(404)
        if invitation.round.state != "open":
            return redirect(url_for(".overview"))
        if group.cannot is not None:
            return redirect(url_for(".cannot_judge", code=code))
        return page(
            "experts/pairs/questions",
            invitation,
            questionnaire=questionnaire,
            group=group,
            cards=_cards(session, invitation, group),
            end=load_group_end(session, invitation, group),
            rows=heaviest_first(questionnaire, group.weights.weights or {}),
        )


def _cards(session: Session, invitation: Invitation, group: QuestionGroup) -> list[QuestionCard]:
    versions = load_versions(session, invitation)
    cards = []
    for question in group.questions:
        form = JudgementForm.of(question.steps, question.reason, question.cannot)
        form.stacked.data = "1"
        cards.append(QuestionCard(question, form, versions.get(question.id, Version()), uuid4()))
    return cards


@bp.get("/groups/<code>/cannot-judge")
def cannot_judge(code: str) -> ResponseReturnValue:
    """Show the form to abstain in a whole group, or to undo that."""
    with database().reading() as session:
        return _cannot_judge_page(session, answering_expert(session), code)


@bp.post("/groups/<code>/cannot-judge")
def abstain(code: str) -> ResponseReturnValue:
    """Store that the expert abstains in a group, or that they judge it after all."""
    form = GroupAbstentionForm(request.form)
    if not form.validate():
        refuse_damaged(form)
        with database().reading() as session:
            shown = _cannot_judge_page(session, answering_expert(session), code, form)
        return with_status(shown, 422)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            group = load_questionnaire(session, invitation).group(code)
            if group is None or not group.asks:
                abort(404)
            parent = find_parent(session, invitation, code) or abort(404)
            if form.takes_back:
                take_back_group_abstention(session, invitation, parent, save_of(form))
            else:
                record_group_abstention(
                    session, invitation, parent, form.reason.data or "", save_of(form)
                )
    except StaleAnswer:
        with database().reading() as session:
            shown = _cannot_judge_page(session, answering_expert(session), code, form, stale=True)
        return with_status(shown, 409)
    with database().reading() as session:
        questionnaire = load_questionnaire(session, answering_expert(session))
    return redirect(
        url_for("own_weights.group", code=code) if form.takes_back else onward(questionnaire), 303
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
    group = questionnaire.group(code) or abort(404)
    if invitation.round.state != "open":
        return redirect(url_for(".overview"))
    if not group.asks:
        abort(404)
    parent = find_parent(session, invitation, code)
    version = load_version(session, invitation, parent=parent)
    return page(
        "experts/pairs/cannot_judge",
        invitation,
        questionnaire=questionnaire,
        group=group,
        form=form,
        stale=stale,
        base=form.base.data if form and not stale else version.number,
    )
