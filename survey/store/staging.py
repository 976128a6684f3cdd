"""Loading in short transactions: rows are aside until the last puts them in force.

A study of a million answers or an edition of 100,000 cities takes minutes to
store, and a save that waits for a turn is refused after 5 s. So each
transaction stores some rows, and other writers have their turn between two. No page
shows rows that are aside; the next load removes those of a load that was stopped.
Each transaction renews the moment since which something is aside: a load that takes
hours was not stopped. A load without a write for an hour is regarded as stopped:
the next one renews the moment in its place before it removes anything, and the
first one, if it continues, finds another moment than its own and ends.

A load that fails may have succeeded: a connection that is cut during the commit
does not tell. So each transaction that removes rows first checks, with their study
held, that they are still aside.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey import values
from survey.db import Conflict, Database, DatabaseUnavailable
from survey.models import (
    ANSWERS,
    Edition,
    EditionTable,
    Expert,
    Invitation,
    Publication,
    Rating,
    Round,
    Study,
    Unit,
)
from survey.store import journal
from survey.store.editions import store_tables, unit_steps
from survey.store.frameworks import load_criteria
from survey.store.locks import hold_study
from survey.store.slices import ROWS
from survey.store.studies import Loading, aside_code

#: Longer than any waiting writer sleeps between two tries, in seconds.
PAUSE = 0.015

#: Rows that are aside for longer were left by a load that was stopped.
ABANDONED_AFTER = timedelta(hours=1)

#: The number of units that are removed at once, with their levels.
UNITS = 20


@dataclass
class Aside:
    """A study or an edition that is being loaded."""

    table: type[Study | Edition]
    row_id: int
    #: The moment of its load's last write.
    since: datetime

    def renew(self, session: Session, at: datetime) -> None:
        """Show that it is still being loaded.

        Raises
        ------
        Conflict
            If another load regards this one as stopped, and removes what it stored.
        """
        row = self.table
        ours = row.id == self.row_id, row.aside_since == self.since
        renewed = update(row).where(*ours).values(aside_since=at).returning(row.id)
        if session.scalar(renewed) is None:
            raise Conflict("the load did not move for an hour, and another one removed its rows")
        self.since = at


def store_in_turns(
    database: Database,
    study: values.Study,
    author_id: int,
    clock: Callable[[], datetime],
    actor: str = journal.COMMAND,
) -> int:
    """Store a study as ``store_study`` does, in short transactions; returns its id.

    Raises
    ------
    StudyExists
        If the code is taken.
    Conflict
        If it wrote nothing for an hour, and another load removes what it stored.
    """
    at = clock()
    remove_abandoned(database, at)
    loading = Loading(study, author_id, at, actor)
    steps = loading.steps()
    try:
        with _turn(database) as session:
            next(steps)(session)
        aside = Aside(Study, loading.study_id, at)
        for step in steps:
            with _turn(database) as session:
                aside.renew(session, clock())
                step(session)
    except BaseException:
        with suppress(DatabaseUnavailable):  # the next load removes it
            _remove_study(database, loading.study_id)
        raise
    return loading.study_id


def stage_edition(
    database: Database,
    study_id: int,
    units: Sequence[values.Unit],
    tables: Sequence[values.Table],
    clock: Callable[[], datetime],
) -> Aside:
    """Store an edition that is aside.

    Raises
    ------
    Conflict
        If it wrote nothing for an hour, and another load removes what it stored.
    """
    at = clock()
    remove_abandoned(database, at)
    with _turn(database) as session:
        study = session.get_one(Study, study_id)
        edition = Edition(study_id=study_id, code=aside_code(), aside_since=at)
        session.add(edition)
        session.flush()
        store_tables(session, edition, tables)
        criteria = load_criteria(session, study.framework_id)
    aside = Aside(Edition, edition.id, at)
    try:
        for step in unit_steps(edition.id, units, criteria):
            with _turn(database) as session:
                aside.renew(session, clock())
                step(session)
    except BaseException:
        remove_if_possible(database, edition.id)
        raise
    return aside


def put_in_force(
    session: Session, study: Study, aside: Aside, before: Edition | None, at: datetime
) -> Edition:
    """Let a study have this edition in place of the one before, which goes aside.

    Raises
    ------
    Conflict
        If it wrote nothing for an hour, and another load removes it.
    """
    aside.renew(session, at)
    code = study.code
    if before is not None:
        code, before.code, before.aside_since = before.code, aside_code(), at
        session.flush()
    edition = session.get_one(Edition, aside.row_id)
    edition.code, edition.aside_since = code, None
    session.flush()
    return edition


def remove_abandoned(database: Database, at: datetime) -> None:
    """Remove the rows that stopped loads left aside, and units that were replaced."""
    before = at - ABANDONED_AFTER
    with database.reading() as session:
        studies = session.scalars(select(Study.id).where(Study.aside_since < before)).all()
        editions = session.scalars(
            select(Edition.id)
            .where(Edition.aside_since < before)
            .where(select(Unit.id).where(Unit.edition_id == Edition.id).exists())
        ).all()
    for study_id in studies:
        if _take_over(database, Study, study_id, at):
            _remove_study(database, study_id)
    for edition_id in editions:
        if _take_over(database, Edition, edition_id, at):
            remove_edition(database, edition_id)


def _take_over(database: Database, table: type[Study | Edition], row_id: int, at: datetime) -> bool:
    """Whether the rows are still abandoned; if so, their load is refused from now on."""
    abandoned = table.id == row_id, table.aside_since < at - ABANDONED_AFTER
    taken = update(table).where(*abandoned).values(aside_since=at).returning(table.id)
    with _turn(database) as session:
        return session.scalar(taken) is not None


def remove_if_possible(database: Database, edition_id: int) -> None:
    """Remove an edition that is aside; the next load removes rows refused for now."""
    with suppress(DatabaseUnavailable):
        remove_edition(database, edition_id)


def remove_edition(database: Database, edition_id: int) -> None:
    """Remove an edition while it is aside; what was published of it keeps its row."""
    of_edition = Unit.edition_id == edition_id
    while True:
        with _turn(database) as session:
            if not _edition_is_aside(session, edition_id):
                return
            some = session.scalars(select(Unit.id).where(of_edition).limit(UNITS)).all()
            session.execute(delete(Rating).where(Rating.unit_id.in_(some)))
            session.execute(delete(Unit).where(Unit.id.in_(some)))
            if not some:
                _remove_row(session, edition_id)
                return


def _edition_is_aside(session: Session, edition_id: int) -> bool:
    """Whether an edition or its study is not in force; while held, that cannot change."""
    study_id = session.scalar(select(Edition.study_id).where(Edition.id == edition_id))
    if study_id is None:
        return False
    return _study_is_aside(session, study_id) or _is_aside(session, Edition, edition_id)


def _study_is_aside(session: Session, study_id: int) -> bool:
    """Whether a study is not in force; other writers wait for this transaction."""
    hold_study(session, study_id)
    return _is_aside(session, Study, study_id)


def _is_aside(session: Session, table: type[Study | Edition], row_id: int) -> bool:
    aside = table.id == row_id, table.aside_since.is_not(None)
    return session.scalar(select(table.id).where(*aside)) is not None


def _remove_row(session: Session, edition_id: int) -> None:
    """Remove the row of an edition without units, unless it has a publication."""
    published = select(Publication.id).where(Publication.edition_id == edition_id).limit(1)
    if session.scalar(published) is None:
        session.execute(delete(EditionTable).where(EditionTable.edition_id == edition_id))
        session.execute(delete(Edition).where(Edition.id == edition_id))


def _remove_study(database: Database, study_id: int) -> None:
    """Remove people, answers and units of a study aside; its questions are kept."""
    with database.reading() as session:
        editions = session.scalars(select(Edition.id).where(Edition.study_id == study_id)).all()
    for edition_id in editions:
        remove_edition(database, edition_id)
    rounds = select(Round.id).where(Round.study_id == study_id)
    for table in ANSWERS:
        _remove(database, study_id, table.id, table.round_id.in_(rounds))
    _remove(database, study_id, Invitation.id, Invitation.round_id.in_(rounds))
    _remove(database, study_id, Expert.id, Expert.study_id == study_id)
    with _turn(database) as session:
        session.execute(
            update(Study)
            .where(Study.id == study_id, Study.aside_since.is_not(None))
            .values(titles={}, contact="", notices={}, purposes={})
        )


def _remove(
    database: Database, study_id: int, row: InstrumentedAttribute[int], which: ColumnElement[bool]
) -> None:
    """Delete the rows with these ids of a study that is aside, some in each turn."""
    some = select(row).where(which).limit(ROWS)
    while True:
        with _turn(database) as session:
            ids = session.scalars(some).all() if _study_is_aside(session, study_id) else ()
            session.execute(delete(row.class_).where(row.in_(ids)))
        if not ids:
            return


@contextmanager
def _turn(database: Database) -> Iterator[Session]:
    """Open one short transaction; after it a writer that waits has its turn."""
    with database.writing() as session:
        yield session
    if database.is_sqlite:
        time.sleep(PAUSE)
