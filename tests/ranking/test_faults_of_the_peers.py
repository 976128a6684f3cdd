"""Faults found in packages of the field, each under its name."""

import numpy as np
import pytest

import ranking


def test_identical_cities_split_by_float32():
    """In float32, and in the tiles of a matrix product, rows of equal levels get unlike sums."""
    rng = np.random.default_rng(1)
    levels = rng.integers(0, 5, (62, 11)).astype(np.float32)
    levels[1::2] = levels[0::2]
    draws = ranking.simplex_draws(11, 5000, rng)

    ranks = ranking.ranks(ranking.scores(levels, draws))
    winning = ranking.pairwise_winning(levels, draws)
    acceptability = ranking.rank_acceptability(levels, draws)

    np.testing.assert_array_equal(ranks[:, 1::2], ranks[:, 0::2])
    assert not winning[range(0, 62, 2), range(1, 62, 2)].any()
    np.testing.assert_array_equal(acceptability[1::2], acceptability[0::2])


def test_weight_draws_from_normalised_uniforms():
    """A uniform draw of 11 weights has a largest weight of H₁₁/11 in the mean; theirs has less."""
    rng = np.random.default_rng(2)
    mean_largest = sum(1 / k for k in range(1, 12)) / 11
    theirs = rng.random((20_000, 11))
    theirs /= theirs.sum(axis=1, keepdims=True)

    ours = ranking.simplex_draws(11, 20_000, rng).max(axis=1)

    error = 4 * ours.std() / np.sqrt(20_000)
    assert abs(ours.mean() - mean_largest) < error
    assert theirs.max(axis=1).mean() < mean_largest - 10 * error


def test_the_global_random_seed_reset():
    """Drawing leaves the global generator where it was, and does not listen to it."""
    np.random.seed(3)
    before = np.random.get_state()[1].copy()
    first = ranking.simplex_draws(3, 5, np.random.default_rng(4))
    after = np.random.get_state()[1]
    np.random.seed(5)

    np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(ranking.simplex_draws(3, 5, np.random.default_rng(4)), first)


def test_weights_rounded_inside_the_algorithm():
    """Rounded to three decimals, the two weights would be equal and the units tie."""
    assert ranking.ranks(ranking.scores([[1, 0], [0, 1]], [0.50001, 0.49999])).tolist() == [1, 2]
    draw = [[0.50001, 0.49999]]
    assert ranking.rank_acceptability([[1, 0], [0, 1]], draw).tolist() == [[1, 0], [0, 1]]


def test_weights_that_are_not_renormalised():
    """A geometric consensus that sums to .987 is refused, not scored."""
    with pytest.raises(ranking.NotSummingToOne) as refused:
        ranking.scores([[1, 1]], [0.5, 0.487])

    assert refused.value.total == pytest.approx(0.987)
