"""Views to divide 100 points among the items of a group, or to rate each."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.points import load_sorting, record_allocation, record_sorting
from survey.asking.questionnaire import QuestionGroup, Questionnaire
from survey.asking.questions import find_parent, load_item_ids, load_questionnaire
from survey.asking.saves import RoundClosed, StaleAnswer, load_version
from survey.experts.pages import (
    answer_list_again,
    answering_expert,
    answering_expert_in_write,
    entrance,
    onward,
    page,
    refuse_damaged,
    save_of,
    saved_reply,
    stale_reply,
    trip,
    with_status,
)
from survey.experts.points.forms import OFFERS, ListForm, PointsForm, RatingsForm, SortingForm
from survey.models import Criterion, Invitation
from survey.values import BUCKETS, DIRECT, LONGEST_UNSORTED, PRESS, RATING
from survey.web.current import database
from survey.web.responses import wants_json

bp = trip("points", __name__)


@dataclass(frozen=True)
class ListKind:
    """Differences between the two kinds of list."""

    name: str
    form: type[PointsForm | RatingsForm]
    template: str


POINTS = ListKind(DIRECT, PointsForm, "experts/points/points")
RATINGS = ListKind(RATING, RatingsForm, "experts/points/ratings")


@bp.get("/points/<code>")
def points(code: str) -> ResponseReturnValue:
    """Show the form to divide points in one group, with the current points."""
    return _list(code, POINTS)


@bp.post("/points/<code>")
def allocate(code: str) -> ResponseReturnValue:
    """Store the points of one group, with any sum; continue when it is 100."""
    return _store(code, POINTS)


@bp.get("/ratings/<code>")
def ratings(code: str) -> ResponseReturnValue:
    """Show the form to rate one group, with the current ratings."""
    return _list(code, RATINGS)


@bp.post("/ratings/<code>")
def rate(code: str) -> ResponseReturnValue:
    """Store the ratings of a group, even if incomplete; continue when complete."""
    return _store(code, RATINGS)


def _list(code: str, kind: ListKind) -> ResponseReturnValue:
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        if group.kind != kind.name:
            abort(404)
        if not group.asks:
            return redirect(url_for("own_weights.group", code=code))
        if group.cannot is not None:
            return redirect(url_for("pairs.cannot_judge", code=code))
        if invitation.round.state != "open":
            return redirect(url_for("own_weights.group", code=code))
        return _page(session, invitation, questionnaire, group, kind)


# ------------------------------------------------------------ a first sorting


@bp.get("/points/<code>/sorting")
def sorting(code: str) -> ResponseReturnValue:
    """Show the form to sort a long list roughly, before the points."""
    with database().reading() as session:
        return _sorting_page(session, answering_expert(session), code)


@bp.post("/points/<code>/sorting")
def sort(code: str) -> ResponseReturnValue:
    """Store the sorting, or that the expert skipped it, and redirect to the points."""
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            parent, ids = _items(session, invitation, code, POINTS)
            form = SortingForm(list(ids), request.form)
            form.validate()
            refuse_damaged(form)
            buckets = {ids[item]: bucket for item, bucket in form.buckets.items()}
            saved = record_sorting(session, invitation, parent, buckets, save_of(form))
    except StaleAnswer:
        if wants_json():
            return stale_reply()
        with database().reading() as session:
            shown = _sorting_page(session, answering_expert(session), code, stale=True)
        return with_status(shown, 409)
    if wants_json():
        return saved_reply(saved)
    return redirect(url_for(".points", code=code), 303)


def _sorting_page(
    session: Session, invitation: Invitation, code: str, *, stale: bool = False
) -> ResponseReturnValue:
    parent, _ = _items(session, invitation, code, POINTS)
    questionnaire = load_questionnaire(session, invitation)
    group = questionnaire.group(code) or abort(404)
    if not stale and (group.cannot is not None or invitation.round.state != "open"):
        return redirect(url_for("own_weights.group", code=code))
    return page(
        "experts/points/sorting",
        invitation,
        questionnaire=questionnaire,
        group=group,
        buckets=load_sorting(session, invitation, parent) or {},
        version=load_version(session, invitation, parent=parent),
        stale=stale,
    )


# ------------------------------------------------------------ points and ratings


def _store(code: str, kind: ListKind) -> ResponseReturnValue:
    if request.form.get("go") == "again":
        return answer_list_again(code)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            parent, ids = _items(session, invitation, code, kind)
            form = kind.form(list(ids), request.form)
            saved = None
            if form.validate():
                given = {ids[item]: float(number) for item, number in form.points.items()}
                saved = record_allocation(session, invitation, parent, given, save_of(form))
    except StaleAnswer:
        return _stale(code, kind)
    if saved is None:
        return _refused(code, form, kind)
    if wants_json():
        return saved_reply(saved)
    return _after(code, form, kind)


def _items(
    session: Session, invitation: Invitation, code: str, kind: ListKind
) -> tuple[Criterion, dict[str, int]]:
    if invitation.kind != kind.name:
        abort(404)
    parent = find_parent(session, invitation, code) or abort(404)
    ids = load_item_ids(session, parent)
    if len(ids) < 2:
        abort(404)
    return parent, ids


def _after(code: str, form: ListForm, kind: ListKind) -> ResponseReturnValue:
    if form.button == "later":
        return redirect(url_for("pairs.overview"), 303)
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        if form.button != "on":
            return redirect(entrance(group) + _place(form), 303)
        if form.complete:
            if request.args.get("back") == "list" and questionnaire.former is not None:
                return redirect(url_for("feedback.again"), 303)
            return redirect(onward(questionnaire), 303)
        shown = _page(session, invitation, questionnaire, group, kind, form, asked=True)
        return with_status(shown, 422)


def _place(form: ListForm) -> str:
    """Return the part of the address that scrolls to the button that was pressed."""
    if form.button in OFFERS:
        return f"?at={form.button}"
    here = request.form.get("more") or request.form.get("less")
    return f"#{here}" if here else ""


def _page(
    session: Session,
    invitation: Invitation,
    questionnaire: Questionnaire,
    group: QuestionGroup,
    kind: ListKind,
    form: ListForm | None = None,
    *,
    asked: bool = False,
) -> ResponseReturnValue:
    """Return the page; ``asked`` adds what is missing, for an expert who continues."""
    parent = find_parent(session, invitation, group.code) or abort(404)
    buckets = load_sorting(session, invitation, parent) if kind is POINTS else {}
    can_be_sorted = len(group.items) > LONGEST_UNSORTED
    if buckets is None and can_be_sorted and form is None and not group.points:
        return redirect(url_for(".sorting", code=group.code))
    version = load_version(session, invitation, parent=parent)
    refused = form is not None and not asked
    return page(
        kind.template,
        invitation,
        questionnaire=questionnaire,
        group=group,
        form=form,
        asked=asked,
        base=form.base.data if form and refused else version.number,
        version=version,
        parts=_in_order(group, buckets or {}),
        step=PRESS,
        left=round(100 - group.sum, 2),
        top=_top(group.points or {}),
        missing=len(group.items) - len(group.points or {}),
        can_be_sorted=can_be_sorted,
        at=request.args.get("at"),
        onward=onward(questionnaire),
    )


def _top(points: Mapping[str, float]) -> int:
    """Return where the axis of points ends: 50, or 100 if an item has more."""
    return 50 if max(points.values(), default=0) <= 50 else 100


def _in_order(group: QuestionGroup, buckets: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return the items by bucket, the most important first; unsorted ones last."""
    parts = [
        (bucket, [item for item in group.items if buckets.get(item, "") == bucket])
        for bucket in (*BUCKETS, "")
    ]
    return [(bucket, items) for bucket, items in parts if items]


def _refused(code: str, form: ListForm, kind: ListKind) -> ResponseReturnValue:
    refuse_damaged(form)
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            raise RoundClosed
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        return with_status(_page(session, invitation, questionnaire, group, kind, form), 422)


def _stale(code: str, kind: ListKind) -> ResponseReturnValue:
    if wants_json():
        return stale_reply()
    with database().reading() as session:
        invitation = answering_expert(session)
        parent, ids = _items(session, invitation, code, kind)
        questionnaire = load_questionnaire(session, invitation)
        group = questionnaire.group(code) or abort(404)
        return page(
            "experts/points/stale_points",
            invitation,
            questionnaire=questionnaire,
            group=group,
            form=kind.form(list(ids), request.form),
            version=load_version(session, invitation, parent=parent),
            here=entrance(group),
        ), 409
