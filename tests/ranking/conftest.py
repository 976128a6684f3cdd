"""The study of 2024 as arrays: its levels, its weights, its published bands."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# A theorem holds on a busy machine too.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

FOLDER = Path(__file__).parents[2] / "examples" / "arab-league-2024"


@dataclass(frozen=True)
class Study:
    cities: list
    levels: np.ndarray
    weights: np.ndarray
    tops: np.ndarray
    #: Each published table to the indicators it sums.
    tables: dict
    #: Each published table to its bands, each a set of cities.
    bands: dict


@pytest.fixture(scope="session")
def arab_league():
    indicators = rows("indicators")
    codes = [row["code"] for row in indicators]
    consensus = json.loads((FOLDER / "expected-consensus.json").read_text(encoding="utf-8"))
    return Study(
        cities=[row["city"] for row in rows("levels")],
        levels=np.array([[float(row[code]) for code in codes] for row in rows("levels")]),
        weights=np.array([consensus["global"][code] for code in codes]),
        tops=np.array([float(row["levels"]) for row in indicators]),
        tables={
            row["table"]: [
                place
                for place, indicator in enumerate(indicators)
                if indicator["group"] in row["groups"].split()
            ]
            for row in rows("tables")
        },
        bands={row["table"]: published_bands(row["table"]) for row in rows("tables")},
    )


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_bands(table):
    listed = [row for row in rows("published-bands") if row["table"] == table]
    return [
        {row["city"] for row in listed if row["band"] == band}
        for band in sorted({row["band"] for row in listed})
    ]
