"""From one matrix of comparisons to its priorities."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aggregation

NAN = float("nan")
SAATY = [*range(1, 10), *(1 / x for x in range(2, 10))]
METHODS = (
    *("geometric-mean", "eigenvector", "eigenvector-completion", "harker"),
    "additive-normalisation",
)


def random_matrices(n, batch, rng):
    matrices = np.ones((*batch, n, n))
    i, j = np.triu_indices(n, 1)
    ratios = rng.choice(SAATY, (*batch, i.size))
    matrices[..., i, j], matrices[..., j, i] = ratios, 1 / ratios
    return matrices


@st.composite
def comparison_matrices(draw, smallest=2, largest=7, missing=False):
    """Draw a connected matrix of judgements on the 1-9 scale."""
    n = draw(st.integers(smallest, largest))
    matrix = np.ones((n, n))
    hidden = []
    for i, j in combinations(range(n), 2):
        matrix[i, j] = draw(st.sampled_from(SAATY))
        matrix[j, i] = 1 / matrix[i, j]
        if j - i > 1 and missing and draw(st.booleans()):
            hidden.append((i, j))
    for i, j in hidden:
        matrix[i, j] = matrix[j, i] = NAN
    return matrix


def consistent(weights):
    w = np.asarray(weights, dtype=float)
    return w[:, None] / w[None, :]


def test_the_row_geometric_mean_of_a_case_worked_by_hand():
    """Rows multiply to 8, 1 and 1/8: cube roots 2, 1, 1/2, which sum to 7/2."""
    matrix = [[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]]

    np.testing.assert_allclose(aggregation.priorities(matrix), [4 / 7, 2 / 7, 1 / 7], rtol=1e-14)


@pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=12))
def test_a_consistent_matrix_returns_its_weights(method, weights):
    found = aggregation.priorities(consistent(weights), method)

    np.testing.assert_allclose(found, np.array(weights) / np.sum(weights), rtol=1e-10)


@pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
@given(data=st.data())
def test_permuting_items_permutes_priorities(method, data):
    matrix = data.draw(comparison_matrices())
    order = data.draw(st.permutations(range(len(matrix))))

    found = aggregation.priorities(matrix[np.ix_(order, order)], method)

    np.testing.assert_allclose(found, aggregation.priorities(matrix, method)[order], rtol=1e-10)


@given(matrix=comparison_matrices(smallest=3, missing=True), data=st.data())
def test_permuting_items_permutes_priorities_when_judgements_are_missing(matrix, data):
    order = data.draw(st.permutations(range(len(matrix))))

    found = aggregation.priorities(matrix[np.ix_(order, order)])

    np.testing.assert_allclose(found, aggregation.priorities(matrix)[order], rtol=1e-10)


def spanning_trees(edges, n):
    for tree in combinations(edges, n - 1):
        logs = dict.fromkeys([0], 0.0)
        for _ in range(n):
            for i, j, y in tree:
                if i in logs:
                    logs.setdefault(j, logs[i] - y)
                if j in logs:
                    logs.setdefault(i, logs[j] + y)
        if len(logs) == n:
            yield [logs[item] for item in range(n)]


@given(matrix=comparison_matrices(smallest=2, largest=5, missing=True))
def test_least_squares_is_the_geometric_mean_over_the_spanning_trees(matrix):
    """Bozóki and Tsyganok (2019), Int. J. Gen. Syst. 48(4), 362-381."""
    n = len(matrix)
    edges = [
        (i, j, np.log(matrix[i, j]))
        for i, j in combinations(range(n), 2)
        if not np.isnan(matrix[i, j])
    ]
    means = np.exp(np.mean([np.array(u) - np.mean(u) for u in spanning_trees(edges, n)], axis=0))

    np.testing.assert_allclose(aggregation.priorities(matrix), means / means.sum(), rtol=1e-10)


def test_the_eigenvector_of_three_items_is_the_row_geometric_mean():
    matrix = [[1, 3, 6], [1 / 3, 1, 4], [1 / 6, 1 / 4, 1]]

    by_eigenvector = aggregation.priorities(matrix, "eigenvector")

    np.testing.assert_allclose(by_eigenvector, aggregation.priorities(matrix), rtol=1e-12)


@given(matrix=comparison_matrices(smallest=4))
def test_the_eigenvector_solves_its_equation(matrix):
    w = aggregation.priorities(matrix, "eigenvector")

    np.testing.assert_allclose(matrix @ w, aggregation.lambda_max(matrix) * w, rtol=1e-10)


def test_a_batch_of_complete_and_incomplete_matrices_is_each_of_them():
    whole = np.array([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])
    gap = whole.copy()
    gap[0, 2] = gap[2, 0] = NAN
    batch = np.array([[whole, gap], [gap, whole]])

    found = aggregation.priorities(batch)

    assert found.shape == (2, 2, 3)
    np.testing.assert_array_equal(found[0, 0], found[1, 1])
    np.testing.assert_allclose(found[0, 0], aggregation.priorities(whole), rtol=1e-14)
    np.testing.assert_allclose(found[0, 1], aggregation.priorities(gap), rtol=1e-14)
    np.testing.assert_allclose(found[0, 1], np.array([6, 3, 1]) / 10, rtol=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_of_any_shape_is_each_of_its_matrices(method):
    rng = np.random.default_rng(3)
    i, j = np.triu_indices(5, 1)
    matrices = np.ones((2, 3, 5, 5))
    ratios = rng.choice(SAATY, (2, 3, i.size))
    if method in ("harker", "eigenvector-completion"):
        ratios[:, :2, 3] = NAN
        ratios[0, 1, 6] = NAN
    matrices[..., i, j], matrices[..., j, i] = ratios, 1 / ratios

    found = aggregation.priorities(matrices, method)

    assert found.shape == (2, 3, 5)
    for place in np.ndindex(2, 3):
        alone = aggregation.priorities(matrices[place], method)
        np.testing.assert_allclose(found[place], alone, rtol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("batch", [(0,), (0, 3), (2, 0)])
@pytest.mark.parametrize("method", METHODS)
def test_an_empty_batch_has_no_priorities(method, batch, n):
    assert aggregation.priorities(np.ones((*batch, n, n)), method).shape == (*batch, n)


@pytest.mark.parametrize("method", METHODS)
def test_lists_whole_numbers_and_any_order_in_memory_are_matrices_too(method):
    matrix = random_matrices(6, (3,), np.random.default_rng(8))
    found = aggregation.priorities(matrix, method)
    kept = matrix.copy()
    kept.flags.writeable = False

    for same in (matrix.tolist(), np.asfortranarray(matrix), kept, matrix[::-1][::-1]):
        np.testing.assert_array_equal(aggregation.priorities(same, method), found)
    np.testing.assert_array_equal(aggregation.priorities([[1, 1], [1, 1]], method), [0.5, 0.5])


def test_parts_that_were_never_compared_are_named():
    matrix = np.full((2, 5, 5), NAN)
    matrix[0] = 1
    matrix[1][np.diag_indices(5)] = 1
    for i, j in [(0, 3), (3, 4)]:
        matrix[1, i, j] = matrix[1, j, i] = 1

    with pytest.raises(aggregation.DisconnectedGraph) as refusal:
        aggregation.priorities(matrix)

    assert refusal.value.parts == ((0, 3, 4), (1,), (2,))
    assert refusal.value.at == (1,)


def test_parts_are_named_with_their_place_far_into_a_large_batch():
    matrices = random_matrices(4, (3, 5000), np.random.default_rng(4))
    matrices[..., 1, 2] = matrices[..., 2, 1] = NAN
    matrices[2, 4321, 0, 1:] = matrices[2, 4321, 1:, 0] = NAN

    for method in ("geometric-mean", "eigenvector-completion", "harker"):
        with pytest.raises(aggregation.DisconnectedGraph) as refusal:
            aggregation.priorities(matrices, method)
        assert (refusal.value.parts, refusal.value.at) == (((0,), (1, 2, 3)), (2, 4321))


def test_eigenvectors_of_a_batch_are_those_of_an_eigensolver():
    """Nearly consistent matrices settle at once, random ones of three items take longest."""
    rng = np.random.default_rng(11)
    for n in (3, 7, 16):
        matrices = random_matrices(n, (300,), rng)
        weights = rng.dirichlet(np.ones(n), 100)
        matrices[::3] = weights[:, :, None] / weights[:, None, :]
        values, vectors = np.linalg.eig(matrices)
        first = values.real.argmax(axis=1)
        expected = np.abs(vectors[np.arange(300), :, first])

        np.testing.assert_allclose(
            aggregation.priorities(matrices, "eigenvector"),
            expected / expected.sum(axis=1, keepdims=True),
            rtol=1e-12,
        )
        np.testing.assert_allclose(
            aggregation.lambda_max(matrices), values.real.max(axis=1), rtol=1e-12
        )


@pytest.mark.parametrize("largest", [1e8, 1e12, 1e100, 1e200])
def test_eigenvectors_of_extreme_ratios_do_not_overflow(largest):
    weights = np.array([1, largest**-0.5, 1 / largest])

    np.testing.assert_allclose(
        aggregation.priorities(consistent(weights), "eigenvector"),
        weights / weights.sum(),
        rtol=1e-10,
    )
    assert aggregation.lambda_max(consistent(weights)) == pytest.approx(3, rel=1e-12)


@pytest.mark.parametrize("spread", [3.0, 10.0, 40.0])
def test_the_unit_of_each_item_changes_neither_eigenvalue_nor_the_weights_beside_it(spread):
    """a_ij d_i/d_j has the eigenvalues of A, and D w for its vector, however far apart D is."""
    units = np.exp(spread * np.array([1.0, -2.0, 0.5, 3.0]))
    matrices = random_matrices(4, (5,), np.random.default_rng(6))
    stretched = matrices * units[:, None] / units
    gap = matrices.copy()
    gap[:, 0, 2] = gap[:, 2, 0] = NAN

    for method, plain in (("eigenvector", matrices), ("harker", gap)):
        expected = aggregation.priorities(plain, method) * units
        np.testing.assert_allclose(
            aggregation.priorities(plain * units[:, None] / units, method),
            expected / expected.sum(axis=1, keepdims=True),
            rtol=1e-9,
        )
    np.testing.assert_allclose(
        aggregation.lambda_max(stretched), aggregation.lambda_max(matrices), rtol=1e-9
    )


@pytest.mark.parametrize("strength", [300.0, 1e5])
def test_circular_judgements_of_three_items_have_their_eigenvector(strength):
    """With three items it is the row geometric mean, and λ = 1 + t^(1/3) + t^(-1/3)."""
    matrix = reciprocal_triad(strength, 2 / strength, strength)
    t = strength**3 / 2

    np.testing.assert_allclose(
        aggregation.priorities(matrix, "eigenvector"), aggregation.priorities(matrix), rtol=1e-12
    )
    assert aggregation.lambda_max(matrix) == pytest.approx(
        1 + t ** (1 / 3) + t ** (-1 / 3), rel=1e-12
    )


def reciprocal_triad(first, both, second):
    return np.array([[1, first, both], [1 / first, 1, second], [1 / both, 1 / second, 1]])


def test_weights_further_apart_than_doubles_reach_are_nought_beside_the_largest():
    chain = np.full((5, 5), NAN)
    np.fill_diagonal(chain, 1)
    for i in range(4):
        chain[i, i + 1], chain[i + 1, i] = 1e200, 1e-200

    found = aggregation.priorities(chain)

    np.testing.assert_allclose(found, [1, 1e-200, 0, 0, 0], rtol=1e-9)


def test_the_eigenvector_needs_every_judgement():
    matrix = np.array([[1, 2, NAN], [1 / 2, 1, 4], [NAN, 1 / 4, 1]])

    with pytest.raises(aggregation.Incomplete) as refusal:
        aggregation.priorities([np.ones((3, 3)), matrix], "eigenvector")

    assert refusal.value.pairs == ((0, 2),)
    assert refusal.value.at == (1,)


def test_a_method_that_does_not_exist_is_refused():
    with pytest.raises(aggregation.UnknownName, match="geometric-mean") as refusal:
        aggregation.priorities(np.ones((2, 2)), "best")

    assert refusal.value.name == "best"


def test_ratios_beyond_the_range_of_doubles_when_multiplied_do_no_harm():
    weights = 1e25 ** np.arange(12.0)

    found = aggregation.priorities(consistent(weights))

    assert found[-1] == pytest.approx(1)
    assert np.isfinite(found).all()
