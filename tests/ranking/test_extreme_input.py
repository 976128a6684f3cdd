"""Totals at the edge of a step, tiny or huge, and input of fewer digits."""

from itertools import count
from typing import Any

import numpy as np
import pytest

import ranking

INF: Any = float("inf")
PART: Any = 2.5


def test_totals_that_end_in_5_at_the_tenth_decimal_are_one_rank():
    """.1000000005 + .2 and .3000000005: on a grid around whole steps the sums round apart."""
    weights = (0.1000000005, 0.2, 0.3000000005, 0.399999999)
    levels = [(1, 1, 0, 0), (0, 0, 1, 0)]
    scores = ranking.scores(levels, weights)

    assert scores[0] != scores[1]
    assert ranking.ranks(scores).tolist() == [1, 1]
    assert ranking.rank_acceptability(levels, [weights]).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert ranking.bands(scores, (0.5,)).numbers.tolist() == [2, 2]


@pytest.mark.parametrize("decimals", range(9, 14))
def test_no_decimal_is_at_the_edge_of_a_step(decimals):
    """Sums of weights of so many decimals in three orders: always one rank."""
    rng = np.random.default_rng(decimals)
    for _ in range(300):
        parts = (rng.integers(1, 10**8, 4) / 10**decimals).tolist()
        scores = [1 + sum(parts), 1 + sum(parts[::-1]), parts[0] + (1 + sum(parts[1:]))]

        assert ranking.ranks(scores).tolist() == [1, 1, 1]


@pytest.mark.parametrize("size", [1e-300, 1e-10, 1e-4, 1.0, 1e4, 1e9, 1e299])
def test_tiny_and_huge_totals_have_the_ranks_of_their_proportions(size):
    assert ranking.ranks(np.array([1.0, 2.0, 3.0, 2.0]) * size).tolist() == [4, 2, 1, 2]
    assert ranking.ranks(np.array([0.1 + 0.2, 0.3]) * size).tolist() == [1, 1]
    levels = np.array([[1.0, 0.0], [0.0, 1.0]]) * size
    radius = ranking.stability_radius(levels, [0.6, 0.4])[0, 1]
    np.testing.assert_allclose(radius, 0.1, rtol=1e-9)
    np.testing.assert_allclose(ranking.effective_importance(levels, [0.6, 0.4]), 1, rtol=1e-9)
    np.testing.assert_array_equal(
        ranking.rank_acceptability(levels, [[0.6, 0.4], [0.3, 0.7]]), [[0.5, 0.5], [0.5, 0.5]]
    )


def test_weights_of_single_precision_sum_to_one_to_that_precision():
    single = np.array([0.1, 0.2, 0.7], dtype=np.float32)

    np.testing.assert_allclose(ranking.scores([[1, 2, 3]], single), [2.6], rtol=1e-6)
    with pytest.raises(ranking.NotSummingToOne):
        ranking.scores([[1, 2, 3]], single * np.float32(1.001))


def test_draws_of_single_precision_sum_to_one_to_that_precision():
    """Seven sevenths of single precision sum to 1.00000004."""
    sevenths = np.full((3, 7), 1 / 7, dtype=np.float32)

    for draws in (sevenths, iter([sevenths])):
        found = ranking.rank_acceptability(np.eye(7)[:2] * [[1], [2]], draws)
        assert found.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ranking.scores([[INF, 1]], [0.5, 0.5]),
        lambda: ranking.critical_changes([[1e308, 1], [-1e308, 2]], [0.5, 0.5]),
        lambda: ranking.expected_ranks([[INF, 0], [0, 1]]),
        lambda: ranking.rank_ranges(np.array([[1e308, 0], [0, 1]])),
        lambda: ranking.exact_acceptability([]),
        lambda: ranking.exact_acceptability([[INF, 1], [1, 2]]),
        lambda: ranking.win_probability([INF, 1]),
        lambda: ranking.effective_importance(np.empty((0, 2)), [0.5, 0.5]),
        lambda: ranking.rank_ranges([[1, 0], [0, 1]], INF),
        lambda: ranking.simplex_draws(INF, 10, np.random.default_rng(1)),
        lambda: ranking.simplex_draws(3, INF, np.random.default_rng(1)),
        lambda: ranking.simplex_draws(3, INF / INF, np.random.default_rng(1)),
        lambda: ranking.simplex_draws(3, PART, np.random.default_rng(1)),
        lambda: ranking.simplex_chunks(3, 10, np.random.default_rng(1), PART),
        lambda: ranking.noise_draws([0.5, 0.5], 0.1, INF, np.random.default_rng(1)),
        lambda: ranking.level_draws([[1, 2]], [2, 3], 0.1, INF, np.random.default_rng(1)),
    ],
    ids=count(),
)
def test_what_cannot_be_right_is_a_value_error(ask):
    with pytest.raises(ValueError, match=r"."):
        ask()
