"""Faults seen in packages of this field, each held off by name."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import aggregation

NAN = float("nan")


def test_the_random_index_of_three_items_is_not_off_by_ten_percent():
    """Enumerated; four packages carry .58 from Saaty's 500 matrices without saying so."""
    assert aggregation.random_index(3, "exact") == pytest.approx(0.5244574543, abs=1e-10)
    for table in ("saaty-2005", "alonso-lamata-table", "ahpsurvey", "aguaron-moreno"):
        assert aggregation.random_index(3, table) == pytest.approx(0.52446, rel=0.01)


@pytest.mark.parametrize("n", [1, 2, 11, 15, 16, 40])
def test_no_order_of_matrix_gives_nan_or_an_index_error(n):
    w = np.arange(1, n + 1)
    matrix = w[:, None] / w

    assert aggregation.geometric_consistency_index(matrix) == pytest.approx(0, abs=1e-20)
    assert aggregation.consistency_ratio(matrix, "alonso-lamata") == pytest.approx(0, abs=1e-12)
    assert np.isfinite(aggregation.priorities(matrix, "eigenvector")).all()


def test_a_disconnected_graph_is_not_accepted_with_a_ratio_of_zero():
    apart = [[1, 2, NAN], [1 / 2, 1, NAN], [NAN, NAN, 1]]

    for treat in (
        aggregation.priorities,
        aggregation.geometric_consistency_index,
        aggregation.optimal_completion,
    ):
        with pytest.raises(aggregation.DisconnectedGraph):
            treat(apart)


def test_a_matrix_that_is_not_reciprocal_is_not_accepted():
    with pytest.raises(aggregation.NotReciprocal):
        aggregation.consistency_ratio([[1, 9, 5], [1 / 9, 1, 1 / 3], [1 / 5, 2, 1]])


def test_a_group_matrix_is_not_refused_because_its_entries_are_not_whole_steps():
    one = [[1, 2, 3], [1 / 2, 1, 2], [1 / 3, 1 / 2, 1]]
    other = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
    pooled = aggregation.aggregate_judgements([one, other])

    assert aggregation.priorities(pooled).sum() == pytest.approx(1)
    assert np.isfinite(aggregation.scale_ratio(pooled, "balanced")).all()


def test_weights_are_not_rounded_inside_the_algorithm():
    """1/3 to the last bits, and a ratio of weights that rounding to 3 digits would lose."""
    np.testing.assert_allclose(aggregation.priorities(np.ones((3, 3))), 1 / 3, rtol=1e-15)
    w = np.array([1, 1e-5, 1e-10])
    found = aggregation.priorities(w[:, None] / w)
    assert found[1] / found[2] == pytest.approx(1e5, rel=1e-12)


def test_the_best_worst_optimum_is_not_twice_the_true_one():
    """Rezaei (2015), cars: ξ* = .2583, CR .058."""
    _, xi = aggregation.best_worst([8, 2, 1], [1, 5, 8], model="nonlinear")

    assert xi == pytest.approx(0.2583, abs=5e-5)


def test_every_expert_is_measured_with_their_own_weights():
    """Residuals of a batch are those of each expert alone, not against the first one's weights."""
    rng = np.random.default_rng(1)
    i, j = np.triu_indices(4, 1)
    matrices = np.ones((3, 4, 4))
    ratios = np.exp(rng.normal(0, 1, (3, i.size)))
    matrices[:, i, j], matrices[:, j, i] = ratios, 1 / ratios

    together = aggregation.estimate(matrices).residuals

    for matrix, residuals in zip(matrices, together, strict=True):
        np.testing.assert_allclose(aggregation.estimate(matrix).residuals, residuals, atol=1e-14)


def test_the_geometric_mean_of_priorities_is_renormalised():
    pooled = aggregation.aggregate_priorities([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])

    assert pooled.sum() == pytest.approx(1, abs=1e-15)


def test_an_untouched_question_is_missing_and_not_equal():
    """a over b 4, b over c 4, a to c untouched: 16 to 4 to 1, not pulled towards equal."""
    untouched = [[1, 4, NAN], [1 / 4, 1, 4], [NAN, 1 / 4, 1]]

    np.testing.assert_allclose(aggregation.priorities(untouched), np.array([16, 4, 1]) / 21)


def test_items_are_known_by_label_and_not_by_position():
    """Children listed in another order, columns with them: the same weight for each label."""
    rows = np.array([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]])
    there = aggregation.consensus_weights({"goal": ("a", "b", "c")}, {"goal": rows})
    back = aggregation.consensus_weights({"goal": ("c", "b", "a")}, {"goal": rows[:, ::-1]})

    assert there.global_weights == pytest.approx(back.global_weights)


def test_the_sign_of_a_two_sided_scale_is_stated():
    """+ is the first, - the second: 2 steps make 3, not 2 and not 1/3."""
    assert aggregation.ratio_from_steps(2) == 3
    assert aggregation.ratio_from_steps(-2) == 1 / 3


def test_the_global_random_seed_is_neither_used_nor_reset():
    rows = np.random.default_rng(1).dirichlet([3, 3], 6)
    tree, panel = {"goal": ("a", "b")}, {"goal": rows}
    before = np.random.get_state()[1].copy()

    aggregation.bootstrap_weights(tree, panel, 100, np.random.default_rng(2))
    aggregation.against_chance(aggregation.consensus, rows, np.random.default_rng(3), 50)
    aggregation.dissent(rows, np.arange(6) < 3)

    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_weight_draws_are_uniform_on_the_experts_and_not_normalised_uniforms():
    """The largest of three Dirichlet(1, 1, 1) shares has mean 11/18."""
    rows = np.exp(np.eye(3) * 3)
    rows /= rows.sum(axis=1, keepdims=True)
    draws = aggregation.bootstrap_weights(
        {"goal": ("a", "b", "c")}, {"goal": rows}, 20_000, np.random.default_rng(4)
    )

    logs = np.log(draws)
    shares = (logs - logs.mean(axis=1, keepdims=True)) / 3 + 1 / 3

    assert shares.max(axis=1).mean() == pytest.approx(11 / 18, abs=0.005)


def test_scipy_is_imported_only_where_it_is_used():
    seen = subprocess.run(
        [sys.executable, "-c", "import sys, aggregation; print('scipy' in sys.modules)"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert seen.stdout.strip() == "False"
