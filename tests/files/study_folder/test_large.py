"""Folders of any size are read in memory that is bounded by their own size."""

import csv
import os
import subprocess
import sys
import tracemalloc
from itertools import combinations
from pathlib import Path

import pytest

from survey.files.study_folder import read_folder
from survey.web.config import ROOT

#: By group, its indicators: 15, 15, 10 and 10 pairs, and 6 of the groups.
GROUPS = {"g0": range(6), "g1": range(6, 12), "g2": range(12, 17), "g3": range(17, 22)}
PAIRS = [
    *((group, f"i{a}", f"i{b}") for group, own in GROUPS.items() for a, b in combinations(own, 2)),
    *(("goal", a, b) for a, b in combinations(GROUPS, 2)),
]
#: The memory that a command may take, in MiB. Half of it was measured (docs/benchmarks.md):
#: allocators, versions of Python and of NumPy differ.
MOST = 900


def write(folder: Path, name: str, header: str, rows) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split())
        writer.writerows(rows)


def large(folder: Path, experts: int, units: int) -> Path:
    """Write a folder of experts who judge all 56 pairs, and of units with every level."""
    folder.mkdir()
    codes = [(f"i{number}", group) for group, own in GROUPS.items() for number in own]
    write(folder, "groups", "code name_en", ((group, group) for group in GROUPS))
    write(folder, "indicators", "code group levels name_en", ((*c, 4, c[0]) for c in codes))
    write(folder, "rungs", "indicator level text_en", ())
    write(
        folder,
        "panel",
        "expert direction language method",
        ((f"E{number}", "g0", "en", "pairwise") for number in range(experts)),
    )
    write(
        folder,
        "comparisons",
        "expert parent a b judgement",
        (
            (f"E{number}", *pair, (number + place) % 9 + 1)
            for number in range(experts)
            for place, pair in enumerate(PAIRS)
        ),
    )
    write(folder, "points", "expert parent item points", ())
    write(folder, "cities", "city name_en", ((f"c{n}", f"City {n}") for n in range(units)))
    write(
        folder,
        "levels",
        " ".join(["city", *(code for code, _ in codes)]),
        ((f"c{number}", *((number + place) % 5 for place in range(22))) for number in range(units)),
    )
    write(folder, "tables", "table name_en groups", [("all", "All", " ".join(GROUPS))])
    return folder


def test_a_judgement_that_is_read_takes_less_than_400_bytes(tmp_path):
    folder = large(tmp_path / "large", 200, 0)
    read_folder(folder)  # what is made once is made
    tracemalloc.start()
    try:
        study = read_folder(folder).study
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(study.judgements) == 11_200
    assert peak < 400 * 11_200


def peak_of(*command: str | Path, **settings: str) -> int:
    """Run a command to its end; return the most memory that it had, in MiB."""
    process = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", *command],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss // 1024


@pytest.mark.nightly
def test_a_million_judgements_and_100_000_units_take_bounded_memory(tmp_path):
    folder = large(tmp_path / "large", 17_858, 100_000)
    database = f"sqlite:///{tmp_path / 'large.sqlite3'}"
    instance = str(tmp_path / "instance")

    weighing = peak_of("weigh", folder, "-o", tmp_path / "weights.json")
    loading = peak_of("load", folder, STEELYARD_DATABASE_URL=database, STEELYARD_INSTANCE=instance)

    assert (weighing < MOST, loading < MOST) == (True, True), (weighing, loading)
