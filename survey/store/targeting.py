"""What a targeted round asks of whom, into the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey import values
from survey.db import Base
from survey.models import AskedAgain, Comparison, Invitation, Round
from survey.store.frameworks import load_criteria

#: Parent, first, second and why; first and second are empty for a whole list.
Question = tuple[str, str, str, str]


def ask_again(
    session: Session, round_: Round, asked: Mapping[Invitation, Iterable[Question] | None]
) -> int:
    """Store what a targeted round asks in each invitation; None asks everything.

    Returns how many questions these are.
    """
    ids = {row.code: row.id for row in load_criteria(session, round_.study.framework_id).values()}
    comparisons = _comparisons(session, round_, {id_: code for code, id_ in ids.items()})
    rows = [
        {
            "round_id": round_.id,
            "expert_id": invitation.expert_id,
            "parent_id": ids[parent],
            "comparison_id": comparisons[parent, first, second] if first else None,
            "why": why,
        }
        for invitation, questions in asked.items()
        for parent, first, second, why in (
            _everything(comparisons, invitation.method) if questions is None else questions
        )
    ]
    session.flush()
    if rows:
        session.execute(insert(Base.metadata.tables[AskedAgain.__tablename__]), rows)
    return len(rows)


def count_asked(session: Session, round_: Round, *why: str) -> dict[int, int]:
    """How many questions a targeted round asks, by the expert's id; nobody with none.

    Only for these reasons, where some are given.
    """
    asked = select(AskedAgain.expert_id, func.count()).where(AskedAgain.round_id == round_.id)
    if why:
        asked = asked.where(AskedAgain.why.in_(why))
    rows = session.execute(asked.group_by(AskedAgain.expert_id))
    return {row[0]: row[1] for row in rows}


def _everything(comparisons: Iterable[tuple[str, str, str]], method: str) -> list[Question]:
    """Every comparison of the round, or every group that is answered as one list."""
    sizes = Counter(parent for parent, *_ in comparisons)
    # Of two items a best-worst expert judges the one pair.
    in_pairs = {
        parent
        for parent, size in sizes.items()
        if method == values.PAIRWISE or (method == values.BEST_WORST and size == 1)
    }
    return [
        *((*compared, values.UNANSWERED) for compared in comparisons if compared[0] in in_pairs),
        *((parent, "", "", values.UNANSWERED) for parent in sizes if parent not in in_pairs),
    ]


def _comparisons(
    session: Session, round_: Round, codes: Mapping[int, str]
) -> dict[tuple[str, str, str], int]:
    rows = session.scalars(
        select(Comparison).where(Comparison.round_id == round_.id).order_by(Comparison.position)
    )
    return {
        (codes[row.parent_id], codes[row.first_id], codes[row.second_id]): row.id for row in rows
    }
