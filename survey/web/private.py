"""File modes of the service, whose files no other user of the machine may read."""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import make_url

from survey.web.config import BadSetting, Settings, secret_file

#: The bits of a mode that give any right to others.
OTHERS = 0o077

#: An SQLite database is several files.
SUFFIXES = ("", "-wal", "-shm", "-journal", ".gate")


class ReadableByOthers(BadSetting):
    """Others can read files of the service; the text has the command to close them."""


def keep_private(settings: Settings) -> None:
    """Close the service's files to others, or refuse to start.

    A file in a folder that is closed to others was never readable: its mode is corrected.
    In an open folder it may have been read already, and the operator must know that.
    Of a link, the file that it leads to counts, and the folder of that file.

    Raises
    ------
    ReadableByOthers
        If others can read the database, the secret or a backup.
    """
    exposed = []
    for path in filter(_is_open, sorted({file.resolve() for file in _files(settings)})):
        if _is_open(path.parent):
            exposed.append(path)
        else:
            path.chmod(0o600)
    if exposed:
        more = f" and {len(exposed) - 1} more" if len(exposed) > 1 else ""
        raise ReadableByOthers(
            f"Others on this machine can read {exposed[0]}{more}. "
            f"Close them with: {_command(exposed, settings.instance)}"
        )


def _files(settings: Settings) -> Iterator[Path]:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        named = Path(url.database)
        for path in (named, named.resolve()):  # the gate is beside a link, SQLite's files are not
            yield from (Path(f"{path}{suffix}") for suffix in SUFFIXES)
    yield secret_file(settings.instance)
    yield from (settings.instance / "backups").glob("*")


def _is_open(path: Path) -> bool:
    return path.exists() and path.stat().st_mode & OTHERS != 0


def _command(paths: Iterable[Path], instance: Path) -> str:
    """Return one command for all paths, or for the whole folder if all are in it."""
    if all(path.is_relative_to(instance.resolve()) for path in paths):
        return f"chmod -R go= {shlex.quote(str(instance))}"
    return "chmod go= " + " ".join(shlex.quote(str(path)) for path in paths)
