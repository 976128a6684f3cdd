"""Copies of the database, checked to be complete.

A backup is one SQLite file with a manifest beside it, on either engine of the
database: it can be read back, and its journals walked, without a server and without
rights on one. docs/decisions/0070 has the reasons.

The file of a running SQLite database is never copied or opened as a file: that
loses answers, and drops the locks that keep a second writer out. SQLite itself
writes the copy; of PostgreSQL one state is read, in one transaction.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, select
from sqlalchemy.exc import DBAPIError

from survey.db import Database, sqlite
from survey.models import Journal, Study
from survey.store import journal, schema
from survey.store.rows import copy_out, opened

#: The end of the name of a state that is kept although it is damaged.
DAMAGED = "-damaged"


@dataclass(eq=False)
class BadBackup(Exception):
    """A backup that is not whole, or that is none of this version's, and why."""

    path: Path
    why: str


@dataclass(eq=False)
class Damaged(Exception):
    """A present database that cannot be read back whole.

    ``why`` ends a sentence about it.
    """

    why: str


class EmptyDatabase(Exception):
    """A database without tables: there is nothing to copy."""


@dataclass(eq=False)
class UnknownRevision(Exception):
    """The database was used by a newer version, whose tables are not known here."""

    revision: str | None


@dataclass(frozen=True)
class Manifest:
    """Contents of a backup; kept beside it, so that damage shows."""

    sha256: str
    #: The engine of the database that was copied, for information.
    engine: str
    revision: str | None
    made_at: str
    #: Study code -> number of journal entries and the journal's head.
    journals: dict[str, tuple[int, str]]


def back_up(database: Database, folder: Path, at: datetime) -> Path:
    """Write a checked copy of the database into ``folder``; returns its path.

    Nothing is left behind in ``folder`` when it fails.

    Raises
    ------
    Damaged
        If the database cannot be read, or its copy turns out not to be whole.
    EmptyDatabase
        If it has no tables.
    UnknownRevision
        If the database was used by a newer version.
    """
    with database.gate(schema.DEADLINE), reading_one_state(database) as connection:
        return write_copy(database, connection, folder, at)


def write_copy(
    database: Database, connection: Connection | None, folder: Path, at: datetime
) -> Path:
    """Write the view of ``connection`` (SQLite: committed, by the gate) as a backup."""
    found = find_revision(database, connection)
    if found is None:
        raise EmptyDatabase
    name = f"steelyard-{at:%Y%m%dT%H%M%S%f}.sqlite3"
    with scratch(folder) as place:
        draft = place / name
        with finding_damage():
            if connection is None:
                with schema.driver(database) as source:
                    source.execute("VACUUM INTO ?", (str(draft),))
            else:
                copy_postgresql(connection, draft, found)
            journals = read_back(draft)
        manifest = Manifest(
            sha256=file_digest(draft),
            engine=database.url.get_backend_name(),
            revision=found,
            made_at=at.isoformat(),
            journals=journals,
        )
        put_beside(draft, asdict(manifest))
        move_into(folder, [manifest_path(draft), draft])
    return folder / name


def find_revision(database: Database, connection: Connection | None) -> str | None:
    """Return the revision of what is there; None if it is empty.

    Raises
    ------
    Damaged, UnknownRevision
        If it cannot be read, or was used by a newer version.
    """
    with finding_damage():
        found = schema.revision_on(connection) if connection else _revision_of_file(database)
    if not schema.knows(found):
        raise UnknownRevision(found)
    return found


def _revision_of_file(database: Database) -> str | None:
    log = Path(f"{database.path.resolve()}-wal")
    # SQLite empties the log beside an empty file, and what was written last is only there.
    if log.is_file() and log.stat().st_size and not _size(database.path):
        raise Damaged(f"is empty, and the log {log.name} beside it is not")
    found = schema.revision(database)
    if found is None:
        with schema.driver(database) as driver:
            if driver.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise Damaged("holds tables, and not the revision that they have")
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


@contextmanager
def finding_damage() -> Iterator[None]:
    """Turn SQLite's errors of a damaged file, and a copy that is not whole, into one."""
    try:
        yield
    except BadBackup as error:
        raise Damaged(f"cannot be read back whole: {error.why}") from error
    except (DBAPIError, sqlite.DatabaseError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        # Its subclasses are of a disk that is full, a lock, a missing right: no damage.
        if type(cause) is not sqlite.DatabaseError:
            raise
        if "not a database" in str(cause):
            raise Damaged("is not an SQLite database") from error
        raise Damaged(f"cannot be read back whole: {cause}") from error


def read_back(path: Path) -> dict[str, tuple[int, str]]:
    """Read a copy from end to end; return its journals' lengths and heads by study.

    Raises
    ------
    BadBackup
        If it is damaged, or a journal does not hold.
    """
    try:
        with opened(path) as connection:
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise BadBackup(path, "SQLite finds it damaged")
            if connection.execute("PRAGMA foreign_key_check").fetchall():
                raise BadBackup(path, "rows in it lack the rows they belong to")
        with file_database(path) as copy:
            return _check_journals(copy, path)
    except (sqlite.DatabaseError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise BadBackup(path, f"SQLite cannot read it: {cause}") from error


def check_manifest(path: Path) -> Manifest:
    """Return the manifest beside a backup, after a check that it describes this file.

    Raises
    ------
    BadBackup
        If either is missing, or they do not belong together, or are of a newer version.
    """
    beside = manifest_path(path)
    if not path.is_file():
        raise BadBackup(path, "there is no such file")
    if path.stem.endswith(DAMAGED):
        raise BadBackup(path, "it is a damaged state that was kept as it was, and no backup")
    if not beside.is_file():
        raise BadBackup(path, f"its manifest {beside.name} is missing")
    try:
        manifest = Manifest(**json.loads(beside.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise BadBackup(path, f"its manifest cannot be read: {error}") from error
    if path.suffix == ".dump":
        raise BadBackup(
            path,
            "it was written by pg_dump, as earlier versions did; "
            "put it into an empty database with pg_restore --no-owner",
        )
    if manifest.sha256 != file_digest(path):
        raise BadBackup(path, "it is not the file its manifest describes")
    if not schema.knows(manifest.revision):
        raise BadBackup(path, "it was made by a newer version of Steelyard")
    return manifest


@contextmanager
def reading_one_state(database: Database) -> Iterator[Connection | None]:
    """Open a transaction that sees one state of PostgreSQL; None on SQLite."""
    if database.is_sqlite:
        yield None
        return
    with database.engine.connect() as connection:
        one_state = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with one_state.begin():
            take_time(one_state)
            yield one_state


def take_time(connection: Connection) -> None:
    """Lift the limits that keep a page from waiting, until this transaction ends."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Make a private folder inside ``folder``, and remove it when the block ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".scratch-", dir=folder) as name:
        yield Path(name)


@contextmanager
def file_database(path: Path) -> Iterator[Database]:
    """Open a copy as a database of its own; closed, it is one file again."""
    database = Database(URL.create("sqlite", database=str(path)))
    try:
        yield database
    finally:
        database.close()
        for leftover in ("-wal", "-shm", ".gate"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)


def revision_of(path: Path) -> str | None:
    with file_database(path) as copy:
        return schema.revision(copy)


def copy_postgresql(connection: Connection, path: Path, revision: str) -> None:
    """Copy every row that ``connection`` sees into a new file of this revision."""
    with file_database(path) as copy:
        schema.upgrade(copy, revision)
    copy_out(schema.postgresql_driver(connection), path)


def _check_journals(copy: Database, path: Path) -> dict[str, tuple[int, str]]:
    if schema.revision(copy) is None:
        raise BadBackup(path, "it holds no Steelyard database")
    with copy.reading() as session:
        heads = {}
        for study_id, code, length, head in session.execute(
            select(Study.id, Study.code, Journal.length, Journal.head).join(Journal)
        ):
            if (fault := journal.find_fault(session, study_id)) is not None:
                raise BadBackup(path, f"journal of {code}, entry {fault.number}: {fault.what}")
            heads[code] = (length, head)
        return heads


def manifest_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def put_beside(draft: Path, content: Mapping[str, object]) -> None:
    """Write what is stated of a copy into the file beside it."""
    manifest_path(draft).write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def move_into(folder: Path, files: Iterable[Path]) -> None:
    """Give finished files their place."""
    for file in files:
        secure(file)
        file.replace(folder / file.name)


def secure(file: Path) -> None:
    """Have a file on disk, readable for its owner only."""
    file.chmod(0o600)
    with file.open("rb") as written:
        os.fsync(written.fileno())


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
