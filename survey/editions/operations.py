"""Replacing the units of an edition, with their levels."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey import values
from survey.models import Criterion, Edition, Rating, Study, Unit
from survey.reports.changes import Changes, changes, units_digest
from survey.store import journal
from survey.store.loading import hold_edition, load_criteria, load_ranked


class UnitsChanged(Exception):
    """The units are no longer those that the author was shown; nothing was stored."""


def replace_units(
    session: Session,
    study: Study,
    units: Sequence[values.Unit],
    shown: str,
    actor: str,
    at: datetime,
) -> Changes:
    """Make these the units of the study's edition, with these levels and no others.

    Parameters
    ----------
    shown : str
        The digest of the units that the author was shown when she agreed.

    Raises
    ------
    UnitsChanged
        If they have changed since.
    """
    edition = hold_edition(session, study)
    before = load_ranked(session, study)
    if units_digest(before.units) != shown:
        raise UnitsChanged
    made = changes(before.units, units, before.framework)
    if edition is None:
        edition = Edition(study_id=study.id, code=study.code)
        session.add(edition)
        session.flush()
    _store_units(session, edition, units, load_criteria(session, study.framework_id))
    detail: journal.Detail = {
        "edition": edition.code,
        "levels": len(made.levels),
        "units": made.units,
        "added": len(made.added),
        "removed": len(made.removed),
        "digest": units_digest(units),
    }
    journal.record(session, study.id, actor, "levels replaced", detail, at)
    return made


def _store_units(
    session: Session,
    edition: Edition,
    units: Sequence[values.Unit],
    criteria: dict[str, Criterion],
) -> None:
    stored = select(Unit).where(Unit.edition_id == edition.id).options(selectinload(Unit.ratings))
    rows = {row.code: row for row in session.scalars(stored)}
    for code in rows.keys() - {unit.code for unit in units}:
        session.delete(rows[code])
    for position, unit in enumerate(units, 1):
        row = rows.get(unit.code) or Unit(edition_id=edition.id, code=unit.code)
        session.add(row)
        row.position = position
        row.names = dict(unit.names)
        row.country = unit.country
        row.capital = unit.capital
        row.latitude, row.longitude = unit.latitude, unit.longitude
        _store_levels(row, unit.levels, criteria)
    session.flush()


def _store_levels(row: Unit, levels: Mapping[str, int], criteria: dict[str, Criterion]) -> None:
    known = {criteria[code].id: (criteria[code].top, level) for code, level in levels.items()}
    for rating in list(row.ratings):
        if rating.criterion_id not in known:
            row.ratings.remove(rating)
        else:
            _, rating.level = known.pop(rating.criterion_id)
    row.ratings += [
        Rating(criterion_id=criterion_id, top=top, level=level)
        for criterion_id, (top, level) in known.items()
    ]
