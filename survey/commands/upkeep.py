"""Commands ``migrate``, ``backup`` and ``restore``."""

from pathlib import Path

import click

from survey.commands.database import migrate as bring_up
from survey.commands.database import now, owned_database
from survey.commands.database import settings as read_settings
from survey.commands.words import say
from survey.store import backup as copies
from survey.store import restore as restoring
from survey.store import schema


@click.command("migrate")
def migrate() -> None:
    """Upgrade the tables to this version, as their owner; back up an older one first."""
    chosen = read_settings()
    with owned_database(chosen) as database:
        bring_up(database, chosen)
    say(f"The database is at revision {schema.newest_revision()}.")


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder to write to.")
def backup(output: Path | None) -> None:
    """Write a checked copy of the database and print its path."""
    chosen = read_settings()
    with owned_database(chosen) as database:
        click.echo(copies.back_up(database, output or chosen.instance / "backups", now()))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Replace the whole content of the database by a backup: all of it, or nothing.

    The current content is backed up first. Stop the service before: sessions end, and
    on PostgreSQL there may be no other connection. Links that were revoked, and experts
    who withdrew, since the backup stay so.
    """
    chosen = read_settings()
    with owned_database(chosen) as database:
        done = restoring.restore(database, file, chosen.instance / "backups", now())
    say(f"Restored {file}. All sessions have ended: ./steelyard author-link signs you in.")
    if done.kept:
        say(f"What was there before is in {done.kept}.")
    if done.lost:
        say(f"Studies that only it has: {', '.join(done.lost)}.")
