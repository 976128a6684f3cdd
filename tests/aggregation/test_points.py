"""Points handed out among items."""

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
