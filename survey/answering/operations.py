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
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.db import Base
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
from survey.store.seats import Seat
from survey.values import POINTS_TOLERANCE


class RoundClosed(Exception):
    """The round takes no answer; nothing was stored."""


class StaleAnswer(Exception):
    """Another save came in between, which the page did not show; nothing was stored."""


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


class Asked(NamedTuple):
    """A comparison as far as a save needs to know it."""

    id: int
    parent_id: int
    position: int


#: Whose answer it is.
Who = Invitation | Seat


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left: the version that the next one must name."""

    version: int
    saved_at: datetime


def record_judgement(
    session: Session,
    who: Who,
    comparison: Comparison | Asked,
    step: int,
    reason: str,
    save: Save,
) -> Saved:
    """Store one judgement in place of what was said to this comparison before.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(_seat(who), comparison.parent_id, comparison.id)
    content = _text({"step": step, "reason": reason})
    if (stored := _stored_before(session, question, content, save)) is not None:
        return stored
    saved = _revise(session, question, content, save)
    connection = session.connection()
    connection.execute(_DELETE_ABSTENTION_FROM_COMPARISON, question.ids)
    connection.execute(
        _REPLACE_JUDGEMENT[connection.dialect.name],
        {**question.ids, "step": step, "reason": reason, "answered_at": save.at},
    )
    _journal(session, question, "judgement recorded", saved)
    return saved


def record_cannot_judge(
    session: Session,
    who: Who,
    comparison: Comparison | Asked,
    reason: str,
    save: Save,
) -> Saved:
    """Store that the expert cannot judge this comparison.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(_seat(who), comparison.parent_id, comparison.id)
    content = _text({"cannot": reason})
    if (stored := _stored_before(session, question, content, save)) is not None:
        return stored
    saved = _revise(session, question, content, save)
    session.execute(
        delete(Judgement).where(
            Judgement.expert_id == question.seat.expert_id, Judgement.comparison_id == comparison.id
        )
    )
    _abstain(session, question, reason, save.at)
    _journal(session, question, "abstention recorded", saved)
    return saved


def record_group_abstention(
    session: Session, who: Who, parent: Criterion, reason: str, save: Save
) -> Saved:
    """Store that the expert judges nothing under ``parent``; what she said there is kept aside.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(_seat(who), parent.id, None)
    content = _text({"cannot": reason})
    if (stored := _stored_before(session, question, content, save)) is not None:
        return stored
    saved = _revise(session, question, content, save)
    _abstain(session, question, reason, save.at)
    _journal(session, question, "abstention recorded", saved)
    return saved


def take_back_group_abstention(session: Session, who: Who, parent: Criterion, save: Save) -> Saved:
    """Store that the expert judges this group after all: what she said there counts again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(_seat(who), parent.id, None)
    content = _text({"cannot": None})
    if (stored := _stored_before(session, question, content, save)) is not None:
        return stored
    saved = _revise(session, question, content, save)
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    _journal(session, question, "abstention taken back", saved)
    return saved


def record_allocation(
    session: Session,
    who: Who,
    parent: Criterion,
    points: Mapping[int, float],
    save: Save,
) -> Saved:
    """Store the points (criterion id -> points) of one group, whatever they sum to.

    A criterion without points is left out: that is not the same as 0.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = _Question(_seat(who), parent.id, None)
    content = _text({"points": {str(item): given for item, given in sorted(points.items())}})
    if (stored := _stored_before(session, question, content, save)) is not None:
        return stored
    saved = _revise(session, question, content, save)
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    children = select(Criterion.id).where(Criterion.parent_id == parent.id)
    session.execute(
        delete(Allocation).where(
            Allocation.expert_id == question.seat.expert_id,
            Allocation.round_id == question.seat.round_id,
            Allocation.criterion_id.in_(children),
        )
    )
    session.add_all(
        Allocation(
            round_id=question.seat.round_id,
            expert_id=question.seat.expert_id,
            criterion_id=criterion,
            points=given,
            answered_at=save.at,
        )
        for criterion, given in points.items()
    )
    _journal(session, question, "allocation recorded", saved)
    return saved


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

    seat: Seat
    parent_id: int
    comparison_id: int | None

    @property
    def ids(self) -> dict[str, int | None]:
        return {
            "round_id": self.seat.round_id,
            "expert_id": self.seat.expert_id,
            "parent_id": self.parent_id,
            "comparison_id": self.comparison_id,
        }

    def rows(self, table: type[Abstention | AnswerRevision]) -> tuple[ColumnElement[bool], ...]:
        return (
            table.expert_id == self.seat.expert_id,
            table.round_id == self.seat.round_id,
            table.parent_id == self.parent_id,
            table.comparison_id == self.comparison_id
            if self.comparison_id is not None
            else table.comparison_id.is_(None),
        )


# A judgement is what is saved most: its statements are made once, and name the
# tables, because a mapped class would be looked through for each save anew.

_REVISION = Base.metadata.tables["answer_revision"]
_ABSTENTION = Base.metadata.tables["abstention"]
_JUDGEMENT = Base.metadata.tables["judgement"]
_INVITATION = Base.metadata.tables["invitation"]

_INSERT_REVISION = insert(_REVISION)

_DELETE_ABSTENTION_FROM_COMPARISON = delete(_ABSTENTION).where(
    _ABSTENTION.c.expert_id == bindparam("expert_id"),
    _ABSTENTION.c.comparison_id == bindparam("comparison_id"),
)

_LOCK_INVITATION = (
    select(_INVITATION.c.id).where(_INVITATION.c.id == bindparam("invitation_id")).with_for_update()
)

_OF_COMPARISON = (
    _REVISION.c.expert_id == bindparam("expert_id"),
    _REVISION.c.comparison_id == bindparam("comparison_id"),
)
_OF_GROUP = (
    _REVISION.c.expert_id == bindparam("expert_id"),
    _REVISION.c.round_id == bindparam("round_id"),
    _REVISION.c.parent_id == bindparam("parent_id"),
    _REVISION.c.comparison_id.is_(None),
)
_SAME_KEY = (_REVISION.c.expert_id == bindparam("expert_id"), _REVISION.c.key == bindparam("key"))


def _before(*of_question: ColumnElement[bool]) -> Select[int | None, int | None]:
    """The save that had this key, and the version of what is stored."""
    return select(
        select(_REVISION.c.id).where(*_SAME_KEY).scalar_subquery().label("repeated"),
        select(func.max(_REVISION.c.version)).where(*of_question).scalar_subquery().label("latest"),
    )


_BEFORE_COMPARISON, _BEFORE_GROUP = _before(*_OF_COMPARISON), _before(*_OF_GROUP)
_SAVED = select(_REVISION).where(_REVISION.c.id == bindparam("id"))


def _replacing(dialect: Any) -> Any:
    """Insert a judgement, or put it in the place of the one that is there."""
    statement = dialect.insert(_JUDGEMENT)
    return statement.on_conflict_do_update(
        index_elements=["expert_id", "comparison_id"],
        set_={name: statement.excluded[name] for name in ("step", "reason", "answered_at")},
    )


_REPLACE_JUDGEMENT = {"sqlite": _replacing(sqlite), "postgresql": _replacing(postgresql)}


def _seat(who: Who) -> Seat:
    return who if isinstance(who, Seat) else Seat.of(who)


def _stored_before(session: Session, question: _Question, content: str, save: Save) -> Saved | None:
    """What this very save left before; None when it is new and may be stored."""
    _lock_open_round(session, question.seat.round_id)
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        # One save of one expert at a time: her key and her versions are looked up undisturbed.
        connection.execute(_LOCK_INVITATION, {"invitation_id": question.seat.invitation_id})
    before = _BEFORE_GROUP if question.comparison_id is None else _BEFORE_COMPARISON
    repeated, latest = connection.execute(before, {**question.ids, "key": save.key}).one()
    if repeated is not None:
        found = connection.execute(_SAVED, {"id": repeated}).one()
        same = (question.parent_id, question.comparison_id, content)
        if (found.parent_id, found.comparison_id, found.content) != same:
            raise StaleAnswer
        return Saved(found.version, found.saved_at)
    if save.base != (latest or 0):
        raise StaleAnswer
    return None


def _lock_open_round(session: Session, round_id: int) -> None:
    if hold_state(session, round_id) != "open":
        raise RoundClosed


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _revise(session: Session, question: _Question, content: str, save: Save) -> Saved:
    saved = Saved(save.base + 1, save.at)
    session.connection().execute(
        _INSERT_REVISION,
        {
            **question.ids,
            "version": saved.version,
            "key": save.key,
            "content": content,
            "saved_at": save.at,
        },
    )
    return saved


def _abstain(session: Session, question: _Question, reason: str, at: datetime) -> None:
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    session.execute(insert(_ABSTENTION), {**question.ids, "reason": reason, "answered_at": at})


def _journal(session: Session, question: _Question, action: str, saved: Saved) -> None:
    journal.record(
        session,
        question.seat.study_id,
        f"expert {question.seat.expert}",
        action,
        {
            "round": question.seat.round_id,
            "parent": question.parent_id,
            "comparison": question.comparison_id,
            "version": saved.version,
        },
        saved.saved_at,
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
