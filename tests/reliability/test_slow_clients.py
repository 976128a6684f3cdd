"""Clients that send or take a byte now and then, and those who do not notice them."""

import re
import select
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from survey.web import server
from survey.web.connections import ClientSocket, RequestRefused, read_head
from tests.machinery.server import Server

PATIENCE = 20.0
LAST_LONG = b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Stub:
    """The application and the log that a worker asks for."""

    def __init__(self, application: Any) -> None:
        self.wsgi = lambda: application


def answering(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the body's length; ``/long`` sends 8 MB, ``/cut`` reads nothing, ``/broken`` fails."""
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("broken")
    cut = environ["PATH_INFO"] == "/cut"
    body = b"" if cut else environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    said = b"x" * 8_000_000 if environ["PATH_INFO"] == "/long" else str(len(body)).encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@contextmanager
def running(**settings: Any) -> Iterator[int]:
    """Run a worker in a thread of this process, with two threads; yield its port."""
    cfg = Config()
    for name, value in {**server.OPTIONS, "threads": 2, "keepalive": 5, **settings}.items():
        cfg.set(name, value)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        worker = server.Worker(0, 0, [listener], Stub(answering), 30, cfg, Logger(cfg))
        worker.is_parent_alive = lambda: True
        worker.tpool = worker.get_thread_pool()
        worker.poller = selectors.DefaultSelector()
        worker.method_queue.init()
        worker.load_wsgi()
        loop = threading.Thread(target=worker.run)
        loop.start()
        try:
            yield listener.getsockname()[1]
        finally:
            worker.handle_exit(None, None)
            loop.join(PATIENCE)
            worker.tmp.close()
            assert not loop.is_alive()


@pytest.fixture
def port() -> Iterator[int]:
    with running() as port:
        yield port


def connected(port: int, sent: bytes) -> socket.socket:
    """Connect a client with a small buffer, so that an untaken answer stays at the server."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


def answer_of(client: socket.socket) -> tuple[int, bytes]:
    """Read one answer, and check that no byte follows it."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        assert byte, head
        head += byte
    found = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(found[1]) if found else 0
    body = b""
    while len(body) < left:
        body += client.recv(left - len(body))
    return int(head.split()[1]), body


def post(body: bytes, *, path: str = "/", length: int | None = None, more: str = "") -> bytes:
    count = len(body) if length is None else length
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {count}\r\n\r\n".encode() + body
    )


def asked(port: int, path: str = "/") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost:", id="a head without end"),
        pytest.param(post(b"a", length=1000), id="a body without end"),
        pytest.param(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n", id="an answer that is not taken"),
    ],
)
def test_fifty_slow_clients_keep_no_other_waiting(port: int, sent: bytes) -> None:
    slow = [connected(port, sent) for _ in range(50)]

    assert [asked(port) for _ in range(20)] == [(200, b"0")] * 20
    for client in slow:
        client.close()


def test_an_answer_that_is_taken_slowly_arrives_whole(port: int) -> None:
    with connected(port, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert asked(port) == (200, b"0")
        status, body = answer_of(client)

    assert (status, len(body)) == (200, 8_000_000)


def test_the_last_answer_of_a_connection_arrives_whole_whatever_comes_after(port: int) -> None:
    """The system cuts an answer off if bytes are unread when the connection is closed."""
    with connected(port, LAST_LONG) as client:
        select.select([client], [], [], PATIENCE)
        client.sendall(b"more" * 10_000)
        status, body = answer_of(client)

        assert (status, len(body)) == (200, 8_000_000)
        assert client.recv(1) == b""


def test_a_body_that_comes_in_pieces_is_read_whole(port: int) -> None:
    whole = post(b"y" * 300_000)
    with connected(port, whole[:20]) as client:
        for start in range(20, len(whole), 30_000):
            time.sleep(0.05)
            client.sendall(whole[start : start + 30_000])

        assert answer_of(client) == (200, b"300000")


def test_requests_on_one_connection_are_told_apart(port: int) -> None:
    """Sent at once, in an odd piece, and with a body that the application leaves alone."""
    sent = post(b"abc") + post(b"GET / HTTP/1.1\r\n\r\n", path="/cut") + post(b"") + post(b"abcde")
    with connected(port, sent[:-2]) as client:
        said = [answer_of(client) for _ in range(3)]
        client.sendall(sent[-2:])
        said.append(answer_of(client))

    assert said == [(200, b"3"), (200, b"0"), (200, b"0"), (200, b"5")]


@pytest.mark.parametrize("sent", [b"GET / HT", post(b"a", length=9)])
def test_a_request_that_does_not_end_is_ended(
    port: int, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(server, "BODY_SECONDS", 0.2)

    with connected(port, sent) as client:
        assert answer_of(client)[0] == 408
        assert client.recv(1) == b""


def test_who_takes_no_byte_of_an_answer_is_let_go(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "TAKING_SECONDS", 0.2)

    with connected(port, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        time.sleep(2)
        taken = sum(map(len, iter(lambda: client.recv(1 << 20), b"")))

    assert taken < 8_000_000


def test_a_body_above_the_limit_is_not_waited_for(port: int) -> None:
    """The application answers by the head alone, and the client reads it before the end."""
    with connected(port, post(b"z" * 100_000, path="/cut", length=50_000_000)) as client:
        assert answer_of(client) == (200, b"0")
        assert client.recv(1) == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n", 400),
        (post(b"abcd", more="Content-Length: 3\r\n"), 400),
        (post(b"abcd", more="content-length : 3\r\n"), 400),
        (b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n", 500),
    ],
)
def test_what_the_server_refuses_carries_our_headers_and_nothing_after_it_is_read(
    port: int, sent: bytes, status: int
) -> None:
    with connected(port, sent + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        said = b"".join(iter(lambda: client.recv(1 << 16), b""))

    assert int(said.split()[1]) == status
    assert said.count(b"HTTP/1.1 ") == 1
    head = said.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert b"X-Content-Type-Options: nosniff" in head
    assert [line[:45] for line in head if line.startswith(b"Content-Security-Policy:")] == [
        b"Content-Security-Policy: default-src 'none'; "
    ]


def test_who_asks_whether_to_send_a_body_is_told_once(port: int) -> None:
    with connected(port, post(b"", length=3, more="Expect: 100-continue\r\n")) as client:
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert answer_of(client) == (200, b"3")


def test_requests_that_together_hold_too_much_are_refused_small_ones_are_not(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_HELD", 200_000)

    clients = [connected(port, post(b"a" * 190_000, length=190_001)) for _ in range(2)]
    refused, _, _ = select.select(clients, [], [], PATIENCE)
    try:
        assert [answer_of(client)[0] for client in refused] == [503]
        with connected(port, post(b"abc")) as small:
            assert answer_of(small) == (200, b"3")
    finally:
        for client in clients:
            client.close()
    with connected(port, post(b"a" * 190_000)) as again:
        assert answer_of(again) == (200, b"190000")


def test_answers_that_are_not_taken_hold_no_more_memory_than_is_given_to_them(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred clients that took none of a large page held five hundred copies of it."""
    monkeypatch.setattr(server, "MOST_UNTAKEN", 9_000_000)  # one whole answer, not two and a half

    clients = []
    for _ in range(8):
        clients.append(connected(port, LAST_LONG))
        select.select([clients[-1]], [], [], PATIENCE)
    assert asked(port) == (200, b"0")
    taken = []
    for client in clients:
        taken.append(len(b"".join(iter(partial(client.recv, 1 << 20), b""))))
        client.close()

    # The longest wait ends first; on a busy machine that is not always the first request.
    assert min(taken) < 8_000_000 < max(taken)


def test_when_all_places_are_taken_the_one_who_waited_longest_goes() -> None:
    with running(worker_connections=10) as port:
        slow = [connected(port, b"GET /") for _ in range(30)]

        assert asked(port) == (200, b"0")
        assert slow[0].recv(1) == b""
        for client in slow:
            client.close()


def test_a_line_is_no_socket_that_waits() -> None:
    """A thread writes more than a client takes, and reads no byte of the next request."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = ClientSocket(ours)
        line.gathered += b"onetwo"
        line.left = 3
        assert (line.recv(100), line.recv(100)) == (b"one", b"")

        line.sendall(b"z" * 5_000_000)
        assert 0 < len(line.answer) < 5_000_000
        taken = 0
        while line.answer:
            taken += len(theirs.recv(1 << 20))
            line.flush()
        theirs.settimeout(PATIENCE)
        while taken < 5_000_000:
            taken += len(theirs.recv(1 << 20))
        assert taken == 5_000_000


def test_a_head_is_measured_wherever_it_is_cut() -> None:
    sent = bytearray(b"POST / HTTP/1.1\r\nHost: x\r\ncontent-LENGTH:  12 \r\n\r\nabc")

    for cut in range(len(sent) - 3):
        assert read_head(sent[:cut], 100) is None
    for searched in range(len(sent) - 3):
        head = read_head(sent, 100, searched)
        assert head is not None
        assert (head.whole, head.last) == (len(sent) - 3 + 12, False)
    over = read_head(sent, 11)
    assert over is not None
    assert (over.whole, over.last) == (len(sent) - 3, True)
    with pytest.raises(RequestRefused, match="431"):
        read_head(bytearray(b"x" * 65_537), 100)


# ---------- the service itself ----------


def test_the_service_answers_beside_fifty_dripping_clients_and_stops_before_they_do(
    sqlite_database: object, live_server: Server
) -> None:
    """Eight of them stopped it; a stop waited for each until its end."""
    stopped = threading.Event()
    dripped: list[bool] = []

    def drip() -> None:
        clients = [connected(live_server.port, post(b"a", length=1000)) for _ in range(50)]
        ready.set()
        for _ in range(80):
            if stopped.wait(0.25):
                break
            for client in clients:
                try:
                    client.sendall(b"a")
                except OSError:
                    break
        dripped.append(stopped.is_set())
        for client in clients:
            client.close()

    ready = threading.Event()
    dripping = threading.Thread(target=drip)
    dripping.start()
    ready.wait(PATIENCE)
    kept = HTTPConnection("127.0.0.1", live_server.port, timeout=PATIENCE)
    statuses = []
    for _ in range(20):
        kept.request("GET", "/methods")
        response = kept.getresponse()
        response.read()
        statuses.append(response.status)
    live_server.stop()
    stopped.set()
    dripping.join(PATIENCE)
    kept.close()

    assert statuses == [200] * 20
    assert dripped == [True]


def test_a_client_that_was_closed_in_this_turn_is_closed_once():
    """Else each counts as two that left, and the bound of connections is none any more."""
    cfg = Config()
    for name, value in server.OPTIONS.items():
        cfg.set(name, value)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        worker = server.Worker(0, 0, [listener], Stub(answering), 30, cfg, Logger(cfg))
        worker.poller = selectors.DefaultSelector()
        with connected(listener.getsockname()[1], b"GET / HTTP/1.1\r\n"):
            worker.accept(listener)
            [(key, _)] = worker.poller.select(PATIENCE)
            assert worker.nr_conns == 1

            worker._make_room()
            key.data(key.fileobj)  # what the same turn had found before

            assert worker.nr_conns == 0
        worker.tmp.close()
