"""The longest time that one write holds the gate of SQLite, while every save waits.

    python -m benchmarks.gate [--cities 15000] [--experts 1000] [--at-once]

Loads a study of 1,000 experts who compared every pair of 22 indicators and an
edition of 15,000 cities on 62 indicators, then replaces the cities. With
``--at-once`` the study is stored in one transaction: the control.

Held by the project: no hold above 250 ms.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from survey import values
from survey.db import Database, Gate
from survey.editions.operations import replace_units, replacing, stage_units
from survey.models import Study
from survey.reports.changes import units_digest
from survey.store import schema
from survey.store.authors import ensure_author
from survey.store.loading import load_ranked
from survey.store.staging import store_in_turns
from survey.store.storing import store_study

TOP = 4


class TimedGate(Gate):
    """A gate that notes how long it was held."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.holds: list[float] = []

    @contextmanager
    def held(self, deadline: float = 5.0) -> Iterator[None]:
        with super().held(deadline):
            began = time.perf_counter()
            try:
                yield
            finally:
                self.holds.append(time.perf_counter() - began)


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
        cities = study("cities", framework(62, 11), 0, chosen.cities)
        for content in (panel, cities):
            with timed(f"load {content.code}", gate):
                if chosen.at_once:
                    with database.writing() as session:
                        store_study(session, content, author, now)
                else:
                    store_in_turns(database, content, author.id, lambda: now)
        with timed("replace the cities", gate):
            _replace(database, cities.units, now)
        database.close()


def _replace(database: Database, units: tuple[values.Unit, ...], now: datetime) -> None:
    with database.reading() as session:
        row = session.query(Study).filter_by(code="cities").one()
        shown = units_digest(load_ranked(session, row).units)
    staged = stage_units(database, row.id, tuple(reversed(units)), shown, lambda: now)
    with replacing(database, staged), database.writing() as session:
        replace_units(session, session.get_one(Study, row.id), staged, "author author", now)


@contextmanager
def timed(what: str, gate: TimedGate) -> Iterator[None]:
    gate.holds.clear()
    began = time.perf_counter()
    yield
    holds = sorted(gate.holds)
    print(
        f"{what}: {time.perf_counter() - began:.1f} s, {len(holds)} transactions, "
        f"median {1000 * holds[len(holds) // 2]:.0f} ms, longest {1000 * holds[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
