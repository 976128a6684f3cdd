"""Points and ratings, and the first sorting of a long list.

A sorting is no answer of its own: it only puts the list of points in order. So
it has no rows, but a revision like every save, and is found there on every device.
"""

import json
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.asking.questions import load_item_ids
from survey.asking.saves import Save, Saved, Subject, Who, of_invitation, save_answer, seat_of
from survey.models import Abstention, Allocation, AnswerRevision, Criterion, Invitation


def record_allocation(
    session: Session,
    who: Who,
    parent: Criterion,
    points: Mapping[int, float],
    save: Save,
) -> Saved:
    """Store the points or ratings (by criterion id) of one group, with any sum.

    They are of the kind in which the expert answers; answers of the other kind
    stay beside them. A criterion without points is left out: that is not the same as 0.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)
    content = {
        "method": question.seat.kind,
        "points": {str(item): given for item, given in sorted(points.items())},
    }

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))
        _replace(session, question, points, save)

    return save_answer(session, question, content, save, "allocation recorded", store)


def _replace(session: Session, question: Subject, points: Mapping[int, float], save: Save) -> None:
    seat = question.seat
    children = select(Criterion.id).where(Criterion.parent_id == question.parent_id)
    session.execute(
        delete(Allocation).where(
            Allocation.expert_id == seat.expert_id,
            Allocation.round_id == seat.round_id,
            Allocation.criterion_id.in_(children),
            Allocation.kind == seat.kind,
        )
    )
    session.add_all(
        Allocation(
            round_id=seat.round_id,
            expert_id=seat.expert_id,
            criterion_id=criterion,
            kind=seat.kind,
            points=given,
            answered_at=save.at,
        )
        for criterion, given in points.items()
    )


#: The beginning of the revision of a sorting, whose content is canonical JSON.
_SORTING = '{"buckets":'


def record_sorting(
    session: Session, who: Who, parent: Criterion, buckets: Mapping[int, str], save: Save
) -> Saved:
    """Store the buckets (by criterion id) of one group; without any, it was skipped.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)
    content = {"buckets": {str(item): bucket for item, bucket in sorted(buckets.items())}}
    return save_answer(session, question, content, save, "list sorted", lambda: None)


def load_sorting(
    session: Session, invitation: Invitation, parent: Criterion
) -> dict[str, str] | None:
    """Load the last sorting of a group, by item; None if neither sorted nor skipped."""
    content = session.scalar(
        select(AnswerRevision.content)
        .where(
            *of_invitation(AnswerRevision, invitation),
            AnswerRevision.parent_id == parent.id,
            AnswerRevision.comparison_id.is_(None),
            AnswerRevision.content.startswith(_SORTING, autoescape=True),
        )
        .order_by(AnswerRevision.version.desc())
        .limit(1)
    )
    if content is None:
        return None
    buckets = json.loads(content)["buckets"]
    ids = load_item_ids(session, parent)
    return {item: buckets[str(id_)] for item, id_ in ids.items() if str(id_) in buckets}
