"""Log of the service: a line per event, no tokens or addresses, never blocking.

The service continues if no process reads its log: lines that do not fit into the pipe
wait in a queue; lines that do not fit into the queue are dropped and counted.
"""

from __future__ import annotations

import atexit
import io
import logging
import os
import queue
import re
import sys
import threading
import time
from typing import Any
from urllib.parse import quote

from gunicorn.glogging import Logger

from survey.values.wording import visible

#: Number of lines that wait to be read; more are dropped.
MOST_LINES = 1000
#: Number of characters of an address, and of any line, that are written.
LONGEST_PATH = 200
LONGEST_LINE = 2000

#: Text after the addresses of links, in any encoding, and anything long enough to be a token:
#: in a message half a token is masked too; the names in a traceback are shorter than a token.
_AFTER_ENTRANCE = re.compile(r"(?i)((?:invitation|sign-in)(?:/|%(?:25)*2f))[^\s'\"]+")
_ANY_TOKEN = re.compile(r"(?a)[\w%-]{24,}")
_WHOLE_TOKEN = re.compile(r"(?a)[\w%-]{43,}")
#: The address of a client, as gunicorn writes it.
_ADDRESS = re.compile(r"\bip=[^\s:]*(?::[^\s:]+)*")

_FORMAT = "%(asctime)sZ %(levelname)s %(message)s"


def written_path(path: str) -> str:
    """Return the path of a request as it may be logged.

    >>> written_path("/invitation/Zm9v/later"), written_path("/a\\nb"), written_path("/methods")
    ('/invitation/...', '/a%0Ab', '/methods')
    """
    return _masked(quote(path, safe="/:@!$&'()*+,;=-._~%")[:LONGEST_PATH], _ANY_TOKEN)


def _masked(text: str, token: re.Pattern[str]) -> str:
    return _ADDRESS.sub("ip=...", token.sub("...", _AFTER_ENTRANCE.sub(r"\1...", text)))


class Lines(logging.Formatter):
    """Formatter with a line per record; more lines are indented: none imitates one."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        first, *others = super().format(record).splitlines()
        lines = [_masked(first, _ANY_TOKEN), *(f"    {_masked(o, _WHOLE_TOKEN)}" for o in others)]
        return "\n".join(visible(line[:LONGEST_LINE]) for line in lines)


class Unwaited(io.TextIOBase):
    """Stream whose writers never wait: a thread writes, or drops lines if it cannot.

    Each process has its own thread, started with its first line.
    """

    def __init__(self, descriptor: int, most: int = MOST_LINES) -> None:
        self._descriptor = descriptor
        self._most = most
        self._begin()
        os.register_at_fork(after_in_child=self._begin)
        atexit.register(self.drain)

    def _begin(self) -> None:
        self._texts: queue.SimpleQueue[str | threading.Event] = queue.SimpleQueue()
        self._dropped = 0
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):  # click tries whether a stream takes bytes
            raise TypeError(f"text is written here, not {type(text).__name__}")
        if self._texts.qsize() < self._most:
            self._texts.put(text)
        else:
            self._dropped += 1
        self._start()
        return len(text)

    def drain(self, seconds: float = 1.0) -> None:
        """Wait a moment for the queue to be written, before the process ends."""
        if self._writer is not None:
            done = threading.Event()
            self._texts.put(done)
            done.wait(seconds)

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="log", daemon=True)
                self._writer.start()

    def _run(self) -> None:
        while True:
            text = self._texts.get()
            if isinstance(text, threading.Event):
                text.set()
                continue
            if self._dropped:
                count, self._dropped = self._dropped, 0
                text = f"{count} lines of this log were dropped: nobody read it.\n{text}"
            self._put(text.encode("utf-8", "backslashreplace"))

    def _put(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            pass  # the reader of the pipe has gone


def write_log(requests: bool = True) -> None:
    """Log failures, and requests if ``requests``, to stderr, with their time in UTC.

    After this call nothing that this process writes to stderr blocks.
    """
    root = logging.getLogger()
    if not isinstance(sys.stderr, Unwaited):
        sys.stderr = Unwaited(sys.stderr.fileno())
        out = logging.StreamHandler()
        out.setFormatter(Lines())
        root.addHandler(out)
    if requests:
        logging.getLogger("steelyard.requests").setLevel(logging.INFO)


class ServerLog(Logger):
    """Logger of gunicorn, with the same format and stream."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers + self.access_log.handlers:
            handler.setFormatter(Lines())
            if type(handler) is logging.StreamHandler:
                handler.setStream(sys.stderr)
