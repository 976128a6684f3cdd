"""The experts of a round and their own answers in it: rows ↔ values."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey import values
from survey.db import Base
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Expert,
    Extremes,
    Invitation,
    Judgement,
    Round,
)
from survey.store import slices
from survey.store.reviews import columns_of
from survey.store.slices import Step, sliced
from survey.values import Answers

#: A round's experts by id; their kind is the one they answer that round by.
Experts = Mapping[int, values.Expert]


def load_own_answers(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    framework: values.Framework,
    experts: Experts,
) -> Answers:
    """Load these experts' answers in one round, each of the kind they answer it by."""
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    extremes = tuple(_extremes(session, round_, by_id, experts, framework))
    judgements = _judgements(session, round_, by_id, experts)
    return Answers(
        tuple(_counted(judgements, framework, experts, extremes)),
        tuple(_allocations(session, round_, criteria, experts, framework)),
        tuple(_abstentions(session, round_, by_id, experts, framework)),
        extremes,
    )


def load_experts(session: Session, round_: Round, only: Collection[int] | None = None) -> Experts:
    """Load the experts of a round, all or only these, each with their kind of answer."""
    invited = (
        select(Expert, Invitation.kind, Invitation.seed)
        .join(Invitation, Invitation.expert_id == Expert.id)
        .where(Invitation.round_id == round_.id)
        .order_by(Expert.id)
    )
    rows = session.execute(invited if only is None else invited.where(Expert.id.in_(only)))
    # A seed has a meaning only if the order was drawn from it.
    drawn = round_.order == values.RANDOM
    return {
        row.id: values.Expert(
            row.code, row.direction, row.language, kind, row.name, seed if drawn else None
        )
        for row, kind, seed in rows
    }


def _extremes(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Experts,
    framework: values.Framework,
) -> Iterator[values.Extremes]:
    rows = session.scalars(
        select(Extremes).where(
            *_of(Extremes, round_, experts), ~_abstains_from(Extremes, Extremes.parent_id)
        )
    )
    found = {(row.expert_id, codes[row.parent_id]): row for row in rows}
    for expert_id, expert in experts.items():
        for parent in framework.parents:
            row = found.get((expert_id, parent))
            if row is not None and expert.kind == values.BEST_WORST:
                yield values.Extremes(expert.code, parent, codes[row.best_id], codes[row.worst_id])


def _counted(
    judgements: Iterable[values.Judgement],
    framework: values.Framework,
    experts: Experts,
    extremes: Iterable[values.Extremes],
) -> Iterator[values.Judgement]:
    """Yield the judgements that belong to their expert's kind; others are kept aside."""
    kinds = {expert.code: expert.kind for expert in experts.values()}
    stars = {(star.expert, star.parent): star for star in extremes}
    for judgement in judgements:
        star = stars.get((judgement.expert, judgement.parent))
        if framework.asks_every_pair(judgement.parent, kinds[judgement.expert]) or (
            star and star.admit(judgement.first, judgement.second, judgement.steps)
        ):
            yield judgement


def _judgements(
    session: Session, round_: Round, codes: Mapping[int, str], experts: Experts
) -> Iterator[values.Judgement]:
    rows = session.execute(
        select(
            Judgement.expert_id,
            Comparison.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            Judgement.step,
            Judgement.reason,
        )
        .join(Comparison, Comparison.id == Judgement.comparison_id)
        .where(*_of(Judgement, round_, experts), ~_abstains_from(Judgement, Comparison.parent_id))
        .order_by(Judgement.expert_id, Comparison.position)
    )
    for expert, parent, first, second, step, reason in rows:
        yield values.Judgement(
            experts[expert].code, codes[parent], codes[first], codes[second], step, reason
        )


def _allocations(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    experts: Experts,
    framework: values.Framework,
) -> Iterator[values.Allocation]:
    """Yield points by expert, in order of asking; an unfinished group is no answer."""
    by_expert: dict[int, dict[int, float]] = defaultdict(dict)
    for row in session.scalars(
        select(Allocation)
        .join(Criterion, Criterion.id == Allocation.criterion_id)
        .where(*_of(Allocation, round_, experts), ~_abstains_from(Allocation, Criterion.parent_id))
    ):
        if row.kind == experts[row.expert_id].kind:
            by_expert[row.expert_id][row.criterion_id] = row.points
    for expert_id, expert in experts.items():
        points = by_expert[expert_id]
        for parent in framework.parents:
            items = framework.children(parent)
            given = {i: points[criteria[i].id] for i in items if criteria[i].id in points}
            if len(given) == len(items) and values.is_whole(expert.kind, given.values()):
                for item, share in given.items():
                    yield values.Allocation(expert.code, parent, item, share)


def _of(
    answers: type[Judgement | Allocation | Abstention | Extremes], round_: Round, experts: Experts
) -> tuple[ColumnElement[bool], ...]:
    return answers.round_id == round_.id, answers.expert_id.in_(experts)


def _abstains_from(
    answers: type[Judgement | Allocation | Extremes], parent_id: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Return the condition that the expert abstains from this answer's whole group."""
    return exists().where(
        Abstention.expert_id == answers.expert_id,
        Abstention.round_id == answers.round_id,
        Abstention.parent_id == parent_id,
        Abstention.comparison_id.is_(None),
    )


def _abstentions(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Experts,
    framework: values.Framework,
) -> Iterator[values.Abstention]:
    rows = session.execute(
        select(Abstention, Comparison.first_id, Comparison.second_id)
        .outerjoin(Comparison, Comparison.id == Abstention.comparison_id)
        .where(*_of(Abstention, round_, experts))
        .order_by(Abstention.expert_id, Abstention.parent_id, Comparison.position)
    )
    for row, first, second in rows:
        expert, parent = experts[row.expert_id], codes[row.parent_id]
        if first and not framework.asks_every_pair(parent, expert.kind):
            continue
        yield values.Abstention(
            expert.code,
            parent,
            codes[first] if first else "",
            codes[second] if second else "",
            row.reason,
        )


def store_answers(
    session: Session,
    study: values.Study,
    round_: Round,
    criteria: dict[str, Criterion],
    experts: dict[str, Expert],
    at: datetime,
) -> None:
    """Store a study's answers as those of an open round."""
    ids = {code: expert.id for code, expert in experts.items()}
    for step in answer_steps(study, at, round_.id, ids, criteria):
        step(session)


def answer_steps(
    study: values.Study,
    at: datetime,
    round_id: int,
    experts: Mapping[str, int],
    criteria: Mapping[str, Criterion],
) -> Iterator[Step]:
    """Yield steps that store answers in an open round; ``experts`` are ids by code."""
    comparisons: dict[tuple[int, int], int] = {}
    kinds = {expert.code: expert.kind for expert in study.panel}

    def load_comparisons(session: Session) -> None:
        asked = select(Comparison.first_id, Comparison.second_id, Comparison.id).where(
            Comparison.round_id == round_id
        )
        comparisons.update({(first, second): id_ for first, second, id_ in session.execute(asked)})

    def step_of(kind: str, answers: Sequence[Any]) -> Step:
        table, columns = _TABLES[kind]

        def step(session: Session) -> None:
            rows = [
                {
                    "round_id": round_id,
                    "expert_id": experts[answer.expert],
                    **columns(answer, at, criteria, comparisons),
                }
                for answer in answers
            ]
            if kind == "allocations":
                for row, answer in zip(rows, answers, strict=True):
                    row["method"] = kinds[answer.expert]
            session.execute(insert(Base.metadata.tables[table]), rows)

        return step

    yield load_comparisons
    for kind in _TABLES:
        for answers in sliced(getattr(study, kind), slices.ROWS):
            yield step_of(kind, answers)


_Criteria = Mapping[str, Criterion]
_Comparisons = Mapping[tuple[int, int], int]


def _judgement_row(
    answer: values.Judgement, at: datetime, criteria: _Criteria, comparisons: _Comparisons
) -> dict[str, Any]:
    return {
        "comparison_id": comparisons[criteria[answer.first].id, criteria[answer.second].id],
        "step": answer.steps,
        "reason": answer.reason,
        "answered_at": at,
    }


def _allocation_row(
    answer: values.Allocation, at: datetime, criteria: _Criteria, _: _Comparisons
) -> dict[str, Any]:
    return {
        "criterion_id": criteria[answer.item].id,
        "points": answer.points,
        "answered_at": at,
    }


def _extremes_row(
    answer: values.Extremes, at: datetime, criteria: _Criteria, _: _Comparisons
) -> dict[str, Any]:
    return {
        "parent_id": criteria[answer.parent].id,
        "best_id": criteria[answer.best].id,
        "worst_id": criteria[answer.worst].id,
        "answered_at": at,
    }


def _abstention_row(
    answer: values.Abstention, at: datetime, criteria: _Criteria, comparisons: _Comparisons
) -> dict[str, Any]:
    pair = (criteria[answer.first].id, criteria[answer.second].id) if answer.first else None
    return {
        "parent_id": criteria[answer.parent].id,
        "comparison_id": comparisons[pair] if pair else None,
        "reason": answer.reason,
        "answered_at": at,
    }


def _review_row(
    answer: values.Review, at: datetime, criteria: _Criteria, _: _Comparisons
) -> dict[str, Any]:
    parent_id = criteria[answer.parent].id
    return {
        "parent_id": parent_id,
        "version": 1,
        "key": f"loaded-{parent_id}",
        "saved_at": at,
        **columns_of(answer),
    }


#: The table of each kind of answer, and the function that makes a row of one.
_TABLES: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "judgements": ("judgement", _judgement_row),
    "allocations": ("allocation", _allocation_row),
    "extremes": ("extremes", _extremes_row),
    "abstentions": ("abstention", _abstention_row),
    "reviews": ("review", _review_row),
}
