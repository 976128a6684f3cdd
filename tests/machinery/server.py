"""The real service in a process of its own, which can be killed and started again.

Each start is a fork of one process that has imported everything (``everything.py``),
for a start is nearly all importing. The command as a person types it is tested
in ``test_cli_database.py``.
"""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from survey import cli
from tests.machinery.watch import unwatch, watch

#: The time that a start may take before the test gives up, in seconds.
PATIENCE = 60.0

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.machinery.everything"])


class Server:
    """``serve`` on a free port of this machine, on a database that is there."""

    def __init__(self, database_url: str, instance: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = instance / "server.log"
        self._process: BaseProcess | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._environment = {
            "STEELYARD_DATABASE_URL": database_url,
            "STEELYARD_INSTANCE": str(instance),
            "STEELYARD_SECRET_KEY": "a secret of the tests, of no use elsewhere",
            "STEELYARD_SITE_URL": self.url,
        }

    def start(self) -> None:
        """Start the service and wait until it answers."""
        arguments = ["serve", "--port", str(self.port)]
        self._process = FORKS.Process(target=_run, args=(arguments, self._environment, self._log))
        self._process.start()
        assert self._process.pid
        self._watcher = watch(self._process.pid)
        until = time.monotonic() + PATIENCE
        while not _answers(self.port):
            if self._process.exitcode is not None or time.monotonic() > until:
                raise AssertionError(self._log.read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """End every process of the service at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> None:
        if self._process is not None and self._process.exitcode is None:
            assert self._process.pid
            os.killpg(self._process.pid, by)
            self._process.join(PATIENCE)
            while _answers(self.port):  # its workers take a moment longer
                time.sleep(0.005)
        if self._watcher is not None:
            unwatch(self._watcher)
            self._watcher = None


@contextmanager
def running_service(database_url: str, instance: Path) -> Iterator[Server]:
    """Start the service, and make sure that it has ended afterwards."""
    server = Server(database_url, instance)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _run(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """Run a command of :mod:`survey.cli` in its own process group."""
    os.setsid()
    os.environ.update(environment)
    with log.open("ab") as lines:
        os.dup2(lines.fileno(), sys.stdout.fileno())
        os.dup2(lines.fileno(), sys.stderr.fileno())
    sys.argv[1:] = arguments
    cli.main()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
