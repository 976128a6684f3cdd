"""Output of commands: results to standard output, the rest to standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click


class BadInput(click.ClickException):
    """The input is not valid: one sentence per fault, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class CheckFailed(BadInput):
    """A check has failed: one sentence per finding, exit status 1."""

    exit_code = 1


def say(text: str) -> None:
    """Print progress to standard error; results go to standard output."""
    click.echo(text, err=True)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn errors of writing to ``path`` into one sentence with the reason."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
