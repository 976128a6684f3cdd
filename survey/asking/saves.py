"""Saves of answers: once each, in an open round, never over one not shown.

Each save is one transaction and checks in this order: the round is open (and
cannot close before the answer is in), the save was not stored before, it does
not overwrite what its page did not show. Only then answer, revision and
journal entry are written, together.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Question
from survey.canonical import compact
from survey.db import Base
from survey.models import (
    Abstention,
    Answer,
    AnswerRevision,
    Comparison,
    Criterion,
    Invitation,
)
from survey.store import journal
from survey.store.locks import Lock, locks_rows, take
from survey.store.rounds import hold_state
from survey.store.seats import Seat


class RoundClosed(Exception):
    """The round takes no answer; nothing was stored."""


class StaleAnswer(Exception):
    """An answer that the page did not show was saved since; nothing was stored.

    Or the expert has chosen to answer in another way.
    """


@dataclass(frozen=True, slots=True)
class Save:
    """A save of one answer: what a page sends beside it.

    ``key`` is drawn once per page; ``base`` is the version the page showed, 0
    for a question that was not answered.
    """

    key: str
    base: int
    at: datetime
    #: The person who sends it, for the journal, if that is not the expert.
    actor: str = ""


class Asked(NamedTuple):
    """A comparison as far as a save needs to know it."""

    id: int
    parent_id: int


#: The expert whose answer it is.
Who = Invitation | Seat


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that a save left: the next one must name it."""

    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of an answer: a comparison or, without one, a parent's group."""

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

    def rows(self, table: type[Abstention]) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions of the rows of a table that are about it."""
        return (
            table.expert_id == self.seat.expert_id,
            table.round_id == self.seat.round_id,
            table.parent_id == self.parent_id,
            table.comparison_id == self.comparison_id
            if self.comparison_id is not None
            else table.comparison_id.is_(None),
        )


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a stored answer that a page shows, and a save may replace."""

    number: int = 0
    saved_at: datetime | None = None
    #: The saved content: ``step`` and ``reason``, or ``cannot``, or ``points`` by criterion id,
    #: or ``best`` and ``worst``, or ``steps`` by comparison id.
    content: Mapping[str, Any] = field(default_factory=dict)


def load_version(
    session: Session,
    invitation: Invitation,
    *,
    comparison: Comparison | Question | None = None,
    parent: Criterion | None = None,
) -> Version:
    """Load the version of the answer to one comparison, or to a whole group."""
    if comparison is not None:
        asked = AnswerRevision.comparison_id == comparison.id
    else:
        assert parent is not None
        asked = and_(AnswerRevision.comparison_id.is_(None), AnswerRevision.parent_id == parent.id)
    row = session.execute(
        select(AnswerRevision.version, AnswerRevision.saved_at, AnswerRevision.content)
        .where(*of_invitation(AnswerRevision, invitation), asked)
        .order_by(AnswerRevision.version.desc())
        .limit(1)
    ).first()
    return Version(row.version, row.saved_at, json.loads(row.content)) if row else Version()


def load_versions(session: Session, invitation: Invitation) -> dict[int | str, Version]:
    """Load every version without content, by the comparison's id or the group's code."""
    version, saved_at = func.max(AnswerRevision.version), func.max(AnswerRevision.saved_at)
    rows = session.execute(
        select(AnswerRevision.comparison_id, Criterion.code, version, saved_at)
        .join(Criterion, Criterion.id == AnswerRevision.parent_id)
        .where(*of_invitation(AnswerRevision, invitation))
        .group_by(AnswerRevision.comparison_id, Criterion.code)
    )
    return {code if id_ is None else id_: Version(number, at) for id_, code, number, at in rows}


def last_saved(session: Session, invitation: Invitation) -> datetime | None:
    """Return the time of the expert's last save in this round."""
    return session.scalar(
        select(func.max(AnswerRevision.saved_at)).where(*of_invitation(AnswerRevision, invitation))
    )


# Judgements are saved most often: their statements are made once, and name the
# tables, because a mapped class would be inspected again for each save.

_REVISION = Base.metadata.tables["answer_revision"]
_INVITATION = Base.metadata.tables["invitation"]

_INSERT_REVISION = insert(_REVISION)

_LOCK_INVITATION = (
    select(_INVITATION.c.method)
    .where(_INVITATION.c.id == bindparam("invitation_id"))
    .with_for_update(key_share=True)
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
    """Return the query of the save that had this key, and of the stored version."""
    return select(
        select(_REVISION.c.id).where(*_SAME_KEY).scalar_subquery().label("repeated"),
        select(func.max(_REVISION.c.version)).where(*of_question).scalar_subquery().label("latest"),
    )


_BEFORE_COMPARISON, _BEFORE_GROUP = _before(*_OF_COMPARISON), _before(*_OF_GROUP)
_SAVED = select(_REVISION).where(_REVISION.c.id == bindparam("id"))


def save_answer(
    session: Session,
    question: Subject,
    content: Mapping[str, Any],
    save: Save,
    action: str,
    store: Callable[[], object],
) -> Saved:
    """Store an answer by calling ``store``, with its revision and its journal entry.

    A save that was stored before gets the result of then and is not stored again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    text = compact(content)
    before = _stored_before(session, question, text, save)
    if before is not None:
        return before
    saved = _revise(session, question, text, save)
    store()
    _note(session, question, action, saved, save.actor)
    return saved


def seat_of(who: Who) -> Seat:
    return who if isinstance(who, Seat) else Seat.of(who)


def hold_open(session: Session, round_id: int) -> None:
    """Keep an open round open until this transaction ends."""
    if hold_state(session, round_id) != "open":
        raise RoundClosed


def hold_answers(session: Session, seat: Seat) -> str:
    """Block other saves of this expert and the round's close during a transaction.

    Returns the expert's kind of answering, which they may have changed while this waited.

    Raises
    ------
    RoundClosed
    """
    kind = seat.kind
    # A seat that is held was read after the wait, and SQLite's one writer waited before reading.
    if take(session, Lock.MEMBER, seat.invitation_id) and locks_rows(session):
        held = session.connection().execute(_LOCK_INVITATION, {"invitation_id": seat.invitation_id})
        kind = held.scalar_one()
    hold_open(session, seat.round_id)
    return kind


def of_invitation(
    table: type[Answer], invitation: Invitation | Seat
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of one expert's answers of one round in a table."""
    return (table.expert_id == invitation.expert_id, table.round_id == invitation.round_id)


def _stored_before(session: Session, question: Subject, content: str, save: Save) -> Saved | None:
    """Return the result of this save if it was stored before; None if it is new."""
    kind = hold_answers(session, question.seat)
    connection = session.connection()
    before = _BEFORE_GROUP if question.comparison_id is None else _BEFORE_COMPARISON
    repeated, latest = connection.execute(before, {**question.ids, "key": save.key}).one()
    if repeated is not None:
        found = connection.execute(_SAVED, {"id": repeated}).one()
        same = (question.parent_id, question.comparison_id, content)
        if (found.parent_id, found.comparison_id, found.content) != same:
            raise StaleAnswer
        return Saved(found.version, found.saved_at)
    if save.base != (latest or 0) or kind != question.seat.kind:
        raise StaleAnswer
    return None


def _revise(session: Session, question: Subject, content: str, save: Save) -> Saved:
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


def _note(session: Session, question: Subject, action: str, saved: Saved, actor: str) -> None:
    journal.record(
        session,
        question.seat.study_id,
        actor or f"expert {question.seat.expert}",
        action,
        {
            "round": question.seat.round_id,
            "parent": question.parent_id,
            "comparison": question.comparison_id,
            "version": saved.version,
        },
        saved.saved_at,
    )
