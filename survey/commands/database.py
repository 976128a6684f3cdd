"""Database of a command: created, or backed up and migrated."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from survey.commands.refusals import newer, refusals
from survey.commands.words import BadInput, CheckFailed, say
from survey.db import Database
from survey.store import backup, journal, schema
from survey.web import config, private
from survey.web.running import find_address


def now() -> datetime:
    return datetime.now(UTC)


def settings(**changes: str) -> config.Settings:
    """Return the settings of this machine, with ``changes``.

    A site on plain http is for this machine only, so its secret is created if there
    is none. A real service must be given one.
    """
    environment = {**os.environ, **changes}
    instance = environment.get("STEELYARD_INSTANCE") or config.ROOT / "instance"
    if not environment.get("STEELYARD_SITE_URL", "http:").startswith("https:"):
        environment.setdefault("STEELYARD_SECRET_KEY", config.keep_secret(Path(instance)))
    try:
        return config.read_settings(environment)
    except config.BadSetting as error:
        raise BadInput(str(error)) from error


def site_of(chosen: config.Settings) -> str:
    """Return the address for links: that of the running service, if there is one.

    Otherwise it is the setting, and without that the address of the last service here.
    """
    noted, runs = find_address(chosen.instance) or ("", False)
    return noted if runs or (noted and "STEELYARD_SITE_URL" not in os.environ) else chosen.site_url


@contextmanager
def prepared_database(chosen: config.Settings) -> Iterator[Database]:
    """Open the database at its newest revision; an older one is backed up first."""
    _keep_private(chosen)
    with _opened(chosen.database_url, config.DATABASE) as database:
        prepare(database, chosen)
        database.info[journal.KEY] = chosen.secret_key.encode()
        yield database


@contextmanager
def owned_database(chosen: config.Settings) -> Iterator[Database]:
    """Open the database with its owner's role, at any revision."""
    _keep_private(chosen)
    address, setting = chosen.owner_database_url, config.OWNER_DATABASE
    if not address:
        address, setting = chosen.database_url, config.DATABASE
    with _opened(address, setting) as database:
        yield database


def _keep_private(chosen: config.Settings) -> None:
    try:
        private.keep_private(chosen)
    except private.ReadableByOthers as error:
        raise BadInput(str(error)) from error


@contextmanager
def _opened(address: str, setting: str) -> Iterator[Database]:
    with refusals(address, setting):
        database = Database(address)
        try:
            yield database
        finally:
            database.close()


def prepare(database: Database, chosen: config.Settings) -> None:
    """Upgrade an empty or older database to the newest revision.

    It uses the service's own role, if that may: the owner's address is for ``migrate`` only.
    """
    found = schema.revision(database)
    if found == schema.newest_revision():
        return
    if schema.knows(found) and not schema.may_change_tables(database):
        state = f"has revision {found}" if found else "is empty"
        raise CheckFailed(
            f"The database {state}, and the role {database.url.username} may not change its "
            f"tables: run ./steelyard migrate, with the owner's address in {config.OWNER_DATABASE}."
        )
    migrate(database, chosen)


def migrate(database: Database, chosen: config.Settings) -> None:
    """Upgrade the database to the newest revision; an older one is backed up first."""
    found = schema.revision(database)
    if found == schema.newest_revision():
        return
    if not schema.knows(found):
        raise CheckFailed(newer(found))
    if found is not None:
        copy = backup.back_up(database, chosen.instance / "backups", now())
        say(f"Backed up the database as {copy}.")
    schema.upgrade(database)
    if found is None:
        # A command without the settings of the service works on another database.
        say(f"Made a new database: {database.url.render_as_string(hide_password=True)}")
