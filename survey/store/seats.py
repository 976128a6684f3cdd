"""An invitation as far as a save needs it: one row, not five mapped objects."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from survey.db import Base
from survey.models import Invitation, Round, SignIn
from survey.store.locks import Lock, keep_order, take


@dataclass(frozen=True, slots=True)
class Seat:
    """The expert who answers, and the round."""

    invitation_id: int
    round_id: int
    expert_id: int
    study_id: int
    #: The expert's code, for the journal.
    expert: str
    #: The expert's kind of answering in this round.
    kind: str

    @classmethod
    def of(cls, invitation: Invitation) -> "Seat":
        expert = invitation.expert
        return cls(
            invitation.id,
            invitation.round_id,
            invitation.expert_id,
            expert.study_id,
            expert.code,
            invitation.kind,
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser, with its seat."""

    seat: Seat
    sign_in_id: int
    seen_at: datetime


#: A session without a write for this long has ended.
IDLE = timedelta(hours=12)
#: A session ends so long after it began, however it is used.
LONGEST = timedelta(days=30)
#: The time after its round's close in which a link, with its sessions, shows the answers.
READS_FOR = timedelta(days=30)
#: A moment that lies further ahead was noted by a clock that ran ahead, and is ignored.
AHEAD = timedelta(minutes=5)

#: The condition on browsers that are signed in, at the moment of :func:`bounds`.
IS_SIGNED_IN = (
    SignIn.ended_at.is_(None),
    SignIn.seen_at > bindparam("seen_after"),
    SignIn.seen_at <= bindparam("noted_before"),
    SignIn.started_at > bindparam("started_after"),
)
#: The condition on rounds whose links have not ended, at the moment of :func:`bounds`.
IS_READ = or_(Round.closed_at.is_(None), Round.closed_at > bindparam("closed_after"))


def bounds(at: datetime) -> dict[str, datetime]:
    """Return the parameters of :data:`IS_SIGNED_IN` and :data:`IS_READ`."""
    return {
        "seen_after": at - IDLE,
        "noted_before": at + AHEAD,
        "started_after": at - LONGEST,
        "closed_after": at - READS_FOR,
    }


_SIGN_IN = Base.metadata.tables["sign_in"]
_LINK = Base.metadata.tables["personal_link"]
_INVITATION = Base.metadata.tables["invitation"]
_ROUND = Base.metadata.tables["round"]
_EXPERT = Base.metadata.tables["expert"]

# Made once: every save asks it. The locks, in the order they are named, keep other saves
# of the expert waiting and the link from being revoked.
_SEAT = (
    select(
        _INVITATION.c.id,
        _INVITATION.c.round_id,
        _INVITATION.c.expert_id,
        _EXPERT.c.study_id,
        _EXPERT.c.code,
        _INVITATION.c.method,
        _SIGN_IN.c.id,
        _SIGN_IN.c.seen_at,
    )
    .select_from(_SIGN_IN)
    .join(_LINK, _LINK.c.id == _SIGN_IN.c.personal_link_id)
    .join(_INVITATION, _INVITATION.c.id == _LINK.c.invitation_id)
    .join(_ROUND, _ROUND.c.id == _INVITATION.c.round_id)
    .join(_EXPERT, _EXPERT.c.id == _INVITATION.c.expert_id)
    .where(
        _SIGN_IN.c.digest == bindparam("digest"),
        *IS_SIGNED_IN,
        IS_READ,
        _LINK.c.revoked_at.is_(None),
    )
    .with_for_update(key_share=True, of=(_INVITATION, _LINK))
)


def hold_seat(session: Session, digest: str, at: datetime) -> SignedIn | None:
    """Find the seat of a session that has not ended; its link is held valid."""
    row = session.connection().execute(_SEAT, {"digest": digest, **bounds(at)}).first()
    if row is None:
        return None
    keep_order(session)
    *columns, sign_in_id, seen_at = row
    seat = Seat(*columns)
    take(session, Lock.MEMBER, seat.invitation_id)
    return SignedIn(seat, sign_in_id, seen_at)
