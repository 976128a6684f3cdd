"""``migrate``, ``backup`` and ``restore``."""

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
    """Bring the tables to this version, as their owner; an older database is backed up first."""
    chosen = read_settings()
    with owned_database(chosen) as database:
        bring_up(database, chosen)
    say(f"The database is at revision {schema.newest_revision()}.")


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder to write to.")
def backup(output: Path | None) -> None:
    """Write a checked copy of the database; prints its path."""
    chosen = read_settings()
    with owned_database(chosen) as database:
        click.echo(copies.back_up(database, output or chosen.instance / "backups", now()))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put a backup in the place of everything the database holds: all of it, or nothing.

    What it held before is backed up first. Stop the service before: sessions end, and
    on PostgreSQL nobody else may be connected. What was revoked or withdrawn since the
    backup stays so.
    """
    chosen = read_settings()
    with owned_database(chosen) as database:
        done = restoring.restore(database, file, chosen.instance / "backups", now())
    say(f"Restored {file}. All sessions have ended: ./steelyard author-link signs you in.")
    if done.kept:
        say(f"What was there before is in {done.kept}.")
    if done.lost:
        say(f"Studies that only it has: {', '.join(done.lost)}.")
