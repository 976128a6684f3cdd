"""Judgements pooled, or priorities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")
SAATY = [*range(1, 10), *(1 / x for x in range(2, 10))]


@st.composite
def panels(draw):
    n = draw(st.integers(2, 6))
    k = draw(st.integers(1, 5))
    i, j = np.triu_indices(n, 1)
    matrices = np.ones((k, n, n))
    for matrix in matrices:
        matrix[i, j] = draw(st.lists(st.sampled_from(SAATY), min_size=i.size, max_size=i.size))
        matrix[j, i] = 1 / matrix[i, j]
    return matrices


def test_two_and_eight_pool_to_four():
    """Aczél and Saaty (1983): the only mean under which reciprocals pool to reciprocals."""
    pooled = aggregation.aggregate_judgements([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])

    np.testing.assert_allclose(pooled, [[1, 4], [1 / 4, 1]], rtol=1e-14)


@given(panels())
def test_pooling_judgements_or_priorities_is_the_same_when_everyone_judged_all(matrices):
    """Barzilai and Golany (1994), INFOR 32(2), 57-64."""
    pooled = aggregation.priorities(aggregation.aggregate_judgements(matrices))

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(aggregation.priorities(matrices)), pooled, rtol=1e-10
    )


@given(panels())
def test_a_panel_is_no_less_consistent_than_its_worst_expert(matrices):
    """Escobar, Aguarón and Moreno-Jiménez (2004), EJOR 153(2), 318-322."""
    worst = aggregation.geometric_consistency_index(matrices).max()
    pooled = aggregation.aggregate_judgements(matrices)

    assert aggregation.geometric_consistency_index(pooled) <= worst + 1e-9


def test_a_group_matrix_need_not_hold_whole_steps():
    pooled = aggregation.aggregate_judgements([np.ones((2, 2)), [[1, 3], [1 / 3, 1]]])

    np.testing.assert_allclose(
        aggregation.priorities(pooled), np.array([3**0.5, 1]) / (3**0.5 + 1), rtol=1e-14
    )


def test_a_pair_is_pooled_over_those_who_judged_it():
    one = [[1, 4, NAN], [1 / 4, 1, NAN], [NAN, NAN, 1]]
    other = [[1, NAN, NAN], [NAN, 1, 3], [NAN, 1 / 3, 1]]
    both = [[1, 9, NAN], [1 / 9, 1, 3], [NAN, 1 / 3, 1]]

    pooled = aggregation.aggregate_judgements([one, other, both])

    np.testing.assert_allclose(pooled, [[1, 6, NAN], [1 / 6, 1, 3], [NAN, 1 / 3, 1]], rtol=1e-14)


def test_an_expert_of_weight_two_counts_as_two_experts():
    one, other = [[1, 2], [1 / 2, 1]], [[1, 9], [1 / 9, 1]]
    rows = aggregation.priorities([one, other])

    np.testing.assert_allclose(
        aggregation.aggregate_judgements([one, other], [2, 1]),
        aggregation.aggregate_judgements([one, one, other]),
        rtol=1e-13,
    )
    for mean in ("geometric", "arithmetic"):
        np.testing.assert_allclose(
            aggregation.aggregate_priorities(rows, [2, 1], mean),
            aggregation.aggregate_priorities(rows[[0, 0, 1]], mean=mean),
            rtol=1e-13,
        )


def test_the_geometric_mean_of_priorities_sums_to_one():
    pooled = aggregation.aggregate_priorities([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])

    assert pooled.sum() == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(pooled[0], 7**0.5 / (2 * 7**0.5 + 2), rtol=1e-14)


def test_the_arithmetic_mean_accepts_a_share_of_zero_and_the_geometric_does_not():
    rows = [[0.5, 0.5], [1.0, 0.0]]

    np.testing.assert_allclose(
        aggregation.aggregate_priorities(rows, mean="arithmetic"), [0.75, 0.25]
    )
    with pytest.raises(aggregation.ZeroPoints) as refusal:
        aggregation.aggregate_priorities(rows)
    assert refusal.value.at == (1,)


def test_a_place_of_a_batch_that_no_expert_judged_is_named():
    rows = np.full((2, 3, 2), 0.5)
    rows[1] = NAN

    with pytest.raises(aggregation.NobodyJudged) as refusal:
        aggregation.aggregate_priorities(rows)

    assert refusal.value.at == (1,)


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], [0.5, NAN], [np.inf, 0.5]])
def test_rows_that_are_not_priorities_are_refused(wrong):
    with pytest.raises(aggregation.NotPriorities) as refusal:
        aggregation.aggregate_priorities([[0.5, 0.5], wrong])

    assert refusal.value.at == (1,)


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [1, NAN], [[1, 1]]])
def test_weights_of_experts_that_cannot_be_are_refused(weights):
    with pytest.raises(aggregation.NotExpertWeights):
        aggregation.aggregate_priorities([[0.5, 0.5], [0.4, 0.6]], weights)


def test_a_mean_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.aggregate_priorities([[0.5, 0.5]], mean="harmonic")


@pytest.mark.parametrize("pool", [aggregation.aggregate_judgements, aggregation.pooled_estimate])
def test_a_panel_is_a_list_of_matrices_with_at_least_one(pool):
    with pytest.raises(ValueError, match="one per expert"):
        pool([[1, 2], [1 / 2, 1]])
    with pytest.raises(aggregation.NobodyJudged):
        pool(np.ones((0, 2, 2)))
