"""Few pairs, chosen so that they say most."""

from functools import cache
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import DisconnectedGraph, estimate, informative_pairs, total_resistance

COUNTS = [(n, count) for n in range(3, 7) for count in range(n - 1, comb(n, 2) + 1)]


def resistances(n, pairs):
    """Compute resistances between all items from voltages: one ampere in at i, out at j."""
    laplacian = np.zeros((n, n))
    for i, j in pairs:
        laplacian[i, i] += 1
        laplacian[j, j] += 1
        laplacian[i, j] -= 1
        laplacian[j, i] -= 1
    found = []
    for i, j in combinations(range(n), 2):
        current = np.zeros(n)
        current[[i, j]] = 1, -1
        grounded = np.linalg.solve(laplacian[1:, 1:], current[1:])
        voltages = np.concatenate([[0.0], grounded])
        found.append(voltages[i] - voltages[j])
    return found


def is_connected(n, pairs):
    parts = list(range(n))
    for i, j in pairs:
        parts = [parts[i] if part == parts[j] else part for part in parts]
    return len(set(parts)) == 1


@cache
def smallest(n, count):
    """Return the smallest resistance of all choices that connect the items."""
    return min(
        total_resistance(n, choice)
        for choice in combinations(combinations(range(n), 2), count)
        if is_connected(n, choice)
    )


@given(st.integers(2, 9), st.data())
def test_the_pairs_are_so_many_each_once_and_connect_everything(n, data):
    count = data.draw(st.integers(n - 1, comb(n, 2)))

    pairs = informative_pairs(n, count)

    assert len(set(pairs)) == len(pairs) == count
    assert all(0 <= i < j < n for i, j in pairs)
    assert is_connected(n, pairs)


@pytest.mark.parametrize(("n", "count"), COUNTS)
def test_the_sum_is_that_of_the_resistances_and_close_to_the_smallest(n, count):
    pairs = informative_pairs(n, count)
    mine = total_resistance(n, pairs)

    assert mine == pytest.approx(sum(resistances(n, pairs)))
    assert smallest(n, count) - 1e-9 <= mine <= 1.07 * smallest(n, count)


@pytest.mark.parametrize("n", [5, 6])
def test_a_short_form_is_the_best_choice_of_its_size(n):
    pairs = informative_pairs(n)

    assert len(pairs) == n + -(-n // 2)
    assert total_resistance(n, pairs) == pytest.approx(smallest(n, len(pairs)))


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_small_group_is_asked_every_pair(n):
    assert informative_pairs(n) == tuple(combinations(range(n), 2))


@pytest.mark.parametrize("n", range(5, 13))
def test_in_a_short_questionnaire_every_item_is_in_three_pairs_or_one_in_four(n):
    times = sorted(sum(item in pair for pair in informative_pairs(n)) for item in range(n))

    assert times in ([3] * n, [3] * (n - 1) + [4])


@pytest.mark.parametrize(("n", "count"), [(1, None), (0, None), (5, 3), (5, 11), (2, 0)])
def test_what_cannot_be_chosen_is_refused(n, count):
    with pytest.raises(ValueError, match="pair"):
        informative_pairs(n, count)


@given(st.lists(st.floats(-2, 2), min_size=6, max_size=6))
def test_consistent_judgements_of_a_short_form_give_the_weights_of_all_pairs(logs):
    weights = np.exp(logs) / np.exp(logs).sum()
    matrix = np.full((6, 6), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for i, j in informative_pairs(6):
        matrix[i, j], matrix[j, i] = weights[i] / weights[j], weights[j] / weights[i]

    assert estimate(matrix).priorities == pytest.approx(weights)


def test_without_a_ring_one_pair_less_tells_nothing_of_the_rest():
    star = np.full((4, 4), np.nan)
    np.fill_diagonal(star, 1.0)
    for i, j in informative_pairs(4, 3)[:-1]:
        star[i, j], star[j, i] = 2.0, 0.5

    with pytest.raises(DisconnectedGraph):
        estimate(star)
