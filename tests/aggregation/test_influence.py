"""Influence of one expert or one judgement on the result."""

import numpy as np
import pytest

import aggregation

NAN = float("nan")


def test_leaving_an_expert_out_is_the_consensus_of_the_others():
    rows = np.random.default_rng(1).dirichlet([3, 3, 3], 5)
    rows[3] = NAN

    found = aggregation.leave_one_expert_out(rows)

    for expert in range(5):
        np.testing.assert_allclose(
            found[expert],
            aggregation.aggregate_priorities(np.delete(rows, expert, axis=0)),
            rtol=1e-12,
        )


def test_without_the_only_expert_nothing_is_left():
    found = aggregation.leave_one_expert_out([[0.4, 0.6], [NAN, NAN]])

    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1], [0.4, 0.6])


def test_leaving_an_expert_out_of_the_study_of_2024(arab_league):
    found = aggregation.leave_one_expert_out_weights(arab_league.tree, arab_league.priorities)

    assert found.shape == (18, 11)
    for expert in (0, 9, 17):
        others = {
            parent: np.delete(rows, expert, axis=0)
            for parent, rows in arab_league.priorities.items()
        }
        weights = aggregation.consensus_weights(arab_league.tree, others).global_weights
        np.testing.assert_allclose(found[expert], list(weights.values()), rtol=1e-12)


def test_leaving_out_the_only_expert_of_a_parent_leaves_no_weights():
    panel = {"goal": [[0.4, 0.6], [0.5, 0.5]], "a": [[0.2, 0.8], [NAN, NAN]]}

    found = aggregation.leave_one_expert_out_weights({"goal": ("a", "b"), "a": ("a1", "a2")}, panel)

    assert np.isnan(found[0]).tolist() == [True, True, False]
    assert np.isfinite(found[1]).all()


def test_leaving_a_judgement_out_is_the_estimate_without_it():
    rng = np.random.default_rng(2)
    i, j = np.triu_indices(5, 1)
    ratios = np.exp(rng.normal(0, 1, i.size))
    ratios[[3, 6]] = NAN
    matrix = np.ones((5, 5))
    matrix[i, j], matrix[j, i] = ratios, 1 / ratios

    found = aggregation.leave_one_judgement_out(matrix)

    for pair, (first, second) in enumerate(zip(i, j, strict=True)):
        gap = matrix.copy()
        gap[first, second] = gap[second, first] = NAN
        if np.isnan(ratios[pair]):
            assert np.isnan(found[pair]).all()
        else:
            np.testing.assert_allclose(found[pair], aggregation.priorities(gap), rtol=1e-10)


def test_without_a_bridge_the_rest_is_not_connected():
    chain = [[1, 2, NAN], [1 / 2, 1, 3], [NAN, 1 / 3, 1]]

    assert np.isnan(aggregation.leave_one_judgement_out(chain)).all()


def test_the_closed_forms_take_batches():
    rows = np.random.default_rng(3).dirichlet([3, 3, 3], (4, 5))
    matrices = np.ones((2, 3, 4, 4))

    assert aggregation.leave_one_expert_out(rows).shape == (4, 5, 3)
    np.testing.assert_allclose(aggregation.leave_one_judgement_out(matrices), 1 / 4)
    assert aggregation.leave_one_judgement_out(matrices).shape == (2, 3, 6, 4)


def test_a_parent_that_no_expert_judged_has_no_influence_to_tell():
    with pytest.raises(aggregation.NobodyJudged):
        aggregation.leave_one_expert_out_weights({"goal": ("a", "b")}, {"goal": [[NAN, NAN]]})
