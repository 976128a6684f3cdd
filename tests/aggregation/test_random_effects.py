"""A panel of unequal care."""

import numpy as np
import pytest

import aggregation

NAN = float("nan")


def matrices(rng, truth, tau, noise):
    """Draw matrices of experts around the truth, each with their own noise."""
    n = len(truth)
    i, j = np.triu_indices(n, 1)
    panel = np.ones((len(noise), n, n))
    for matrix, own in zip(panel, noise, strict=True):
        u = truth + rng.normal(0, tau, n)
        y = u[i] - u[j] + rng.normal(0, own, i.size)
        matrix[i, j], matrix[j, i] = np.exp(y), np.exp(-y)
    return panel


def test_a_careless_expert_counts_less():
    rng = np.random.default_rng(1)
    truth = np.log([8, 4, 2, 1, 1])
    panel = matrices(rng, truth, 0.05, [0.1] * 6 + [2.0])

    found = aggregation.random_effects(panel)

    assert found.expert_weights.sum() == pytest.approx(1)
    assert found.expert_weights[-1] < 0.05 < found.expert_weights[:-1].min()


def test_experts_who_differ_more_than_they_err_count_alike():
    panel = matrices(np.random.default_rng(2), np.zeros(5), 1.0, [0.01, 0.01, 0.1, 0.1])

    found = aggregation.random_effects(panel)

    np.testing.assert_allclose(found.expert_weights, 1 / 4, rtol=0.01)
    np.testing.assert_allclose(
        found.priorities,
        aggregation.aggregate_priorities(aggregation.priorities(panel)),
        rtol=0.02,
    )


def test_the_spread_of_the_population_is_found():
    """200 experts, τ = 0.5: the estimate lies within a tenth."""
    panel = matrices(np.random.default_rng(3), np.zeros(4), 0.5, [0.3] * 200)

    assert aggregation.random_effects(panel).tau == pytest.approx(0.5, rel=0.1)


def test_experts_who_only_err_have_no_spread():
    panel = matrices(np.random.default_rng(4), np.zeros(9), 0.0, [0.5] * 50)

    assert aggregation.random_effects(panel).tau < 0.1


def test_with_one_residual_variance_it_is_the_geometric_mean():
    """Two items have no residuals: every variance is unknown, and so the same."""
    panel = [[[1, r], [1 / r, 1]] for r in (2, 4, 9)]

    found = aggregation.random_effects(panel)

    np.testing.assert_allclose(
        found.priorities, aggregation.aggregate_priorities(aggregation.priorities(panel))
    )
    assert found.tau**2 == pytest.approx(np.var(np.log([2, 4, 9]) / 2**0.5, ddof=1), rel=1e-6)
    assert found.covariance.sum() == pytest.approx(0, abs=1e-12)


def test_an_abstention_has_no_weight():
    panel = matrices(np.random.default_rng(5), np.zeros(3), 0.5, [0.3] * 4)
    nobody = np.where(np.eye(3, dtype=bool), 1, NAN)

    found = aggregation.random_effects(np.vstack([panel, nobody[None]]))

    assert found.expert_weights[-1] == 0
    np.testing.assert_allclose(
        found.priorities, aggregation.random_effects(panel).priorities, rtol=1e-9
    )
    with pytest.raises(aggregation.NobodyJudged):
        aggregation.random_effects([nobody])


def test_experts_who_all_say_the_same_are_believed():
    w = np.array([4, 2, 1])
    panel = np.tile(w[:, None] / w, (3, 1, 1))

    found = aggregation.random_effects(panel)

    np.testing.assert_allclose(found.priorities, w / 7, rtol=1e-9)
    assert found.tau < 1e-6


def test_a_panel_is_a_list_of_matrices():
    with pytest.raises(ValueError, match="K matrices"):
        aggregation.random_effects(np.ones((3, 3)))
