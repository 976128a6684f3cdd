"""What one expert is asked, and what she has said so far."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from survey import values
from survey.answering.operations import Asked
from survey.db import Base
from survey.models import (
    Abstention,
    Allocation,
    AnswerRevision,
    Comparison,
    Criterion,
    Invitation,
    JournalEntry,
    Judgement,
)
from survey.reports.own_weights import GroupWeights, weights_of_judgements, weights_of_points
from survey.store.loading import load_framework
from survey.store.seats import Seat
from survey.values import POINTS_TOLERANCE, Framework


@dataclass(frozen=True, slots=True)
class Question:
    """A comparison and what she said to it: ``steps``, or why she cannot judge it, or neither."""

    id: int
    parent: str
    first: str
    second: str
    steps: int | None = None
    reason: str = ""
    #: One of ``values.CANNOT_JUDGE``, or her own words, or nothing; None: she can judge it.
    cannot: str | None = None

    @property
    def answered(self) -> bool:
        return self.steps is not None or self.cannot is not None


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked under one parent: every pair of its items, or 100 points for them."""

    code: str
    items: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    points: Mapping[str, float] | None = None
    #: Why she judges nothing in this group; None: she does.
    cannot: str | None = None

    @property
    def stars(self) -> list[bool]:
        """One per question, or per item that takes points: whether it is answered."""
        if self.cannot is not None:
            return [True] * (len(self.questions) or len(self.items))
        if self.points is not None:
            return [item in self.points for item in self.items]
        return [question.answered for question in self.questions]

    @property
    def sum(self) -> float:
        return sum((self.points or {}).values())

    @property
    def begun(self) -> bool:
        return any(self.stars)

    @property
    def done(self) -> bool:
        """Nothing is open here; points also sum to 100."""
        if self.cannot is None and self.points is not None:
            return all(self.stars) and abs(self.sum - 100) <= POINTS_TOLERANCE
        return all(self.stars)

    @property
    def weights(self) -> GroupWeights:
        if self.cannot is not None:
            return GroupWeights(None)
        if self.points is not None:
            return weights_of_points(self.items, self.points)
        judged = {(q.first, q.second): q.steps for q in self.questions if q.steps is not None}
        return weights_of_judgements(self.items, judged)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Everything one expert is asked in her round, in the order of asking."""

    framework: Framework
    groups: tuple[Group, ...]

    @property
    def questions(self) -> list[Question]:
        return [question for group in self.groups for question in group.questions]

    @property
    def stars(self) -> list[list[bool]]:
        return [group.stars for group in self.groups]

    @property
    def answered(self) -> int:
        return sum(map(sum, self.stars))

    @property
    def size(self) -> int:
        return sum(map(len, self.stars))

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes, rounded up."""
        seconds = sum(
            (values.SECONDS_PER_QUESTION if group.questions else values.SECONDS_PER_LINE)
            * group.stars.count(False)
            for group in self.groups
        )
        return -(-seconds // 60)

    @property
    def open_group(self) -> Group | None:
        """The first group in which something is open."""
        return next((group for group in self.groups if not group.done), None)

    def question(self, question_id: int) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)

    def place(self, question: Question) -> tuple[int, int]:
        """Which group, and which question in it, counted from 0."""
        for number, group in enumerate(self.groups):
            if question in group.questions:
                return number, group.questions.index(question)
        raise ValueError(f"question {question.id} is not asked here")

    def first_open(self, group: Group) -> tuple[int, int] | None:
        """Where the first open question or line of a group stands; None when all are answered."""
        stars = group.stars
        return (self.groups.index(group), stars.index(False)) if False in stars else None

    def before(self, question: Question) -> Question | None:
        questions = self.questions
        position = questions.index(question)
        return questions[position - 1] if position else None

    def criterion(self, code: str) -> values.Group | values.Indicator:
        """A group or an indicator."""
        every: list[values.Group | values.Indicator]
        every = [*self.framework.groups, *self.framework.indicators]
        return next(criterion for criterion in every if criterion.code == code)

    def members(self, code: str) -> list[values.Indicator]:
        """What a group is made of; an indicator has no members."""
        return [indicator for indicator in self.framework.indicators if indicator.group == code]

    def names(self, code: str) -> values.Texts:
        return self.criterion(code).names


def load_questionnaire(session: Session, invitation: Invitation) -> Questionnaire:
    """What this invitation asks, with the answers stored so far."""
    framework = load_framework(session, invitation.expert.study.framework_id)
    codes = _codes(session, invitation)
    asked = [parent for parent in framework.parents if len(framework.children(parent)) > 1]
    abstains = _group_abstentions(session, invitation, codes)
    if invitation.expert.method == values.DIRECT:
        points = _points(session, invitation, codes)
        groups = tuple(
            Group(
                code,
                items := framework.children(code),
                points={item: points[item] for item in items if item in points},
                cannot=abstains.get(code),
            )
            for code in asked
        )
    else:
        questions = _questions(session, invitation, codes)
        groups = tuple(
            Group(
                code,
                framework.children(code),
                questions=tuple(q for q in questions if q.parent == code),
                cannot=abstains.get(code),
            )
            for code in asked
        )
    return Questionnaire(framework, groups)


@dataclass(frozen=True, slots=True)
class Version:
    """How an answer stands in the store: what a page shows, and may then be replaced."""

    number: int = 0
    saved_at: datetime | None = None
    #: What was saved: ``step`` and ``reason``, or ``cannot``, or ``points`` by criterion id.
    content: Mapping[str, Any] = field(default_factory=dict)


def load_version(
    session: Session,
    invitation: Invitation,
    *,
    comparison: Comparison | None = None,
    parent: Criterion | None = None,
) -> Version:
    """The version of the answer to one comparison, or of the one for a whole group."""
    if comparison is not None:
        asked = AnswerRevision.comparison_id == comparison.id
    else:
        assert parent is not None
        asked = and_(AnswerRevision.comparison_id.is_(None), AnswerRevision.parent_id == parent.id)
    row = session.execute(
        select(AnswerRevision.version, AnswerRevision.saved_at, AnswerRevision.content)
        .where(*_hers(AnswerRevision, invitation), asked)
        .order_by(AnswerRevision.version.desc())
        .limit(1)
    ).first()
    return Version(row.version, row.saved_at, json.loads(row.content)) if row else Version()


def last_saved(session: Session, invitation: Invitation) -> datetime | None:
    """When she last saved anything in this round."""
    return session.scalar(
        select(func.max(AnswerRevision.saved_at)).where(*_hers(AnswerRevision, invitation))
    )


def find_comparison(
    session: Session, invitation: Invitation, comparison_id: int
) -> Comparison | None:
    """A comparison of the round that this invitation answers."""
    return session.scalar(
        select(Comparison).where(
            Comparison.id == comparison_id, Comparison.round_id == invitation.round_id
        )
    )


_COMPARISON = Base.metadata.tables["comparison"]

# Made once: every save asks it.
_ASKED = select(_COMPARISON.c.id, _COMPARISON.c.parent_id, _COMPARISON.c.position).where(
    _COMPARISON.c.id == bindparam("id"), _COMPARISON.c.round_id == bindparam("round")
)


def find_asked(session: Session, seat: Seat, comparison_id: int) -> Asked | None:
    """The same comparison, as a save needs to know it."""
    asked = {"id": comparison_id, "round": seat.round_id}
    row = session.connection().execute(_ASKED, asked).first()
    return Asked(*row) if row else None


def find_parent(session: Session, invitation: Invitation, code: str) -> Criterion | None:
    """The goal or a group of the study that this invitation belongs to."""
    return session.scalar(
        select(Criterion).where(
            Criterion.framework_id == invitation.expert.study.framework_id,
            Criterion.code == code,
            Criterion.top.is_(None),
        )
    )


def load_item_ids(session: Session, parent: Criterion) -> dict[str, int]:
    """The ids of the criteria under a parent by code, in the framework's order."""
    rows = session.execute(
        select(Criterion.code, Criterion.id)
        .where(Criterion.parent_id == parent.id)
        .order_by(Criterion.position)
    )
    return {row.code: row.id for row in rows}


def find_open_question(
    session: Session, who: Invitation | Seat, comparison: Comparison | Asked
) -> int | None:
    """The next open comparison of the same group: after this one, else the first before it."""
    answered = or_(
        exists().where(
            Judgement.comparison_id == Comparison.id,
            Judgement.expert_id == who.expert_id,
        ),
        exists().where(
            Abstention.comparison_id == Comparison.id,
            Abstention.expert_id == who.expert_id,
        ),
    )
    return session.scalar(
        select(Comparison.id)
        .where(
            Comparison.round_id == who.round_id,
            Comparison.parent_id == comparison.parent_id,
            ~answered,
        )
        .order_by(Comparison.position < comparison.position, Comparison.position)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was finished, in words that a later dispute can be held against."""

    finished_at: datetime
    #: SHA-256 of the answers as they stand, hexadecimal.
    fingerprint: str
    #: The journal's entry for it: its number, and the head of the chain it made.
    entry: int
    head: str
    #: An answer was saved after she had finished.
    changed_since: bool


def find_receipt(
    session: Session, invitation: Invitation, questionnaire: Questionnaire
) -> Receipt | None:
    """The receipt of an expert who has finished."""
    if invitation.finished_at is None:
        return None
    entry = session.execute(
        select(JournalEntry.number, JournalEntry.digest)
        .where(
            JournalEntry.study_id == invitation.expert.study_id,
            JournalEntry.actor == f"expert {invitation.expert.code}",
            JournalEntry.action == "answers finished",
            # She may have finished a later round since.
            JournalEntry.at == invitation.finished_at,
        )
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).first()
    if entry is None:
        return None
    saved = last_saved(session, invitation)
    return Receipt(
        finished_at=invitation.finished_at,
        fingerprint=fingerprint(invitation, questionnaire),
        entry=entry.number,
        head=entry.digest,
        changed_since=saved is not None and saved > invitation.finished_at,
    )


def fingerprint(invitation: Invitation, questionnaire: Questionnaire) -> str:
    """SHA-256, hexadecimal, over the canonical JSON of one expert's answers.

    First study, round and expert; then one list per answer, in the order of
    asking: parent, first, second, steps from equal, reason; parent, first,
    second, null, why not; parent, item, points; parent, null, why not.
    """
    expert, round_ = invitation.expert, invitation.round
    answers: list[list[str | float | None]] = [[expert.study.code, round_.number, expert.code]]
    for group in questionnaire.groups:
        if group.cannot is not None:
            answers.append([group.code, None, group.cannot])
            continue
        answers += [
            [q.parent, q.first, q.second, q.steps, q.reason if q.cannot is None else q.cannot]
            for q in group.questions
            if q.answered
        ]
        answers += [[group.code, item, given] for item, given in (group.points or {}).items()]
    text = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# ---------------------------------------------------------------- rows


def _hers(
    table: type[Judgement | Allocation | Abstention | AnswerRevision], invitation: Invitation
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.expert_id == invitation.expert_id,
        table.round_id == invitation.round_id,
    )


def _codes(session: Session, invitation: Invitation) -> dict[int, str]:
    rows = session.execute(
        select(Criterion.id, Criterion.code).where(
            Criterion.framework_id == invitation.expert.study.framework_id
        )
    )
    return {row.id: row.code for row in rows}


def _questions(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> list[Question]:
    rows = session.execute(
        select(
            Comparison.id,
            Comparison.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            Judgement.step,
            Judgement.reason,
            Abstention.reason,
        )
        .outerjoin(
            Judgement,
            and_(
                Judgement.comparison_id == Comparison.id,
                Judgement.expert_id == invitation.expert_id,
            ),
        )
        .outerjoin(
            Abstention,
            and_(
                Abstention.comparison_id == Comparison.id,
                Abstention.expert_id == invitation.expert_id,
            ),
        )
        .where(Comparison.round_id == invitation.round_id)
        .order_by(Comparison.position)
    )
    return [
        Question(id_, codes[parent], codes[first], codes[second], steps, reason or "", cannot)
        for id_, parent, first, second, steps, reason, cannot in rows
    ]


def _points(session: Session, invitation: Invitation, codes: Mapping[int, str]) -> dict[str, float]:
    rows = session.execute(
        select(Allocation.criterion_id, Allocation.points).where(*_hers(Allocation, invitation))
    )
    return {codes[criterion]: points for criterion, points in rows}


def _group_abstentions(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> dict[str, str]:
    rows = session.execute(
        select(Abstention.parent_id, Abstention.reason).where(
            *_hers(Abstention, invitation), Abstention.comparison_id.is_(None)
        )
    )
    return {codes[parent]: reason for parent, reason in rows}


def load_code(session: Session, criterion_id: int) -> str:
    return session.scalars(select(Criterion.code).where(Criterion.id == criterion_id)).one()
