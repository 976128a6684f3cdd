"""Address of the service that runs on an instance, stored for the commands."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


def note_address(instance: Path, site_url: str) -> None:
    """Store the address of a service that starts, if its folder can be written.

    The file stays open and locked, which shows that a service runs. The lock ends with
    its last process, even after a crash.
    """
    with suppress(OSError):
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(_path(instance), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_SH)
        os.ftruncate(file, 0)
        os.write(file, site_url.encode())


def find_address(instance: Path) -> tuple[str, bool] | None:
    """Return the last service's address and whether it runs; None if none started."""
    try:
        file = os.open(_path(instance), os.O_RDWR)
    except OSError:
        return None
    try:
        return os.read(file, 1000).decode(), not _lets_in(file)
    finally:
        os.close(file)


def _lets_in(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _path(instance: Path) -> Path:
    return instance / "address"
