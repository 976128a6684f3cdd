"""Commands ``migrate``, ``backup`` and ``restore``."""

from pathlib import Path

import click

from survey.commands.database import migrate as bring_up
from survey.commands.database import now, owned_database
from survey.commands.database import settings as read_settings
from survey.commands.words import say
from survey.store import backup as copies
from survey.store import damaged, schema
from survey.store import restore as restoring


@click.command("migrate")
def migrate() -> None:
    """Upgrade the tables to this version, as their owner; back up an older one first."""
    chosen = read_settings()
    with owned_database(chosen) as database:
        bring_up(database, chosen)
    say(f"The database is at revision {schema.newest_revision()}.")


keeping_damaged = click.option(
    "--keep-damaged",
    is_flag=True,
    help="Where the database cannot be read back whole, keep it as it is, marked as damaged.",
)


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder to write to.")
@keeping_damaged
def backup(output: Path | None, keep_damaged: bool) -> None:
    """Write a checked copy of the database and print its path."""
    chosen = read_settings()
    folder = output or chosen.instance / "backups"
    with owned_database(chosen) as database:
        try:
            copy = copies.back_up(database, folder, now())
        except copies.Damaged as error:
            if not keep_damaged:
                raise
            copy = damaged.keep_damaged(database, folder, now(), error.why)
            say(f"The database {error.why}. This copy is damaged as it is, and no backup.")
        click.echo(copy)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@keeping_damaged
def restore(file: Path, keep_damaged: bool) -> None:
    """Replace the whole content of the database by a backup: all of it, or nothing.

    The current content is backed up first. Stop the service before: sessions end, and
    on PostgreSQL there may be no other connection. Links that were revoked, and experts
    who withdrew, since the backup stay so.
    """
    chosen = read_settings()
    with owned_database(chosen) as database:
        done = restoring.restore(
            database, file, chosen.instance / "backups", now(), damaged=keep_damaged
        )
    say(f"Restored {file}. All sessions have ended: ./steelyard author-link signs you in.")
    if done.kept:
        say(f"What was there before is in {done.kept}.")
    if done.unread is not None:
        say(_carried_over(done.unread))
    if done.lost:
        say(f"Studies that only it has: {', '.join(done.lost)}.")


def _carried_over(unread: tuple[str, ...]) -> str:
    """Return a sentence on withdrawals in a damaged database."""
    if unread == damaged.EVERYTHING:
        return (
            "It is damaged, and nothing in it could be read: answers withdrawn and links revoked "
            "since the backup are in force again. Ask the experts, and revoke such links again."
        )
    if unread:
        return (
            f"It is damaged, and not all of it could be read ({', '.join(unread)}): of answers "
            "withdrawn and links revoked since the backup some may be in force again. "
            "Ask the experts. No expert was removed."
        )
    return (
        "It is damaged, but all its rows could be read: answers withdrawn and links revoked since "
        "the backup stay so. No expert was removed: one who is missing there may be the damage."
    )
