"""Processes that end with the run of the tests, however it ends.

A run that is killed cannot stop what it started. A watcher reads a pipe whose
other end this process holds: the pipe closes when this process ends.
"""

import subprocess
import sys
from pathlib import Path

#: What ends all processes of a machine at once asks them to end first (SIGTERM): the
#: watcher has its work to do then. A file that is written late keeps its folder.
_WATCH = """
import os, shutil, signal, sys, time
for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(asked, signal.SIG_IGN)
group, folder = int(sys.argv[1]), sys.argv[2]
sys.stdin.read()
try:
    os.killpg(group, signal.SIGQUIT)
    for _ in range(500):
        os.killpg(group, 0)
        time.sleep(0.02)
except ProcessLookupError:
    pass
for _ in range(100):
    if not folder or not os.path.exists(folder):
        break
    shutil.rmtree(folder, ignore_errors=True)
    time.sleep(0.02)
"""


def watch(group: int, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """End a process group, and remove ``folder``, when this process has ended.

    Kill the returned watcher once the group has ended by itself and the folder is gone.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH, str(group), str(folder or "")],
        stdin=subprocess.PIPE,
        start_new_session=True,  # what kills the run's group must not kill the watcher
    )


def unwatch(watcher: subprocess.Popen[bytes]) -> None:
    watcher.kill()
    watcher.communicate()
