"""What one expert is asked, out of the rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from survey import values
from survey.asking.former import Former
from survey.asking.order import lot
from survey.asking.questionnaire import Group, Question, Questionnaire
from survey.asking.saves import Asked, Who, of_invitation
from survey.asking.targeting import narrowed
from survey.db import Base
from survey.models import (
    Abstention,
    Allocation,
    AnswerRevision,
    AskedAgain,
    Comparison,
    Criterion,
    Invitation,
    Judgement,
    Reconsideration,
    Round,
)
from survey.store.loading import load_answers, load_asked, load_criteria, load_framework
from survey.store.rounds import find_former_round
from survey.store.seats import Seat


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
    former = load_former(session, invitation)
    if invitation.round.targeted and former is not None:
        again = load_asked(
            session, invitation.round, codes, {invitation.expert_id: invitation.expert}
        )
        groups = narrowed(groups, again, former, load_reconsidered(session, invitation, framework))
    return Questionnaire(framework, groups, former)


def load_former(session: Session, invitation: Invitation) -> Former | None:
    """What she said in the round before; None in a study's first round."""
    before = find_former_round(session, invitation.round)
    if before is None:
        return None
    expert = invitation.expert
    criteria = load_criteria(session, expert.study.framework_id)
    answers = load_answers(session, before, criteria, {expert.id: expert})
    return Former(before.number, answers)


def load_reconsidered(
    session: Session, invitation: Invitation, framework: values.Framework
) -> frozenset[str]:
    """What she wants to look at again: indicators, or the group where one stands alone."""
    codes = session.scalars(
        select(Criterion.code)
        .join(Reconsideration, Reconsideration.criterion_id == Criterion.id)
        .where(
            *of_invitation(Reconsideration, invitation),
            Reconsideration.decision == values.RECONSIDER,
        )
    )
    above = {indicator.code: indicator.group for indicator in framework.indicators}
    return frozenset(
        code if len(framework.children(above[code])) > 1 else above[code] for code in codes
    )


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
        .where(*of_invitation(AnswerRevision, invitation), asked)
        .order_by(AnswerRevision.version.desc())
        .limit(1)
    ).first()
    return Version(row.version, row.saved_at, json.loads(row.content)) if row else Version()


def last_saved(session: Session, invitation: Invitation) -> datetime | None:
    """When she last saved anything in this round."""
    return session.scalar(
        select(func.max(AnswerRevision.saved_at)).where(*of_invitation(AnswerRevision, invitation))
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
    places = _places(session, who, comparison.parent_id)
    still_open = set(session.scalars(_open_of_group(who, comparison.parent_id)))
    here = places.index(comparison.id)
    return next((id_ for id_ in places[here:] + places[:here] if id_ in still_open), None)


def _open_of_group(who: Invitation | Seat, parent_id: int) -> Select[int]:
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
    return select(Comparison.id).where(
        Comparison.round_id == who.round_id,
        Comparison.parent_id == parent_id,
        ~answered,
        or_(~_targeted(who.round_id), *_asked_of(who)),
    )


def _places(session: Session, who: Invitation | Seat, parent_id: int) -> list[int]:
    """The comparisons of a group in the order in which they are asked of her."""
    parent, first, second = aliased(Criterion), aliased(Criterion), aliased(Criterion)
    rows = session.execute(
        select(Comparison.id, parent.code, first.code, second.code, Invitation.seed, Round.order)
        .join(parent, parent.id == Comparison.parent_id)
        .join(first, first.id == Comparison.first_id)
        .join(second, second.id == Comparison.second_id)
        .join(Round, Round.id == Comparison.round_id)
        .join(Invitation, Invitation.round_id == Round.id)
        .where(
            Comparison.round_id == who.round_id,
            Comparison.parent_id == parent_id,
            Invitation.expert_id == who.expert_id,
        )
        .order_by(Comparison.position)
    ).all()
    if rows and rows[0].order == values.RANDOM:
        rows = sorted(rows, key=lambda row: lot(row.seed, *row[1:4]))
    return [row.id for row in rows]


def _targeted(round_id: int) -> ColumnElement[bool]:
    return exists().where(Round.id == round_id, Round.targeted)


def _asked_of(who: Who) -> tuple[ColumnElement[bool], ...]:
    """What makes a targeted round ask a comparison: the author's choice, or her own."""
    return (
        exists().where(
            AskedAgain.comparison_id == Comparison.id, AskedAgain.expert_id == who.expert_id
        ),
        exists().where(
            Reconsideration.expert_id == who.expert_id,
            Reconsideration.round_id == who.round_id,
            Reconsideration.decision == values.RECONSIDER,
            Reconsideration.criterion_id.in_((Comparison.first_id, Comparison.second_id)),
        ),
    )


# ---------------------------------------------------------------- rows


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
    questions = [
        Question(id_, codes[parent], codes[first], codes[second], steps, reason or "", cannot)
        for id_, parent, first, second, steps, reason, cannot in rows
    ]
    if invitation.round.order == values.FIXED:
        return questions
    return _drawn(questions, invitation.seed)


def _drawn(questions: list[Question], seed: int) -> list[Question]:
    """The questions in the order, and with the sides, that a seed gives them."""
    lots = {question: lot(seed, *question.compared) for question in questions}
    ordered = sorted(questions, key=lots.__getitem__)
    return [replace(question, swapped=lots[question].swapped) for question in ordered]


def _points(session: Session, invitation: Invitation, codes: Mapping[int, str]) -> dict[str, float]:
    rows = session.execute(
        select(Allocation.criterion_id, Allocation.points).where(
            *of_invitation(Allocation, invitation)
        )
    )
    return {codes[criterion]: points for criterion, points in rows}


def _group_abstentions(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> dict[str, str]:
    rows = session.execute(
        select(Abstention.parent_id, Abstention.reason).where(
            *of_invitation(Abstention, invitation), Abstention.comparison_id.is_(None)
        )
    )
    return {codes[parent]: reason for parent, reason in rows}


def load_code(session: Session, criterion_id: int) -> str:
    return session.scalars(select(Criterion.code).where(Criterion.id == criterion_id)).one()
