"""Copies of the database that are known to be whole, and getting one back.

The file of a running SQLite database is never copied or opened as a file:
that loses answers, and drops the locks that keep a second writer out. SQLite
itself writes the copy; PostgreSQL's own ``pg_dump`` does.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, select

from survey.db import Database, sqlite
from survey.models import Journal, Study
from survey.store import journal, schema


@dataclass(eq=False)
class BadBackup(Exception):
    """A backup that must not be restored, and why."""

    path: Path
    why: str


@dataclass(eq=False)
class ToolMissing(Exception):
    """PostgreSQL's own tool that this needs is not on the PATH."""

    tool: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; kept beside it, so that damage shows."""

    sha256: str
    engine: str
    revision: str | None
    made_at: str
    #: Study code -> number of journal entries and the journal's head.
    journals: dict[str, tuple[int, str]]


def back_up(database: Database, folder: Path, at: datetime) -> Path:
    """Write a checked copy of the database into ``folder``; returns its path.

    Raises
    ------
    BadBackup
        If the copy turns out not to be whole.
    ToolMissing
        If PostgreSQL's ``pg_dump`` is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "sqlite3" if database.is_sqlite else "dump"
    path = folder / f"steelyard-{at:%Y%m%dT%H%M%S%f}.{suffix}"
    journals: dict[str, tuple[int, str]] = {}
    if database.is_sqlite:
        _copy_sqlite(database, path)
        journals = _check_sqlite(path)
    else:
        _run("pg_dump", database.url, "--format=custom", "--no-owner", f"--file={path}")
    manifest = Manifest(
        sha256=_file_digest(path),
        engine=database.url.get_backend_name(),
        revision=schema.revision(database),
        made_at=at.isoformat(),
        journals=journals,
    )
    _manifest_path(path).write_text(json.dumps(asdict(manifest), indent=1) + "\n", "utf-8")
    return path


def restore(database: Database, path: Path, folder: Path, at: datetime) -> Path | None:
    """Put a backup in the place of everything the database holds.

    Returns the path of a copy, in ``folder``, of what it held before; None if
    it was empty.

    Raises
    ------
    BadBackup
        If the backup is damaged, of another engine or of a newer version;
        the database is as it was.
    """
    _check_manifest(database, path)
    if database.is_sqlite:
        _check_sqlite(path)
    kept = back_up(database, folder, at) if schema.revision(database) else None
    if database.is_sqlite:
        with _opened(path) as source, database.gate(schema.DEADLINE), _raw(database) as target:
            source.backup(target)
    else:
        _run("pg_restore", database.url, "--clean", "--if-exists", "--no-owner", str(path))
    schema.upgrade(database)
    return kept


def _copy_sqlite(database: Database, path: Path) -> None:
    with database.gate(schema.DEADLINE), _raw(database) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    path.chmod(0o600)


def _check_sqlite(path: Path) -> dict[str, tuple[int, str]]:
    """Read a copy from end to end; its journals' lengths and heads by study."""
    try:
        with _opened(path) as connection:
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise BadBackup(path, "SQLite finds it damaged")
        copy = Database(URL.create("sqlite", database=str(path)))
        try:
            return _check_journals(copy, path)
        finally:
            copy.close()
            for leftover in ("-wal", "-shm", ".gate"):
                path.with_name(path.name + leftover).unlink(missing_ok=True)
    except sqlite.DatabaseError as error:
        raise BadBackup(path, f"SQLite cannot read it: {error}") from error


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


def _check_manifest(database: Database, path: Path) -> None:
    beside = _manifest_path(path)
    if not path.is_file():
        raise BadBackup(path, "there is no such file")
    if not beside.is_file():
        raise BadBackup(path, f"its manifest {beside.name} is missing")
    try:
        manifest = Manifest(**json.loads(beside.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise BadBackup(path, f"its manifest cannot be read: {error}") from error
    if manifest.engine != database.url.get_backend_name():
        raise BadBackup(path, f"it is of {manifest.engine}")
    if manifest.sha256 != _file_digest(path):
        raise BadBackup(path, "it is not the file its manifest describes")
    if not schema.knows(manifest.revision):
        raise BadBackup(path, "it was made by a newer version of Steelyard")


def _manifest_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    connection = sqlite.connect(path)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _raw(database: Database) -> Iterator[Any]:
    """The driver's own connection, outside any transaction."""
    pooled = database.engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def _run(tool: str, url: URL, *arguments: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise ToolMissing(tool)
    where = url.set(drivername="postgresql", password=None).render_as_string()
    # The password goes by the environment: arguments are visible to every user.
    environment = {**os.environ, "PGPASSWORD": url.password} if url.password else None
    subprocess.run([found, f"--dbname={where}", *arguments], check=True, env=environment)
