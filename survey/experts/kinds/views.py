"""Views to choose another way of answering."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.asking.kinds import offered_kinds
from survey.experts.kinds.operations import NotOffered, choose_kind
from survey.experts.pages import answering_expert, answering_expert_in_write, page, trip
from survey.web.current import database, now

bp = trip("kinds", __name__)


@bp.get("/another-way")
def kinds() -> ResponseReturnValue:
    """Show the other ways of answering, and whether earlier answers still count."""
    with database().reading() as session:
        invitation = answering_expert(session)
        offered = offered_kinds(invitation)
        if not offered or invitation.round.state != "open":
            return redirect(url_for("pairs.overview"))
        return page("experts/kinds/kinds", invitation, kinds=offered)


@bp.post("/another-way")
def choose() -> ResponseReturnValue:
    """Store the chosen way of answering."""
    kind = request.form.get("kind", "")
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            choose_kind(session, invitation, kind, now())
    except NotOffered:
        abort(404)
    return redirect(url_for("pairs.overview"), 303)
