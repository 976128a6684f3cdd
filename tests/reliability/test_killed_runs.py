"""A run of the tests that is killed leaves no process and no folder behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

POSTGRES = """
import time
from tests.machinery.postgres import running_server
with running_server("18") as server:
    print((server.folder / "data/postmaster.pid").read_text().splitlines()[0], server.folder)
    print(flush=True)
    time.sleep(600)
"""

SERVICE = """
import time
from pathlib import Path
from tests.machinery.server import running_service
if __name__ == "__main__":
    folder = Path(r"{folder}")
    with running_service(f"sqlite:///{{folder}}/steelyard.sqlite3", folder) as server:
        print(server._process.pid, server.port)
        print(flush=True)
        time.sleep(600)
"""


def killed(script: str, children: signal.Signals | None = None) -> tuple[int, str]:
    """Kill a run once it has printed what it started: a process, and its place.

    Before it all its ``children`` get a signal, where one is given.
    """
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout
        process, where = run.stdout.readline().split()
        assert runs(int(process))
        if children is not None:
            for child in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split():
                os.kill(int(child), children)
        os.killpg(run.pid, signal.SIGKILL)
    return int(process), where


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def soon(condition) -> bool:
    until = time.monotonic() + 30
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.slow
def test_a_killed_run_leaves_no_postgresql_behind():
    process, folder = killed(POSTGRES)

    assert soon(lambda: not runs(process))
    assert soon(lambda: not Path(folder).exists())


@pytest.mark.slow
def test_a_run_that_ends_with_everything_it_started_leaves_no_folder_behind():
    """As when a machine is cleared: all get SIGTERM, then the run is killed."""
    process, folder = killed(POSTGRES, signal.SIGTERM)

    assert soon(lambda: not runs(process))
    assert soon(lambda: not Path(folder).exists())


@pytest.mark.slow
def test_a_killed_run_leaves_no_service_behind(tmp_path):
    process, _port = killed(SERVICE.format(folder=tmp_path))

    assert soon(lambda: not runs(process))
