"""gunicorn worker with a loop that waits for slow clients, so that threads do not.

A thread gets a request when it has arrived completely, and the loop sends its answer.
gunicorn's own threads read from the socket and write to it, so that eight clients that
send a byte now and then, or take none, occupy all eight threads.
docs/decisions/0076-slow-clients-hold-no-thread.md.
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
from survey.web.connections import ClientSocket, Head, RequestRefused, read_head
from survey.web.security import HEADERS

#: The longest time for a head to arrive, and then for a body, in seconds.
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
#: The longest time that a client may take nothing of its answer, in seconds.
TAKING_SECONDS = 30.0
#: Time to go on reading after the last answer; otherwise the client might lose the answer.
LINGERING_SECONDS = 2.0

#: Bytes of requests held at once; a small request is always accepted.
MOST_HELD = 64 * 2**20
SMALL = 64 * 1024
#: Bytes of answers that wait for slow clients, without the latest answer.
MOST_UNTAKEN = 128 * 2**20
READ_AT_ONCE = 64 * 1024

_HEADERS = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())

#: Settings of gunicorn, also for ``gunicorn.conf.py``.
OPTIONS: dict[str, Any] = {
    "worker_class": "survey.web.server.Worker",
    # One process: SQLite is on one host, and threads wait for the disk, not for each other.
    "threads": 8,
    # Below the 1,024 files that a process may usually have open.
    "worker_connections": 500,
    # Together with the start, a restart takes less than 5 seconds.
    "graceful_timeout": 3,
    # Answers go through ClientSocket.
    "sendfile": False,
    # No client may set the root or the scheme, not even one on this machine. The application
    # reads a proxy's headers, if the settings trust one.
    "forwarder_headers": "",
    "forwarded_allow_ips": "",
    "secure_scheme_headers": {},
    "header_map": "drop",
    "loglevel": "warning",
    "logger_class": "survey.web.logs.ServerLog",
    # It would be in the home directory, shared by all services of a user.
    "control_socket_disable": True,
}


class Connection(TConn):
    """Connection of a client, with the state of its current request."""

    def __init__(self, cfg: Any, client: socket.socket, address: Any, server: Any) -> None:
        self.line = ClientSocket(client)
        super().__init__(cfg, self.line, address, server)
        self.data_ready = True  # a thread starts when the request is complete
        self.deadline = 0.0
        self.head: Head | None = None
        self.searched = 0
        self.counted = 0
        self.keep = False


class Unsent(ClientSocket):
    """Line that keeps the whole answer, so that it can be changed before it is sent."""

    def flush(self) -> int:
        return 0


class Worker(ThreadWorker):
    """gunicorn worker whose threads never wait for a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The connections that wait for their client, the longest-waiting first.
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
        """Close the connection that has waited for its client longest."""
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
        """Give the request to a thread, once it is complete."""
        gathered = conn.line.gathered
        if conn.head is None:
            try:
                conn.head = read_head(gathered, MAX_REQUEST_BYTES, conn.searched)
            except RequestRefused as refusal:
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

    def handle_error(self, req: Any, client: ClientSocket, addr: Any, exc: BaseException) -> None:
        """Send gunicorn's error page with the application's headers; called in a thread."""
        page = Unsent(client.socket)
        super().handle_error(req, page, addr, exc)
        status, end, rest = page.answer.partition(b"\r\n")
        client.sendall(bytes(status + end + _HEADERS.encode() + rest))

    def finish_request(self, conn: Connection, done: Future[Any]) -> None:
        """Send a thread's answer in the loop."""
        answered = not done.cancelled() and done.exception() is None and bool(done.result())
        conn.keep = answered and conn.head is not None and not conn.head.last
        conn.head, conn.searched = None, 0
        del conn.line.gathered[: conn.line.left]  # the rest of a body that was not read
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
        """Close the longest-waiting connections while too many bytes wait for clients."""
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
        """Call ``act`` on a client; no error of its connection ends the loop.

        Another event of the same turn may have closed the connection already.
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
        """Close connections whose deadline has passed; called by gunicorn in each turn."""
        at = time.monotonic()
        for conn in [conn for conn in self.waiting if conn.deadline <= at]:
            if conn.line.gathered and not conn.line.answer:
                self._refuse(conn, "408 Request Timeout")
            else:
                self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Keep idle connections until ``deadline``; called when the worker stops."""
        for conn in self.waiting:
            if not (conn.line.gathered or conn.line.answer):
                conn.deadline = min(conn.deadline, deadline)
