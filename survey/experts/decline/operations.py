"""Declining an invitation."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.experts.links import has_begun, hold_link, note
from survey.store.rounds import hold_state


class TooLateToDecline(Exception):
    """The expert has begun, or the round is closed; nothing was stored."""


def decline(session: Session, token: str, reason: str, suggestion: str, at: datetime) -> None:
    """Record that the expert declines. The decline is undone if they begin later.

    Raises
    ------
    LinkRefused, TooLateToDecline
        Nothing was stored.
    """
    invitation = hold_link(session, token, at).invitation
    if hold_state(session, invitation.round_id) == "closed" or has_begun(session, invitation):
        raise TooLateToDecline
    invitation.declined_at = at
    invitation.decline_reason, invitation.suggestion = reason, suggestion
    session.flush()
    note(session, invitation, "expert declined", at)
