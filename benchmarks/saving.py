"""Saving a judgement through the whole stack, beside a bare view.

    python -m benchmarks.saving [--seconds 4] [--turns 3]

Both run under the same server (gunicorn, one worker, 8 threads), on SQLite in
WAL with synchronous=FULL, and are asked by the same client in turns within the
same minutes: 16 connections, each of which sends its next save when the last
one was answered. Ours checks host, origin, token, session and link, and writes
judgement, revision and journal in one transaction; the floor inserts one row. A turn is
short: a session that writes 300 times in a minute is refused.

Held by the project: at least 0.2 of the floor's rate, p99 at most 5 × p50.
"""

import argparse
import asyncio
import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from survey import values
from survey.db import Database
from survey.models import Invitation
from survey.store import schema
from survey.store.authors import ensure_author
from survey.store.invitations import issue_personal_link
from survey.store.rounds import open_round
from survey.store.studies import store_study
from survey.values import By
from survey.web import config

ROOT = Path(__file__).resolve().parent.parent

CONNECTIONS = 16
THREADS = 8

#: A request of one connection, made again for every save.
Request = Callable[[], bytes]


@dataclass
class Timings:
    """Seconds from request to answer, and the wall clock they took together."""

    each: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.each) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.each)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=4.0, help="of each turn")
    options.add_argument("--turns", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        floor, ours = Timings(), Timings()
        with bare_view(Path(folder)) as bare_port, whole_stack(Path(folder)) as (port, tokens):
            bare = [bare_request(bare_port, number) for number in range(CONNECTIONS)]
            experts = [Saver(port, token) for token in tokens]
            for turn in range(chosen.turns + 1):
                asyncio.run(closed_loop(bare_port, bare, chosen.seconds if turn else 1.0, floor))
                asyncio.run(closed_loop(port, experts, chosen.seconds if turn else 1.0, ours))
                if not turn:  # the first, short turn only warms both up
                    floor, ours = Timings(), Timings()
    return report(floor, ours)


def report(floor: Timings, ours: Timings) -> int:
    for name, timings in (("bare view", floor), ("Steelyard", ours)):
        p50, p99 = timings.percentile(0.5), timings.percentile(0.99)
        print(
            f"{name}: {timings.rate:7.1f} saves/s, p50 {1000 * p50:6.1f} ms, "
            f"p99 {1000 * p99:6.1f} ms ({p99 / p50:.1f} × p50), "
            f"mean {1000 * statistics.fmean(timings.each):.1f} ms, {len(timings.each)} saves"
        )
    ratio = ours.rate / floor.rate
    spread = ours.percentile(0.99) / ours.percentile(0.5)
    print(f"rate: {ratio:.2f} of the bare view's (held: 0.20); p99/p50: {spread:.1f} (held: 5.0)")
    return int(ratio < 0.2 or spread > 5)


# ---------------------------------------------------------------- the client


async def closed_loop(
    port: int, requests: Sequence[Request], seconds: float, timings: Timings
) -> None:
    """Let every connection send its next request when its last one was answered."""
    began = time.perf_counter()
    await asyncio.gather(
        *(_connection(port, request, began + seconds, timings) for request in requests)
    )
    timings.seconds += time.perf_counter() - began


async def _connection(port: int, request: Request, until: float, timings: Timings) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (sent := time.perf_counter()) < until:
            writer.write(request())
            head, body = await _answer(reader)
            timings.each.append(time.perf_counter() - sent)
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError((head + body).decode(errors="replace"))
            if isinstance(request, Saver):
                request.saved(body)
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return head, await reader.readexactly(int(length.group(1)) if length else 0)


def post(port: int, path: str, fields: dict[str, str], more: str = "") -> bytes:
    body = urlencode(fields)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def bare_request(port: int, expert: int) -> Request:
    return lambda: post(port, "/save", {"expert": str(expert), "pair": "1", "step": "2"})


class Saver:
    """One expert's browser, signed in, changing one answer again and again."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        browser = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = ""
        page = self._ask(browser, "GET", f"/invitation/{token}")
        self._ask(
            browser, "POST", f"/invitation/{token}", {"csrf_token": _field(page, "csrf_token")}
        )
        overview = self._ask(browser, "GET", "/answer/")
        found = re.search(r"/answer/comparisons/\d+", overview)
        assert found is not None
        self.path = found.group(0)
        question = self._ask(browser, "GET", self.path)
        self.csrf_token = _field(question, "csrf_token")
        self.version = int(_field(question, "base"))
        self.strength = 3

    def __call__(self) -> bytes:
        self.strength = 3 + (self.strength - 1) % 7
        return post(
            self.port,
            self.path,
            {
                "csrf_token": self.csrf_token,
                "key": str(uuid.uuid4()),
                "base": str(self.version),
                "direction": "first",
                "strength": str(self.strength),
                "reason": "",
            },
            f"Accept: application/json\r\nCookie: {self.cookie}\r\nSec-Fetch-Site: same-origin\r\n",
        )

    def saved(self, body: bytes) -> None:
        found = re.search(rb'"version": ?(\d+)', body)
        assert found is not None
        self.version = int(found.group(1))

    def _ask(
        self,
        browser: http.client.HTTPConnection,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
    ) -> str:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        browser.request(method, path, urlencode(fields) if fields else None, headers)
        answer = browser.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        if cookie := answer.headers["Set-Cookie"]:
            self.cookie = cookie.split(";", 1)[0]
        return text


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found.group(1)


# ---------------------------------------------------------------- the two servers


@contextmanager
def bare_view(folder: Path) -> Iterator[int]:
    database = folder / "floor.sqlite3"
    with gunicorn(f'bare_view:create("{database}")', ROOT / "benchmarks" / "floors") as port:
        yield port


@contextmanager
def whole_stack(folder: Path) -> Iterator[tuple[int, list[str]]]:
    url = f"sqlite:///{folder / 'steelyard.sqlite3'}"
    tokens = prepare(url)
    port = free_port()
    settings = {
        "STEELYARD_INSTANCE": str(folder),
        "STEELYARD_DATABASE_URL": url,
        "STEELYARD_SITE_URL": f"http://127.0.0.1:{port}",
        "STEELYARD_SECRET_KEY": "x" * config.MIN_SECRET_LENGTH,
    }
    with gunicorn("wsgi:app", ROOT, settings, port):
        yield port, tokens


def prepare(url: str) -> list[str]:
    """An open round with one expert per connection; their links' tokens."""
    names = {"en": "Name"}
    study = values.Study(
        code="benchmark",
        titles=names,
        framework=values.Framework(
            (values.Group("one", names), values.Group("two", names)),
            tuple(
                values.Indicator(f"i{number}", "one" if number < 3 else "two", names, 2)
                for number in range(6)
            ),
        ),
        panel=tuple(
            values.Expert(f"E{number}", "one", "en", values.PAIRWISE)
            for number in range(CONNECTIONS)
        ),
    )
    now = datetime.now(UTC)
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        row = store_study(session, study, ensure_author(session, "author", now), now)
        open_round(session, row.rounds[0], By("author author", now))
        tokens = [
            issue_personal_link(session, invitation, By("author author", now))
            for invitation in session.scalars(select(Invitation)).all()
        ]
    database.close()
    return tokens


@contextmanager
def gunicorn(
    application: str,
    folder: Path,
    settings: dict[str, str] | None = None,
    port: int | None = None,
) -> Iterator[int]:
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", str(THREADS)]
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "60", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*command, application],
            cwd=folder,
            env={**os.environ, **(settings or {})},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, server)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    sys.exit(main())
