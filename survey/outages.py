"""Temporary faults of a database: busy, restarting, full, statement timed out.

Every other error of a database is a programmer's error or damage, and is passed on
unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

__all__ = [
    "Conflict",
    "DatabaseBusy",
    "DatabaseUnavailable",
    "Unanswered",
    "committing",
    "momentary",
]


class DatabaseUnavailable(Exception):
    """The database refuses for now. Nothing was written, unless it is `Unanswered`."""


class DatabaseBusy(DatabaseUnavailable):
    """The database was busy until the deadline. Nothing was written."""


class Conflict(DatabaseUnavailable):
    """Two writes conflicted and this one was rolled back: it can be tried again."""


class Unanswered(DatabaseUnavailable):
    """The connection broke during the commit: the whole write is stored, or nothing."""


#: SQLite's primary result codes: busy, locked, out of memory, input or output, full,
#: cannot open, locking protocol (https://sqlite.org/rescode.html).
_SQLITE = frozenset({5, 6, 7, 10, 13, 14, 15})
_SQLITE_READ_ONLY = 8

#: SQLSTATE classes of PostgreSQL (its manual, appendix A): connection, insufficient resources,
#: operator intervention (restart, statement timeout), system error.
_CLASSES = frozenset({"08", "53", "57", "58"})
#: Lock not available in time, idle in transaction for too long.
_STATES = frozenset({"55P03", "25P03", "25P04"})
_READ_ONLY = "25006"
#: Serialisation failure, deadlock.
_CONFLICTS = frozenset({"40001", "40P01"})


@contextmanager
def momentary(*, writing: bool) -> Iterator[None]:
    """Replace temporary faults by exceptions of this module.

    Raises
    ------
    DatabaseUnavailable
        Instead of such a fault. A read-only database, as after a failover, counts
        as one only when ``writing``.
    """
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        kind = _kind(error, writing)
        if kind is None:
            raise
        raise kind(_words(error)) from error


@contextmanager
def committing() -> Iterator[None]:
    """Tell a connection that breaks during a commit from a refusal before it.

    Raises
    ------
    Unanswered
        In place of a broken connection.
    """
    try:
        yield
    except exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise Unanswered(_words(error)) from error


def _kind(
    error: exc.DBAPIError | exc.TimeoutError, writing: bool
) -> type[DatabaseUnavailable] | None:
    if isinstance(error, exc.TimeoutError):
        return DatabaseBusy  # no connection of the pool came free
    if error.connection_invalidated:
        return DatabaseUnavailable
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        primary = code & 0xFF
        passes = primary in _SQLITE or (writing and primary == _SQLITE_READ_ONLY)
        return DatabaseUnavailable if passes else None
    return _of_state(error, writing)


def _of_state(error: exc.DBAPIError, writing: bool) -> type[DatabaseUnavailable] | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:
        # The server was not reached, or went away: only an operational error has no state.
        return DatabaseUnavailable if isinstance(error, exc.OperationalError) else None
    if state in _CONFLICTS:
        return Conflict
    passes = state[:2] in _CLASSES or state in _STATES or (writing and state == _READ_ONLY)
    return DatabaseUnavailable if passes else None


def _words(error: exc.DBAPIError | exc.TimeoutError) -> str:
    told = str(error.orig) if isinstance(error, exc.DBAPIError) else "no connection came free"
    return told.strip().partition("\n")[0]
