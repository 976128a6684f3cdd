"""Databases that cannot be read back whole: copies as they are, and their rows.

A damaged state is no backup: its journal may have false entries. It is kept so that
people can examine it; withdrawals and revocations in it hold in the backup that replaces it.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, Column, ColumnElement, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator

from survey.db import Base, Database, sqlite
from survey.store import schema
from survey.store.backup import (
    DAMAGED,
    copy_postgresql,
    file_database,
    file_digest,
    find_revision,
    manifest_path,
    move_into,
    put_beside,
    reading_one_state,
    scratch,
)
from survey.store.rows import SQLITE, columns_of, of_sqlite, opened, rows_change, tables_of

#: What is unread where no table could be read.
EVERYTHING = ("everything",)

#: Endings of the files of an SQLite database. Logs are copied first: a page that SQLite moves
#: from a log into the database during the copy is then in both copies.
_FILES = ("-wal", "-journal", "")


def keep_damaged(database: Database, folder: Path, at: datetime, why: str) -> Path:
    """Keep a database that gives no backup as it is; return the path of the copy."""
    with database.gate(schema.DEADLINE), reading_one_state(database) as connection:
        return write_damaged(database, connection, folder, at, why)


def write_damaged(
    database: Database, connection: Connection | None, folder: Path, at: datetime, why: str
) -> Path:
    """Write the files of SQLite, or PostgreSQL's rows in ``connection``, as they are.

    The copy has its mark in its name, and the reason in the file beside it.
    """
    name = f"steelyard-{at:%Y%m%dT%H%M%S%f}{DAMAGED}.sqlite3"
    with scratch(folder) as place:
        draft = place / name
        if connection is None:
            # A file that this process has open would lose its locks when the copy is closed.
            database.close()
            files = copy_files(database.path.resolve(), draft)
        else:
            copy_postgresql(connection, draft, find_revision(database, connection) or "head")
            files = [draft]
        stated = {
            "damaged": why,
            "engine": database.url.get_backend_name(),
            "kept_at": at.isoformat(),
            "sha256": {file.name: file_digest(file) for file in files},
        }
        put_beside(draft, stated)
        move_into(folder, [manifest_path(draft), *files])
    return folder / name


def copy_files(source: Path, target: Path) -> list[Path]:
    """Copy an SQLite database with its logs, byte by byte; return the files made."""
    made = []
    for suffix in _FILES:
        file = Path(f"{source}{suffix}")
        if file.is_file():
            made.append(Path(shutil.copyfile(file, f"{target}{suffix}")))
    return made


def salvage(damaged: Path, into: Path) -> tuple[str, ...]:
    """Copy what can be read into a new file of the newest revision.

    Returns the tables of which rows are missing: they could not be read, or belong to
    rows that could not.
    """
    try:
        missing = _salvage(damaged, into)
    except (sqlite.Error, DBAPIError, schema.BrokenReferences):
        missing = EVERYTHING
    if missing == EVERYTHING:
        into.unlink(missing_ok=True)
        with file_database(into) as fresh:
            schema.upgrade(fresh)
    return missing


def _salvage(damaged: Path, into: Path) -> tuple[str, ...]:
    with opened(damaged) as source:
        source.text_factory = lambda text: text.decode("utf-8", "replace")
        with file_database(into) as fresh:
            schema.upgrade(fresh, _revision(source))
        with opened(into) as copy:
            tables = tables_of(copy)
            with rows_change(copy):
                missing = {name for name in tables if not _copy_rows(source, copy, name)}
                missing |= _drop_orphans(copy)
    if missing.issuperset(tables):
        return EVERYTHING
    with file_database(into) as fresh:
        schema.upgrade(fresh)
    with opened(into) as copy, rows_change(copy):
        missing |= _drop_garbled(copy) | _drop_orphans(copy)
    return tuple(sorted(missing))


def _revision(source: Any) -> str:
    """Return the revision of a file, or the newest if it names none that is known."""
    try:
        row = source.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite.DatabaseError:
        row = None
    found = row[0] if row else None
    return found if found and schema.knows(found) else "head"


def _copy_rows(source: Any, copy: Any, name: str) -> bool:
    """Copy a table's rows from its beginning; past an unreadable one, from its end.

    Returns whether all are there.
    """
    table = of_sqlite(name, columns_of(copy, name))
    into = str(table.insert().prefix_with("OR IGNORE").compile(dialect=SQLITE))
    whole = True
    for order in ("rowid", "rowid DESC"):
        read = sa.select(table).order_by(sa.text(order))
        try:
            for row in source.execute(str(read.compile(dialect=SQLITE))):
                whole &= copy.execute(into, row).rowcount == 1
        except sqlite.DatabaseError:
            whole = False
        else:
            break
    return whole


def _drop_orphans(copy: Any) -> set[str]:
    """Delete rows that lack the rows they belong to; return their tables."""
    dropped = set()
    while found := copy.execute("PRAGMA foreign_key_check").fetchall():
        for name, rowid, *_ in found:
            row = sa.delete(sa.table(name)).where(sa.text("rowid = ?"))
            copy.execute(str(row.compile(dialect=SQLITE)), (rowid,))
            dropped.add(name)
    return dropped


def _drop_garbled(copy: Any) -> set[str]:
    """Delete rows with an invalid moment or JSON text; return their tables."""
    dropped = set()
    for table in Base.metadata.sorted_tables:
        for garbled in _garbled(table):
            rows = sa.delete(table).where(garbled)
            written = rows.compile(dialect=SQLITE, compile_kwargs={"literal_binds": True})
            if copy.execute(str(written)).rowcount:
                dropped.add(table.name)
    return dropped


def _garbled(table: sa.Table) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        kind, written = _kind(column), sa.type_coerce(column, sa.String)
        if isinstance(kind, sa.DateTime):
            yield written.is_not(None) & sa.func.strftime("%s", written).is_(None)
        if isinstance(kind, JSON):
            yield sa.func.json_valid(written) == 0


def _kind(column: Column[Any]) -> Any:
    return column.type.impl if isinstance(column.type, TypeDecorator) else column.type
