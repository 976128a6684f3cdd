"""What a targeted round asks of whom, into the rows."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import values
from survey.models import AskedAgain, Comparison, Criterion, Expert, Round
from survey.store.loading import as_framework, load_criteria

#: Parent, first, second and why; first and second are empty for a whole list.
Question = tuple[str, str, str, str]


def ask_again(
    session: Session, round_: Round, asked: Mapping[Expert, Iterable[Question] | None]
) -> int:
    """Store what a targeted round asks each expert; None asks her everything.

    Returns how many questions these are.
    """
    criteria = load_criteria(session, round_.study.framework_id)
    comparisons = _comparisons(session, round_)
    rows = [
        AskedAgain(
            round_id=round_.id,
            expert_id=expert.id,
            parent_id=criteria[parent].id,
            comparison_id=(comparisons[criteria[first].id, criteria[second].id] if first else None),
            why=why,
        )
        for expert, questions in asked.items()
        for parent, first, second, why in _named(criteria, expert, questions)
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


def _named(
    criteria: Mapping[str, Criterion], expert: Expert, questions: Iterable[Question] | None
) -> Iterable[Question]:
    if questions is not None:
        return questions
    framework = as_framework(criteria.values())
    if expert.method == values.DIRECT:
        lists = [parent for parent in framework.parents if len(framework.children(parent)) > 1]
        return [(parent, "", "", values.UNANSWERED) for parent in lists]
    return [
        (parent, *pair, values.UNANSWERED)
        for parent in framework.parents
        for pair in framework.pairs(parent)
    ]


def _comparisons(session: Session, round_: Round) -> dict[tuple[int, int], int]:
    rows = session.scalars(select(Comparison).where(Comparison.round_id == round_.id))
    return {(row.first_id, row.second_id): row.id for row in rows}
