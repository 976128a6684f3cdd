"""Replace the units of an edition, with their levels."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey import values
from survey.db import Database
from survey.models import Study
from survey.reports.ranking.changes import Changes, changes, units_digest
from survey.store import journal
from survey.store.editions import find_edition, hold_edition
from survey.store.staging import Aside, put_in_force, remove_if_possible, stage_edition
from survey.store.studies import load_ranked
from survey.values import By


class UnitsChanged(Exception):
    """The units have changed since the author's preview; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Units that are stored but not in force yet."""

    edition: Aside
    #: The edition that they were compared with; None if there was none.
    before_id: int | None
    changes: Changes
    digest: str


def stage_units(
    database: Database,
    study_id: int,
    units: Sequence[values.Unit],
    shown: str,
    clock: Callable[[], datetime],
) -> Staged:
    """Store units beside those in force, in short transactions.

    Parameters
    ----------
    shown : str
        The digest of the units that the author was shown when they agreed.

    Raises
    ------
    UnitsChanged
        If they have changed since.
    Conflict
        As in :func:`stage_edition`.
    """
    with database.reading() as session:
        study = session.get_one(Study, study_id)
        edition = find_edition(session, study)
        before = load_ranked(session, study)
    if units_digest(before.units) != shown:
        raise UnitsChanged
    return Staged(
        stage_edition(database, study_id, units, before.tables, clock),
        edition.id if edition else None,
        changes(before.units, units, before.framework),
        units_digest(units),
    )


def replace_units(session: Session, study: Study, staged: Staged, by: By) -> Changes:
    """Replace the units and levels of the study's edition by staged ones.

    Raises
    ------
    UnitsChanged
        If the edition is not the one that they were compared with.
    Conflict
        If the staged units were considered abandoned and are being removed.
    """
    edition = hold_edition(session, study)
    if (edition.id if edition else None) != staged.before_id:
        raise UnitsChanged
    now_in_force = put_in_force(session, study, staged.edition, edition, by.at)
    made = staged.changes
    detail: journal.Detail = {
        "edition": now_in_force.code,
        "levels": len(made.levels),
        "units": made.units,
        "added": len(made.added),
        "removed": len(made.removed),
        "digest": staged.digest,
    }
    journal.record(session, study.id, by.actor, "levels replaced", detail, by.at)
    return made


@contextmanager
def replacing(database: Database, staged: Staged) -> Iterator[None]:
    """Remove the old units afterwards, or the staged ones if the block fails.

    Units whose commit failed may be in force nevertheless: those stay.
    """
    try:
        yield
    except BaseException:
        remove_if_possible(database, staged.edition.row_id)
        raise
    if staged.before_id is not None:
        remove_if_possible(database, staged.before_id)
