"""Three items at a time."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation
from aggregation.triads import triads

NAN = float("nan")
TRIAD = [[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]]


def tournament(n, beats):
    matrix = np.ones((n, n))
    for i, j in combinations(range(n), 2):
        matrix[i, j] = 3.0 if beats(i, j) else 1 / 3
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def test_there_are_n_choose_three_triads():
    assert [tuple(triad) for triad in triads(5)] == list(combinations(range(5), 3))
    assert triads(2).shape == (0, 3)


def test_the_indices_of_one_triad_by_hand():
    """t = 2·3/5: 1 - 5/6 and 6/5 + 5/6 - 2."""
    assert aggregation.koczkodaj_index(TRIAD) == pytest.approx(1 / 6, rel=1e-12)
    assert aggregation.pelaez_lamata_index(TRIAD) == pytest.approx(6 / 5 + 5 / 6 - 2, rel=1e-12)


@given(weights=st.lists(st.floats(0.1, 10), min_size=3, max_size=7))
def test_a_consistent_matrix_has_no_contradicting_triad(weights):
    matrix = np.array(weights)[:, None] / np.array(weights)

    assert aggregation.koczkodaj_index(matrix) == pytest.approx(0, abs=1e-14)
    assert aggregation.pelaez_lamata_index(matrix) == pytest.approx(0, abs=1e-14)
    assert aggregation.circular_triads(matrix) == 0
    assert aggregation.kendall_zeta(matrix) == 1


def test_the_mean_index_is_over_triads_and_the_worst_index_is_of_the_worst():
    matrix = np.ones((4, 4))
    matrix[0, 1], matrix[1, 0] = 2, 1 / 2

    # The pair 0, 1 is in two of four triads, each with t = 2.
    assert aggregation.pelaez_lamata_index(matrix) == pytest.approx((2 + 1 / 2 - 2) / 2)
    assert aggregation.koczkodaj_index(matrix) == pytest.approx(1 / 2)


def test_a_triad_with_a_gap_says_nothing():
    gap = np.array(TRIAD)
    gap[0, 2] = gap[2, 0] = NAN

    assert aggregation.koczkodaj_index(gap) == 0
    assert aggregation.pelaez_lamata_index(gap) == 0
    assert aggregation.circular_triads(gap) == 0


@pytest.mark.parametrize("n", [3, 5, 7])
def test_the_most_circular_tournament_of_odd_order(n):
    """Each beats the next (n-1)/2 around: d is its maximum (n³ - n)/24, ζ = 0."""
    matrix = tournament(n, lambda i, j: (j - i) % n <= (n - 1) // 2)

    assert aggregation.circular_triads(matrix) == (n**3 - n) // 24
    assert aggregation.kendall_zeta(matrix) == 0


@given(st.lists(st.booleans(), min_size=15, max_size=15))
def test_circles_are_counted_from_the_number_of_wins(outcomes):
    """Kendall and Babington Smith (1940): d = n(n-1)(2n-1)/12 - Σ s²/2."""
    won = dict(zip(combinations(range(6), 2), outcomes, strict=True))
    matrix = tournament(6, lambda i, j: won[i, j])
    wins = (matrix > 1).sum(axis=1)

    expected = 6 * 5 * 11 / 12 - (wins**2).sum() / 2

    assert aggregation.circular_triads(matrix) == expected
    assert aggregation.kendall_zeta(matrix) == pytest.approx(1 - expected / 8)


def test_equal_is_no_preference_and_closes_no_circle():
    matrix = [[1, 3, 1], [1 / 3, 1, 3], [1, 1 / 3, 1]]

    assert aggregation.circular_triads(matrix) == 0


def test_a_circle_in_either_direction_counts():
    circle = np.array([[1, 3, 1 / 3], [1 / 3, 1, 3], [3, 1 / 3, 1]])

    np.testing.assert_array_equal(aggregation.circular_triads([circle, circle.T]), [1, 1])
    for order in permutations(range(3)):
        assert aggregation.circular_triads(circle[np.ix_(order, order)]) == 1


def test_zeta_needs_every_preference():
    with pytest.raises(aggregation.Incomplete) as refusal:
        aggregation.kendall_zeta([[1, 2, NAN], [1 / 2, 1, 3], [NAN, 1 / 3, 1]])

    assert refusal.value.pairs == ((0, 2),)


def test_two_items_have_no_triads():
    pair = [[1, 9], [1 / 9, 1]]

    assert aggregation.koczkodaj_index(pair) == 0
    assert aggregation.pelaez_lamata_index(pair) == 0
    assert aggregation.circular_triads(pair) == 0
    assert aggregation.kendall_zeta(pair) == 1
