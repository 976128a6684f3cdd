"""What becomes of a fork that is to serve: a process group that knows its settings."""

import os
import sys
from pathlib import Path

from survey import cli, create_app
from survey.config import ROOT, Settings

# An application is made once before all forks, so that they have nothing left to import.
create_app(Settings(ROOT / "instance", "http://127.0.0.1", "sqlite:///unused", "not a secret " * 4))


def run(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """Run a command of :mod:`survey.cli`; what it says goes to ``log``."""
    os.setsid()
    os.environ.update(environment)
    with log.open("ab") as lines:
        os.dup2(lines.fileno(), sys.stdout.fileno())
        os.dup2(lines.fileno(), sys.stderr.fileno())
    sys.argv[1:] = arguments
    cli.main()
