"""The database a command works on, prepared: made, or backed up and migrated."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from survey import config
from survey.commands.words import BadInput, CheckFailed, say
from survey.db import Database, DatabaseBusy, DatabaseUnavailable, UnsafeDatabase
from survey.store import backup, schema


def now() -> datetime:
    return datetime.now(UTC)


def settings(**changes: str) -> config.Settings:
    """The settings of this machine, with ``changes``.

    What is served on plain http stays on this machine, and so may its secret:
    it is made when there is none. A real service must be given one.
    """
    environment = {**os.environ, **changes}
    instance = environment.get("STEELYARD_INSTANCE") or config.ROOT / "instance"
    if not environment.get("STEELYARD_SITE_URL", "http:").startswith("https:"):
        environment.setdefault("STEELYARD_SECRET_KEY", config.keep_secret(Path(instance)))
    try:
        return config.read_settings(environment)
    except config.BadSetting as error:
        raise BadInput(str(error)) from error


@contextmanager
def prepared_database(chosen: config.Settings) -> Iterator[Database]:
    """The database at its newest revision; an older one is backed up first."""
    with _opened(chosen.database_url) as database:
        prepare(database, chosen)
        yield database


@contextmanager
def owned_database(chosen: config.Settings) -> Iterator[Database]:
    """The database as its owner sees it, at whatever revision it has."""
    with _opened(chosen.owner_database_url or chosen.database_url) as database:
        yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    with refusals():
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


def prepare(database: Database, chosen: config.Settings) -> None:
    """Bring the database to the newest revision, from nothing or from an older one."""
    found = schema.revision(database)
    if found == schema.newest_revision():
        return
    if not schema.knows(found):
        raise CheckFailed(
            f"The database has revision {found}, which this version of Steelyard does not know: "
            "it was used by a newer one. Nothing was changed."
        )
    with owned_database(chosen) as owned:
        if found is not None:
            copy = backup.back_up(owned, chosen.instance / "backups", now())
            say(f"Backed up the database as {copy}.")
        schema.upgrade(owned)


@contextmanager
def refusals() -> Iterator[None]:
    """What an operator can mend becomes one sentence and an exit status."""
    try:
        yield
    except DatabaseBusy as error:
        raise CheckFailed(
            "The database is busy: another process kept writing for 5 seconds. Try again."
        ) from error
    except DatabaseUnavailable as error:
        raise CheckFailed(
            f"The database refuses for now: {error}. Nothing was changed. Try again in a moment."
        ) from error
    except UnsafeDatabase as error:
        raise CheckFailed(f"The database cannot be used safely: {error}.") from error
    except backup.BadBackup as error:
        raise CheckFailed(
            f"{error.path} was not restored: {error.why}. The database is as it was."
        ) from error
    except backup.ToolMissing as error:
        raise CheckFailed(
            f"{error.tool} is not on the PATH: it comes with PostgreSQL's client programs."
        ) from error
