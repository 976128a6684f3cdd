"""Checks of every comparison matrix on input."""

import numpy as np
import pytest

import aggregation

NAN = float("nan")


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (3,), (), (0, 0), (2, 3, 4)])
def test_a_matrix_that_is_not_square_is_refused(shape):
    with pytest.raises(aggregation.NotSquare) as refusal:
        aggregation.priorities(np.ones(shape))

    assert refusal.value.shape == shape


@pytest.mark.parametrize("wrong", [0, -2, np.inf])
def test_a_judgement_that_is_not_a_positive_ratio_is_named(wrong):
    batch = np.ones((2, 3, 4, 4))
    batch[1, 2, 3, 1] = wrong

    with pytest.raises(aggregation.NotPositive) as refusal:
        aggregation.priorities(batch)

    assert refusal.value.pairs == ((1, 3),)
    assert refusal.value.at == (1, 2)


def test_every_pair_that_is_not_reciprocal_is_named():
    matrix = np.ones((4, 4))
    matrix[0, 1] = 2
    matrix[3, 2] = 1 + 1e-8

    with pytest.raises(aggregation.NotReciprocal) as refusal:
        aggregation.priorities(matrix)

    assert refusal.value.pairs == ((0, 1), (2, 3))
    assert refusal.value.pair == (0, 1)
    assert refusal.value.at == ()


def test_reciprocity_is_relative_and_survives_printing_to_twelve_digits():
    matrix = [[1, 9, 1e6], [0.111111111111, 1, 7], [1e-6, 0.142857142857, 1]]

    assert aggregation.priorities(matrix).sum() == pytest.approx(1)


def test_a_small_ratio_is_held_to_the_same_relative_tolerance():
    """1e-6 against 1.001e6: the product is off by a thousandth, the difference by 1e-9."""
    with pytest.raises(aggregation.NotReciprocal):
        aggregation.priorities([[1, 1.001e6], [1e-6, 1]])


def test_a_pair_judged_in_one_direction_only_is_not_missing():
    with pytest.raises(aggregation.NotReciprocal) as refusal:
        aggregation.priorities([[1, 2, NAN], [1 / 2, 1, 3], [5, 1 / 3, 1]])

    assert refusal.value.pair == (0, 2)


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        (2, aggregation.NotReciprocal),
        (NAN, aggregation.NotReciprocal),
        (-1, aggregation.NotPositive),
        (0, aggregation.NotPositive),
    ],
)
def test_an_item_equals_itself(own, refusal):
    with pytest.raises(refusal) as refused:
        aggregation.priorities([[1, 2], [1 / 2, own]])

    assert refused.value.pair == (1, 1)


def test_the_input_is_not_changed():
    matrix = np.array([[1, 2, NAN], [1 / 2, 1, 4], [NAN, 1 / 4, 1]])
    before = matrix.copy()

    aggregation.priorities(matrix)
    aggregation.geometric_consistency_index(matrix)

    np.testing.assert_array_equal(matrix, before)
