"""How a command speaks: results on standard output, everything else beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click


class BadInput(click.ClickException):
    """What was asked cannot be meant: one sentence per fault, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class CheckFailed(BadInput):
    """What was checked is not as it should be: one sentence per finding, exit status 1."""

    exit_code = 1


def say(text: str) -> None:
    """Progress, for a person: results go to standard output, this does not."""
    click.echo(text, err=True)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """A place that cannot be written is named, and why."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
