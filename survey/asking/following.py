"""Which comparison comes next, for an expert who has just answered one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from survey import values
from survey.asking.order import lot
from survey.asking.questions import load_questionnaire
from survey.asking.saves import Asked, Who
from survey.models import Abstention, Comparison, Criterion, Invitation, Judgement, Round


def find_open_question(session: Session, who: Who, comparison: Comparison | Asked) -> int | None:
    """The next open comparison of the same group: after this one, else the first before it."""
    rows = _rows(session, who, comparison.parent_id)
    if rows[0].targeted:
        still_open = _asked_and_open(session, who)
    else:
        still_open = set(session.scalars(_open_of_group(who, comparison.parent_id)))
    places = [row.id for row in rows]
    here = places.index(comparison.id)
    return next((id_ for id_ in places[here:] + places[:here] if id_ in still_open), None)


def _asked_and_open(session: Session, who: Who) -> set[int]:
    """What a targeted round asks of her, in all groups, and she has not answered."""
    mine = who if isinstance(who, Invitation) else session.get_one(Invitation, who.invitation_id)
    return {q.id for q in load_questionnaire(session, mine).questions if not q.answered}


def _open_of_group(who: Who, parent_id: int) -> Select[int]:
    """The open ones of a group where everything is asked: lean, because a save waits for it."""
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
    )


def _rows(session: Session, who: Who, parent_id: int) -> Sequence[Any]:
    """The comparisons of a group in the order in which they are asked of her."""
    parent, first, second = aliased(Criterion), aliased(Criterion), aliased(Criterion)
    rows = session.execute(
        select(
            Comparison.id,
            parent.code,
            first.code,
            second.code,
            Invitation.seed,
            Round.order,
            Round.targeted,
        )
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
    if rows[0].order == values.RANDOM:
        return sorted(rows, key=lambda row: lot(row.seed, row[1], row[2], row[3]))
    return rows
