"""The study of 2024 as arrays: its folder, read for the tests of the core."""

import csv
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import aggregation

FOLDER = Path(__file__).parents[2] / "examples" / "arab-league-2024"


@dataclass(frozen=True)
class Study:
    tree: dict
    priorities: dict
    consensus: dict


@pytest.fixture(scope="session")
def arab_league():
    expected = (FOLDER / "expected-consensus.json").read_text(encoding="utf-8")
    return Study(tree(), expert_priorities(), json.loads(expected))


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree():
    groups = [row["code"] for row in rows("groups")]
    children = {
        group: tuple(row["code"] for row in rows("indicators") if row["group"] == group)
        for group in groups
    }
    return {"goal": tuple(groups), **children}


def expert_priorities():
    """Return each parent's (18, n) priorities, in the order of panel.csv."""
    panel = rows("panel")
    return {
        parent: np.array([priorities_of(expert, parent, items) for expert in panel])
        for parent, items in tree().items()
    }


def priorities_of(expert, parent, items):
    if expert["method"] == "direct":
        given = {row["item"]: float(row["points"]) for row in judged("points", expert, parent)}
        points = [given.get(item, np.nan) for item in items]
        return aggregation.normalise_points(aggregation.replace_zeros(points))
    matrix = comparison_matrix(expert, parent, items)
    nobody = np.isnan(matrix).sum() == matrix.size - len(items)
    return np.full(len(items), np.nan) if nobody else aggregation.priorities(matrix)


def comparison_matrix(expert, parent, items):
    place = {item: index for index, item in enumerate(items)}
    matrix = np.full((len(items), len(items)), np.nan)
    np.fill_diagonal(matrix, 1)
    for row in judged("comparisons", expert, parent):
        i, j = place[row["a"]], place[row["b"]]
        matrix[i, j] = float(Fraction(row["judgement"]))
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def judged(name, expert, parent):
    return [
        row for row in rows(name) if (row["expert"], row["parent"]) == (expert["expert"], parent)
    ]
