"""The longest time that one write holds the gate of SQLite, while every save waits.

    python -m benchmarks.gate [--cities 15000] [--experts 1000] [--at-once]

Loads a study of 1,000 experts who compared every pair of 22 indicators and an
edition of 15,000 cities on 62 indicators, then replaces the cities. With
``--at-once`` the study is stored in one transaction: the control. Then an author
does at the pages what touches all of these experts or cities: opens and closes
rounds, issues and ends links, starts more rounds, freezes and publishes.

Held by the project: no hold above 250 ms.
"""

import argparse
import gc
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from survey import create_app, values
from survey.authors.cities.operations import replace_units, replacing, stage_units
from survey.db import Database, Gate
from survey.models import Study, WeightSet
from survey.reports.ranking.changes import units_digest
from survey.store import schema
from survey.store.authors import ensure_author, issue_author_link
from survey.store.staging import store_in_turns
from survey.store.studies import load_ranked, store_study
from survey.values import By
from survey.web.config import Settings

TOP = 4
#: Experts of the study that has the cities.
JUDGES = 5
ORDER = {"order": "random", "silence": "keep", "least_response": "3"}
SHOWN = re.compile(r'name="shown"[^>]*value="([0-9a-f]{64})"')


class TimedGate(Gate):
    """A gate that notes how long it was held, and for how much of it the processor worked."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.holds: list[tuple[float, float]] = []

    @contextmanager
    def held(self, deadline: float = 5.0) -> Iterator[None]:
        with super().held(deadline):
            began, worked = time.perf_counter(), time.process_time()
            try:
                yield
            finally:
                held = time.perf_counter() - began
                self.holds.append((held, time.process_time() - worked))


def framework(indicators: int, groups: int) -> values.Framework:
    """Indicators spread evenly over groups, each on a ladder of four rungs."""
    rungs = tuple(values.Rung(level, {"en": f"rung {level}"}) for level in range(1, TOP + 1))
    return values.Framework(
        groups=tuple(
            values.Group(f"g{number}", {"en": f"Group {number}"}) for number in range(groups)
        ),
        indicators=tuple(
            values.Indicator(f"i{number}", f"g{number % groups}", {"en": f"{number}"}, TOP, rungs)
            for number in range(indicators)
        ),
    )


def study(code: str, asked: values.Framework, experts: int, cities: int) -> values.Study:
    """A study whose experts judged every pair, and whose cities have every level."""
    panel = tuple(
        values.Expert(f"E{number}", "g0", "en", values.PAIRWISE) for number in range(experts)
    )
    judgements = tuple(
        values.Judgement(expert.code, parent, first, second, (position * 7) % 17 - 8)
        for expert in panel
        for parent in asked.parents
        for position, (first, second) in enumerate(asked.pairs(parent))
    )
    units = tuple(
        values.Unit(
            code=f"c{number}",
            names={"en": f"City {number}"},
            levels={
                i.code: (number + place) % (TOP + 1) for place, i in enumerate(asked.indicators)
            },
        )
        for number in range(cities)
    )
    return values.Study(
        code=code,
        framework=asked,
        panel=panel,
        judgements=judgements,
        units=units,
        tables=(values.Table("all", {"en": "All"}, tuple(g.code for g in asked.groups)),),
        titles={"en": code},
        contact="author@example.org",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=15_000)
    parser.add_argument("--experts", type=int, default=1000)
    parser.add_argument("--at-once", action="store_true")
    chosen = parser.parse_args()
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/gate.sqlite3")
        schema.upgrade(database)
        with database.writing() as session:
            author = ensure_author(session, "author", now)
        gate = TimedGate(Path(folder) / "gate.sqlite3.gate")
        database._gate = gate
        panel = study("panel", framework(22, 4), chosen.experts, 0)
        cities = study("cities", framework(62, 11), JUDGES, chosen.cities)
        asked = replace(panel, code="asked", judgements=())
        for content in (panel, cities, asked):
            with timed(f"load {content.code}", gate):
                if chosen.at_once:
                    with database.writing() as session:
                        store_study(session, content, author, now)
                else:
                    store_in_turns(database, content, author.id, lambda: now)
        with timed("replace the cities", gate):
            _replace(database, cities.units, now)
        gc.collect()
        gc.freeze()  # the studies made here are no part of a service
        write_as_an_author(Path(folder), database, panel)
        database.close()


def write_as_an_author(folder: Path, database: Database, panel: values.Study) -> None:
    """Press what an author can press; each press is one line."""
    author = Author(folder, database)
    asked = "/author/studies/asked"
    author.post("settle the form of a round", f"{asked}/rounds/1", {"form": "short", **ORDER})
    author.post("open a round", f"{asked}/rounds/1/open")
    for act in ("issue", "replace", "revoke"):
        author.post(f"{act} all links", f"{asked}/panel/links", {"act": act, "delivery": "csv"})
    author.post("close a round", f"{asked}/rounds/1/close")
    everybody = {"experts": [expert.code for expert in panel.panel], "silence": "keep"}
    for number, asks in ((2, "targeted"), (3, "everything")):
        further = {**everybody, "asks": asks, "least_response": "3"}
        author.post(f"start a round: {asks}", "/author/studies/panel/rounds", further)
        author.post("settle its order", f"/author/studies/panel/rounds/{number}", ORDER)
        author.post("open it", f"/author/studies/panel/rounds/{number}/open")
        author.post("close it", f"/author/studies/panel/rounds/{number}/close")
    for code, number in (("panel", 1), ("panel", 3), ("cities", 1)):
        last = author.count_weight_sets(code)
        freeze = {"name": "set", "reason": "done", "disconnected": "refuse", "after": str(last)}
        why = {"below": "The benchmark."}
        where = f"/author/studies/{code}/rounds/{number}"
        author.post(f"freeze {code}, round {number}", where + "/consensus", freeze | why)
    shown = author.read("/author/studies/cities/publish")
    digest = SHOWN.search(shown)
    author.post("publish", "/author/studies/cities/publish", {"shown": digest[1] if digest else ""})


class Author:
    """An author at the pages of a service whose gate is timed."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.gate = TimedGate(Path(folder) / "gate.sqlite3.gate")
        self.client = _signed_in(folder, database, self.gate)

    def post(self, what: str, address: str, form: Mapping[str, object] | None = None) -> None:
        with timed(what, self.gate):
            answer = self.client.post(address, data=form or {})
        if answer.status_code not in (200, 303):
            print(f"  answered {answer.status_code}")

    def read(self, address: str) -> str:
        return self.client.get(address).text

    def count_weight_sets(self, code: str) -> int:
        with self.database.reading() as session:
            row = session.query(Study).filter_by(code=code).one()
            return session.query(WeightSet).filter_by(study_id=row.id).count()


def _signed_in(folder: Path, database: Database, gate: TimedGate) -> FlaskClient:
    url = f"sqlite:///{folder}/gate.sqlite3"
    app: Flask = create_app(Settings(folder, "http://localhost", url, "s" * 64))
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["database"]._gate = gate
    now = datetime.now(UTC)
    with database.writing() as session:
        token = issue_author_link(session, ensure_author(session, "author", now), now)
    client = app.test_client()
    client.post(f"/sign-in/{token}")
    return client


def _replace(database: Database, units: tuple[values.Unit, ...], now: datetime) -> None:
    with database.reading() as session:
        row = session.query(Study).filter_by(code="cities").one()
        shown = units_digest(load_ranked(session, row).units)
    staged = stage_units(database, row.id, tuple(reversed(units)), shown, lambda: now)
    with replacing(database, staged), database.writing() as session:
        replace_units(session, session.get_one(Study, row.id), staged, By("author author", now))


@contextmanager
def timed(what: str, gate: TimedGate) -> Iterator[None]:
    gate.holds.clear()
    began = time.perf_counter()
    yield
    holds = sorted(gate.holds)
    most = max(worked for _, worked in holds)
    print(
        f"{what}: {time.perf_counter() - began:.1f} s, {len(holds)} transactions, "
        f"median {1000 * holds[len(holds) // 2][0]:.0f} ms, "
        f"longest {1000 * holds[-1][0]:.0f} ms, of the processor {1000 * most:.0f} ms"
    )


if __name__ == "__main__":
    main()
