"""In which other ways an expert may answer, and what she has given in them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import of_invitation
from survey.models import Allocation, Invitation, Judgement
from survey.store.invitations import method_in
from survey.values import BEST_WORST, KINDS, SHORT


def offered_kinds(invitation: Invitation) -> list[str]:
    """The other ways to answer that are open to her: the round's, and the panel's for her."""
    kinds = invitation.round.kinds if not invitation.round.targeted else []
    open_to_her = (
        {*kinds, method_in(invitation.round, invitation.expert.method)} if kinds else set()
    )
    if invitation.round.form == SHORT:
        open_to_her -= {BEST_WORST}
    return [kind for kind in KINDS if kind in open_to_her and kind != invitation.method]


def kept_aside(session: Session, invitation: Invitation, questionnaire: Questionnaire) -> int:
    """How many of her stored answers do not count in the way she answers now."""
    stored = sum(
        session.scalar(
            select(func.count()).select_from(table).where(*of_invitation(table, invitation))
        )
        or 0
        for table in (Judgement, Allocation)
    )
    counted = sum(
        sum(question.steps is not None for question in group.questions) + len(group.points or {})
        for group in questionnaire.groups
    )
    return stored - counted
