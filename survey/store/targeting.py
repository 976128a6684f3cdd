"""What a targeted round asks of whom, into the rows."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import values
from survey.models import AskedAgain, Comparison, Expert, Round
from survey.store.loading import load_criteria

#: Parent, first, second and why; first and second are empty for a whole list.
Question = tuple[str, str, str, str]


def ask_again(
    session: Session, round_: Round, asked: Mapping[Expert, Iterable[Question] | None]
) -> int:
    """Store what a targeted round asks each expert; None asks her everything.

    Returns how many questions these are.
    """
    ids = {row.code: row.id for row in load_criteria(session, round_.study.framework_id).values()}
    comparisons = _comparisons(session, round_, {id_: code for code, id_ in ids.items()})
    rows = [
        AskedAgain(
            round_id=round_.id,
            expert_id=expert.id,
            parent_id=ids[parent],
            comparison_id=comparisons[parent, first, second] if first else None,
            why=why,
        )
        for expert, questions in asked.items()
        for parent, first, second, why in (
            _everything(comparisons, expert) if questions is None else questions
        )
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def count_asked(session: Session, round_: Round) -> dict[int, int]:
    """How many questions a targeted round asks, by the expert's id; nobody with none."""
    rows = session.execute(
        select(AskedAgain.expert_id, func.count())
        .where(AskedAgain.round_id == round_.id)
        .group_by(AskedAgain.expert_id)
    )
    return {row[0]: row[1] for row in rows}


def _everything(
    comparisons: Mapping[tuple[str, str, str], int], expert: Expert
) -> Iterable[Question]:
    """Every comparison of the round, or every group that has one."""
    if expert.method == values.DIRECT:
        parents = dict.fromkeys(parent for parent, *_ in comparisons)
        return [(parent, "", "", values.UNANSWERED) for parent in parents]
    return [(*compared, values.UNANSWERED) for compared in comparisons]


def _comparisons(
    session: Session, round_: Round, codes: Mapping[int, str]
) -> dict[tuple[str, str, str], int]:
    rows = session.scalars(
        select(Comparison).where(Comparison.round_id == round_.id).order_by(Comparison.position)
    )
    return {
        (codes[row.parent_id], codes[row.first_id], codes[row.second_id]): row.id for row in rows
    }
