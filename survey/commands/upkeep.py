"""``backup`` and ``restore``."""

from pathlib import Path

import click

from survey.commands.database import now, owned_database
from survey.commands.database import settings as read_settings
from survey.commands.words import say
from survey.store import backup as copies


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
    """Put a backup in the place of everything the database holds.

    What it held before is backed up first.
    """
    chosen = read_settings()
    with owned_database(chosen) as database:
        kept = copies.restore(database, file, chosen.instance / "backups", now())
    say(f"Restored {file}." + (f" What was there before is in {kept}." if kept else ""))
