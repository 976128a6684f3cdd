"""Revision of the database, and its migration to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from survey.db import Base, Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

#: The longest wait of a migration for the writers before it, in seconds.
DEADLINE = 30.0


class BrokenReferences(Exception):
    """A migration left foreign keys without their rows; it was undone."""


def configuration(connection: Connection | None = None) -> Config:
    """Return the configuration of Alembic, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["target_metadata"] = Base.metadata
    return config


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def revision(database: Database) -> str | None:
    """Return the revision of the database; None for an empty one."""
    with database.engine.connect() as connection:
        return revision_on(connection)


def revision_on(connection: Connection) -> str | None:
    """Return the revision that this connection sees."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str | None) -> bool:
    """Whether this version of Steelyard has a revision."""
    known = ScriptDirectory.from_config(configuration()).walk_revisions()
    return revision is None or revision in {script.revision for script in known}


def may_change_tables(database: Database) -> bool:
    """Whether the database's own role may migrate it."""
    if database.is_sqlite:
        return True
    with database.engine.connect() as connection:
        return bool(connection.exec_driver_sql(_MAY_CHANGE_TABLES).scalar_one())


_MAY_CHANGE_TABLES = (
    "SELECT has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS"
    " (SELECT FROM pg_tables WHERE schemaname = current_schema()"
    " AND NOT pg_has_role(tableowner, 'USAGE'))"
)


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the database to a revision in one transaction, or leave it as it was."""
    with _transaction(database) as connection:
        upgrade_on(connection, to)


def upgrade_on(connection: Connection, to: str = "head") -> None:
    """Bring the database to a revision within the transaction of ``connection``."""
    command.upgrade(configuration(connection), to)


def downgrade(database: Database, to: str) -> None:
    """Bring the database back to an older revision in one transaction."""
    with _transaction(database) as connection:
        command.downgrade(configuration(connection), to)


@contextmanager
def driver(database: Database) -> Iterator[Any]:
    """Yield the driver's own connection, outside of any transaction."""
    pooled = database.engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def postgresql_driver(connection: Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection under this one, in the same transaction."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


@contextmanager
def _transaction(database: Database) -> Iterator[Connection]:
    with database.gate(DEADLINE), database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        # Rebuilding a table drops it for a moment; within a transaction this
        # pragma does nothing, so it is set around it.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = 0")
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise BrokenReferences
        finally:
            driver.execute("PRAGMA foreign_keys = 1")
