"""Query for the expert whose questionnaire an author uploads."""

from sqlalchemy.orm import Session

from survey.models import Invitation, Study
from survey.store.panel import find_member


def find_last_invitation(session: Session, study: Study, code: str) -> Invitation | None:
    """Return the latest invitation of an expert of this study."""
    member = find_member(session, study, code)
    return member.invitations[-1] if member and member.invitations else None
