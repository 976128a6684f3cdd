"""Values → rows in slices: each step is as much as one transaction should do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey import values
from survey.db import Base
from survey.models import Comparison, Criterion
from survey.store.reviews import columns_of

#: A part of storing a study or an edition: what one transaction does of it.
Step = Callable[[Session], None]

#: How many rows one transaction stores, about.
ROWS = 1000

_UNIT = Base.metadata.tables["unit"]
_RATING = Base.metadata.tables["rating"]

Value = TypeVar("Value")


def sliced(given: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """A sequence in parts of this size."""
    return (given[start : start + size] for start in range(0, len(given), size))


def answer_steps(
    study: values.Study,
    at: datetime,
    round_id: int,
    experts: Mapping[str, int],
    criteria: Mapping[str, Criterion],
) -> Iterator[Step]:
    """Steps that store a study's answers in an open round; ``experts`` are ids by code."""
    comparisons: dict[tuple[int, int], int] = {}
    methods = {expert.code: expert.method for expert in study.panel}

    def load_comparisons(session: Session) -> None:
        asked = select(Comparison.first_id, Comparison.second_id, Comparison.id).where(
            Comparison.round_id == round_id
        )
        comparisons.update({(first, second): id_ for first, second, id_ in session.execute(asked)})

    def step_of(kind: str, answers: Sequence[Any]) -> Step:
        table, columns = _KINDS[kind]

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
                    row["method"] = methods[answer.expert]
            session.execute(insert(Base.metadata.tables[table]), rows)

        return step

    yield load_comparisons
    for kind in _KINDS:
        for answers in sliced(getattr(study, kind), ROWS):
            yield step_of(kind, answers)


Criteria = Mapping[str, Criterion]
Comparisons = Mapping[tuple[int, int], int]


def _judgement(
    answer: values.Judgement, at: datetime, criteria: Criteria, comparisons: Comparisons
) -> dict[str, Any]:
    return {
        "comparison_id": comparisons[criteria[answer.first].id, criteria[answer.second].id],
        "step": answer.steps,
        "reason": answer.reason,
        "answered_at": at,
    }


def _allocation(
    answer: values.Allocation, at: datetime, criteria: Criteria, _: Comparisons
) -> dict[str, Any]:
    return {
        "criterion_id": criteria[answer.item].id,
        "points": answer.points,
        "answered_at": at,
    }


def _extremes(
    answer: values.Extremes, at: datetime, criteria: Criteria, _: Comparisons
) -> dict[str, Any]:
    return {
        "parent_id": criteria[answer.parent].id,
        "best_id": criteria[answer.best].id,
        "worst_id": criteria[answer.worst].id,
        "answered_at": at,
    }


def _abstention(
    answer: values.Abstention, at: datetime, criteria: Criteria, comparisons: Comparisons
) -> dict[str, Any]:
    pair = (criteria[answer.first].id, criteria[answer.second].id) if answer.first else None
    return {
        "parent_id": criteria[answer.parent].id,
        "comparison_id": comparisons[pair] if pair else None,
        "reason": answer.reason,
        "answered_at": at,
    }


def _review(
    answer: values.Review, at: datetime, criteria: Criteria, _: Comparisons
) -> dict[str, Any]:
    parent_id = criteria[answer.parent].id
    return {
        "parent_id": parent_id,
        "version": 1,
        "key": f"loaded-{parent_id}",
        "saved_at": at,
        **columns_of(answer),
    }


#: By kind of answer, its table and how a row is made of one.
_KINDS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "judgements": ("judgement", _judgement),
    "allocations": ("allocation", _allocation),
    "extremes": ("extremes", _extremes),
    "abstentions": ("abstention", _abstention),
    "reviews": ("review", _review),
}


def unit_steps(edition_id: int, units: Sequence[values.Unit], criteria: Criteria) -> Iterator[Step]:
    """Steps that store the units of an edition with their levels; an unknown level has no row."""
    most = max((len(unit.levels) for unit in units), default=0)
    size = max(1, ROWS // (most + 1))
    for number, some in enumerate(sliced(units, size)):
        yield _units_step(edition_id, some, number * size + 1, criteria)


def _units_step(
    edition_id: int, units: Sequence[values.Unit], first: int, criteria: Criteria
) -> Step:
    def step(session: Session) -> None:
        rows = [
            {
                "edition_id": edition_id,
                "code": unit.code,
                "position": position,
                "names": dict(unit.names),
                "country": unit.country,
                "capital": unit.capital,
                "latitude": unit.latitude,
                "longitude": unit.longitude,
            }
            for position, unit in enumerate(units, first)
        ]
        made = session.execute(insert(_UNIT).returning(_UNIT.c.code, _UNIT.c.id), rows)
        ids: dict[str, int] = {row.code: row.id for row in made}
        ratings = [
            {
                "unit_id": ids[unit.code],
                "criterion_id": criteria[code].id,
                "top": criteria[code].top,
                "level": level,
            }
            for unit in units
            for code, level in unit.levels.items()
        ]
        if ratings:
            session.execute(insert(_RATING), ratings)

    return step
