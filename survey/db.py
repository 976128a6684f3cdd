"""Database: one Base, and one gate for every write; independent of HTTP.

SQLite is opened through the bundled library of ``pysqlite3`` where its wheel
exists, because SQLite 3.7.0-3.51.2 can corrupt a WAL database that several
connections write to (fixed in 3.51.3, 3.50.7 and 3.44.6). On an older library
the rollback journal is used instead.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from survey.outages import (
    Conflict,
    DatabaseBusy,
    DatabaseUnavailable,
    Unanswered,
    committing,
    momentary,
)

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # no wheel for this platform: the standard library's SQLite
    from sqlite3 import dbapi2 as sqlite

__all__ = [
    "MAX_ID",
    "Base",
    "Conflict",
    "Database",
    "DatabaseBusy",
    "DatabaseUnavailable",
    "Gate",
    "UTCDateTime",
    "Unanswered",
    "UnsafeDatabase",
    "sqlite",
    "wal_is_safe",
]

#: The largest id in a database; ids above this cannot exist.
MAX_ID = 2**31 - 1

#: The longest time a write waits for the gate before it is refused, in seconds.
GATE_DEADLINE = 5.0

#: The longest wait for a connection of the pool, in seconds.
POOL_DEADLINE = 5.0


class UnsafeDatabase(Exception):
    """The database did not accept a setting that its guarantees depend on."""


class Base(DeclarativeBase):
    """Base of all tables, with named constraints, which migrations refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """Column type for an aware datetime, stored and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset fault.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 44, 6)), wal_is_safe((3, 51, 3))
    (False, True, True)
    """
    if version >= (3, 51, 3):
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in ((3, 50, 7), (3, 44, 6)))


class Gate:
    """Lock for one writer at a time, in this process and among those of this host."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()

    @contextmanager
    def held(self, deadline: float = GATE_DEADLINE) -> Iterator[None]:
        """Hold the gate; raise :class:`DatabaseBusy` after the deadline."""
        until = time.monotonic() + deadline
        if not self._turn.acquire(timeout=deadline):
            raise DatabaseBusy
        try:
            lock = self._open()
            try:
                _lock_file(lock, until)
                yield
            finally:
                os.close(lock)
        finally:
            self._turn.release()

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:  # the disk is full or read-only, or no file may be opened
            raise DatabaseUnavailable(error.strerror) from error


def _lock_file(lock: int, until: float) -> None:
    pause = 0.0005
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise DatabaseBusy from None
            time.sleep(pause)
            pause = min(2 * pause, 0.01)
        else:
            return


class Database:
    """Connection pools of one database, with sessions for reading and for writing."""

    def __init__(self, url: str | URL, pool_size: int = 8) -> None:
        self.url = make_url(url)
        #: Information for each writing session: the key of the journal's checkpoints.
        self.info: dict[str, object] = {}
        self._gate: Gate | None = None
        if self.is_sqlite:
            path = self.path
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._gate = Gate(path.with_name(path.name + ".gate"))
            self._writer = _sqlite_engine(self.url, pool_size, read_only=False)
            self._reader = _sqlite_engine(self.url, pool_size, read_only=True)
        else:
            self._writer = self._reader = _postgresql_engine(self.url, pool_size)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        if not self.url.database or self.url.database == ":memory:":
            raise ValueError("an SQLite database needs a file: several connections share it")
        return Path(self.url.database)

    @property
    def engine(self) -> Engine:
        """The engine that may write: for migrations, inside :meth:`gate`."""
        return self._writer

    @contextmanager
    def gate(self, deadline: float = GATE_DEADLINE) -> Iterator[None]:
        """Exclude every other writer of an SQLite database; PostgreSQL has no gate."""
        if self._gate is None:
            yield
        else:
            with self._gate.held(deadline):
                yield

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and cannot change it.

        Raises
        ------
        DatabaseUnavailable
            If the database cannot be read at the moment.
        """
        with momentary(writing=False), Session(self._reader, autoflush=False) as session:
            if not self.is_sqlite:
                session.connection(execution_options=_ONE_STATE)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield the session that may write: committed at the end, else rolled back.

        Raises
        ------
        DatabaseBusy
            If the gate was not free within :data:`GATE_DEADLINE`.
        Conflict
            If it conflicted with another write and can be tried again.
        Unanswered
            If the connection broke during the commit.
        DatabaseUnavailable
            If the database refuses for another temporary reason.
        """
        with (
            self.gate(),
            momentary(writing=True),
            Session(self._writer, expire_on_commit=False) as session,
        ):
            session.info.update(self.info)
            yield session
            session.flush()
            with committing():
                session.commit()

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


#: By default, in PostgreSQL each statement sees its own state.
_ONE_STATE = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


def _sqlite_engine(url: URL, pool_size: int, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        module=sqlite,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_DEADLINE,
        connect_args={"timeout": 5},
        hide_parameters=True,  # values of a failed statement must not be logged
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would begin deferred ones.
        connection.isolation_level = None
        for pragma, value in _pragmas(read_only).items():
            connection.execute(f"PRAGMA {pragma} = {value}")
        _check_pragmas(connection, _pragmas(read_only))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _pragmas(read_only: bool) -> dict[str, str | int]:
    safe = wal_is_safe(sqlite.sqlite_version_info)
    return {
        "busy_timeout": 5000,
        "journal_mode": "wal" if safe else "truncate",
        "synchronous": 2 if safe else 3,  # FULL, EXTRA: an acknowledged answer is on disk
        "foreign_keys": 1,
        "recursive_triggers": 1,  # otherwise INSERT OR REPLACE bypasses the delete triggers
        "trusted_schema": 0,
        "mmap_size": 0,
        "query_only": int(read_only),
    }


def _check_pragmas(connection: Any, wanted: dict[str, str | int]) -> None:
    """Read back each pragma: SQLite ignores one that it does not know or cannot apply."""
    for pragma, value in wanted.items():
        row = connection.execute(f"PRAGMA {pragma}").fetchone()
        if pragma == "mmap_size" and row is None:
            continue  # compiled without memory mapping
        if row is None or row[0] != value:
            raise UnsafeDatabase(f"SQLite answers {pragma} = {row and row[0]}, wanted {value}")


def _postgresql_engine(url: URL, pool_size: int) -> Engine:
    limits = {
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
    }
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_DEADLINE,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in limits.items())},
    )
