"""Editions with their units and tables: rows ↔ values."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from survey import values
from survey.db import Base
from survey.models import Criterion, Edition, EditionTable, Study, Unit
from survey.store import slices
from survey.store.locks import hold_study
from survey.store.slices import Step, sliced

_UNIT = Base.metadata.tables["unit"]
_RATING = Base.metadata.tables["rating"]


def find_edition(session: Session, study: Study) -> Edition | None:
    """Find the edition in force."""
    in_force = (Edition.study_id == study.id, Edition.aside_since.is_(None))
    return session.scalar(select(Edition).where(*in_force))


def hold_edition(session: Session, study: Study) -> Edition | None:
    """Find the edition in force; its other writers wait until this transaction ends."""
    hold_study(session, study.id)
    return find_edition(session, study)


def load_units(session: Session, edition: Edition, codes: dict[int, str]) -> Iterator[values.Unit]:
    """Load the units of an edition in its order; ``codes`` are of criteria, by id."""
    rows = session.scalars(
        select(Unit)
        .where(Unit.edition_id == edition.id)
        .order_by(Unit.position)
        .options(selectinload(Unit.ratings))
    )
    order = {code: position for position, code in enumerate(codes.values())}
    for row in rows:
        levels = {codes[rating.criterion_id]: rating.level for rating in row.ratings}
        yield values.Unit(
            code=row.code,
            names=row.names,
            levels=dict(sorted(levels.items(), key=lambda item: order[item[0]])),
            country=row.country,
            capital=row.capital,
            latitude=row.latitude,
            longitude=row.longitude,
        )


def load_tables(edition: Edition) -> tuple[values.Table, ...]:
    """Return the published tables of an edition."""
    return tuple(
        values.Table(table.code, table.names, tuple(table.groups)) for table in edition.tables
    )


def store_tables(session: Session, edition: Edition, tables: Sequence[values.Table]) -> None:
    """Store the published tables of an edition."""
    session.add_all(
        EditionTable(
            edition_id=edition.id,
            code=table.code,
            position=position,
            names=dict(table.names),
            groups=list(table.groups),
        )
        for position, table in enumerate(tables, 1)
    )
    session.flush()


def unit_steps(
    edition_id: int, units: Sequence[values.Unit], criteria: Mapping[str, Criterion]
) -> Iterator[Step]:
    """Yield steps that store units with their levels; an unknown level has no row."""
    most = max((len(unit.levels) for unit in units), default=0)
    size = max(1, slices.ROWS // (most + 1))
    for number, some in enumerate(sliced(units, size)):
        yield _units_step(edition_id, some, number * size + 1, criteria)


def _units_step(
    edition_id: int, units: Sequence[values.Unit], first: int, criteria: Mapping[str, Criterion]
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
