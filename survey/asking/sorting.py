"""A first sorting of a long list: which items count much, which little, before any points.

It is no answer of its own: it only puts the list of points in order. So it has
no rows, but a revision like every save, and is found there on every device.
"""

import json
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.questions import load_item_ids
from survey.asking.saves import Answered, Save, Saved, Who, of_invitation, save_answer, seat_of
from survey.models import AnswerRevision, Criterion, Invitation

#: How the revision of a sorting begins: its content is canonical JSON.
_SORTING = '{"buckets":'


def record_sorting(
    session: Session, who: Who, parent: Criterion, buckets: Mapping[int, str], save: Save
) -> Saved:
    """Store the buckets (by criterion id) of one group; none of them: she skipped it.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), parent.id, None)
    content = {"buckets": {str(item): bucket for item, bucket in sorted(buckets.items())}}
    return save_answer(session, question, content, save, "list sorted", lambda: None)


def load_sorting(
    session: Session, invitation: Invitation, parent: Criterion
) -> dict[str, str] | None:
    """The last sorting of a group, by item; None if she has neither sorted nor skipped it."""
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
