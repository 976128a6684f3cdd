"""Processes that end with the run of the tests, however it ends.

A run that is killed cannot stop what it started. A watcher reads a pipe whose
other end this process holds: the pipe closes when this process ends.
"""

import subprocess
import sys
from pathlib import Path

_WATCH = """
import os, shutil, signal, sys, time
group, folder = int(sys.argv[1]), sys.argv[2]
sys.stdin.read()
try:
    os.killpg(group, signal.SIGQUIT)
    for _ in range(500):
        os.killpg(group, 0)
        time.sleep(0.02)
except ProcessLookupError:
    pass
if folder:
    shutil.rmtree(folder, ignore_errors=True)
"""


def watch(group: int, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """End a process group, and remove ``folder``, when this process has ended.

    Kill the returned watcher once the group has ended by itself.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH, str(group), str(folder or "")],
        stdin=subprocess.PIPE,
        start_new_session=True,  # what kills the run's group must not kill the watcher
    )


def unwatch(watcher: subprocess.Popen[bytes]) -> None:
    watcher.kill()
    watcher.communicate()
