"""Answering in another way."""

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
    """Let an expert answer by ``kind`` from here on.

    What she gave in another way stays in the database; it counts again if she
    comes back to it. She has not finished in the new way. Choosing the way in
    which she answers already changes nothing.

    Raises
    ------
    RoundClosed, NotOffered
        Nothing was changed.
    """
    hold_answers(session, seat_of(invitation))  # saves on their way are of the way before
    session.refresh(invitation, ["method", "finished_at"])
    if kind == invitation.method:
        return
    if kind not in offered_kinds(invitation):
        raise NotOffered
    session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id)
        .values(method=kind, finished_at=None)
    )
    note(session, invitation, "way of answering chosen", at, method=kind)
