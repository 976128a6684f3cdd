"""The rows of a PostgreSQL database as an SQLite file, and back.

The file is made by the same revisions as the database, so that both have the same
tables and columns. Only the rows are copied: the way they are written differs
between the two for moments, JSON and nothing else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from survey.db import Base, sqlite

#: How a column of PostgreSQL is read so that SQLite holds what SQLAlchemy would have written.
_AS_WRITTEN = {
    "timestamp with time zone": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "json": "{}::text",
}

#: Rows that are in memory at a time.
_SLICE = 1000

#: The revision is set by the revisions themselves.
_REVISION = "alembic_version"


def copy_out(connection: psycopg.Connection[Any], path: Path) -> None:
    """Copy every row that ``connection`` sees into the empty tables of the file ``path``."""
    with opened(path) as copy:
        copy.execute("PRAGMA foreign_keys = 0")
        copy.execute("BEGIN")
        with without_triggers(copy):
            for table in _tables(copy):
                _read_into(copy, connection, table)
        copy.execute("COMMIT")


def copy_in(connection: psycopg.Connection[Any], path: Path) -> None:
    """Put the rows of the file ``path`` in the place of all rows, in the running transaction.

    Both have the newest revision. Triggers keep closed rounds from people, not from their
    own backup: the owner of the tables sets them aside until the transaction ends.
    """
    connection.execute("SET LOCAL timezone = 'UTC'")
    tables = [table.name for table in Base.metadata.sorted_tables]
    for table in tables:
        _alter(connection, table, "DISABLE TRIGGER USER")
    # Not TRUNCATE: a reader whose view is older than the end of this would find nothing.
    for table in reversed(tables):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    with opened(path) as copy:
        for table in tables:
            _write(connection, table, copy)
    for table in tables:
        _alter(connection, table, "ENABLE TRIGGER USER")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A file of SQLite outside of any transaction, closed when the block ends."""
    connection = sqlite.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def without_triggers(copy: Any) -> Iterator[None]:
    """Set the triggers of an SQLite copy aside: its rows may change in any order and state."""
    triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        copy.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in triggers:
        copy.execute(statement)


def _tables(copy: Any) -> list[str]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in names if name != _REVISION]


def _columns(copy: Any, table: str) -> list[str]:
    return [row[1] for row in copy.execute(f'PRAGMA table_info("{table}")')]


def _named(table: str, columns: Sequence[str]) -> str:
    return f'"{table}" ({", ".join(_quoted(column) for column in columns)})'


def _quoted(name: str) -> str:
    """A name as SQL writes it; a file that is restored may hold any."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _read_into(copy: Any, connection: psycopg.Connection[Any], table: str) -> None:
    columns = _columns(copy, table)
    marks = ", ".join("?" for _ in columns)
    into = f"INSERT INTO {_named(table, columns)} VALUES ({marks})"  # noqa: S608 (quoted names)
    for rows in _read(connection, table, columns):
        copy.executemany(into, rows)


def _read(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    types = dict(
        connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            (table,),
        ).fetchall()
    )
    read = ", ".join(_AS_WRITTEN.get(types[c], "{}").format(_quoted(c)) for c in columns)
    with connection.cursor("rows") as cursor:
        cursor.execute(f'SELECT {read} FROM "{table}"'.encode())  # noqa: S608 (quoted names)
        while rows := cursor.fetchmany(_SLICE):
            yield rows


def _write(connection: psycopg.Connection[Any], table: str, copy: Any) -> None:
    columns = _columns(copy, table)
    into = f"COPY {_named(table, columns)} FROM STDIN"
    with connection.cursor().copy(into.encode()) as rows:
        named = ", ".join(map(_quoted, columns))
        for row in copy.execute(f'SELECT {named} FROM "{table}"'):  # noqa: S608 (quoted names)
            rows.write_row(row)
    if "id" in columns:
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({name}, 'id'), coalesce(max(id), 1),"
                " max(id) IS NOT NULL) FROM {table}"
            ).format(name=sql.Literal(_quoted(table)), table=sql.Identifier(table))
        )


def _alter(connection: psycopg.Connection[Any], table: str, change: str) -> None:
    connection.execute(f'ALTER TABLE "{table}" {change}'.encode())
