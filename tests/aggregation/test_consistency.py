"""Consistency of one matrix."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")
SAATY = np.array([*range(1, 10), *(1 / x for x in range(2, 10))])
TRIAD = [[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]]


def random_matrices(rng, count, n):
    i, j = np.triu_indices(n, 1)
    matrices = np.ones((count, n, n))
    matrices[:, i, j] = rng.choice(SAATY, (count, i.size))
    matrices[:, j, i] = 1 / matrices[:, i, j]
    return matrices


def test_the_eigenvalue_of_three_items_has_a_closed_form():
    """λ = 1 + t^(1/3) + t^(-1/3) with t = a12 a23 / a13."""
    t = 2 * 3 / 5

    assert aggregation.lambda_max(TRIAD) == pytest.approx(
        1 + t ** (1 / 3) + t ** (-1 / 3), rel=1e-13
    )


def test_the_geometric_index_of_three_items_is_the_squared_contradiction():
    """One triad: RSS = ln²t / 3, one redundant judgement."""
    expected = np.log(2 * 3 / 5) ** 2 / 3

    assert aggregation.geometric_consistency_index(TRIAD) == pytest.approx(expected, rel=1e-12)


def test_the_geometric_index_is_the_mean_over_all_triads():
    """Aguarón and Moreno-Jiménez (2003): 2/(n(n-1)(n-2)) Σ ln²(a_ij a_jk a_ki)."""
    [matrix] = random_matrices(np.random.default_rng(2), 1, 6)
    triads = [
        np.log(matrix[i, j] * matrix[j, k] * matrix[k, i]) ** 2
        for i, j, k in combinations(range(6), 3)
    ]

    expected = 2 / (6 * 5 * 4) * np.sum(triads)

    assert aggregation.geometric_consistency_index(matrix) == pytest.approx(expected, rel=1e-12)


@given(weights=st.lists(st.floats(0.1, 10), min_size=3, max_size=9))
def test_a_consistent_matrix_has_index_zero(weights):
    matrix = np.array(weights)[:, None] / np.array(weights)

    assert aggregation.geometric_consistency_index(matrix) == pytest.approx(0, abs=1e-24)
    assert aggregation.consistency_ratio(matrix) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2])
def test_up_to_two_items_nothing_can_contradict(n):
    matrix = [[1, 7], [1 / 7, 1]] if n == 2 else [[1]]

    assert aggregation.geometric_consistency_index(matrix) == 0
    assert aggregation.consistency_ratio(matrix) == 0
    assert aggregation.lambda_max(matrix) == pytest.approx(n)
    assert aggregation.gci_threshold(n) == 0


def test_a_batch_of_any_shape_has_the_ratio_of_each_matrix():
    matrices = random_matrices(np.random.default_rng(4), 6, 5).reshape(2, 3, 5, 5)

    found = aggregation.consistency_ratio(matrices)

    assert found.shape == (2, 3)
    assert found[1, 2] == pytest.approx(float(aggregation.consistency_ratio(matrices[1, 2])))
    np.testing.assert_array_equal(aggregation.consistency_ratio(np.ones((4, 3, 2, 2))), 0)
    assert aggregation.consistency_ratio(np.ones((4, 3, 2, 2))).shape == (4, 3)


def test_a_tree_of_judgements_cannot_contradict_itself():
    tree = [[1, 9, NAN], [1 / 9, 1, 9], [NAN, 1 / 9, 1]]

    assert aggregation.geometric_consistency_index(tree) == 0


def test_a_missing_judgement_is_one_redundancy_less():
    """A square of judgements without diagonals: residuals are a quarter of the sum around it."""
    around = [2.0, 3.0, 5.0, 7.0]
    matrix = np.full((4, 4), NAN)
    np.fill_diagonal(matrix, 1)
    for i, ratio in enumerate(around):
        matrix[i, (i + 1) % 4] = ratio
        matrix[(i + 1) % 4, i] = 1 / ratio

    expected = np.log(2 * 3 * 5 * 7) ** 2 / 4

    assert aggregation.geometric_consistency_index(matrix) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("missing", [(), ((0, 1), (2, 3), (0, 4))])
def test_random_judgements_have_the_same_mean_index_on_every_graph(missing):
    matrices = random_matrices(np.random.default_rng(7), 40_000, 5)
    for i, j in missing:
        matrices[:, i, j] = matrices[:, j, i] = NAN

    indices = aggregation.geometric_consistency_index(matrices)

    error = indices.std() / np.sqrt(indices.size)
    assert abs(indices.mean() - aggregation.RANDOM_GCI) < 4 * error
    assert np.mean(np.log(SAATY) ** 2) == pytest.approx(aggregation.RANDOM_GCI, rel=1e-15)


def test_a_ratio_names_its_random_index():
    matrix = np.array(TRIAD)
    index = (float(aggregation.lambda_max(matrix)) - 3) / 2

    assert aggregation.consistency_ratio(matrix) == pytest.approx(index / 0.58, rel=1e-9)
    assert aggregation.consistency_ratio(matrix, "exact") == pytest.approx(
        index / 0.5244574543, rel=1e-9
    )
    assert aggregation.consistency_ratio(matrix, 0.5) == pytest.approx(index / 0.5, rel=1e-9)


def test_the_exact_random_index_of_three_items_by_enumeration():
    t = (SAATY[:, None, None] * SAATY[None, :, None] / SAATY).ravel()
    mean = np.mean((t ** (1 / 3) + t ** (-1 / 3) - 2) / 2)

    assert aggregation.random_index(3, "exact") == pytest.approx(mean, abs=1e-10)


def test_the_index_of_a_table_ends_where_the_table_ends():
    assert aggregation.random_index(15, "saaty-1980") == 1.59
    with pytest.raises(aggregation.NoRandomIndex) as refusal:
        aggregation.consistency_ratio(np.ones((16, 16)))
    assert (refusal.value.n, refusal.value.table) == (16, "saaty-1980")
    with pytest.raises(aggregation.NoRandomIndex):
        aggregation.random_index(5, "exact")
    assert aggregation.random_index(16, "alonso-lamata") == pytest.approx(
        (1.7699 * 16 - 4.3513) / 15
    )


@pytest.mark.parametrize("table", [0, -1.0, NAN])
def test_a_random_index_given_as_a_number_is_positive(table):
    with pytest.raises(aggregation.NoRandomIndex):
        aggregation.random_index(5, table)


def test_a_table_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.random_index(5, "saaty")


def test_the_thresholds_of_the_geometric_index():
    assert [aggregation.gci_threshold(n) for n in (3, 4, 5, 15)] == [0.31, 0.35, 0.37, 0.37]


@pytest.mark.parametrize("n", [0, -1, 2.5])
def test_neither_thresholds_nor_random_indices_are_of_matrices_that_cannot_be(n):
    with pytest.raises(ValueError, match="from 1"):
        aggregation.gci_threshold(n)
    with pytest.raises(aggregation.NoRandomIndex):
        aggregation.random_index(n)


def test_a_table_that_does_not_exist_is_refused_for_two_items_too():
    with pytest.raises(aggregation.UnknownName):
        aggregation.consistency_ratio([[1, 2], [1 / 2, 1]], "lore")
