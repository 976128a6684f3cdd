"""Points divided among items."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")


def test_points_become_shares_whatever_their_total():
    np.testing.assert_array_equal(aggregation.normalise_points([10, 30]), [0.25, 0.75])
    np.testing.assert_allclose(aggregation.normalise_points([50, 30, 20]), [0.5, 0.3, 0.2])


def test_a_zero_becomes_half_a_point_of_a_hundred_and_the_others_make_room():
    np.testing.assert_allclose(
        aggregation.replace_zeros([60, 40, 0, 0]), [59.4, 39.6, 0.5, 0.5], rtol=1e-14
    )


def test_a_zero_never_outweighs_a_number_that_was_given():
    """.65 · .003 = .00195 of the total; 99.7 · (1 - .00195) and .3 · (1 - .00195)."""
    np.testing.assert_allclose(
        aggregation.replace_zeros([99.7, 0.3, 0]), [99.505585, 0.299415, 0.195], rtol=1e-12
    )
    rated = aggregation.replace_zeros([*[10] * 22, 1, 0])
    assert rated[-1] == pytest.approx(0.65 * 1, rel=1e-12)
    assert rated[-1] < rated[-2] < rated[0]


@pytest.mark.parametrize(("zeros", "delta"), [(60, 0.005), (61, 0.3 / 61), (200, 0.0015)])
def test_many_zeros_leave_seven_tenths_to_the_others(zeros, delta):
    replaced = aggregation.replace_zeros([100, *[0] * zeros])

    np.testing.assert_allclose(replaced[1:], 100 * delta, rtol=1e-12)
    assert replaced[0] == pytest.approx(100 * (1 - zeros * delta), rel=1e-12)
    assert replaced[0] >= 70 * (1 - 1e-12)


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=8),
    st.integers(1, 300),
)
def test_every_zero_stays_below_every_number_given(points, zeros):
    replaced = aggregation.replace_zeros([*points, *[0] * zeros])

    assert replaced.min() > 0
    assert replaced[len(points) :].max() < replaced[: len(points)].min()
    assert replaced.sum() == pytest.approx(sum(points))


def test_the_rule_of_earlier_weight_sets_takes_half_a_point_whatever_was_given():
    np.testing.assert_allclose(
        aggregation.replace_zeros([99.7, 0.3, 0], rule="fixed"), [99.2015, 0.2985, 0.5], rtol=1e-12
    )
    with pytest.raises(aggregation.NotPoints) as refusal:
        aggregation.replace_zeros([[100, *[0] * 205]], rule="fixed")
    assert refusal.value.at == (0,)
    with pytest.raises(aggregation.UnknownName):
        aggregation.replace_zeros([100, 0], rule="half")


@pytest.mark.parametrize("points", [[1e308, 1e308], [5e-324, 0.0]])
def test_points_whose_total_or_zeros_are_no_doubles_are_refused(points):
    with pytest.raises(aggregation.NotPoints):
        aggregation.replace_zeros(points)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=8), st.integers(1, 3))
def test_replacing_zeros_keeps_the_total_and_the_ratios_of_the_others(points, zeros):
    """Martín-Fernández et al. (2003): the replacement is coherent with subcompositions."""
    replaced = aggregation.replace_zeros([*points, *[0] * zeros])

    assert replaced.sum() == pytest.approx(sum(points))
    np.testing.assert_allclose(
        replaced[: len(points)] / replaced[0], np.array(points) / points[0], rtol=1e-12
    )


def test_an_abstention_stays_one():
    rows = [[10, 90], [NAN, NAN]]

    assert np.isnan(aggregation.normalise_points(rows)[1]).all()
    assert np.isnan(aggregation.replace_zeros(rows)[1]).all()


@pytest.mark.parametrize("wrong", [[0, 0], [-1, 101], [50, NAN], [50, np.inf]])
def test_points_that_cannot_be_shares_are_refused(wrong):
    for treat in (aggregation.normalise_points, aggregation.replace_zeros):
        with pytest.raises(aggregation.NotPoints) as refusal:
            treat([[50, 50], wrong])
        assert refusal.value.at == (1,)


def test_no_points_at_all_are_none():
    with pytest.raises(aggregation.NotPoints):
        aggregation.normalise_points([])
