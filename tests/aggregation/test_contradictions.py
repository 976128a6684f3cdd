"""Contradictions within one expert's judgements."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")


def reciprocal(upper):
    n = round((1 + (1 + 8 * len(upper)) ** 0.5) / 2)
    i, j = np.triu_indices(n, 1)
    matrix = np.ones((n, n))
    matrix[i, j], matrix[j, i] = upper, 1 / np.array(upper, dtype=float)
    return matrix


def random_matrix(seed, n, missing=0):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, 1)
    ratios = np.exp(rng.normal(0, 1, i.size))
    ratios[rng.permutation(np.flatnonzero(j - i > 1))[:missing]] = NAN
    return reciprocal(ratios)


def without(matrix, i, j):
    gap = matrix.copy()
    gap[i, j] = gap[j, i] = NAN
    return gap


@given(st.integers(0, 1000), st.integers(4, 6), st.integers(0, 2))
def test_the_prediction_of_a_judgement_is_the_estimate_without_it(seed, n, missing):
    matrix = random_matrix(seed, n, missing)
    predicted = aggregation.predicted_judgements(matrix)

    for i, j in np.argwhere(np.triu(~np.isnan(matrix), 1)):
        try:
            w = aggregation.priorities(without(matrix, i, j))
        except aggregation.DisconnectedGraph:
            assert np.isnan(predicted[i, j])
        else:
            assert predicted[i, j] == pytest.approx(w[i] / w[j], rel=1e-8)
    np.testing.assert_allclose(predicted * predicted.T, np.where(np.isnan(predicted), NAN, 1))


def test_a_slip_in_a_consistent_matrix_is_predicted_exactly():
    w = np.array([8, 4, 2, 1])
    matrix = w[:, None] / w
    matrix[0, 3], matrix[3, 0] = 1 / 8, 8

    assert aggregation.predicted_judgements(matrix)[0, 3] == pytest.approx(8, rel=1e-12)
    assert aggregation.suggested_steps(matrix)[0, 3] == 7
    assert aggregation.suggested_steps(matrix)[3, 0] == -7
    # The estimate still contains the slip.
    found = aggregation.priorities(matrix)
    assert found[0] / found[3] < 2


def test_a_suggestion_stays_on_the_scale():
    matrix = reciprocal([9, 1, 9])

    assert aggregation.suggested_steps(matrix)[0, 2] == 8


@given(st.integers(0, 1000))
def test_a_studentised_residual_is_the_t_of_the_judgement_as_an_own_parameter(seed):
    """Adding a dummy for one judgement to the regression: its t is the studentised residual."""
    matrix = random_matrix(seed, 5)
    i, j = np.triu_indices(5, 1)
    y = np.log(matrix[i, j])
    b = np.column_stack([(np.eye(5)[i] - np.eye(5)[j])[:, :4], np.eye(10)[3]])
    beta, rss, *_ = np.linalg.lstsq(b, y, rcond=None)
    error = np.sqrt(rss[0] / (10 - 5) * np.linalg.inv(b.T @ b)[-1, -1])

    found = aggregation.studentised_residuals(matrix)

    assert found[i[3], j[3]] == pytest.approx(beta[-1] / error, rel=1e-7)
    assert found[j[3], i[3]] == pytest.approx(-beta[-1] / error, rel=1e-7)


def test_with_three_items_no_judgement_is_singled_out():
    assert np.isnan(aggregation.studentised_residuals(reciprocal([2, 5, 3]))[0, 1])
    residuals = np.abs(aggregation.estimate(reciprocal([2, 5, 3])).residuals)
    np.testing.assert_allclose(residuals[[0, 0, 1], [1, 2, 2]], np.log(6 / 5) / 3)


def test_a_consistent_matrix_has_no_residual_to_studentise():
    w = np.array([5, 3, 2, 1])

    found = aggregation.studentised_residuals(w[:, None] / w)

    np.testing.assert_array_equal(found, 0)


@given(st.integers(0, 1000), st.integers(3, 7))
def test_the_residual_sum_of_squares_is_the_triads_over_n(seed, n):
    matrix = random_matrix(seed, n)
    triads, shares = aggregation.triad_shares(matrix)
    i, j, k = triads.T
    squares = np.log(matrix[i, j] * matrix[j, k] * matrix[k, i]) ** 2

    assert aggregation.estimate(matrix).residual_sum == pytest.approx(squares.sum() / n, rel=1e-9)
    np.testing.assert_allclose(shares, squares / squares.sum(), rtol=1e-9)


def test_a_circle_is_not_a_difference_in_strength():
    [found] = aggregation.contradictions(reciprocal([3, 1 / 3, 3]))

    assert found == aggregation.ContradictoryTriad((0, 1, 2), "circle", 1.0)


def test_orders_that_agree_differ_in_strength():
    [found] = aggregation.contradictions(reciprocal([2, 9, 2]))

    assert found.kind == "strength"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
@pytest.mark.parametrize("strength", [5, 9])
def test_a_strong_chain_ends_where_the_scale_ends(order, strength):
    """5 and 5 ask for 25; 9 is all the scale can say, also where each of the three says it."""
    chain = reciprocal([strength, 9, strength])[np.ix_(order, order)]

    [found] = aggregation.contradictions(chain)

    assert found.kind == "end-of-scale"


def test_a_strong_chain_that_stops_before_the_end_differs_in_strength():
    [found] = aggregation.contradictions(reciprocal([5, 7, 5]))
    assert found.kind == "strength"
    [found] = aggregation.contradictions(reciprocal([2, 9, 4]))
    assert found.kind == "strength"


def test_the_end_is_that_of_the_scale_used():
    [found] = aggregation.contradictions(reciprocal([3, 5, 3]), scale_max=5)

    assert found.kind == "end-of-scale"


def test_the_worst_triad_comes_first_and_consistent_ones_not_at_all():
    w = np.array([8, 4, 2, 1])
    matrix = w[:, None] / w
    matrix[0, 1], matrix[1, 0] = 1, 1
    matrix[0, 2], matrix[2, 0] = 5, 1 / 5

    found = aggregation.contradictions(matrix)

    assert [contradiction.items for contradiction in found] == [(0, 1, 2), (0, 1, 3), (0, 2, 3)]
    assert sum(contradiction.share for contradiction in found) == pytest.approx(1)


def test_a_consistent_matrix_contradicts_nothing():
    w = np.array([8, 4, 2, 1])

    assert aggregation.contradictions(w[:, None] / w) == ()
    assert aggregation.triad_shares(w[:, None] / w)[1].tolist() == [0] * 4


def test_triads_with_gaps_are_not_listed():
    matrix = without(reciprocal([2, 5, 1, 3, 1, 2]), 0, 1)

    listed = [contradiction.items for contradiction in aggregation.contradictions(matrix)]

    assert all({0, 1} - set(items) for items in listed)
    assert np.isnan(aggregation.triad_shares(matrix)[1][0])


def test_the_harmonic_rest_lies_in_longer_circles():
    """A square of four judgements has no triad: all its contradiction is harmonic."""
    square = np.full((4, 4), NAN)
    np.fill_diagonal(square, 1)
    for i in range(4):
        square[i, (i + 1) % 4], square[(i + 1) % 4, i] = 2, 1 / 2

    assert aggregation.harmonic_share(square) == pytest.approx(1)
    assert aggregation.harmonic_share(random_matrix(1, 5)) == pytest.approx(0, abs=1e-12)
    assert aggregation.harmonic_share(np.ones((3, 3))) == 0


def test_the_harmonic_share_of_a_square_with_a_tail_of_triads():
    """Residuals split into an orthogonal local and harmonic part: the shares are between."""
    matrix = random_matrix(4, 6, missing=6)

    assert 0 < aggregation.harmonic_share(matrix) < 1


def test_nine_equals_in_a_row_carry_no_information():
    equal = np.ones((5, 5))
    one_said = equal.copy()
    one_said[0, 1], one_said[1, 0] = 2, 1 / 2

    np.testing.assert_array_equal(aggregation.all_equal([equal, one_said]), [True, False])
    assert aggregation.all_equal(without(equal, 0, 1))


def test_a_single_equal_is_an_answer_and_no_answer_is_none():
    assert not aggregation.all_equal(np.ones((2, 2)))
    nothing = np.full((3, 3), NAN)
    np.fill_diagonal(nothing, 1)
    assert not aggregation.all_equal(nothing)


def test_lists_are_made_for_one_matrix_at_a_time():
    for treat in (aggregation.contradictions, aggregation.harmonic_share):
        with pytest.raises(ValueError, match="one matrix"):
            treat(np.ones((2, 3, 3)))


def test_equal_contradictions_are_in_the_order_of_the_items():
    """By hand, from the table: the products around the triads are 252, 210, 42, 42, 7, …"""
    upper = (1, 2, 7, 1 / 7, 7, 1 / 6, 6, 5, 1 / 6, 1 / 7)
    matrix = np.ones((5, 5))
    matrix[np.triu_indices(5, 1)] = upper
    matrix.T[np.triu_indices(5, 1)] = 1 / np.array(upper)

    found = [contradiction.items for contradiction in aggregation.contradictions(matrix)]

    assert found[:5] == [(1, 3, 4), (1, 2, 3), (0, 1, 3), (0, 1, 4), (0, 3, 4)]
