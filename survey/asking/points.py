"""Points and ratings in."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.asking.saves import Answered, Save, Saved, Who, save_answer, seat_of
from survey.models import Abstention, Allocation, Criterion


def record_allocation(
    session: Session,
    who: Who,
    parent: Criterion,
    points: Mapping[int, float],
    save: Save,
) -> Saved:
    """Store the points or ratings (by criterion id) of one group, whatever they sum to.

    They are of the kind by which the expert answers; what she gave by the other
    stays beside them. A criterion without points is left out: that is not the same as 0.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), parent.id, None)
    content = {
        "method": question.seat.method,
        "points": {str(item): given for item, given in sorted(points.items())},
    }

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))
        _replace(session, question, points, save)

    return save_answer(session, question, content, save, "allocation recorded", store)


def _replace(session: Session, question: Answered, points: Mapping[int, float], save: Save) -> None:
    seat = question.seat
    children = select(Criterion.id).where(Criterion.parent_id == question.parent_id)
    session.execute(
        delete(Allocation).where(
            Allocation.expert_id == seat.expert_id,
            Allocation.round_id == seat.round_id,
            Allocation.criterion_id.in_(children),
            Allocation.method == seat.method,
        )
    )
    session.add_all(
        Allocation(
            round_id=seat.round_id,
            expert_id=seat.expert_id,
            criterion_id=criterion,
            method=seat.method,
            points=given,
            answered_at=save.at,
        )
        for criterion, given in points.items()
    )
