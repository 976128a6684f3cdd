"""Kinds of answering: those open to an expert, and their answers of another kind."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import of_invitation
from survey.models import Allocation, Invitation, Judgement
from survey.store.invitations import kind_in
from survey.values import BEST_WORST, KINDS, SHORT


def offered_kinds(invitation: Invitation) -> list[str]:
    """Return the other kinds open to an expert: the round's, and the panel's for them."""
    kinds = invitation.round.kinds if not invitation.round.targeted else []
    open_ = {*kinds, kind_in(invitation.round, invitation.expert.kind)} if kinds else set()
    if invitation.round.form == SHORT:
        open_ -= {BEST_WORST}
    return [kind for kind in KINDS if kind in open_ and kind != invitation.kind]


def kept_aside(session: Session, invitation: Invitation, questionnaire: Questionnaire) -> int:
    """Count the stored answers that do not count in the kind of answering chosen now."""
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
