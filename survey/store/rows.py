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
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects import sqlite as sqlite_dialect

from survey.db import Base, sqlite

#: Conversions of columns of PostgreSQL to what SQLAlchemy would have written to SQLite.
_AS_WRITTEN = {
    "timestamp with time zone": sql.SQL(
        "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    ),
    "json": sql.SQL("{}::text"),
}
_AS_IT_IS = sql.SQL("{}")

#: How statements for a file are written.
SQLITE = sqlite_dialect.dialect(paramstyle="qmark")

#: Rows that are in memory at a time.
_SLICE = 1000

#: The revision is set by the revisions themselves.
_REVISION = "alembic_version"


def copy_out(connection: psycopg.Connection[Any], path: Path) -> None:
    """Copy every row that ``connection`` sees into the empty tables of ``path``."""
    with opened(path) as copy, rows_change(copy):
        for table in tables_of(copy):
            _read_into(copy, connection, table)


def copy_in(connection: psycopg.Connection[Any], path: Path) -> None:
    """Replace all rows by those of the file ``path``, in the running transaction.

    Both have the newest revision. Triggers protect closed rounds from changes, not from their
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
    """Open a file of SQLite outside of any transaction; close it when the block ends."""
    connection = sqlite.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def without_triggers(copy: Any) -> Iterator[None]:
    """Disable the triggers of an SQLite copy: rows may change in any order and state."""
    triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        copy.execute(f"DROP TRIGGER {SQLITE.identifier_preparer.quote_identifier(name)}")
    yield
    for _, statement in triggers:
        copy.execute(statement)


@contextmanager
def rows_change(copy: Any) -> Iterator[None]:
    """Change rows of a copy in one transaction, in any order and state."""
    copy.execute("PRAGMA foreign_keys = 0")
    copy.execute("BEGIN")
    with without_triggers(copy):
        yield
    copy.execute("COMMIT")


def tables_of(copy: Any) -> list[str]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in names if name != _REVISION]


def columns_of(copy: Any, table: str) -> list[str]:
    return [name for (name,) in copy.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def of_sqlite(name: str, columns: Sequence[str]) -> sa.TableClause:
    """Return a table of a file; its names, which may be any, are quoted in SQL."""
    return sa.table(name, *map(sa.column, columns))


def _read_into(copy: Any, connection: psycopg.Connection[Any], name: str) -> None:
    columns = columns_of(copy, name)
    into = str(of_sqlite(name, columns).insert().compile(dialect=SQLITE))
    for rows in _read(connection, name, columns):
        copy.executemany(into, rows)


def _read(
    connection: psycopg.Connection[Any], name: str, columns: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    types = dict(
        connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            (name,),
        ).fetchall()
    )
    read = [_AS_WRITTEN.get(types[c], _AS_IT_IS).format(sql.Identifier(c)) for c in columns]
    query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(read), sql.Identifier(name))
    with connection.cursor("rows") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_SLICE):
            yield rows


def _write(connection: psycopg.Connection[Any], name: str, copy: Any) -> None:
    columns, table = columns_of(copy, name), sql.Identifier(name)
    identifiers = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(table, identifiers)
    query = str(sa.select(of_sqlite(name, columns)).compile(dialect=SQLITE))
    with connection.cursor().copy(into) as rows:
        for row in copy.execute(query):
            rows.write_row(row)
    if "id" in columns:
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({name}, 'id'), coalesce(max(id), 1),"
                " max(id) IS NOT NULL) FROM {table}"
            ).format(name=sql.Literal(table.as_string(connection)), table=table)
        )


def _alter(connection: psycopg.Connection[Any], table: str, change: str) -> None:
    connection.execute(f'ALTER TABLE "{table}" {change}'.encode())
