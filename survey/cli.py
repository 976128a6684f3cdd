"""Group of commands, imported when called: ``weigh`` needs no web framework."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from errno import EPIPE
from importlib import import_module
from typing import Any

import click

from survey.commands.words import BadInput
from survey.version import VERSION

#: Only the user may read the files of a command: files 0600, folders 0700.
UMASK = 0o077

#: The module of each command.
COMMANDS = {
    "demo": "survey.commands.service",
    "serve": "survey.commands.service",
    "load": "survey.commands.studies",
    "unload": "survey.commands.studies",
    "author-link": "survey.commands.studies",
    "links": "survey.commands.studies",
    "weigh": "survey.commands.weights",
    "rank": "survey.commands.weights",
    "verify": "survey.commands.weights",
    "migrate": "survey.commands.upkeep",
    "verify-journal": "survey.commands.journals",
    "backup": "survey.commands.upkeep",
    "restore": "survey.commands.upkeep",
}


class Commands(click.Group):
    """Group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Turn errors of the system, as of a full disk behind a pipe, into one sentence."""
        os.umask(UMASK)
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == EPIPE:
                raise  # The reader of the pipe has gone: click ends silently.
            _drop_what_cannot_be_written()
            place = f"{error.filename}: " if error.filename else ""
            raise BadInput(f"{place}{error.strerror}.") from error


def _drop_what_cannot_be_written() -> None:
    """Close standard output: Python 3.13 would try to flush it at exit and fail again."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            sys.stdout.close()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="./steelyard test runs the tests; what follows it goes to pytest.",
)
@click.version_option(VERSION, prog_name="steelyard")
def cli() -> None:
    """A panel of experts weighs the indicators of an index."""


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name with letters that the terminal lacks must not stop the command.
            stream.reconfigure(errors="replace")
    cli(prog_name="steelyard")


if __name__ == "__main__":
    main()
