"""Gaps filled so that the principal eigenvalue is least."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import aggregation
from aggregation import completion
from aggregation.matrices import log_judgements

NAN = float("nan")
EXAMPLE = np.array([[1, 1, 5, 2], [1, 1, 3, 4], [1 / 5, 1 / 3, 1, NAN], [1 / 2, 1 / 4, NAN, 1]])


def with_gaps(seed, n, missing):
    rng = np.random.default_rng(seed)
    matrix = np.exp(rng.normal(0, 1, (n, n)))
    matrix = np.triu(matrix, 1) + np.tril(1 / matrix.T, -1) + np.eye(n)
    first, second = np.triu_indices(n, 2)
    for place in rng.choice(first.size, missing, replace=False):
        i, j = first[place], second[place]
        matrix[i, j] = matrix[j, i] = NAN
    return matrix


def test_one_gap_of_four_items_has_a_closed_form():
    """Van Uden's rule: the missing a_34 is √(8/15)."""
    filled = aggregation.optimal_completion(EXAMPLE)

    assert filled[2, 3] == pytest.approx((8 / 15) ** 0.5, rel=1e-9)
    np.testing.assert_array_equal(filled[~np.isnan(EXAMPLE)], EXAMPLE[~np.isnan(EXAMPLE)])


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(4, 7), st.data())
def test_no_other_filling_has_a_smaller_eigenvalue(seed, n, data):
    missing = data.draw(st.integers(1, (n - 1) * (n - 2) // 2))
    matrix = with_gaps(seed, n, missing)
    best = aggregation.optimal_completion(matrix)
    rng = np.random.default_rng(seed)

    for size in (1e-3, 0.1, 1.0):
        other = best.copy()
        for i, j in np.argwhere(np.triu(np.isnan(matrix))):
            other[i, j] *= np.exp(size * rng.normal())
            other[j, i] = 1 / other[i, j]
        assert aggregation.lambda_max(best) <= aggregation.lambda_max(other) * (1 + 1e-13)


def test_a_tree_is_completed_consistently():
    tree = [[1, 2, NAN], [1 / 2, 1, 3], [NAN, 1 / 3, 1]]

    assert aggregation.optimal_completion(tree)[0, 2] == pytest.approx(6, rel=1e-12)
    np.testing.assert_allclose(
        aggregation.priorities(tree, "eigenvector-completion"), np.array([6, 3, 1]) / 10
    )


def test_a_batch_is_completed_matrix_by_matrix():
    whole = np.nan_to_num(EXAMPLE, nan=1.0)

    batch = aggregation.optimal_completion([[EXAMPLE, whole]])

    np.testing.assert_array_equal(batch[0, 0], aggregation.optimal_completion(EXAMPLE))
    np.testing.assert_allclose(batch[0, 1], whole, rtol=1e-14)


def test_parts_that_were_never_compared_cannot_be_completed():
    apart = [[1, 2, NAN], [1 / 2, 1, NAN], [NAN, NAN, 1]]

    for method in ("eigenvector-completion", "harker"):
        with pytest.raises(aggregation.DisconnectedGraph) as refusal:
            aggregation.priorities(apart, method)
        assert refusal.value.parts == ((0, 1), (2,))


def test_without_gaps_completion_and_harker_are_the_eigenvector():
    whole = np.nan_to_num(EXAMPLE, nan=1.0)
    eigenvector = aggregation.priorities(whole, "eigenvector")

    for method in ("eigenvector-completion", "harker"):
        np.testing.assert_allclose(aggregation.priorities(whole, method), eigenvector, rtol=1e-12)


def test_harker_counts_gaps_on_the_diagonal():
    """The example of Harker (1987): a chain of twos gives 4, 2, 1."""
    chain = [[1, 2, NAN], [1 / 2, 1, 2], [NAN, 1 / 2, 1]]

    np.testing.assert_allclose(
        aggregation.priorities(chain, "harker"), np.array([4, 2, 1]) / 7, rtol=1e-12
    )


def test_additive_normalisation_is_the_mean_of_the_normalised_columns():
    """The columns sum to 2, 10/3 and 6."""
    matrix = np.array([[1, 2, 2], [1 / 2, 1, 3], [1 / 2, 1 / 3, 1]])
    columns = matrix / [2, 10 / 3, 6]

    np.testing.assert_allclose(
        aggregation.priorities(matrix, "additive-normalisation"), columns.mean(axis=1), rtol=1e-14
    )


def test_a_matrix_that_circles_too_long_for_power_iteration_still_has_its_eigenvector():
    """A circle of ratios 10⁶ among three: λ = 1 + t^(1/3) + t^(-1/3) with t = 10¹⁸."""
    t = 1e18
    matrix = [[1, 1e6, 1e-6], [1e-6, 1, 1e6], [1e6, 1e-6, 1]]

    assert aggregation.lambda_max(matrix) == pytest.approx(
        1 + t ** (1 / 3) + t ** (-1 / 3), rel=1e-12
    )
    np.testing.assert_allclose(aggregation.priorities(matrix, "eigenvector"), [1 / 3] * 3)


def test_a_batch_of_unlike_gaps_is_each_of_its_matrices():
    matrices = np.array([with_gaps(seed, 6, seed % 5) for seed in range(12)]).reshape(3, 4, 6, 6)

    found = aggregation.optimal_completion(matrices)

    for place in np.ndindex(3, 4):
        alone = aggregation.optimal_completion(matrices[place])
        np.testing.assert_allclose(found[place], alone, rtol=1e-9)


def test_a_completion_is_the_least_that_a_general_minimiser_finds():
    """The slope of λ is nought at the completion, for as many gaps as a tree leaves."""
    for seed in range(5):
        matrix = with_gaps(seed, 6, 10)
        gaps = np.isnan(matrix) & np.triu(np.ones((6, 6), dtype=bool))

        def largest(logs, matrix=matrix, gaps=gaps):
            trial = matrix.copy()
            trial[gaps] = np.exp(logs)
            trial.T[gaps] = np.exp(-logs)
            return np.linalg.eigvals(trial).real.max()

        found = np.log(aggregation.optimal_completion(matrix)[gaps])
        least = minimize(largest, np.zeros(10), method="Powell", options={"ftol": 1e-14}).fun

        assert largest(found) <= least * (1 + 1e-12)


def expanded(seed=2, n=5, missing=4):
    matrix = with_gaps(seed, n, missing)
    logs = log_judgements(np.array([matrix, aggregation.optimal_completion(matrix)]))
    gaps = np.flatnonzero(np.isnan(logs[0]))[None]
    return logs[1:], gaps


def test_slopes_and_curvatures_are_those_of_small_differences():
    """Away from the least eigenvalue, where the slopes are not nought."""
    least, gaps = expanded()
    start = least.copy()
    start[0, gaps[0]] += [0.5, -1, 0.2, 2][: gaps.size]
    here = completion._expand(start, gaps)
    small = 1e-5
    for place, gap in enumerate(gaps[0]):
        moved = np.repeat(start, 2, axis=0)
        moved[:, gap] += [small, -small]
        up, down = (completion._expand(moved[side : side + 1], gaps) for side in (0, 1))

        np.testing.assert_allclose(here.slope[0, place], (up.height - down.height)[0] / 2 / small)
        np.testing.assert_allclose(
            here.curvature[0, place], (up.slope - down.slope)[0] / 2 / small, rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize("away", [-20.0, -3.0, 5.0, 12.0])
def test_newton_arrives_from_wherever_it_starts(away):
    least, gaps = expanded(seed=7, n=7, missing=5)
    start = np.repeat(least, 3, axis=0)
    start[1, gaps[0]] += away
    start[2, gaps[0, 0]] -= away

    found = completion._least_eigenvalues(start, np.repeat(gaps, 3, axis=0))

    np.testing.assert_allclose(found, np.repeat(least, 3, axis=0), atol=1e-9)
