"""What an expert's answers come to."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from survey.asking.loading import load_questionnaire
from survey.asking.pages import answering_expert, heaviest_first, onward, page, trip
from survey.current import database
from survey.reports.own_weights import weights_of_indicators

bp = trip("reviewing", __name__)


@bp.get("/groups/<code>")
def group(code: str) -> ResponseReturnValue:
    """The weights that the answers of one group give."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        found = questionnaire.group(code) or abort(404)
        if found.cannot is not None and found.asks:
            return redirect(url_for("answering.cannot_judge", code=code))
        if found.points is not None and found.asks and invitation.round.state == "open":
            return redirect(url_for("allocating.points", code=code))
        return page(
            "reviewing/group",
            invitation,
            questionnaire=questionnaire,
            group=found,
            rows=heaviest_first(questionnaire, found.weights.weights or {}),
            onward=onward(questionnaire),
        )


@bp.get("/weights")
def weights() -> ResponseReturnValue:
    """All the weights that her answers give."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        local = {group.code: group.weights.weights for group in questionnaire.groups}
        whole = weights_of_indicators(questionnaire.framework, local)
        return page(
            "reviewing/weights",
            invitation,
            questionnaire=questionnaire,
            whole=heaviest_first(questionnaire, whole or {}),
            parts=[
                (group, heaviest_first(questionnaire, group.weights.weights or {}))
                for group in questionnaire.groups
            ],
            onward=onward(questionnaire),
        )
