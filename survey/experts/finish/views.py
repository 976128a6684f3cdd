"""Views to finish with a receipt, and to withdraw."""

from collections.abc import Collection

from flask import redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.asking.questions import load_questionnaire
from survey.experts.finish import operations
from survey.experts.finish.operations import ListsUnfinished
from survey.experts.finish.queries import answered_before, find_receipt
from survey.experts.pages import answering_expert, answering_expert_in_write, page, trip
from survey.models import Invitation
from survey.store import journal
from survey.web.current import database, now
from survey.web.security import site_settings

bp = trip("finish", __name__)

#: Cookie key which says, after the session has ended, that the expert withdrew.
WITHDRAWN = "withdrawn"


@bp.get("/finish")
def finish() -> ResponseReturnValue:
    """Show the answered and the open questions, and the button to finish."""
    with database().reading() as session:
        invitation = answering_expert(session)
        if invitation.round.state != "open":
            return redirect(url_for("pairs.overview"))
        return _finish_page(session, invitation)


@bp.post("/finish")
def finished() -> ResponseReturnValue:
    """Record that the expert finished. They may change answers until the round closes."""
    try:
        with database().writing() as session:
            invitation = answering_expert_in_write(session)
            groups = load_questionnaire(session, invitation).groups
            unfinished = [g.code for g in groups if g.points and not g.done]
            operations.finish(session, invitation, unfinished, now())
    except ListsUnfinished as refusal:
        with database().reading() as session:
            return _finish_page(session, answering_expert(session), refusal.codes), 422
    return redirect(url_for(".receipt"), 303)


def _finish_page(session: Session, invitation: Invitation, unfinished: Collection[str] = ()) -> str:
    questionnaire = load_questionnaire(session, invitation)
    return page(
        "experts/finish/finish",
        invitation,
        questionnaire=questionnaire,
        open=[group for group in questionnaire.groups if not group.done],
        with_zeros=[group for group in questionnaire.asking if group.zeros],
        unfinished=unfinished,
    )


@bp.get("/receipt")
def receipt() -> ResponseReturnValue:
    """Show the receipt, to print or keep."""
    with database().reading() as session:
        invitation = answering_expert(session)
        questionnaire = load_questionnaire(session, invitation)
        receipt = find_receipt(session, invitation, questionnaire)
        if receipt is None:
            return redirect(url_for(".finish"))
        key = site_settings().secret_key.encode()
        return page(
            "experts/finish/receipt",
            invitation,
            questionnaire=questionnaire,
            receipt=receipt,
            seal=journal.seal(receipt.head, key),
        )


@bp.get("/withdraw")
def withdraw() -> ResponseReturnValue:
    """Explain withdrawing and show its button; afterwards, confirm that it is done."""
    if cookie.get(WITHDRAWN):
        return render_template("experts/finish/withdrawn.html")
    with database().reading() as session:
        invitation = answering_expert(session)
        before = answered_before(session, invitation)
        return page("experts/finish/withdraw", invitation, answered_before=before)


@bp.post("/withdraw")
def withdrawn() -> ResponseReturnValue:
    """Delete the expert's answers and end their links and sessions."""
    with database().writing() as session:
        invitation = answering_expert_in_write(session)
        operations.withdraw(session, invitation, now())
        chosen = cookie.get("language") or invitation.expert.language
    cookie.clear()
    cookie.update({"language": chosen, WITHDRAWN: True})
    return redirect(url_for(".withdraw"), 303)
