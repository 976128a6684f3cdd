"""Operation to choose another way of answering."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey.asking.kinds import offered_kinds
from survey.asking.saves import hold_answers, seat_of
from survey.experts.links import note
from survey.models import Invitation


class NotOffered(Exception):
    """The study does not offer this way of answering; nothing was changed."""


def choose_kind(session: Session, invitation: Invitation, kind: str, at: datetime) -> None:
    """Set the expert's way of answering to ``kind``.

    Answers given in another way stay in the database and count again if the
    expert returns to that way. The expert has not finished in the new way.
    Choosing the current way changes nothing.

    Raises
    ------
    RoundClosed, NotOffered
        Nothing was changed.
    """
    hold_answers(session, seat_of(invitation))  # saves in progress belong to the old way
    session.refresh(invitation, ["kind", "finished_at"])
    if kind == invitation.kind:
        return
    if kind not in offered_kinds(invitation):
        raise NotOffered
    session.execute(
        update(Invitation).where(Invitation.id == invitation.id).values(kind=kind, finished_at=None)
    )
    note(session, invitation, "way of answering chosen", at, method=kind)
