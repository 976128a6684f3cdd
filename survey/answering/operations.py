"""What an expert does: answer, abstain, finish, withdraw.

Each takes the invitation that the browser is signed in for, within one
transaction, and checks in this order: the round is open (and cannot close
before the answer is in), the save was not stored before, it does not
overwrite what its page did not show. Only then answer, revision and journal
entry are written, together.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from survey.models import (
    Abstention,
    Allocation,
    AnswerRevision,
    Comparison,
    Criterion,
    Invitation,
    Judgement,
    PersonalLink,
    SignIn,
)
from survey.store import journal
from survey.store.rounds import hold_state
from survey.values import POINTS_TOLERANCE


class RoundClosed(Exception):
    """The round takes no answer; nothing was stored."""


@dataclass(eq=False)
class StaleAnswer(Exception):
    """Another save came in between; ``stored`` is what it left."""

    stored: AnswerRevision | None


@dataclass(eq=False)
class PointsUnfinished(Exception):
    """Groups, by code, whose points do not sum to 100: saved, but not to be submitted."""

    sums: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends beside the answer.

    ``key`` is drawn once per page; ``base`` is the version the page showed, 0
    for a question that was not answered.
    """

    key: str
    base: int
    at: datetime


def record_judgement(
    session: Session,
    invitation: Invitation,
    comparison: Comparison,
    step: int,
    reason: str,
    save: Save,
) -> AnswerRevision:
    """Store one judgement in place of what was said to this comparison before.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(invitation, comparison.parent_id, comparison.id)
    if (stored := _stored_before(session, question, save)) is not None:
        return stored
    content = {"step": step, "reason": reason}
    revision = _revise(session, question, content, save)
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    changed = session.execute(
        update(Judgement)
        .where(
            Judgement.expert_id == invitation.expert_id, Judgement.comparison_id == comparison.id
        )
        .values(step=step, reason=reason, answered_at=save.at)
        .returning(Judgement.id)
    )
    if changed.first() is None:
        session.add(
            Judgement(
                round_id=invitation.round_id,
                expert_id=invitation.expert_id,
                comparison_id=comparison.id,
                step=step,
                reason=reason,
                answered_at=save.at,
            )
        )
    _journal(session, question, "judgement recorded", revision)
    return revision


def record_cannot_judge(
    session: Session,
    invitation: Invitation,
    comparison: Comparison,
    reason: str,
    save: Save,
) -> AnswerRevision:
    """Store that the expert cannot judge this comparison.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(invitation, comparison.parent_id, comparison.id)
    if (stored := _stored_before(session, question, save)) is not None:
        return stored
    revision = _revise(session, question, {"cannot": reason}, save)
    session.execute(
        delete(Judgement).where(
            Judgement.expert_id == invitation.expert_id, Judgement.comparison_id == comparison.id
        )
    )
    _abstain(session, question, reason, save.at)
    _journal(session, question, "abstention recorded", revision)
    return revision


def record_group_abstention(
    session: Session, invitation: Invitation, parent: Criterion, reason: str, save: Save
) -> AnswerRevision:
    """Store that the expert judges nothing under ``parent``; what she said there is kept aside.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(invitation, parent.id, None)
    if (stored := _stored_before(session, question, save)) is not None:
        return stored
    revision = _revise(session, question, {"cannot": reason}, save)
    _abstain(session, question, reason, save.at)
    _journal(session, question, "abstention recorded", revision)
    return revision


def take_back_group_abstention(
    session: Session, invitation: Invitation, parent: Criterion, save: Save
) -> AnswerRevision:
    """Store that the expert judges this group after all: what she said there counts again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(invitation, parent.id, None)
    if (stored := _stored_before(session, question, save)) is not None:
        return stored
    revision = _revise(session, question, {"cannot": None}, save)
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    _journal(session, question, "abstention taken back", revision)
    return revision


def record_allocation(
    session: Session,
    invitation: Invitation,
    parent: Criterion,
    points: Mapping[int, float],
    save: Save,
) -> AnswerRevision:
    """Store the points (criterion id -> points) of one group, whatever they sum to.

    A criterion without points is left out: that is not the same as 0.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(invitation, parent.id, None)
    if (stored := _stored_before(session, question, save)) is not None:
        return stored
    content = {"points": {str(criterion): given for criterion, given in sorted(points.items())}}
    revision = _revise(session, question, content, save)
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    children = select(Criterion.id).where(Criterion.parent_id == parent.id)
    session.execute(
        delete(Allocation).where(
            Allocation.expert_id == invitation.expert_id,
            Allocation.round_id == invitation.round_id,
            Allocation.criterion_id.in_(children),
        )
    )
    session.add_all(
        Allocation(
            round_id=invitation.round_id,
            expert_id=invitation.expert_id,
            criterion_id=criterion,
            points=given,
            answered_at=save.at,
        )
        for criterion, given in points.items()
    )
    _journal(session, question, "allocation recorded", revision)
    return revision


def finish(
    session: Session, invitation: Invitation, sums: Mapping[str, float], at: datetime
) -> str:
    """Note that the expert is done; returns the journal's head, for her receipt.

    ``sums`` are her points by group code, of the groups that she has begun.
    She may come back and change answers until the round closes.

    Raises
    ------
    RoundClosed, PointsUnfinished
        Nothing was stored.
    """
    _lock_open_round(session, invitation.round_id)
    unfinished = {
        code: total for code, total in sums.items() if abs(total - 100) > POINTS_TOLERANCE
    }
    if unfinished:
        raise PointsUnfinished(unfinished)
    session.execute(update(Invitation).where(Invitation.id == invitation.id).values(finished_at=at))
    return _note(session, invitation, "answers finished", at)


def withdraw(session: Session, invitation: Invitation, at: datetime) -> None:
    """Delete every answer of this invitation and end its links and sessions.

    The journal keeps that there were answers, not what they said.

    Raises
    ------
    RoundClosed
        Nothing was deleted: a closed round stays as it is.
    """
    _lock_open_round(session, invitation.round_id)
    for answers in (Judgement, Allocation, Abstention, AnswerRevision):
        session.execute(
            delete(answers).where(
                answers.expert_id == invitation.expert_id,
                answers.round_id == invitation.round_id,
            )
        )
    links = select(PersonalLink.id).where(PersonalLink.invitation_id == invitation.id)
    session.execute(
        update(SignIn)
        .where(SignIn.personal_link_id.in_(links), SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    session.execute(
        update(PersonalLink)
        .where(PersonalLink.invitation_id == invitation.id, PersonalLink.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    session.execute(
        update(Invitation).where(Invitation.id == invitation.id).values(finished_at=None)
    )
    _note(session, invitation, "expert withdrew", at)


# --------------------------------------------------------------- the steps of a save


@dataclass(frozen=True, slots=True)
class _Question:
    """What is answered: a comparison, or (without one) the group under a parent."""

    invitation: Invitation
    parent_id: int
    comparison_id: int | None

    def rows(self, table: type[Abstention | AnswerRevision]) -> tuple[ColumnElement[bool], ...]:
        return (
            table.expert_id == self.invitation.expert_id,
            table.round_id == self.invitation.round_id,
            table.parent_id == self.parent_id,
            table.comparison_id == self.comparison_id
            if self.comparison_id is not None
            else table.comparison_id.is_(None),
        )


def _stored_before(session: Session, question: _Question, save: Save) -> AnswerRevision | None:
    """The revision that this very save left before; None when it is new and may be stored."""
    _lock_open_round(session, question.invitation.round_id)
    # One save of one expert at a time: her key and her versions are looked up undisturbed.
    session.execute(
        select(Invitation.id).where(Invitation.id == question.invitation.id).with_for_update()
    )
    repeated = session.scalar(
        select(AnswerRevision).where(
            AnswerRevision.expert_id == question.invitation.expert_id,
            AnswerRevision.key == save.key,
        )
    )
    if repeated is not None:
        if (repeated.parent_id, repeated.comparison_id) == (
            question.parent_id,
            question.comparison_id,
        ):
            return repeated
        raise StaleAnswer(find_revision(session, question))
    latest = find_revision(session, question)
    if save.base != (latest.version if latest else 0):
        raise StaleAnswer(latest)
    return None


def _lock_open_round(session: Session, round_id: int) -> None:
    if hold_state(session, round_id) != "open":
        raise RoundClosed


def find_revision(session: Session, question: _Question) -> AnswerRevision | None:
    """The latest revision of a question."""
    return session.scalar(
        select(AnswerRevision)
        .where(*question.rows(AnswerRevision))
        .order_by(AnswerRevision.version.desc())
        .limit(1)
    )


def _revise(
    session: Session, question: _Question, content: Mapping[str, Any], save: Save
) -> AnswerRevision:
    revision = AnswerRevision(
        round_id=question.invitation.round_id,
        expert_id=question.invitation.expert_id,
        parent_id=question.parent_id,
        comparison_id=question.comparison_id,
        version=save.base + 1,
        key=save.key,
        content=json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        saved_at=save.at,
    )
    session.add(revision)
    session.flush()
    return revision


def _abstain(session: Session, question: _Question, reason: str, at: datetime) -> None:
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    session.add(
        Abstention(
            round_id=question.invitation.round_id,
            expert_id=question.invitation.expert_id,
            parent_id=question.parent_id,
            comparison_id=question.comparison_id,
            reason=reason,
            answered_at=at,
        )
    )


def _journal(session: Session, question: _Question, action: str, revision: AnswerRevision) -> None:
    journal.record(
        session,
        question.invitation.expert.study_id,
        f"expert {question.invitation.expert.code}",
        action,
        {
            "round": question.invitation.round_id,
            "parent": question.parent_id,
            "comparison": question.comparison_id,
            "version": revision.version,
        },
        revision.saved_at,
    )


def _note(session: Session, invitation: Invitation, action: str, at: datetime) -> str:
    return journal.record(
        session,
        invitation.expert.study_id,
        f"expert {invitation.expert.code}",
        action,
        {"round": invitation.round_id},
        at,
    )
