"""A client's connection: a whole request gathered from it, an answer left in it, no waiting.

A thread that works on a request reads and writes here as on a socket, and is
never kept by its client: what the client has not taken yet stays for the loop
of :mod:`survey.web.server` to send.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

#: A longer head is refused; what a browser sends stays below 10 kB.
LARGEST_HEAD = 64 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
_NAMED_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Refused(Exception):
    """A request that is not worked on; its text is the status line."""


@dataclass(frozen=True, slots=True)
class Head:
    """The length that the head of a request states for its body. gunicorn parses it for good."""

    #: How many bytes the request has, as far as it is read here.
    whole: int
    #: Whether the connection ends with this request: bytes may follow that are no request.
    last: bool
    #: Whether the client waits for a word before it sends the body.
    expects: bool


def read_head(gathered: bytearray, largest_body: int, searched: int = 0) -> Head | None:
    """The head at the start of ``gathered``, of which ``searched`` bytes hold no end; or None.

    A body above ``largest_body`` is not waited for: the application refuses it by its head.

    Raises
    ------
    Refused
        If the head is too long, or its body has no length: one of chunks would have to be
        read to know where it ends, and no browser sends one.
    """
    end = gathered.find(_END_OF_HEAD, max(0, searched - len(_END_OF_HEAD)))
    if max(end, len(gathered) if end < 0 else 0) > LARGEST_HEAD:
        raise Refused("431 Request Header Fields Too Large")
    if end < 0:
        return None
    head = bytes(gathered[: end + 2])
    if _CODED.search(head):
        raise Refused("411 Length Required")
    lengths = _LENGTH.findall(head)
    length = int(lengths[0]) if lengths else 0
    read = length <= largest_body
    clear = len(lengths) == len(_NAMED_LENGTH.findall(head)) <= 1
    whole = end + len(_END_OF_HEAD) + (length if read else 0)
    return Head(whole, last=not (read and clear), expects=bool(read and _EXPECTS.search(head)))


class Line:
    """Stand-in for the socket of a client, in gunicorn's hands."""

    def __init__(self, client: socket.socket) -> None:
        client.setblocking(False)
        self.socket = client
        #: What came in and was not read by a thread yet.
        self.gathered = bytearray()
        #: How much of that belongs to the request that a thread works on.
        self.left = 0
        #: What a thread answered and the client has not taken yet.
        self.answer = bytearray()

    def fileno(self) -> int:
        return self.socket.fileno()

    def recv(self, size: int) -> bytes:
        """Bytes of the one request; nothing after its end."""
        piece = bytes(self.gathered[: min(size, self.left)])
        del self.gathered[: len(piece)]
        self.left -= len(piece)
        return piece

    def sendall(self, data: bytes) -> None:
        """Send what the client takes now; keep the rest."""
        self.answer += data
        self.flush()

    def send(self, data: bytes) -> int:
        """Say nothing: only ``100 Continue`` comes this way, and the body is here by then."""
        return len(data)

    def flush(self) -> int:
        """Send of the answer what the client takes now; returns how many bytes."""
        sent = 0
        with memoryview(self.answer) as view:
            while sent < len(view):
                try:
                    sent += self.socket.send(view[sent:])
                except BlockingIOError:
                    break
        del self.answer[:sent]
        return sent

    # gunicorn sets how long a socket waits, and closes it after a failure: neither is a thread's
    # business here.
    def setblocking(self, _waits: bool) -> None: ...
    def settimeout(self, _seconds: float | None) -> None: ...
    def gettimeout(self) -> float | None:
        return None

    def shutdown(self, _how: int) -> None: ...
    def close(self) -> None: ...
