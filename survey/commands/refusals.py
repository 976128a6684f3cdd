"""Error messages for databases: one sentence each, without the password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from survey.commands.words import CheckFailed
from survey.db import DatabaseBusy, DatabaseUnavailable, UnsafeDatabase, sqlite
from survey.store.backup import BadBackup, Damaged, EmptyDatabase, UnknownRevision
from survey.store.restore import OthersConnected

#: Pattern of a message of PostgreSQL or its client -> the sentence; the first match counts.
_POSTGRESQL: tuple[tuple[str, str], ...] = (
    (
        "password authentication failed",
        "{place} refuses the password of the role {role}: correct it in {setting}.",
    ),
    (
        "no password supplied",
        (
            "{place} asks the role {role} for a password: "
            "write it in {setting}, as in postgresql://{role}:PASSWORD@HOST/{database}."
        ),
    ),
    (
        "Peer authentication failed",
        (
            "{place} knows the role {role} by the system user of that name alone: "
            "add a password and the host 127.0.0.1 to {setting}."
        ),
    ),
    ("no pg_hba.conf entry", "{place} lets the role {role} in from no such address: {said}."),
    (
        r'database ".*" does not exist',
        "{place} has no database {database}: create it, or correct {setting}.",
    ),
    (r'role ".*" does not exist', "{place} has no role {role}: create it, or correct {setting}."),
    (
        r"Connection refused|No such file|[Tt]imeout|timed out|resolve host|Network is unreach",
        "No server answers as {place}: is it running, and is {setting} right?",
    ),
    (
        "permission denied|must be owner|must be able to SET ROLE",
        (
            "The role {role} may not do this in {place}: {said}. "
            "Grant it the right, or give the owner's address in STEELYARD_OWNER_DATABASE_URL."
        ),
    ),
    (
        "lock timeout|could not obtain lock|deadlock",
        "{place} is busy: another one holds its rows. Try again.",
    ),
)

_OTHER = "{place} refuses: {said}."

_SQLITE: tuple[tuple[str, str], ...] = (
    ("not a database", "{place} is not an SQLite database: correct {setting}, or move it away."),
    (
        "malformed",
        (
            "{place} is damaged: {said}. ./steelyard restore --keep-damaged BACKUP keeps it "
            "as it is and puts a backup in its place."
        ),
    ),
    ("readonly", "{place} cannot be written: {said}."),
    ("unable to open", "{place} cannot be opened: is its folder there, and yours?"),
    ("locked", "{place} is busy: another program keeps it locked. Try again."),
)


@contextmanager
def refusals(address: str, setting: str) -> Iterator[None]:
    """Turn errors that an operator can fix into one sentence and an exit status."""
    try:
        yield
    except DatabaseBusy as error:
        raise CheckFailed(
            "The database is busy: another process kept writing for 5 seconds. Try again."
        ) from error
    except UnsafeDatabase as error:
        raise CheckFailed(f"The database cannot be used safely: {error}.") from error
    except DatabaseUnavailable as error:
        raise CheckFailed(_for_now(make_url(address), setting, error)) from error
    except (DBAPIError, psycopg.Error, sqlite.Error) as error:
        raise CheckFailed(sentence(make_url(address), setting, error)) from error
    except UnknownRevision as error:
        raise CheckFailed(newer(error.revision)) from error
    except BadBackup as error:
        raise CheckFailed(f"{error.path}: {error.why}. The database is as it was.") from error
    except EmptyDatabase as error:
        raise CheckFailed("The database is empty: there is nothing to back up.") from error
    except Damaged as error:
        raise CheckFailed(_damaged(make_url(address), setting, error)) from error
    except OthersConnected as error:
        raise CheckFailed(others_connected(error)) from error


def _for_now(url: URL, setting: str, error: DatabaseUnavailable) -> str:
    if isinstance(error.__cause__, DBAPIError):
        return sentence(url, setting, error.__cause__)
    return f"The database refuses for now: {error}. Nothing was changed. Try again in a moment."


def sentence(url: URL, setting: str, error: Exception) -> str:
    """Return one sentence for a database's error, never with the password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = _said(str(cause), url)
    if url.get_backend_name() != "sqlite":
        place, known = _place(url), _POSTGRESQL
    else:
        place, known = str(url.database), _SQLITE
        if Path(place).is_dir():
            return f"{place} is a folder, not a database: correct {setting}."
    template = next((text for what, text in known if re.search(what, str(cause))), _OTHER)
    return template.format(
        place=place, role=url.username, database=url.database, said=said, setting=setting
    )


def _damaged(url: URL, setting: str, error: Damaged) -> str:
    is_file = url.get_backend_name() == "sqlite"
    place = url.database if is_file else f"The database {url.database} of {_place(url)}"
    return (
        f"{place} {error.why}. Nothing was changed. If {setting} names the right database, "
        "./steelyard backup --keep-damaged keeps it as it is, marked as damaged, and "
        "./steelyard restore --keep-damaged BACKUP does so and puts a backup in its place."
    )


def newer(revision: str | None) -> str:
    return (
        f"The database has revision {revision}, which this version of Steelyard does not know: "
        "it was used by a newer one. Nothing was changed."
    )


def others_connected(error: OthersConnected) -> str:
    roles = ", ".join(f"{role} ({count})" for role, count in error.roles.items())
    return (
        f"Others are connected to the database: {roles}. "
        "Stop the service, then restore again. The database is as it was."
    )


def _place(url: URL) -> str:
    host = url.host or url.query.get("host") or "the local socket"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL at {host}{port}"


def _said(text: str, url: URL) -> str:
    """Return the server's message, without its label and without a password."""
    first = text.strip().splitlines()[0] if text.strip() else "nothing more is known"
    said = re.sub(r".*(FATAL|ERROR):\s+", "", first).rstrip(".")
    password = str(url.password or "")
    return said.replace(password, "***") if password else said
