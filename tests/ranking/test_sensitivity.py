"""Changes of weights that reverse an order, without draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import ranking

NAN = float("nan")


@st.composite
def small_rankings(draw):
    n = draw(st.integers(2, 4))
    level = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    levels = draw(st.lists(level, min_size=2, max_size=4))
    parts = draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    return np.array(levels, dtype=float), np.array(parts) / sum(parts)


def with_weight(weights, k, change):
    """Weight k changed, the others in their proportions."""
    others = weights * (1 - weights[k] - change) / (1 - weights[k])
    others[k] = weights[k] + change
    return others


@given(small_rankings())
def test_after_the_critical_change_the_pair_ties(case):
    levels, weights = case

    changes = ranking.critical_changes(levels, weights)

    for i, j, k in np.argwhere(~np.isnan(changes)):
        changed = with_weight(weights, k, changes[i, j, k])
        totals = levels @ changed
        assert totals[i] == pytest.approx(totals[j], abs=1e-9)
        assert changes[i, j, k] == changes[j, i, k]


@given(small_rankings())
def test_where_there_is_no_critical_change_no_weight_turns_the_pair(case):
    levels, weights = case
    changes = ranking.critical_changes(levels, weights)
    n = len(weights)

    for i, j, k in np.argwhere(np.isnan(changes)):
        at = [
            (levels[i] - levels[j]) @ with_weight(weights, k, weight - weights[k])
            for weight in (0, 1)
        ]
        assert min(at) > -1e-9 or max(at) < 1e-9
    assert changes.shape == (len(levels), len(levels), n)


def test_the_critical_change_is_that_of_triantaphyllou_and_sanchez():
    """Their δ = (P_j - P_i)/(a_jk - a_ik) leaves (w_k - δ)/(1 - δ) after renormalising."""
    levels, weights = np.array([[3.0, 1, 0], [1, 2, 2]]), np.array([0.5, 0.3, 0.2])
    totals = levels @ weights
    delta = (totals[1] - totals[0]) / (levels[1] - levels[0])
    expected = (weights - delta) / (1 - delta) - weights

    changes = ranking.critical_changes(levels, weights)

    assert totals == pytest.approx([1.8, 1.5])
    assert changes[0, 1] == pytest.approx(expected, rel=1e-12)


def test_a_tie_needs_no_change_and_equal_levels_cannot_turn():
    changes = ranking.critical_changes([[1, 0, 1], [0, 1, 1], [0, 1, 1]], [0.25, 0.25, 0.5])

    np.testing.assert_array_equal(changes[0, 1], [0, 0, NAN])
    np.testing.assert_array_equal(changes[1, 2], [NAN, NAN, NAN])


def test_critical_changes_of_many_sets_of_weights(arab_league):
    sets = ranking.simplex_draws(11, 4, np.random.default_rng(1))

    together = ranking.critical_changes(arab_league.levels, sets)

    for own, alone in zip(sets, together, strict=True):
        np.testing.assert_allclose(
            ranking.critical_changes(arab_league.levels, own), alone, atol=1e-12
        )


def least_weight_to_move(apart, weights):
    """Minimise Σ taken, subject to w - taken + given ≥ 0, equal sums, and a tie."""
    n = len(apart)
    found = linprog(
        np.concatenate([np.ones(n), np.zeros(n)]),
        A_eq=[
            np.concatenate([np.ones(n), -np.ones(n)]),
            np.concatenate([apart, -apart]),
        ],
        b_eq=[0, apart @ weights],
        bounds=[(0, w) for w in weights] + [(0, 1)] * n,
    )
    return found.fun if found.success else np.inf


@given(small_rankings())
def test_the_radius_is_the_least_weight_that_must_move(case):
    """Against the linear program over all weight sets."""
    levels, weights = case

    radius = ranking.stability_radius(levels, weights)

    for i, j in zip(*np.triu_indices(len(levels), 1), strict=True):
        expected = least_weight_to_move(levels[i] - levels[j], weights)
        assert radius[i, j] == pytest.approx(expected, abs=1e-8)
        assert radius[j, i] == radius[i, j]
    assert np.isnan(np.diag(radius)).all()


def test_a_unit_ahead_everywhere_is_never_caught():
    radius = ranking.stability_radius([[2, 2], [1, 1], [2, 1]], [0.5, 0.5])

    assert radius[0, 1] == np.inf
    assert radius[0, 2] == pytest.approx(0.5)


def test_no_draw_within_the_radius_turns_the_order_of_2024(arab_league):
    radius = ranking.stability_radius(arab_league.levels, arab_league.weights)
    safe = np.nanmin(np.where(radius > 0, radius, np.nan))
    before = ranking.ranks(ranking.scores(arab_league.levels, arab_league.weights))
    rng = np.random.default_rng(2)
    shifts = ranking.simplex_draws(11, 300, rng) - arab_league.weights
    shifts *= 0.999 * safe / (np.abs(shifts).sum(axis=1, keepdims=True) / 2)

    after = ranking.ranks(ranking.scores(arab_league.levels, arab_league.weights + shifts))

    apart = before[:, None] < before
    assert (after[:, :, None] < after[:, None, :])[:, apart].all()


def test_the_two_ways_meet_where_there_are_two_indicators():
    """With two indicators the only way is to move one weight; the radius is its change."""
    levels, weights = [[3, 0], [1, 1], [0, 2]], [0.7, 0.3]

    changes = np.abs(ranking.critical_changes(levels, weights))
    radius = ranking.stability_radius(levels, weights)

    for i, j in ((0, 1), (0, 2), (1, 2)):
        np.testing.assert_allclose(changes[i, j], radius[i, j], atol=1e-12)


@given(small_rankings(), st.integers(0, 10**6))
def test_a_necessary_preference_holds_for_every_mixture_of_the_experts(case, seed):
    levels, _ = case
    rng = np.random.default_rng(seed)
    experts = ranking.simplex_draws(levels.shape[1], 3, rng)
    mixtures = ranking.simplex_draws(3, 50, rng) @ experts

    preferred = ranking.necessary_preference(levels, experts)
    winning = ranking.pairwise_winning(levels, mixtures)
    bounds = ranking.rank_bounds(preferred)
    ranks = ranking.ranks(ranking.scores(levels, mixtures))

    assert (winning[preferred] == 1).all()
    assert (ranks >= bounds[:, 0]).all()
    assert (ranks <= bounds[:, 1]).all()


def test_one_expert_who_ties_two_units_leaves_neither_necessarily_ahead():
    preferred = ranking.necessary_preference([[2, 0], [0, 2]], [[0.5, 0.5], [0.9, 0.1]])

    assert not preferred.any()


def test_for_a_single_expert_the_bounds_are_their_ranks():
    levels, weights = [[3, 1], [2, 2], [0, 3]], [0.9, 0.1]

    bounds = ranking.rank_bounds(ranking.necessary_preference(levels, [weights]))

    assert bounds.tolist() == [[1, 1], [2, 2], [3, 3]]


@pytest.mark.parametrize(
    "compute", [ranking.critical_changes, ranking.stability_radius, ranking.necessary_preference]
)
def test_blank_levels_and_strange_weights_are_refused(compute):
    with pytest.raises(ranking.Unrated):
        compute([[1, NAN], [1, 1]], [[0.5, 0.5]])
    with pytest.raises(ranking.NotWeights):
        compute([[1, 1], [1, 1]], [[-0.5, 1.5]])
    with pytest.raises(ranking.NotAligned):
        compute([[1, 1, 1], [1, 1, 1]], [[0.5, 0.5]])
    with pytest.raises(ranking.NotAligned):
        compute([[[1, 1]]], [[0.5, 0.5]])


def test_weights_of_one_or_of_many_are_not_confused():
    with pytest.raises(ranking.NotAligned):
        ranking.stability_radius([[1, 1]], [[0.5, 0.5]])
    with pytest.raises(ranking.NotAligned):
        ranking.necessary_preference([[1, 1]], [0.5, 0.5])
    with pytest.raises(ranking.NotAligned):
        ranking.rank_bounds([[True, False]])
