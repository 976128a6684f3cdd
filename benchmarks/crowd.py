"""Two hundred experts at once, each through the questions of the example with time to think.

    python -m benchmarks.crowd [--experts 200] [--think 25] [--databases sqlite postgresql]

The service is ``./steelyard serve`` as it is deployed; the experts are in this
process. Each signs in, and answers 22 comparisons as the pages' script does: it
reads a page, thinks (half to one and a half times as long as said, in
seconds), saves, and presses Next, which sends the same save once more and leads
to the next page. Afterwards the database is compared with what they were told.

Held by the project: every acknowledged answer is stored, none twice, nothing
but expected answers, and p99 at most 5 × p50 of the saves.
"""

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks.saving import ROOT, Timings, free_port, wait_for
from survey import values
from survey.db import Database
from survey.files.study_folder import read_folder
from survey.models import AnswerRevision, Expert, Invitation, Judgement, Study
from survey.store import journal, schema
from survey.store.authors import ensure_author
from survey.store.invitations import issue_personal_link
from survey.store.rounds import open_round
from survey.store.studies import store_study
from survey.values import By
from survey.web import config
from tests.machinery.postgres import Urls, running_server

EXAMPLE = ROOT / "examples" / "arab-league-2024"

#: What is timed: a save by the script, the same save by the button, a page.
SAVE, NEXT, PAGE = "save", "next", "page"

#: An answer that does not come within so many seconds is a fault.
PATIENCE = 30.0

#: (expert, comparison id) -> the step that was acknowledged.
Answers = dict[tuple[str, int], int]


@dataclass
class Crowd:
    """What all experts were told, and how long it took."""

    acknowledged: Answers = field(default_factory=dict)
    timings: Mapping[str, Timings] = field(default_factory=lambda: defaultdict(Timings))
    faults: list[str] = field(default_factory=list)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--experts", type=int, default=200)
    usual = values.SECONDS_PER_QUESTION
    options.add_argument("--think", type=float, default=usual, help="seconds, on average")
    options.add_argument(
        "--databases", nargs="+", choices=DATABASES, default=list(DATABASES), metavar="NAME"
    )
    chosen = options.parse_args()
    return max(measure(name, chosen.experts, chosen.think) for name in chosen.databases)


def measure(name: str, experts: int, think: float) -> int:
    """One crowd on one kind of database; 1 when something was not held."""
    with tempfile.TemporaryDirectory() as folder, DATABASES[name](Path(folder)) as urls:
        links = prepare(urls, experts)
        with serving(urls, Path(folder)) as port:
            began = time.perf_counter()
            crowd = asyncio.run(visit(port, links, think))
            seconds = time.perf_counter() - began
        database = Database(urls.application)
        faults = crowd.faults + differences(database, crowd.acknowledged)
        database.close()
    print(f"{name}: {experts} experts, {len(crowd.acknowledged)} answers in {seconds:.0f} s")
    return report(crowd, faults)


def report(crowd: Crowd, faults: list[str]) -> int:
    for what, timings in crowd.timings.items():
        p50, p99 = timings.percentile(0.5), timings.percentile(0.99)
        print(
            f"  {what}: {len(timings.each)}, p50 {1000 * p50:.1f} ms, p99 {1000 * p99:.1f} ms, "
            f"longest {1000 * max(timings.each):.0f} ms; p99/p50: {p99 / p50:.1f}"
        )
    saves = crowd.timings[SAVE]
    spread = saves.percentile(0.99) / saves.percentile(0.5)
    print(f"  faults: {len(faults)} (held: 0); p99/p50 of saves: {spread:.1f} (held: 5.0)")
    for fault in faults[:10]:
        print(f"  {fault}")
    return int(bool(faults) or spread > 5)


# ---------------------------------------------------------------- the experts


async def visit(port: int, links: Mapping[str, str], think: float) -> Crowd:
    """Let everybody (expert -> path of her link) come within one time to think, and answer."""
    crowd = Crowd()
    chance = random.Random(2024)  # noqa: S311 (times to think are no secret)
    await asyncio.gather(
        *(
            _trip(Browser(port, crowd), expert, path, think, random.Random(chance.random()))  # noqa: S311
            for expert, path in links.items()
        )
    )
    return crowd


async def _trip(
    browser: "Browser", expert: str, link: str, think: float, chance: random.Random
) -> None:
    try:
        await asyncio.sleep(chance.uniform(0, think))
        _, page = await browser.ask(PAGE, "GET", link)
        await browser.ask("begin", "POST", link, {"csrf_token": _field(page, "csrf_token")})
        path = ""
        while path := path or await _first_open(browser):
            path = await _answer(browser, expert, path, think, chance)
    except (OSError, EOFError, TimeoutError, ValueError) as fault:
        browser.crowd.faults.append(f"{expert}: {fault!r}")
    finally:
        browser.leave()


async def _first_open(browser: "Browser") -> str:
    _, overview = await browser.ask(PAGE, "GET", "/answer/")
    found = re.search(r'class="button" href="(/answer/comparisons/\d+)"', overview)
    return found.group(1) if found else ""


async def _answer(
    browser: "Browser", expert: str, path: str, think: float, chance: random.Random
) -> str:
    """Answer one comparison; the path of the next one, empty at the end of a group."""
    _, page = await browser.ask(PAGE, "GET", path)
    browser.leave()  # while the expert thinks, the connection ends
    await asyncio.sleep(chance.uniform(think / 2, 3 * think / 2))

    side, strength = chance.choice(["first", "second", "same"]), chance.randint(2, 9)
    form = {
        "csrf_token": _field(page, "csrf_token"),
        "base": _field(page, "base"),
        "key": uuid.uuid4().hex,
        "direction": side,
        "strength": str(strength),
        "reason": "",
    }
    _, told = await browser.ask(SAVE, "POST", path, form)
    if json.loads(told)["version"] != int(form["base"]) + 1:
        raise ValueError(f"{path}: {told}")
    step = {"first": strength - 1, "second": 1 - strength, "same": 0}[side]
    browser.crowd.acknowledged[expert, int(path.rpartition("/")[2])] = step
    location, _ = await browser.ask(NEXT, "POST", path, form)
    return location if location.startswith("/answer/comparisons/") else ""


class Browser:
    """One expert's browser: a cookie, and a connection while she is busy."""

    def __init__(self, port: int, crowd: Crowd) -> None:
        self.crowd = crowd
        self._port = port
        self._cookie = ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, what: str, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[str, str]:
        """Where the answer leads, and its text. Nothing but 200 and 303 is expected."""
        began = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            head, body = await self._exchange(self._request(what, method, path, form))
        self.crowd.timings[what].each.append(time.perf_counter() - began)
        status, *lines = head.decode().split("\r\n")
        if status.split()[1] not in ("200", "303"):
            raise ValueError(f"{method} {path}: {status}")
        headers = {name.lower(): value for name, _, value in (e.partition(": ") for e in lines)}
        if cookie := headers.get("set-cookie"):
            self._cookie = cookie.partition(";")[0]
        if headers.get("connection") == "close":
            self.leave()
        return headers.get("location", ""), body.decode()

    def leave(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    def _request(self, what: str, method: str, path: str, form: dict[str, str] | None) -> bytes:
        body = urlencode(form) if form else ""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            f"Accept: {'application/json' if what == SAVE else 'text/html'}",
            "Sec-Fetch-Site: same-origin",
        ]
        if self._cookie:
            lines.append(f"Cookie: {self._cookie}")
        if form:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", body]).encode()

    async def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return head.rstrip(), await reader.readexactly(int(length.group(1)) if length else 0)


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    if found is None:
        raise ValueError(f"a page without {name}")
    return found.group(1)


# ---------------------------------------------------------------- what was stored


def differences(database: Database, acknowledged: Answers) -> list[str]:
    """What the database holds otherwise than the experts were told, in words."""
    with database.reading() as session:
        judged = {
            (expert, comparison): step
            for expert, comparison, step in session.execute(
                select(Expert.code, Judgement.comparison_id, Judgement.step).join(
                    Expert, Expert.id == Judgement.expert_id
                )
            )
        }
        saves = session.execute(
            select(Expert.code, AnswerRevision.comparison_id).join(
                Expert, Expert.id == AnswerRevision.expert_id
            )
        ).all()
        broken = [journal.find_fault(session, study) for study in session.scalars(select(Study.id))]
    found = [
        f"{key}: {acknowledged.get(key)} told, {judged.get(key)} stored"
        for key in acknowledged.keys() | judged.keys()
        if acknowledged.get(key) != judged.get(key)
    ]
    if len(saves) != len(acknowledged):
        found.append(f"{len(saves)} saves for {len(acknowledged)} answers")
    return found + [f"journal: {fault}" for fault in broken if fault]


# ---------------------------------------------------------------- the service


def prepare(urls: Urls, experts: int) -> dict[str, str]:
    """The example's questions in an open round; the path of each expert's link."""
    panel = tuple(
        values.Expert(f"E{number:03}", "digital", "en", values.PAIRWISE)
        for number in range(experts)
    )
    content = read_folder(EXAMPLE).study
    study = values.Study("crowd", content.framework, panel, titles=content.titles)
    now = datetime.now(UTC)
    owned = Database(urls.owner)
    schema.upgrade(owned)
    owned.close()
    database = Database(urls.application)
    with database.writing() as session:
        row = store_study(session, study, ensure_author(session, "author", now), now)
        open_round(session, row.rounds[0], By("author author", now))
        links = {
            invitation.expert.code: "/invitation/"
            + issue_personal_link(session, invitation, By("author author", now))
            for invitation in session.scalars(select(Invitation))
        }
    database.close()
    return links


@contextmanager
def serving(urls: Urls, folder: Path) -> Iterator[int]:
    """``./steelyard serve`` in a process of its own."""
    port = free_port()
    settings = {
        "STEELYARD_INSTANCE": str(folder),
        "STEELYARD_DATABASE_URL": urls.application,
        "STEELYARD_OWNER_DATABASE_URL": urls.owner,
        "STEELYARD_SITE_URL": f"http://127.0.0.1:{port}",
        "STEELYARD_SECRET_KEY": "x" * config.MIN_SECRET_LENGTH,
    }
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, ROOT / "steelyard", "serve", "--port", str(port)],
            env={**os.environ, **settings},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, server)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


@contextmanager
def _sqlite(folder: Path) -> Iterator[Urls]:
    url = f"sqlite:///{folder / 'steelyard.sqlite3'}"
    yield Urls(url, url)


@contextmanager
def _postgresql(_folder: Path) -> Iterator[Urls]:
    with running_server("18", fsync="on") as server:
        yield server.urls(server.create_database())


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


if __name__ == "__main__":
    sys.exit(main())
