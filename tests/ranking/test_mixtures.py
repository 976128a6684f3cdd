"""Ahead under every mixture of the experts, arithmetic or geometric."""

import numpy as np
import pytest

import ranking

LEVELS = [[1, 1, 0], [0, 0, 1.8]]
EXPERTS = [[0.6, 0.05, 0.35], [0.05, 0.6, 0.35]]


def test_the_geometric_consensus_leaves_the_bounds_of_arithmetic_mixtures():
    """Its weights are (.249, .249, .503): 1.8 · .503 is more than .498."""
    consensus = np.sqrt(np.prod(EXPERTS, axis=0))
    consensus /= consensus.sum()
    arithmetic = ranking.rank_bounds(ranking.necessary_preference(LEVELS, EXPERTS))
    geometric = ranking.rank_bounds(ranking.necessary_preference(LEVELS, EXPERTS, "geometric"))

    np.testing.assert_allclose(consensus, [0.249, 0.249, 0.503], atol=1e-3)
    assert ranking.ranks(ranking.scores(LEVELS, consensus)).tolist() == [2, 1]
    assert arithmetic.tolist() == [[1, 1], [2, 2]]
    assert geometric.tolist() == [[1, 2], [1, 2]]


def on_a_grid(levels, experts, steps):
    """Find units ahead under all geometric mixtures of a grid."""
    shares = np.linspace(0, 1, steps)
    if len(experts) == 2:
        mixtures = np.stack([shares, 1 - shares], axis=1)
    else:
        mixtures = np.array([(a, b, 1 - a - b) for a in shares for b in shares if a + b <= 1])
    weights = np.exp(mixtures @ np.log(experts))
    scores = weights @ np.transpose(levels)
    return (scores[:, :, None] > scores[:, None, :] * (1 + 1e-12)).all(axis=0)


@pytest.mark.parametrize("experts", [2, 3])
def test_no_mixture_of_a_grid_turns_a_preference_and_few_are_missed(experts):
    """Exact where one indicator alone is for, or against: then none is missed."""
    rng = np.random.default_rng(experts)
    claimed = missed = 0
    for _ in range(60):
        n = int(rng.integers(2, 6))
        levels = rng.integers(0, 4, (4, n)).astype(float)
        weights = rng.dirichlet(np.ones(n), experts)
        found = ranking.necessary_preference(levels, weights, "geometric")
        true = on_a_grid(levels, weights, 61 if experts == 2 else 31)

        assert not (found & ~true).any()
        claimed += int(found.sum())
        for i, j in np.argwhere(true & ~found):
            apart = levels[i] - levels[j]
            assert (apart > 0).sum() > 1
            assert (apart < 0).sum() > 1
            missed += 1
    assert claimed > 100
    assert missed < claimed / 50


def test_one_expert_alone_is_every_mixture():
    weights = [[0.5, 0.3, 0.2]]
    levels = [[2, 1, 0], [0, 2, 1], [1, 0, 3]]

    np.testing.assert_array_equal(
        ranking.necessary_preference(levels, weights, "geometric"),
        ranking.necessary_preference(levels, weights),
    )


def test_a_weight_of_zero_has_no_geometric_mixture():
    with pytest.raises(ranking.NotWeights) as refused:
        ranking.necessary_preference([[1, 0], [0, 1]], [[0.5, 0.5], [1, 0]], "geometric")

    assert (refused.value.indicators, refused.value.at) == ((1,), (1,))
    with pytest.raises(ranking.UnknownRule):
        ranking.necessary_preference([[1, 0], [0, 1]], [[0.5, 0.5]], "harmonic")
