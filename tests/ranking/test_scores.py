"""Scores: weight × level, summed."""

import numpy as np
import pytest

import ranking

NAN = float("nan")


def test_a_score_is_the_sum_of_weight_times_level():
    """The office location problem of Goodwin and Wright, Decision Analysis, ch. 3."""
    offices = [[100, 60, 100, 75, 0, 90], [20, 80, 10, 30, 100, 30], [80, 70, 0, 0, 10, 100]]

    benefits = ranking.scores(offices, np.array([32, 26, 23, 10, 6, 3]) / 100)

    assert benefits == pytest.approx([80.8, 39.4, 47.4], abs=1e-9)


def test_the_subscores_of_all_groups_sum_to_the_total(arab_league):
    """The weights are those of the whole: a table of one group is not renormalised."""
    total, traditional, rest = (
        ranking.scores(arab_league.levels, arab_league.weights, indicators)
        for indicators in arab_league.tables.values()
    )

    assert traditional + rest == pytest.approx(total, abs=1e-12)
    assert traditional.max() < total.max() / 2


def test_a_blank_leaves_the_unit_unrated_only_where_the_indicator_is_summed():
    levels = [[1, NAN], [2, 3]]

    np.testing.assert_array_equal(ranking.scores(levels, [0.5, 0.5]), [NAN, 2.5])
    np.testing.assert_array_equal(ranking.scores(levels, [0.5, 0.5], indicators=[0]), [0.5, 1])


def test_a_blank_is_not_forgiven_where_the_weight_is_zero():
    assert np.isnan(ranking.scores([[1, NAN]], [1, 0]))[0]


def test_many_sets_of_weights_score_at_once():
    rng = np.random.default_rng(1)
    levels, sets = rng.integers(0, 4, (5, 3)), rng.dirichlet(np.ones(3), (2, 4))

    together = ranking.scores(levels, sets)

    assert together.shape == (2, 4, 5)
    np.testing.assert_array_equal(together[1, 2], ranking.scores(levels, sets[1, 2]))


def test_units_with_equal_levels_have_equal_scores_to_the_last_bit():
    """Identical cities were split by float32 and by the tiles of matrix products."""
    rng = np.random.default_rng(2)
    levels = np.repeat(rng.integers(0, 5, (1, 11)), 62, axis=0)

    by_draw = ranking.scores(levels, rng.dirichlet(np.ones(11), 1000))

    assert np.ptp(by_draw, axis=-1).max() == 0


def test_the_input_is_not_changed():
    levels, weights = np.ones((2, 2)), np.array([0.5, 0.5])

    ranking.scores(levels, weights)[:] = 7

    assert levels.tolist() == [[1, 1], [1, 1]]
    assert weights.tolist() == [0.5, 0.5]


def test_a_negative_weight_is_refused_with_its_indicator():
    with pytest.raises(ranking.NotWeights) as refused:
        ranking.scores([[1, 1, 1]], [[0.2, 0.3, 0.5], [1.5, -0.25, -0.25]])

    assert (refused.value.at, refused.value.indicators) == ((1,), (1, 2))


@pytest.mark.parametrize("weight", [NAN, float("inf")])
def test_a_weight_that_is_no_number_is_refused(weight):
    with pytest.raises(ranking.NotWeights) as refused:
        ranking.scores([[1, 1]], [1, weight])

    assert (refused.value.at, refused.value.indicators) == ((), (1,))


def test_weights_that_do_not_sum_to_one_are_refused_with_their_sum():
    """The weights of a single group, of a total not renormalised (.987), and in percent."""
    with pytest.raises(ranking.NotSummingToOne) as refused:
        ranking.scores([[1, 1]], [[0.5, 0.5], [0.5, 0.487]])

    assert refused.value.at == (1,)
    assert refused.value.total == pytest.approx(0.987)


def test_weights_printed_to_nine_decimals_sum_to_one():
    assert ranking.scores([[3, 3, 3]], [0.333333333] * 3) == pytest.approx([3], abs=1e-8)


def test_an_infinite_level_is_refused_with_its_place():
    with pytest.raises(ranking.NotFinite) as refused:
        ranking.scores([[1, 2], [3, float("inf")]], [0.5, 0.5])

    assert refused.value.at == (1, 1)


def test_levels_and_weights_of_other_indicators_are_refused():
    with pytest.raises(ranking.NotAligned) as refused:
        ranking.scores([[1, 2, 3]], [0.5, 0.5])

    assert refused.value.shapes == {"levels": (1, 3), "weights": (2,)}


@pytest.mark.parametrize("indicators", [[0, 0], [2], [-1]])
def test_an_indicator_that_is_not_there_or_comes_twice_is_refused(indicators):
    with pytest.raises(ValueError, match="counted once, from 0 to 1"):
        ranking.scores([[1, 2]], [0.5, 0.5], indicators)


def test_the_subscores_of_groups_are_those_of_their_tables(arab_league):
    groups = [arab_league.tables["traditional"], arab_league.tables["digital-institutional"]]

    found = ranking.subscores(arab_league.levels, arab_league.weights, groups)

    total = ranking.scores(arab_league.levels, arab_league.weights)
    np.testing.assert_allclose(found.sum(axis=-1), total, atol=1e-12)
    np.testing.assert_array_equal(
        found[:, 0], ranking.scores(arab_league.levels, arab_league.weights, groups[0])
    )


def test_the_geometric_score_is_never_above_the_arithmetic_one(arab_league):
    """The inequality of the means; they agree only where all levels are equal."""
    even = np.full((1, 11), 2)
    levels = np.concatenate([arab_league.levels, even])

    for offset in (0, 1):
        geometric = ranking.geometric_scores(levels, arab_league.weights, offset)
        arithmetic = ranking.scores(levels, arab_league.weights)

        assert (geometric[:-1] < arithmetic[:-1]).all()
        assert geometric[-1] == pytest.approx(2, abs=1e-12)


def test_a_zero_annuls_a_geometric_score_unless_it_has_no_weight():
    assert ranking.geometric_scores([[0, 9]], [[0.1, 0.9], [0, 1]]).tolist() == [[0], [9]]


def test_a_blank_leaves_a_geometric_score_blank_even_without_weight():
    assert np.isnan(ranking.geometric_scores([[NAN, 9]], [0, 1]))[0]


@pytest.mark.parametrize(("levels", "offset"), [([[-1, 2]], 0), ([[1, 2]], -1)])
def test_a_geometric_score_of_negative_levels_is_refused(levels, offset):
    with pytest.raises(ValueError, match="not below 0"):
        ranking.geometric_scores(levels, [0.5, 0.5], offset)
