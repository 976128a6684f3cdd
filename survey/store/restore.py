"""Restore of a backup: all of it, or nothing.

The backup is copied, brought to the newest revision and told what must stay in force
(``since_backup``); only then does it take the place of what is there, in one step.
Until it ends no other writer comes between, on either engine.
"""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from survey.db import Database
from survey.store import schema, since_backup
from survey.store.backup import (
    BadBackup,
    Damaged,
    EmptyDatabase,
    Manifest,
    check_manifest,
    file_database,
    read_back,
    revision_of,
    scratch,
    secure,
    take_time,
    write_copy,
)
from survey.store.damaged import copy_files, salvage, write_damaged
from survey.store.rows import copy_in, opened, without_triggers

#: The wait for the connections of a service that was stopped, in seconds.
GRACE = 2.0

#: The bytes that SQLite locks as long as a database in WAL mode is open.
SHARED_FIRST, SHARED_SIZE = 0x40000002, 510


@dataclass(eq=False)
class OthersConnected(Exception):
    """Others are connected to the database to be replaced: role -> connections."""

    roles: dict[str, int]


@dataclass(frozen=True)
class Restored:
    """Result of a restore."""

    #: A copy of what was there before; None if nothing was.
    kept: Path | None
    #: Codes of studies that the backup does not have: they are in ``kept`` alone.
    lost: tuple[str, ...]
    #: None if ``kept`` is a backup; else it is damaged, and these of its tables could not be
    #: read whole.
    unread: tuple[str, ...] | None = None


def restore(
    database: Database, path: Path, folder: Path, at: datetime, *, damaged: bool = False
) -> Restored:
    """Replace everything in the database by a backup.

    Sessions end; links revoked, answers withdrawn and experts removed since the backup
    was made stay so; each journal names the head it came from and the head it came to.
    A copy of what was there is kept in ``folder``; with ``damaged`` also where it cannot
    be read back whole.

    Raises
    ------
    BadBackup, Damaged, OthersConnected, UnknownRevision
        The database is as it was.
    """
    manifest = check_manifest(path)
    with scratch(folder) as place:
        after = _prepare(path, manifest, place)
        with _alone_with(database) as connection:
            try:
                return _replace(database, connection, after, folder, at)
            except Damaged as error:
                if not damaged:
                    raise
                return _replace_damaged(database, connection, after, folder, at, error.why)


def _replace(
    database: Database, connection: Connection | None, after: Path, folder: Path, at: datetime
) -> Restored:
    """Put the prepared copy in the place of what is there, once that is kept."""
    before, kept = after.with_name("before.sqlite3"), None
    with suppress(EmptyDatabase):
        kept = write_copy(database, connection, folder, at)
        shutil.copy(kept, before)
    lost = _settle(after, before, at)
    if connection is None:
        _replace_sqlite(database, after)
    else:
        _replace_rows(connection, after)
    return Restored(kept, lost)


def _replace_damaged(
    database: Database,
    connection: Connection | None,
    after: Path,
    folder: Path,
    at: datetime,
    why: str,
) -> Restored:
    """Replace a database that gives no backup by the copy, once it is kept as it is."""
    if connection is None:
        _refuse_file_in_use(database)
    kept = write_damaged(database, connection, folder, at, why)
    copy_files(kept, after.with_name("damaged.sqlite3"))
    before = after.with_name("before.sqlite3")
    unread = salvage(after.with_name("damaged.sqlite3"), before)
    lost = _settle(after, before, at, unread)
    if connection is None:
        _replace_file(database, after)
    else:
        _replace_rows(connection, after)
    return Restored(kept, lost, unread)


@contextmanager
def _alone_with(database: Database) -> Iterator[Connection | None]:
    """Keep all other sessions out; PostgreSQL: in a transaction, until the block ends."""
    with database.gate(schema.DEADLINE):
        if database.is_sqlite:
            yield None
            return
        database.engine.dispose()  # connections that this process has no use for
        with database.engine.connect() as connection, connection.begin():
            take_time(connection)
            _refuse_others(connection)
            _lock_tables(connection)
            yield connection


def _refuse_others(connection: Connection) -> None:
    """Refuse while others are connected; one that was stopped takes a moment to go."""
    until = time.monotonic() + GRACE
    while others := _others(connection):
        if time.monotonic() > until:
            raise OthersConnected(others)
        time.sleep(0.1)


def _others(connection: Connection) -> dict[str, int]:
    connection.execute(text("SELECT pg_stat_clear_snapshot()"))
    found = connection.execute(
        text(
            "SELECT usename, count(*) AS connections FROM pg_stat_activity"
            " WHERE datname = current_database()"
            " AND usename IS NOT NULL AND pid <> pg_backend_pid() GROUP BY usename ORDER BY usename"
        )
    )
    return {str(row.usename): int(row.connections) for row in found}


def _lock_tables(connection: Connection) -> None:
    """Lock every table: a session that connects now waits, and sees all or nothing.

    A save that has some of them and wants others is a deadlock: one of the two is refused
    by the server, and a restore tries again.
    """
    tables = connection.execute(
        text(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = current_schema()"
        )
    ).scalar_one()
    until = time.monotonic() + schema.DEADLINE
    while tables:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
            return
        except OperationalError as error:
            refused = isinstance(error.orig, LockNotAvailable | DeadlockDetected)
            if not refused or time.monotonic() > until:
                raise


def _prepare(path: Path, manifest: Manifest, place: Path) -> Path:
    """Copy the backup into ``place``, read it back, and migrate it to the newest."""
    copy = Path(shutil.copy(path, place / "after.sqlite3"))
    try:
        read_back(copy)
    except BadBackup as error:
        raise BadBackup(path, error.why) from error
    found = revision_of(copy)
    if found != manifest.revision:
        raise BadBackup(path, f"it has revision {found}, its manifest says {manifest.revision}")
    try:
        with file_database(copy) as database:
            schema.upgrade(database)
    except (DBAPIError, schema.BrokenReferences) as error:
        raise BadBackup(path, f"its tables are not those of revision {found}") from error
    return copy


def _settle(
    after: Path, before: Path, at: datetime, unread: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """Repeat in the copy what must stay in force; return the studies that it lacks.

    ``before`` is made if it is missing: nothing was there.
    """
    with file_database(before) as now, file_database(after) as then:
        schema.upgrade(now)
        with (
            opened(after) as copy,
            without_triggers(copy),  # a round may have been closed when the backup was made
            now.reading() as here,
            then.writing() as there,
        ):
            return since_backup.keep_in_force(here, there, at, unread)


def _replace_sqlite(database: Database, path: Path) -> None:
    with opened(path) as source, schema.driver(database) as target:
        source.backup(target)


def _replace_rows(connection: Connection, path: Path) -> None:
    schema.upgrade_on(connection)
    copy_in(schema.postgresql_driver(connection), path)


def _refuse_file_in_use(database: Database) -> None:
    """Refuse while another process has the file open: it would go on with the old one."""
    place = database.path.resolve()
    database.close()
    with place.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
        except OSError as error:
            raise OthersConnected({"another process": 1}) from error


def _replace_file(database: Database, path: Path) -> None:
    """Replace a file that SQLite may not be able to write, in one step."""
    place = database.path.resolve()
    database.close()
    draft = place.with_name(place.name + ".restored")
    shutil.copyfile(path, draft)
    for suffix in ("-wal", "-shm", "-journal"):  # else SQLite takes them for those of the new file
        Path(f"{place}{suffix}").unlink(missing_ok=True)
    secure(draft)
    draft.replace(place)
