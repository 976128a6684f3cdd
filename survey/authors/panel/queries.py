"""Query for a device of an expert."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Expert, Invitation, PersonalLink, SignIn


def find_device(session: Session, expert: Expert, sign_in_id: int) -> SignIn | None:
    """Return a browser that was signed in by one of this expert's links, or None."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.personal_link)
        .join(PersonalLink.invitation)
        .where(SignIn.id == sign_in_id, Invitation.expert_id == expert.id)
    )
