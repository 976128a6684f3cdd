"""The estimate with its errors, and many experts as one problem."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import aggregation

NAN = float("nan")


def random_matrix(rng, n, missing=0, spread=1.0):
    i, j = np.triu_indices(n, 1)
    logs = rng.normal(0, spread, i.size)
    # The chain of neighbours stays, so that the graph is connected.
    logs[rng.permutation(np.flatnonzero(j - i > 1))[:missing]] = NAN
    matrix = np.ones((n, n))
    matrix[i, j], matrix[j, i] = np.exp(logs), np.exp(-logs)
    return matrix


@given(st.integers(0, 1000), st.integers(3, 7))
def test_it_is_the_least_squares_of_linear_algebra(seed, n):
    """Against a dense solution of Bu ≈ y by singular values."""
    matrix = random_matrix(np.random.default_rng(seed), n, missing=2 if n > 4 else 0)
    i, j = np.triu_indices(n, 1)
    given_pairs = ~np.isnan(matrix[i, j])
    b = (np.eye(n)[i] - np.eye(n)[j])[given_pairs]
    y = np.log(matrix[i, j])[given_pairs]
    u, *_ = np.linalg.lstsq(b, y, rcond=None)
    rss = ((y - b @ u) ** 2).sum()
    freedom = given_pairs.sum() - n + 1

    found = aggregation.estimate(matrix)

    np.testing.assert_allclose(found.log_priorities, u - u.mean(), atol=1e-10)
    np.testing.assert_allclose(found.covariance, rss / freedom * np.linalg.pinv(b.T @ b), atol=1e-9)
    hat = np.diag(b @ np.linalg.pinv(b))
    np.testing.assert_allclose(found.leverage[i, j][given_pairs], hat, atol=1e-10)
    assert found.freedom == freedom


def test_on_a_complete_matrix_every_leverage_is_two_over_n():
    found = aggregation.estimate(random_matrix(np.random.default_rng(1), 6))

    off_diagonal = ~np.eye(6, dtype=bool)
    np.testing.assert_allclose(found.leverage[off_diagonal], 2 / 6, rtol=1e-12)


def test_the_residual_variance_is_the_geometric_consistency_index():
    matrix = random_matrix(np.random.default_rng(2), 5, missing=3)

    assert aggregation.estimate(matrix).variance == pytest.approx(
        float(aggregation.geometric_consistency_index(matrix)), rel=1e-12
    )


def test_residuals_are_what_the_judgements_say_beyond_the_priorities():
    matrix = random_matrix(np.random.default_rng(3), 5, missing=2)
    found = aggregation.estimate(matrix)
    w = found.priorities

    np.testing.assert_allclose(found.residuals, np.log(matrix * w / w[:, None]), atol=1e-12)


def test_without_a_redundant_judgement_the_errors_are_unknown():
    chain = [[1, 2, NAN], [1 / 2, 1, 3], [NAN, 1 / 3, 1]]
    found = aggregation.estimate(chain)

    assert found.freedom == 0
    assert np.isnan(found.variance)
    assert np.isnan(found.standard_errors[0, 1])
    assert np.isnan(found.ratio_intervals()[0][0, 1])
    assert found.leverage[0, 1] == pytest.approx(1)


def test_an_interval_of_a_ratio_covers_as_often_as_it_says():
    rng = np.random.default_rng(4)
    i, j = np.triu_indices(5, 1)
    logs = rng.normal(0, 0.3, (4000, i.size))
    matrices = np.ones((4000, 5, 5))
    matrices[:, i, j], matrices[:, j, i] = np.exp(logs), np.exp(-logs)

    low, high = aggregation.estimate(matrices).ratio_intervals(0.9)

    covered = ((low[:, 0, 3] <= 1) & (high[:, 0, 3] >= 1)).mean()
    assert abs(covered - 0.9) < 4 * np.sqrt(0.9 * 0.1 / 4000)


def test_an_interval_of_a_ratio_is_students_t():
    matrix = random_matrix(np.random.default_rng(5), 4)
    found = aggregation.estimate(matrix)
    middle = found.log_priorities[0] - found.log_priorities[2]
    half = stats.t.ppf(0.975, 3) * np.sqrt(found.variance * 2 / 4)

    low, high = found.ratio_intervals()

    assert low[0, 2] == pytest.approx(np.exp(middle - half), rel=1e-12)
    assert high[0, 2] == pytest.approx(np.exp(middle + half), rel=1e-12)


def test_pooling_equals_pooled_priorities_when_everyone_judged_every_pair():
    """Barzilai and Golany (1994), INFOR 32(2), 57-64."""
    rng = np.random.default_rng(6)
    matrices = np.array([random_matrix(rng, 5) for _ in range(4)])

    np.testing.assert_allclose(
        aggregation.pooled_estimate(matrices, [1, 2, 1, 3]).priorities,
        aggregation.aggregate_priorities(aggregation.priorities(matrices), [1, 2, 1, 3]),
        rtol=1e-12,
    )


def test_pooling_is_one_regression_on_all_judgements():
    """Against a dense weighted regression; the variance is between and within experts."""
    rng = np.random.default_rng(7)
    matrices = np.array([random_matrix(rng, 4, missing=k) for k in (0, 2, 3)])
    weights = np.array([1.0, 2.0, 0.5])
    i, j = np.triu_indices(4, 1)
    y = np.log(matrices[:, i, j]).ravel()
    b = np.tile(np.eye(4)[i] - np.eye(4)[j], (3, 1))
    c = np.repeat(weights, i.size)
    kept = ~np.isnan(y)
    root = np.sqrt(c[kept])
    u, *_ = np.linalg.lstsq(root[:, None] * b[kept], root * y[kept], rcond=None)
    rss = (c[kept] * (y[kept] - b[kept] @ u) ** 2).sum()

    found = aggregation.pooled_estimate(matrices, weights)

    np.testing.assert_allclose(found.log_priorities, u - u.mean(), atol=1e-12)
    assert found.freedom == kept.sum() - 3
    assert found.variance == pytest.approx(rss / (kept.sum() - 3), rel=1e-12)


def test_experts_who_judged_parts_are_pooled_into_the_whole():
    one = [[1, 4, NAN], [1 / 4, 1, NAN], [NAN, NAN, 1]]
    other = [[1, NAN, NAN], [NAN, 1, 2], [NAN, 1 / 2, 1]]

    np.testing.assert_allclose(
        aggregation.pooled_estimate([one, other]).priorities, np.array([8, 2, 1]) / 11, rtol=1e-14
    )
    with pytest.raises(aggregation.DisconnectedGraph):
        aggregation.pooled_estimate([one, one])


def test_an_expert_of_weight_zero_connects_nothing():
    one = [[1, 4, NAN], [1 / 4, 1, NAN], [NAN, NAN, 1]]
    other = [[1, NAN, NAN], [NAN, 1, 2], [NAN, 1 / 2, 1]]

    with pytest.raises(aggregation.DisconnectedGraph) as refusal:
        aggregation.pooled_estimate([one, other], [1, 0])
    assert refusal.value.parts == ((0, 1), (2,))


def test_mixed_kinds_of_answers_are_one_problem():
    """Pairs, points and best-worst answers of the same weights pool to these weights."""
    w = np.array([4, 2, 1]) / 7
    pairs = w[:, None] / w
    points = aggregation.points_as_judgements(100 * w)
    stars = aggregation.best_worst_judgements([1, 2, 4], [4, 2, 1])

    found = aggregation.pooled_estimate([pairs, points, stars])

    np.testing.assert_allclose(found.priorities, w, rtol=1e-12)
    assert found.variance == pytest.approx(0, abs=1e-24)


def test_points_enter_as_all_pairs_so_that_no_expert_counts_twice():
    points = aggregation.points_as_judgements([50, 30, 20])

    assert np.isfinite(points).all()
    assert np.isnan(aggregation.points_as_judgements([NAN, NAN])).tolist() == [
        [False, True],
        [True, False],
    ]
    with pytest.raises(aggregation.ZeroPoints):
        aggregation.points_as_judgements([50, 50, 0])
