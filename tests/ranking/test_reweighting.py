"""Other weights for the same levels."""

import numpy as np
import pytest

import ranking

NAN = float("nan")


def test_the_effects_are_the_differences_of_two_rankings(arab_league):
    others = ranking.noise_draws(arab_league.weights, 0.5, 18, np.random.default_rng(1))
    old = ranking.scores(arab_league.levels, arab_league.weights)

    for ties in ("down", "up"):
        effects = ranking.weight_effects(arab_league.levels, arab_league.weights, others, ties=ties)

        assert effects.bands.any()
        for k, own in enumerate(others):
            new = ranking.scores(arab_league.levels, own)
            moved = ranking.bands(new, ties=ties).numbers - ranking.bands(old, ties=ties).numbers
            np.testing.assert_array_equal(effects.scores[k], new - old)
            np.testing.assert_array_equal(effects.ranks[k], ranking.ranks(new) - ranking.ranks(old))
            np.testing.assert_array_equal(effects.bands[k], moved)


def test_a_tie_that_other_weights_bring_goes_by_the_rule():
    """Under equal weights the first two tie across the border after one of three."""
    levels, weights, equal = [[3, 1], [1, 3], [1, 1]], [0.6, 0.4], [[0.5, 0.5]]

    down = ranking.weight_effects(levels, weights, equal, shares=(0.34,))
    up = ranking.weight_effects(levels, weights, equal, shares=(0.34,), ties="up")

    assert down.bands.tolist() == [[1, 0, 0]]
    assert up.bands.tolist() == [[0, -1, 0]]


def test_the_same_weights_move_no_unit(arab_league):
    effects = ranking.weight_effects(arab_league.levels, arab_league.weights, [arab_league.weights])

    assert not any(np.any(part) for part in effects)


def test_an_unrated_unit_does_not_move():
    effects = ranking.weight_effects([[1, NAN], [0, 1], [1, 0]], [0.9, 0.1], [[0.1, 0.9]])

    assert effects.ranks.tolist() == [[0, -1, 1]]
    assert np.isnan(effects.scores[0, 0])


def test_one_set_is_adopted_and_many_are_compared():
    with pytest.raises(ranking.NotAligned):
        ranking.weight_effects([[1, 1]], [[0.5, 0.5]], [[0.5, 0.5]])
    with pytest.raises(ranking.NotAligned):
        ranking.weight_effects([[1, 1]], [0.5, 0.5], [0.5, 0.5])
    with pytest.raises(ranking.NotAligned):
        ranking.weight_effects([[1, 1]], [0.5, 0.5], [[1.0]])
    with pytest.raises(ranking.NotAligned):
        ranking.weight_effects([[[1, 1]]], [0.5, 0.5], [[0.5, 0.5]])
