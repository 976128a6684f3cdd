"""Whom a link is for, without using it."""

import math
import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from survey.asking.loading import load_questionnaire
from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import of_invitation
from survey.models import (
    AnswerRevision,
    AuthorLink,
    Edition,
    Expert,
    Invitation,
    PersonalLink,
    Round,
    Unit,
)
from survey.store.seats import AHEAD
from survey.tokens import digest

#: How long after the close of its round a link still shows what its expert answered.
READS_FOR = timedelta(days=30)


def end_of(invitation: Invitation) -> datetime | None:
    """The moment at which an invitation's links and sessions end; None while its round is open."""
    closed_at = invitation.round.closed_at
    return closed_at + READS_FOR if closed_at else None


def has_ended(invitation: Invitation, at: datetime) -> bool:
    """Whether an invitation's links and sessions are over."""
    end = end_of(invitation)
    return end is not None and end <= at


def find_invitation(session: Session, token: str, at: datetime) -> Invitation | None:
    """The invitation behind a personal link that is not revoked and has not ended."""
    found = _invitation_of(session, token)
    return None if found is None or has_ended(found, at) else found


def _invitation_of(session: Session, token: str) -> Invitation | None:
    link = session.scalar(
        select(PersonalLink)
        .where(PersonalLink.digest == digest(token), PersonalLink.revoked_at.is_(None))
        .options(
            joinedload(PersonalLink.invitation).options(
                joinedload(Invitation.expert).joinedload(Expert.study),
                joinedload(Invitation.round),
            )
        )
    )
    return link.invitation if link else None


def find_lost_invitation(session: Session, token: str) -> Invitation | None:
    """The invitation for which another link would help the bearer of this one.

    It was revoked while its round is not over, or works, while her newer round is open.
    """
    found = _invitation_of(session, token)
    if found is not None:
        return find_newer_invitation(session, found)
    return session.scalar(
        select(Invitation)
        .join(PersonalLink)
        .join(Round, Round.id == Invitation.round_id)
        .where(
            PersonalLink.digest == digest(token),
            PersonalLink.revoked_at.is_not(None),
            Round.state != "closed",
        )
    )


def find_newer_invitation(session: Session, invitation: Invitation) -> Invitation | None:
    """The same expert's invitation to the round that is open since this one's closed."""
    if invitation.round.state != "closed":
        return None
    return session.scalar(
        select(Invitation)
        .join(Round, Round.id == Invitation.round_id)
        .where(
            Invitation.expert_id == invitation.expert_id,
            Round.state == "open",
            Round.number > invitation.round.number,
        )
        .order_by(Round.number.desc())
        .limit(1)
    )


def find_withdrawn_invitation(session: Session, token: str) -> Invitation | None:
    """The invitation from which she withdrew, behind a link that ended with that."""
    return session.scalar(
        select(Invitation)
        .join(PersonalLink)
        .where(
            PersonalLink.digest == digest(token),
            # A link that was revoked before may be in a stranger's hands.
            PersonalLink.revoked_at == Invitation.withdrew_at,
        )
    )


def unused(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Select sign-in links that can be exchanged; not those that a clock running ahead issued."""
    return (
        AuthorLink.used_at.is_(None),
        AuthorLink.expires_at > at,
        AuthorLink.issued_at <= at + AHEAD,
    )


def author_link_works(session: Session, token: str, at: datetime) -> bool:
    """Whether a sign-in link can still be exchanged."""
    found = session.scalar(
        select(AuthorLink.id).where(
            AuthorLink.digest == digest(token),
            *unused(at),
        )
    )
    return found is not None


#: From so many experts on, what they took is worth more than what anybody expects.
ENOUGH_TIMED = 5

#: A longer pause between two saves was a break, in seconds.
LONGEST_THOUGHT = 120


@dataclass(frozen=True, slots=True)
class Errand:
    """What an invitation comes to, in figures."""

    experts: int
    indicators: int
    #: How many units the weights are for; 0 while they are not known.
    units: int
    questionnaire: Questionnaire
    #: Comparisons, or groups that are answered on one page each.
    questions: int
    minutes: int
    begun: bool
    #: How many questions there would be if everything were asked.
    in_full: int


def load_errand(session: Session, invitation: Invitation) -> Errand:
    """What the first page of a personal link says of its study."""
    study = invitation.expert.study
    questionnaire = load_questionnaire(session, invitation)
    questions = questionnaire.count
    pace = find_pace(session, invitation)
    seconds = questionnaire.usual_seconds if pace is None else pace * questions
    return Errand(
        experts=_count(session, Invitation.id, Invitation.round_id == invitation.round_id),
        indicators=len(questionnaire.framework.indicators),
        units=_count(
            session,
            Unit.id,
            Unit.edition_id == Edition.id,
            Edition.study_id == study.id,
            Edition.aside_since.is_(None),
        ),
        questionnaire=questionnaire,
        questions=questions,
        minutes=max(1, math.ceil(seconds / 60)),
        begun=has_begun(session, invitation),
        in_full=questionnaire.in_full,
    )


def has_begun(session: Session, invitation: Invitation) -> bool:
    """Whether she has saved anything in this round."""
    return _count(session, AnswerRevision.id, *of_invitation(AnswerRevision, invitation)) > 0


def find_pace(session: Session, invitation: Invitation) -> float | None:
    """The median seconds per question of the study's experts who finished, once they are enough.

    Experts who answer another way than she does are not counted.
    """
    saved = extract("epoch", AnswerRevision.saved_at)
    since = saved - func.lag(saved).over(
        partition_by=(AnswerRevision.expert_id, AnswerRevision.round_id),
        order_by=(AnswerRevision.saved_at, AnswerRevision.id),
    )
    saves = (
        select(
            Invitation.id,
            since.label("pause"),
            func.coalesce(AnswerRevision.comparison_id, -AnswerRevision.parent_id).label("asked"),
        )
        .join(
            Invitation,
            and_(
                Invitation.expert_id == AnswerRevision.expert_id,
                Invitation.round_id == AnswerRevision.round_id,
            ),
        )
        .join(Expert, Expert.id == Invitation.expert_id)
        .where(
            Expert.study_id == invitation.expert.study_id,
            Invitation.method == invitation.method,
            Invitation.finished_at.is_not(None),
        )
        .subquery()
    )
    thought = case((saves.c.pause > LONGEST_THOUGHT, LONGEST_THOUGHT), else_=saves.c.pause)
    # What one press stores at once (a file, the same again) was not thought about here.
    one_by_one = case((func.coalesce(saves.c.pause, 1) > 0, saves.c.asked))
    questions = func.count(one_by_one.distinct())
    rows = session.execute(
        select(func.sum(thought), questions).group_by(saves.c.id).having(questions > 1)
    ).all()
    paces = [float(seconds) / count for seconds, count in rows]
    return statistics.median(paces) if len(paces) >= ENOUGH_TIMED else None


def _count(
    session: Session, column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]
) -> int:
    return session.scalar(select(func.count(column)).where(*conditions)) or 0
