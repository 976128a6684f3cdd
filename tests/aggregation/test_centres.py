"""Several ideas of the middle of a panel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

import aggregation

NAN = float("nan")
MEANS = ["geometric", "arithmetic", "median", "spatial-median"]


def panel(seed, k=7, n=4):
    return np.random.default_rng(seed).dirichlet(np.full(n, 3.0), k)


def centred_logs(rows):
    return np.log(rows) - np.log(rows).mean(axis=-1, keepdims=True)


@pytest.mark.parametrize("mean", MEANS)
def test_when_all_agree_every_centre_is_what_they_say(mean):
    found = aggregation.aggregate_priorities([[0.5, 0.3, 0.2]] * 4, mean=mean)

    np.testing.assert_allclose(found, [0.5, 0.3, 0.2], rtol=1e-12)


@pytest.mark.parametrize("mean", MEANS)
@given(seed=st.integers(0, 500), data=st.data())
def test_permuting_items_permutes_every_centre(mean, seed, data):
    rows = panel(seed)
    order = data.draw(st.permutations(range(4)))

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(rows[:, order], mean=mean),
        aggregation.aggregate_priorities(rows, mean=mean)[order],
        atol=1e-9,
    )


@pytest.mark.parametrize("mean", MEANS)
def test_an_abstention_and_a_weight_of_zero_count_nothing(mean):
    rows = panel(1)
    abstaining = np.vstack([rows, np.full(4, NAN)])
    expected = aggregation.aggregate_priorities(rows, mean=mean)

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(abstaining, mean=mean), expected, rtol=1e-12
    )
    np.testing.assert_allclose(
        aggregation.aggregate_priorities(panel(1, 8), [*[1] * 7, 0], mean),
        aggregation.aggregate_priorities(panel(1, 8)[:7], mean=mean),
        rtol=1e-9,
    )


@pytest.mark.parametrize("mean", ["median", "spatial-median"])
def test_a_weight_of_two_is_two_experts_for_the_medians_too(mean):
    rows = panel(2)
    twice = np.vstack([rows, rows[:1]])

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(rows, [2, 1, 1, 1, 1, 1, 1], mean),
        aggregation.aggregate_priorities(twice, mean=mean),
        atol=1e-9,
    )


def test_the_median_is_item_by_item_and_renormalised():
    rows = [[0.6, 0.3, 0.1], [0.5, 0.1, 0.4], [0.2, 0.6, 0.2]]

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(rows, mean="median"), np.array([0.5, 0.3, 0.2]), rtol=1e-14
    )


def test_the_median_of_an_even_panel_is_between_the_two_in_the_middle():
    rows = [[0.2, 0.8], [0.4, 0.6]]

    np.testing.assert_allclose(aggregation.aggregate_priorities(rows, mean="median"), [0.3, 0.7])


@given(st.integers(0, 500))
def test_the_spatial_median_is_nearest_to_all(seed):
    u = centred_logs(panel(seed))
    found = centred_logs(aggregation.aggregate_priorities(panel(seed), mean="spatial-median"))

    def distance(point):
        return np.linalg.norm(u - point, axis=1).sum()

    best = optimize.minimize(distance, u.mean(axis=0), method="Nelder-Mead").fun
    assert distance(found) <= best + 1e-6


def test_the_spatial_median_may_equal_one_expert():
    """Three experts on a line: the middle one, where plain Weiszfeld divides by zero."""
    rows = aggregation.normalise_points(np.exp([[0, 0], [1, 0], [5, 0]]))

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(rows, mean="spatial-median"), rows[1], rtol=1e-9
    )


def test_less_than_half_a_panel_cannot_carry_the_spatial_median_away():
    honest = panel(3, 5)
    strategic = np.tile([1e-9, 1e-9, 1e-9, 1 - 3e-9], (4, 1))
    everyone = np.vstack([honest, strategic])

    moved = np.abs(
        centred_logs(aggregation.aggregate_priorities(everyone, mean="spatial-median"))
        - centred_logs(aggregation.aggregate_priorities(honest, mean="spatial-median"))
    ).max()
    carried = np.abs(
        centred_logs(aggregation.aggregate_priorities(everyone))
        - centred_logs(aggregation.aggregate_priorities(honest))
    ).max()

    assert moved < 2 < carried
