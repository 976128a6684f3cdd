"""Equal priorities, whose last bits differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation
from aggregation.ties import falling, places

#: Its priorities are .1, .3, .3, .3; in doubles the three differ in their last bits.
TIED = [[1, 1 / 3, 1 / 3, 1 / 3], [3, 1, 1 / 2, 2], [3, 2, 1, 1 / 2], [3, 1 / 2, 2, 1]]
#: The same by another sum: .1, .3, .3 less a last bit, .3.
COMPUTED = [0.1, 0.3, 0.29999999999999993, 0.3]


def test_the_concordance_sees_the_ties_of_computed_priorities():
    """Ranks 1, 3, 3, 3 and 4, 3, 2, 1: rank sums 5, 6, 5, 4, so 12·2 / (4·60 - 2·24) = .125."""
    for first in (aggregation.priorities(TIED), COMPUTED):
        rows = [first, [0.4, 0.3, 0.2, 0.1]]
        assert aggregation.kendall_w(rows) == pytest.approx(0.125, abs=1e-12)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=7), st.integers(0, 2**32 - 1))
def test_noise_in_the_last_bits_changes_no_concordance(scores, seed):
    rng = np.random.default_rng(seed)
    exact = np.array([scores, sorted(scores), scores[::-1]]) + 1.0
    noisy = exact * (1 + 1e-15 * rng.integers(-4, 5, exact.shape))

    np.testing.assert_array_equal(aggregation.kendall_w(noisy), aggregation.kendall_w(exact))


def test_values_are_equal_to_a_billionth_of_themselves():
    assert places(np.array([1.0, 1 + 5e-10, 1 + 3e-9])).tolist() == [0, 0, 1]
    assert places(np.array([1e-10, 2e-10, 0.5])).tolist() == [0, 1, 2]
    assert places(np.array([[3.0, 1.0], [1.0, 3.0]])).tolist() == [[1, 0], [0, 1]]
    assert places(np.array([0.0, 1e-17, -1e-17, 1.0])).tolist() == [0, 0, 0, 1]
    assert falling([0.3, 0.5, 0.1 + 0.2]) == [1, 0, 2]


def test_tied_ranks_share_their_weights_though_their_last_bits_differ():
    ranks = [1, 2.5 + 1e-15, 2.5, 4]

    assert ranks[1] != ranks[2]
    np.testing.assert_allclose(aggregation.rank_weights(ranks, "sum"), [0.4, 0.25, 0.25, 0.1])


@pytest.mark.parametrize("noise", [1e-15, -1e-15])
def test_a_pooled_equal_is_no_preference_and_closes_no_circle(noise):
    a = 1 + noise
    matrix = [[1, a, 1 / a], [1 / a, 1, a], [a, 1 / a, 1]]

    assert aggregation.circular_triads(matrix) == 0
    assert aggregation.kendall_zeta(matrix) == 1


@pytest.mark.parametrize("count", [2, 3])
def test_experts_who_weigh_alike_are_in_one_cluster(count):
    rows = [COMPUTED, [0.1, 0.3, 0.3, 0.3], [0.1, 0.29999999999999993, 0.3, 0.3]]

    assert aggregation.clusters(rows, count).tolist() == [0, 0, 0]
