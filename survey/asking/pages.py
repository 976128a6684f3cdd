"""What the pages of an expert share: who she is, the page itself, what is refused."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from survey.asking.forms import KeyForm, SaveForm
from survey.asking.loading import load_questionnaire
from survey.asking.questionnaire import Group, Questionnaire
from survey.asking.saves import RoundClosed, Save, Saved
from survey.current import database, now, saving_expert, signed_in_expert
from survey.locale import prefer_language
from survey.models import Invitation
from survey.reports.own_weights import LocalWeights
from survey.values import Texts

#: The largest id a database of ours has: a larger number in an address is nobody's.
MAX_ID = 2**31 - 1


class SignedOut(Forbidden):
    """Nobody is signed in here, or her link was revoked."""


def trip(name: str, module: str) -> Blueprint:
    """A blueprint of an expert's pages, which says in the same words what is refused."""
    blueprint = Blueprint(name, module, url_prefix="/answer")
    blueprint.register_error_handler(SignedOut, show_signed_out)
    blueprint.register_error_handler(RoundClosed, show_closed)
    return blueprint


def answering_expert(session: Session) -> Invitation:
    """The invitation this browser answers; from here on its expert's language is spoken."""
    invitation = signed_in_expert(session)
    if invitation is None:
        raise SignedOut
    prefer_language(invitation.expert.language)
    return invitation


def answering_expert_in_write(session: Session) -> Invitation:
    """The same within a write: her link stays valid until it is done."""
    invitation = saving_expert(session)
    if invitation is None:
        raise SignedOut
    return invitation


def page(name: str, invitation: Invitation, **shown: Any) -> str:
    """One of her pages; ``key`` makes each rendering of a form one save."""
    return render_template(
        f"{name}.html",
        invitation=invitation,
        study=invitation.expert.study,
        round=invitation.round,
        key=uuid4(),
        entrance=entrance,
        **shown,
    )


def onward(questionnaire: Questionnaire) -> str:
    """Where the first open question is; when there is none, all her weights."""
    group = questionnaire.open_group
    return url_for("reviewing.weights") if group is None else entrance(group)


def entrance(group: Group) -> str:
    """Where a group goes on: its first open question, or what it comes to."""
    following = next((q for q in group.questions if not q.answered), None)
    if following is not None:
        return url_for("answering.comparison", comparison_id=following.id)
    if group.points is not None:
        return url_for("allocating.points", code=group.code)
    return url_for("reviewing.group", code=group.code)


def heaviest_first(
    questionnaire: Questionnaire, weights: LocalWeights
) -> list[tuple[Texts, float]]:
    """Names and shares."""
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    return [(questionnaire.names(code), share) for code, share in ordered]


def save_of(form: SaveForm) -> Save:
    return Save(form.key.data or "", form.base.data or 0, now())


def save_again(form: SaveForm) -> Save:
    """The save of what was said before: the form's own key may have saved what stands in it."""
    return replace(save_of(form), key=f"{form.key.data}-again")


def saved_reply(saved: Saved) -> Response:
    """What a script is told after its save: what to send with the next one."""
    return jsonify(version=saved.version, saved_at=saved.saved_at.isoformat())


def wants_json() -> bool:
    return request.headers.get("Accept") == "application/json"


def refuse_damaged(form: KeyForm) -> None:
    if form.damaged:
        abort(400)


def show_signed_out(_error: SignedOut) -> ResponseReturnValue:
    if wants_json():
        return jsonify(refused="signed out"), 403
    return render_template("asking/signed_out.html"), 403


def show_closed(_error: RoundClosed) -> ResponseReturnValue:
    """What came too late, and what was kept."""
    if wants_json():
        return jsonify(refused="round closed"), 409
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        return page("asking/closed", invitation, questionnaire=questionnaire, sent_at=now()), 409
