"""Connections of clients, with buffers for a whole request and its answer.

A thread that handles a request reads and writes here as on a socket, but never waits
for the client: the loop of :mod:`survey.web.server` sends the part of the answer that
the client has not taken yet.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

#: A longer head is refused; heads of browsers are below 10 kB.
LARGEST_HEAD = 64 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
_NAMED_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class RequestRefused(Exception):
    """A request is refused; its text is the status line."""


@dataclass(frozen=True, slots=True)
class Head:
    """Facts from the head of a request, read before gunicorn parses it."""

    #: Number of bytes of the request, as far as it is read here.
    whole: int
    #: Whether the connection ends with this request: the bytes after it may not be a request.
    last: bool
    #: Whether the client waits for ``100 Continue`` before it sends the body.
    expects: bool


def read_head(gathered: bytearray, largest_body: int, searched: int = 0) -> Head | None:
    """Return the head at the start of ``gathered``, or None if it is not complete.

    The first ``searched`` bytes are known to have no end of a head. A body above
    ``largest_body`` is not waited for: the application refuses it by its head.

    Raises
    ------
    RequestRefused
        If the head is too long, or its body has no length: a chunked body would have to
        be read to find its end, and no browser sends one.
    """
    end = gathered.find(_END_OF_HEAD, max(0, searched - len(_END_OF_HEAD)))
    if max(end, len(gathered) if end < 0 else 0) > LARGEST_HEAD:
        raise RequestRefused("431 Request Header Fields Too Large")
    if end < 0:
        return None
    head = bytes(gathered[: end + 2])
    if _CODED.search(head):
        raise RequestRefused("411 Length Required")
    lengths = _LENGTH.findall(head)
    length = int(lengths[0]) if lengths else 0
    read = length <= largest_body
    clear = len(lengths) == len(_NAMED_LENGTH.findall(head)) <= 1
    whole = end + len(_END_OF_HEAD) + (length if read else 0)
    return Head(whole, last=not (read and clear), expects=bool(read and _EXPECTS.search(head)))


class ClientSocket:
    """Replacement for the socket of a client, used by gunicorn."""

    def __init__(self, client: socket.socket) -> None:
        client.setblocking(False)
        self.socket = client
        #: Bytes received that no thread has read yet.
        self.gathered = bytearray()
        #: Number of these bytes that belong to the request a thread handles.
        self.left = 0
        #: Bytes answered by a thread that the client has not taken yet.
        self.answer = bytearray()

    def fileno(self) -> int:
        return self.socket.fileno()

    def recv(self, size: int) -> bytes:
        """Return bytes of the current request; none after its end."""
        piece = bytes(self.gathered[: min(size, self.left)])
        del self.gathered[: len(piece)]
        self.left -= len(piece)
        return piece

    def sendall(self, data: bytes) -> None:
        """Send the part that the client takes now; keep the rest."""
        self.answer += data
        self.flush()

    def send(self, data: bytes) -> int:
        """Send nothing: gunicorn only sends ``100 Continue`` here, after the body came."""
        return len(data)

    def flush(self) -> int:
        """Send the part of the answer that the client takes now; return its length."""
        sent = 0
        with memoryview(self.answer) as view:
            while sent < len(view):
                try:
                    sent += self.socket.send(view[sent:])
                except BlockingIOError:
                    break
        del self.answer[:sent]
        return sent

    # gunicorn sets a socket's timeout, and closes it after a failure: threads do neither here.
    def setblocking(self, _waits: bool) -> None: ...
    def settimeout(self, _seconds: float | None) -> None: ...
    def gettimeout(self) -> float | None:
        return None

    def shutdown(self, _how: int) -> None: ...
    def close(self) -> None: ...
