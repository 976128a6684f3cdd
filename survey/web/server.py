"""gunicorn's threads, behind a loop that waits for slow clients in their place.

A thread gets a request when the whole of it is here, and what it answers is
sent by the loop. A thread of gunicorn's own reads from the socket and writes to
it, so that eight clients that send a byte now and then, or take none, hold all
eight threads. docs/decisions/0076-slow-clients-hold-no-thread.md.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from survey.web.config import MAX_REQUEST_BYTES
from survey.web.lines import Head, Line, Refused, read_head
from survey.web.security import HEADERS

#: How long a head may take to come in, and then a body, in seconds.
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
#: How long a client may take nothing of its answer.
TAKING_SECONDS = 30.0
#: How long what comes after the last answer is still read: else the client might lose the answer.
LINGERING_SECONDS = 2.0

#: How many bytes of requests are held at once; a small request always finds room.
MOST_HELD = 64 * 2**20
SMALL = 64 * 1024
#: How many bytes of answers wait for clients that take them slowly, the latest one apart.
MOST_UNTAKEN = 128 * 2**20
READ_AT_ONCE = 64 * 1024

_HEADERS = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())

#: What every gunicorn of this service is told; also ``gunicorn.conf.py``.
OPTIONS: dict[str, Any] = {
    "worker_class": "survey.web.server.Worker",
    # One process: SQLite is one host's, and threads wait for the disk, not for each other.
    "threads": 8,
    # Below the 1,024 files that a process may usually have open.
    "worker_connections": 500,
    # With what a start takes, a restart stays within 5 seconds.
    "graceful_timeout": 3,
    # An answer goes through Line.
    "sendfile": False,
    # No client moves the root or the scheme, also not one on this machine. What a proxy says
    # is read by the application, if the settings trust one.
    "forwarder_headers": "",
    "forwarded_allow_ips": "",
    "secure_scheme_headers": {},
    "header_map": "drop",
    "loglevel": "warning",
    "logger_class": "survey.web.logs.ServerLog",
    # It would lie in the home directory, one for all services of a person.
    "control_socket_disable": True,
}


class Connection(TConn):
    """A client between its requests, while one comes in, and while its answer goes out."""

    def __init__(self, cfg: Any, client: socket.socket, address: Any, server: Any) -> None:
        self.line = Line(client)
        super().__init__(cfg, self.line, address, server)
        self.data_ready = True  # a thread is asked when everything is here
        self.deadline = 0.0
        self.head: Head | None = None
        self.searched = 0
        self.counted = 0
        self.keep = False


class Unsent(Line):
    """A client whose answer is looked at before it is sent."""

    def flush(self) -> int:
        return 0


class Worker(ThreadWorker):
    """A gunicorn worker whose threads are never kept by a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The connections that wait for their client, the longest first.
        self.waiting: dict[Connection, None] = {}
        self._held = 0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            raise RuntimeError("This server speaks no TLS: put one that does in front of it.")

    # ---------- in ----------

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        conn = Connection(self.cfg, client, address, listener.getsockname())
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._wait(conn, selectors.EVENT_READ, self._gather, HEAD_SECONDS)

    def _make_room(self) -> None:
        """Let the client go that has been waited for longest."""
        for conn in list(self.waiting)[:1]:
            self._close(conn)

    def _gather(self, conn: Connection) -> None:
        piece = conn.line.socket.recv(READ_AT_ONCE)
        if not piece:
            self._close(conn)
            return
        if not conn.line.gathered:
            conn.deadline = time.monotonic() + HEAD_SECONDS
        conn.line.gathered += piece
        self._count(conn)
        if self._held > MOST_HELD and conn.counted > SMALL:
            self._refuse(conn, "503 Service Unavailable")
        else:
            self._look(conn)

    def _look(self, conn: Connection) -> None:
        """Hand the request to a thread, once the whole of it is here."""
        gathered = conn.line.gathered
        if conn.head is None:
            try:
                conn.head = read_head(gathered, MAX_REQUEST_BYTES, conn.searched)
            except Refused as refusal:
                self._refuse(conn, str(refusal))
                return
            conn.searched = len(gathered)
            if conn.head is None:
                return
            conn.deadline = time.monotonic() + BODY_SECONDS
            if conn.head.expects and len(gathered) < conn.head.whole:
                conn.line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if len(gathered) >= conn.head.whole:
            conn.line.left = conn.head.whole
            self._stop_waiting(conn)
            self.enqueue_req(conn)

    def _count(self, conn: Connection) -> None:
        held = len(conn.line.gathered)
        self._held += held - conn.counted
        conn.counted = held

    # ---------- out ----------

    def handle_error(self, req: Any, client: Line, addr: Any, exc: BaseException) -> None:
        """Send the page of an error that gunicorn found, with our headers; called in a thread."""
        page = Unsent(client.socket)
        super().handle_error(req, page, addr, exc)
        status, end, rest = page.answer.partition(b"\r\n")
        client.sendall(bytes(status + end + _HEADERS.encode() + rest))

    def finish_request(self, conn: Connection, done: Future[Any]) -> None:
        """Send what a thread answered, in the loop."""
        answered = not done.cancelled() and done.exception() is None and bool(done.result())
        conn.keep = answered and conn.head is not None and not conn.head.last
        conn.head, conn.searched = None, 0
        del conn.line.gathered[: conn.line.left]  # of a body that was not read
        conn.line.left = 0
        self._count(conn)
        self._guarded(self._send, conn)

    def _refuse(self, conn: Connection, status: str) -> None:
        self._stop_waiting(conn)
        more = "Retry-After: 5\r\n" if status.startswith("503") else ""
        conn.keep = False
        conn.line.answer += (
            f"HTTP/1.1 {status}\r\n{_HEADERS}Connection: close\r\n{more}"
            f"Content-Type: text/plain\r\nContent-Length: {len(status)}\r\n\r\n{status}"
        ).encode()
        self._guarded(self._send, conn)

    def _send(self, conn: Connection) -> None:
        if conn.line.flush():
            conn.deadline = time.monotonic() + TAKING_SECONDS
        if not conn.line.answer:
            self._stop_waiting(conn)
            self._answered(conn)
        elif conn not in self.waiting:
            self._wait(conn, selectors.EVENT_WRITE, self._send, TAKING_SECONDS)
            self._bound_untaken()

    def _bound_untaken(self) -> None:
        """Let the clients go that have been waited for longest, while too much waits for them."""
        room = MOST_UNTAKEN
        for conn in reversed([conn for conn in self.waiting if conn.line.answer]):
            if room < 0:
                self._close(conn)
            room -= len(conn.line.answer)

    def _answered(self, conn: Connection) -> None:
        if conn.keep:
            self._wait(conn, selectors.EVENT_READ, self._gather, self.cfg.keepalive)
            if conn.line.gathered:
                conn.deadline = time.monotonic() + HEAD_SECONDS
                self._look(conn)
        else:
            conn.line.gathered.clear()
            self._count(conn)
            conn.line.socket.shutdown(socket.SHUT_WR)
            self._wait(conn, selectors.EVENT_READ, self._drain, LINGERING_SECONDS)

    def _drain(self, conn: Connection) -> None:
        if not conn.line.socket.recv(READ_AT_ONCE):
            self._close(conn)

    # ---------- waiting ----------

    def _wait(
        self,
        conn: Connection,
        event: int,
        callback: Callable[[Connection], None],
        seconds: float,
    ) -> None:
        conn.deadline = time.monotonic() + seconds
        self.waiting[conn] = None
        self.poller.register(conn.line.socket, event, lambda _socket: self._guarded(callback, conn))

    def _stop_waiting(self, conn: Connection) -> None:
        if conn in self.waiting:
            del self.waiting[conn]
            self.poller.unregister(conn.line.socket)

    def _guarded(self, act: Callable[[Connection], None], conn: Connection) -> None:
        """Act on a client, who may be gone: no error of its connection ends the loop.

        An event may concern a client that another event of the same turn has closed.
        """
        if conn.line.fileno() < 0:
            return
        try:
            act(conn)
        except BlockingIOError:
            pass
        except OSError:
            self._close(conn)

    def _close(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self._held -= conn.counted
        conn.counted = 0
        self.nr_conns -= 1
        conn.line.socket.close()

    def murder_pending(self) -> None:
        """End the wait for clients whose time is over; called by gunicorn in each turn."""
        at = time.monotonic()
        for conn in [conn for conn in self.waiting if conn.deadline <= at]:
            if conn.line.gathered and not conn.line.answer:
                self._refuse(conn, "408 Request Timeout")
            else:
                self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Keep connections without a request until ``deadline``; called when the worker stops."""
        for conn in self.waiting:
            if not (conn.line.gathered or conn.line.answer):
                conn.deadline = min(conn.deadline, deadline)
