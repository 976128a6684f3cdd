"""Queries for the browsers that are signed in to an invitation."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey.models import Invitation, PersonalLink, SignIn
from survey.store.seats import IS_SIGNED_IN, bounds


def load_devices(session: Session, invitation: Invitation, at: datetime) -> list[SignIn]:
    """Return the browsers signed in by a link of this invitation, latest first."""
    latest_first = _devices(invitation).order_by(SignIn.started_at.desc(), SignIn.id.desc())
    return list(session.scalars(latest_first, bounds(at)))


def find_device(
    session: Session, invitation: Invitation, sign_in_id: int, at: datetime
) -> SignIn | None:
    """Return one of these browsers, or None."""
    return session.scalar(_devices(invitation).where(SignIn.id == sign_in_id), bounds(at))


def _devices(invitation: Invitation) -> Select[SignIn]:
    return (
        select(SignIn)
        .join(SignIn.personal_link)
        .where(
            PersonalLink.invitation_id == invitation.id,
            PersonalLink.revoked_at.is_(None),
            *IS_SIGNED_IN,
        )
    )
