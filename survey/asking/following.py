"""Which comparison comes next, for an expert who has just answered one."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from survey import values
from survey.asking.order import lot
from survey.asking.saves import Asked, Who
from survey.models import (
    Abstention,
    AskedAgain,
    Comparison,
    Criterion,
    Invitation,
    Judgement,
    Reconsideration,
    Round,
)
from survey.store.seats import Seat


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
    sibling = aliased(Criterion)
    return (
        exists().where(
            AskedAgain.comparison_id == Comparison.id, AskedAgain.expert_id == who.expert_id
        ),
        exists().where(
            Reconsideration.expert_id == who.expert_id,
            Reconsideration.round_id == who.round_id,
            Reconsideration.decision == values.RECONSIDER,
            Criterion.id == Reconsideration.criterion_id,
            or_(
                Criterion.id.in_((Comparison.first_id, Comparison.second_id)),
                # An only child weighs what its group does.
                and_(
                    Criterion.parent_id.in_((Comparison.first_id, Comparison.second_id)),
                    ~exists().where(
                        sibling.parent_id == Criterion.parent_id, sibling.id != Criterion.id
                    ),
                ),
            ),
        ),
    )
