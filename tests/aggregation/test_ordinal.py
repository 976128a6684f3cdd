"""Weights from an order of importance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")
METHODS = ["centroid", "sum", "reciprocal", "sum-reciprocal"]


@pytest.mark.parametrize("method", METHODS)
@given(n=st.integers(1, 12))
def test_rank_weights_sum_to_one_and_fall(method, n):
    weights = aggregation.rank_weights(np.arange(1, n + 1), method)

    assert weights.sum() == pytest.approx(1)
    assert (np.diff(weights) < 0).all()


def test_the_centroid_is_the_mean_of_all_weights_in_that_order():
    vertices = np.tril(np.ones((4, 4))) / np.arange(1, 5)[:, None]

    np.testing.assert_allclose(
        aggregation.rank_weights([1, 2, 3, 4]), vertices.mean(axis=0), rtol=1e-14
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tied", [[1, 2.5, 2.5, 4], [1, 2, 2, 4], [1, 2, 2, 3]])
def test_tied_items_share_the_mean_of_their_places_however_ties_are_numbered(method, tied):
    strict = aggregation.rank_weights([1, 2, 3, 4], method)
    shared = (strict[1] + strict[2]) / 2

    np.testing.assert_allclose(
        aggregation.rank_weights(tied, method), [strict[0], shared, shared, strict[3]], rtol=1e-13
    )


def test_a_batch_of_orders_is_each_order():
    np.testing.assert_allclose(
        aggregation.rank_weights([[1, 2], [2, 1]], "sum"), [[2 / 3, 1 / 3], [1 / 3, 2 / 3]]
    )


@pytest.mark.parametrize("wrong", [[0, 1], [1, 3], [1, NAN], [[1, 2], [2, 3]], []])
def test_a_rank_outside_one_to_n_is_refused(wrong):
    with pytest.raises(aggregation.NotRanks):
        aggregation.rank_weights(wrong)


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.rank_weights([1, 2], "quotient")


def test_step_by_step_weights_of_a_case_worked_by_hand():
    """k = 1, 1.5, 1, 1.25: q = 1, 2/3, 2/3, 8/15, which sum to 43/15."""
    expected = np.array([15, 10, 10, 8]) / 43

    np.testing.assert_allclose(aggregation.swara([None, 0.5, 0, 0.25]), expected, rtol=1e-14)
    np.testing.assert_allclose(aggregation.swara([0, 0.5, 0, 0.25]), expected, rtol=1e-14)


@pytest.mark.parametrize("wrong", [[None, -0.1], [None, None], [0.5, 0.5], [None, np.inf], []])
def test_steps_that_cannot_be_are_refused(wrong):
    with pytest.raises(aggregation.OffScale):
        aggregation.swara(wrong)
