"""Input of fewer digits, of no finite size, and of an expert who does not count."""

from itertools import count
from typing import Any

import numpy as np
import pytest

import aggregation

INF: Any = float("inf")
PART: Any = 2.5
MATRIX = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
ROWS = [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.3, 0.2]]


def test_a_matrix_of_single_precision_is_reciprocal_to_that_precision():
    """Its upper triangle holds whole numbers: nothing is lost."""
    single = np.array(MATRIX, dtype=np.float32)

    np.testing.assert_array_equal(aggregation.priorities(single), aggregation.priorities(MATRIX))
    single[1, 0] *= np.float32(1.001)
    with pytest.raises(aggregation.NotReciprocal):
        aggregation.priorities(single)


def test_shares_of_single_precision_sum_to_one_to_that_precision():
    single = np.array(ROWS, dtype=np.float32)

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(single), aggregation.aggregate_priorities(ROWS), rtol=1e-6
    )
    with pytest.raises(aggregation.NotPriorities):
        aggregation.aggregate_priorities(single * np.float32(1.001))


def test_an_expert_who_does_not_count_may_have_given_zeros():
    rows = [[0.0, 1.0], [0.3, 0.7]]

    for mean in ("geometric", "spatial-median", "median", "arithmetic"):
        pooled = aggregation.aggregate_priorities(rows, [0, 1], mean)
        np.testing.assert_allclose(pooled, [0.3, 0.7], rtol=1e-12)
    with pytest.raises(aggregation.ZeroPoints):
        aggregation.aggregate_priorities(rows, [1, 1])


@pytest.mark.parametrize(
    "ask",
    [
        lambda rng: aggregation.gci_threshold(INF),
        lambda rng: aggregation.random_index(INF, "saaty-1980"),
        lambda rng: aggregation.random_index(INF, "alonso-lamata"),
        lambda rng: aggregation.consensus(ROWS, INF),
        lambda rng: aggregation.kendall_w([[1, INF], [1, 2]]),
        lambda rng: aggregation.best_worst_consistency_index(INF),
        lambda rng: aggregation.input_based_threshold(INF, 5),
        lambda rng: aggregation.input_based_threshold(5, INF),
        lambda rng: aggregation.against_chance(aggregation.kendall_w, ROWS, rng, INF),
        lambda rng: aggregation.against_chance(aggregation.kendall_w, ROWS, rng, INF / INF),
        lambda rng: aggregation.bootstrap_weights({"goal": "abc"}, {"goal": ROWS}, INF, rng),
        lambda rng: aggregation.aggregate_priorities(ROWS, [1, INF, 1]),
        lambda rng: aggregation.aggregate_priorities(ROWS, [1e308, 1e308, 1e308]),
        lambda rng: aggregation.synthesise([INF, 0.5], [-1, -1]),
        lambda rng: aggregation.clusters(ROWS, INF),
        lambda rng: aggregation.best_worst([1, 1e308, 4], [4, 3, 1]),
        lambda rng: aggregation.points_as_judgements([1e-320, 70]),
        lambda rng: aggregation.informative_pairs(INF),
        lambda rng: aggregation.informative_pairs(6, INF / INF),
        lambda rng: aggregation.total_resistance(INF, ((0, 1),)),
        lambda rng: aggregation.total_resistance(1, ((0, 1),)),
        lambda rng: aggregation.dissent(ROWS * 8, [True, False, False] * 8, rng, INF),
        lambda rng: aggregation.bootstrap_weights({"goal": "abc"}, {"goal": ROWS}, PART, rng),
    ],
    ids=count(),
)
def test_a_size_that_cannot_be_right_is_a_value_error(ask):
    with pytest.raises(ValueError, match=r"."):
        ask(np.random.default_rng(1))
