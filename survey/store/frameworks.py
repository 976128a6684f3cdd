"""Frameworks: rows ↔ values."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey import values
from survey.models import Criterion, Framework, Rung


def load_criteria(session: Session, framework_id: int) -> dict[str, Criterion]:
    """Load the criteria of a framework by code, in its order."""
    rows = session.scalars(
        select(Criterion)
        .where(Criterion.framework_id == framework_id)
        .order_by(Criterion.position)
        .options(selectinload(Criterion.rungs))
    )
    return {row.code: row for row in rows}


def load_framework(session: Session, framework_id: int) -> values.Framework:
    """Load the framework of this id."""
    return as_framework(load_criteria(session, framework_id).values())


def as_framework(criteria: Iterable[Criterion]) -> values.Framework:
    """Return the framework that these rows hold."""
    by_id = {criterion.id: criterion for criterion in criteria}
    return values.Framework(
        groups=tuple(
            values.Group(row.code, row.names)
            for row in by_id.values()
            if row.top is None and row.parent_id is not None
        ),
        indicators=tuple(
            values.Indicator(
                code=row.code,
                group=by_id[row.parent_id].code,
                names=row.names,
                top=row.top,
                rungs=tuple(values.Rung(rung.level, rung.texts) for rung in row.rungs),
            )
            for row in by_id.values()
            if row.top is not None and row.parent_id is not None
        ),
    )


def store_framework(
    session: Session, framework: values.Framework
) -> tuple[Framework, dict[str, Criterion]]:
    """Store a framework; return its row and its criteria by code."""
    row = Framework()
    session.add(row)
    session.flush()
    goal = _criterion(row, None, values.GOAL, {}, None, 0)
    session.add(goal)
    session.flush()
    criteria = {values.GOAL: goal}
    for position, group in enumerate(framework.groups, 1):
        criteria[group.code] = _criterion(row, goal, group.code, group.names, None, position)
    session.add_all(criteria.values())
    session.flush()
    for position, indicator in enumerate(framework.indicators, len(criteria)):
        leaf = _criterion(
            row,
            criteria[indicator.group],
            indicator.code,
            indicator.names,
            indicator.top,
            position,
        )
        leaf.rungs = [Rung(level=rung.level, texts=dict(rung.texts)) for rung in indicator.rungs]
        criteria[indicator.code] = leaf
    session.add_all(criteria.values())
    session.flush()
    return row, criteria


def _criterion(
    framework: Framework,
    parent: Criterion | None,
    code: str,
    names: values.Texts,
    top: int | None,
    position: int,
) -> Criterion:
    return Criterion(
        framework_id=framework.id,
        parent_id=parent and parent.id,
        code=code,
        position=position,
        names=dict(names),
        top=top,
    )
