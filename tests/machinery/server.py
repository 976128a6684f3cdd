"""The real service in a process of its own, which can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.config import ROOT

#: How long a start may take before the test gives up, in seconds.
PATIENCE = 20.0


class Server:
    """``serve`` on a free port of this machine, on a database that is there."""

    def __init__(self, database_url: str, instance: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = instance / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **os.environ,
            "STEELYARD_DATABASE_URL": database_url,
            "STEELYARD_INSTANCE": str(instance),
            "STEELYARD_SECRET_KEY": "a secret of the tests, of no use elsewhere",
            "STEELYARD_SITE_URL": self.url,
            "PYTHONPATH": str(ROOT),
        }

    def start(self) -> None:
        """Start the service and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "survey.cli", "serve", "--port", str(self.port)],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(self._log.read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """End every process of the service at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, by: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, by)
            self._process.wait(PATIENCE)


@contextmanager
def running_service(database_url: str, instance: Path) -> Iterator[Server]:
    """The service, started; whatever became of it, it has ended afterwards."""
    server = Server(database_url, instance)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
