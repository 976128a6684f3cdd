"""Whom a link is for, without using it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from survey import values
from survey.asking.loading import load_questionnaire
from survey.models import (
    AnswerRevision,
    AuthorLink,
    Comparison,
    Criterion,
    Edition,
    Expert,
    Invitation,
    PersonalLink,
    Unit,
)
from survey.tokens import digest


def find_invitation(session: Session, token: str) -> Invitation | None:
    """The invitation behind a personal link that is not revoked."""
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


def author_link_works(session: Session, token: str, at: datetime) -> bool:
    """Whether a sign-in link can still be exchanged."""
    found = session.scalar(
        select(AuthorLink.id).where(
            AuthorLink.digest == digest(token),
            AuthorLink.used_at.is_(None),
            AuthorLink.expires_at > at,
        )
    )
    return found is not None


@dataclass(frozen=True, slots=True)
class Errand:
    """What an invitation comes to, in figures."""

    experts: int
    indicators: int
    #: How many units the weights are for; 0 while they are not known.
    cities: int
    #: Comparisons, or lists among whose lines 100 points are handed out.
    questions: int
    minutes: int
    begun: bool
    #: How many questions there would be if everything were asked.
    in_full: int


def load_errand(session: Session, invitation: Invitation) -> Errand:
    """What the first page of a personal link says of its study."""
    framework_id = invitation.expert.study.framework_id
    lists = _sizes_of_lists(session, framework_id)
    if invitation.expert.method == values.DIRECT:
        questions = len(lists)
        seconds = values.SECONDS_PER_LINE * sum(lists)
    else:
        questions = _count(session, Comparison.id, Comparison.round_id == invitation.round_id)
        seconds = values.SECONDS_PER_QUESTION * questions
    in_full = questions
    if invitation.round.targeted:
        questionnaire = load_questionnaire(session, invitation)
        questions, seconds = questionnaire.count, 60 * questionnaire.minutes_left
    return Errand(
        experts=_count(session, Invitation.id, Invitation.round_id == invitation.round_id),
        indicators=_count(
            session,
            Criterion.id,
            Criterion.framework_id == framework_id,
            Criterion.top.is_not(None),
        ),
        cities=_count(
            session,
            Unit.id,
            Unit.edition_id == Edition.id,
            Edition.study_id == invitation.expert.study_id,
        ),
        questions=questions,
        minutes=-(-seconds // 60),
        begun=_count(
            session,
            AnswerRevision.id,
            AnswerRevision.expert_id == invitation.expert_id,
            AnswerRevision.round_id == invitation.round_id,
        )
        > 0,
        in_full=in_full,
    )


def _sizes_of_lists(session: Session, framework_id: int) -> list[int]:
    """How many items stand side by side under each criterion that has more than one."""
    size = func.count(Criterion.id)
    rows = session.scalars(
        select(size)
        .where(Criterion.framework_id == framework_id, Criterion.parent_id.is_not(None))
        .group_by(Criterion.parent_id)
        .having(size > 1)
    )
    return list(rows)


def _count(
    session: Session, column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]
) -> int:
    return session.scalar(select(func.count(column)).where(*conditions)) or 0
