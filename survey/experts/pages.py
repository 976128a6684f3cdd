"""Functions shared by the expert's pages: the invitation, rendering, refusals."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from survey.asking.questionnaire import QuestionGroup, Questionnaire
from survey.asking.questions import load_questionnaire
from survey.asking.saves import RoundClosed, Save, Saved, StaleAnswer
from survey.asking.scale import WORDS
from survey.asking.second_look import list_again
from survey.experts.forms import KeyForm, SaveForm
from survey.models import Invitation
from survey.reports.panel.own_weights import LocalWeights, by_weight
from survey.store.scale import load_scale
from survey.values import BEST_WORST, RATING, ScaleWords, Texts
from survey.web.current import database, now, saving_expert, signed_in_expert
from survey.web.locale import language, prefer_language
from survey.web.responses import wants_json


class SignedOut(Forbidden):
    """No expert is signed in on this browser, or their link was revoked."""


def trip(name: str, module: str) -> Blueprint:
    """Return a blueprint for an expert's pages, with the shared pages for refusals."""
    blueprint = Blueprint(name, module, url_prefix="/answer")
    blueprint.register_error_handler(SignedOut, show_signed_out)
    blueprint.register_error_handler(RoundClosed, show_closed)
    blueprint.add_app_template_global(strength_word)
    blueprint.add_app_template_filter(ratio_of)
    return blueprint


def answering_expert(session: Session) -> Invitation:
    """Return the invitation of this browser, and switch to its expert's language."""
    invitation = signed_in_expert(session)
    if invitation is None:
        raise SignedOut
    prefer_language(invitation.expert.language)
    g.scale = load_scale(session, invitation.expert.study_id)
    return invitation


def answering_expert_in_write(session: Session) -> Invitation:
    """Return the invitation within a write; the link stays valid until it is done."""
    invitation = saving_expert(session)
    if invitation is None:
        raise SignedOut
    return invitation


def ratio_of(steps: int) -> int:
    """Return how many times as much an answer says, by its steps from equal.

    >>> ratio_of(0), ratio_of(2), ratio_of(-8)
    (1, 3, 9)
    """
    return abs(steps) + 1


def strength_word(ratio: int) -> str:
    """Return the word for a ratio: the study's own in the page's language, if any."""
    scale: dict[str, ScaleWords] = g.get("scale", {})
    own = scale.get(language().code)
    return own.words[ratio] if own else str(gettext(WORDS[ratio]))


def page(name: str, invitation: Invitation, **shown: Any) -> str:
    """Render a page of the expert; ``key`` makes each rendering of a form one save."""
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
    """Return the address of the first open question or, without one, of the weights."""
    group = questionnaire.open_group
    return url_for("own_weights.weights") if group is None else entrance(group)


def entrance(group: QuestionGroup) -> str:
    """Return the address of a group's first open question, its list, or its weights."""
    if not group.asks:
        return url_for("own_weights.group", code=group.code)
    if group.kind == BEST_WORST and not group.done:
        step = "extremes" if group.extremes is None else "star"
        return url_for(f"best_worst.{step}", code=group.code)
    if group.points is not None:
        kind = "ratings" if group.kind == RATING else "points"
        return url_for(f"points.{kind}", code=group.code)
    following = next((q for q in group.questions if not q.answered), None)
    if following is not None:
        return url_for("pairs.comparison", comparison_id=following.id)
    return url_for("own_weights.group", code=group.code)


def heaviest_first(
    questionnaire: Questionnaire, weights: LocalWeights
) -> list[tuple[Texts, float]]:
    """Return names and shares, heaviest first; equal shares in the framework's order."""
    return [(questionnaire.names(code), weights[code]) for code in by_weight(weights)]


def save_of(form: SaveForm) -> Save:
    return Save(form.key.data or "", form.base.data or 0, now())


def save_again(form: SaveForm) -> Save:
    """Return a save for an earlier answer: the form's key may be of another save."""
    return replace(save_of(form), key=f"{form.key.data}-again")


def answer_list_again(code: str) -> ResponseReturnValue:
    """Store the expert's answers for a group from the round before; ignore the form's."""
    form = SaveForm(request.form)
    if not form.validate():
        abort(400)
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            questionnaire = load_questionnaire(session, invitation)
            group = questionnaire.group(code) or abort(404)
            former = questionnaire.former
            if former is None or not former.has_list(group):
                abort(404)
            list_again(session, invitation, former, group, save_again(form))
    except StaleAnswer:
        return redirect(request.path, 303)
    with database().reading() as session:
        return redirect(onward(load_questionnaire(session, answering_expert(session))), 303)


def saved_reply(saved: Saved) -> Response:
    """Return the version and time of a save, which a script sends with the next one."""
    return jsonify(version=saved.version, saved_at=saved.saved_at.isoformat())


def stale_reply() -> ResponseReturnValue:
    """Tell a script that its page is outdated; it then submits as a browser does."""
    return jsonify(refused="stale"), 409


def with_status(shown: ResponseReturnValue, status: int) -> ResponseReturnValue:
    """Return a rendered page with the given status; a redirect is returned unchanged."""
    return (shown, status) if isinstance(shown, str) else shown


def refuse_damaged(form: KeyForm) -> None:
    if form.damaged:
        abort(400)


def show_signed_out(_error: SignedOut) -> ResponseReturnValue:
    if wants_json():
        return jsonify(refused="signed out"), 403
    return render_template("experts/signed_out.html"), 403


def show_closed(_error: RoundClosed) -> ResponseReturnValue:
    """Tell the expert that their answer came too late, and what was saved before."""
    if wants_json():
        return jsonify(refused="round closed"), 409
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        return page("experts/closed", invitation, questionnaire=questionnaire, sent_at=now()), 409
