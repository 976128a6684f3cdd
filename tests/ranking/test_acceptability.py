"""Acceptability: what draws of the weights and levels say about ranks and bands."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ranking
from ranking import scoring

NAN = float("nan")


@st.composite
def doubtful_rankings(draw):
    """Draw levels of few rungs and coarse weights, so that many units tie."""
    n = draw(st.integers(1, 3))
    level = st.lists(st.integers(0, 2), min_size=n, max_size=n)
    levels = draw(st.lists(level, min_size=1, max_size=7))
    parts = st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any)
    draws = draw(st.lists(parts, min_size=1, max_size=6))
    return levels, [[part / sum(own) for part in own] for own in draws]


def acceptability_by_definition(levels, weight_draws):
    """Compute acceptability in fractions, sharing places one by one."""
    n = len(levels)
    shares = [[Fraction(0)] * n for _ in range(n)]
    for row in ranking.scores(levels, weight_draws):
        ranks = ranking.ranks(row).tolist()
        for unit, rank in enumerate(ranks):
            equals = ranks.count(rank)
            for place in range(rank - 1, rank - 1 + equals):
                shares[unit][place] += Fraction(1, equals * len(weight_draws))
    return [[float(share) for share in row] for row in shares]


@given(doubtful_rankings())
def test_equals_share_their_places_evenly(case):
    levels, draws = case

    found = ranking.rank_acceptability(levels, draws)

    np.testing.assert_allclose(found, acceptability_by_definition(levels, draws), atol=1e-12)


@given(doubtful_rankings())
def test_scores_in_the_millions_share_their_places_as_well(case):
    """From a hundred million on there is another way to the same order."""
    levels, draws = case
    large = np.array(levels) * 2.0**33

    found = ranking.rank_acceptability(large, draws)

    np.testing.assert_allclose(found, acceptability_by_definition(large, draws), atol=1e-12)


@given(doubtful_rankings())
def test_rows_and_columns_sum_to_one(case):
    found = ranking.rank_acceptability(*case)

    np.testing.assert_allclose(found.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    assert (found >= 0).all()


@given(doubtful_rankings(), st.sampled_from(["down", "up"]))
def test_band_probabilities_are_the_band_rule_in_every_draw(case, ties):
    levels, draws = case
    shares = (0.2, 0.5, 0.7)
    numbers = ranking.bands(ranking.scores(levels, draws), shares, ties).numbers

    found = ranking.band_probabilities(levels, draws, shares, ties)

    expected = [(numbers == band).mean(axis=0) for band in (1, 2, 3, 4)]
    np.testing.assert_allclose(found, np.transpose(expected), atol=1e-15)


def test_without_a_border_the_one_band_is_certain():
    assert ranking.band_probabilities([[1], [2]], [[1.0], [1.0]], shares=()).tolist() == [[1], [1]]


@given(doubtful_rankings())
def test_equal_units_share_every_probability(case):
    levels, draws = case
    twice = [*levels, levels[0]]

    for found in (
        ranking.rank_acceptability(twice, draws),
        ranking.band_probabilities(twice, draws),
        ranking.central_weights(twice, draws),
    ):
        np.testing.assert_array_equal(found[0], found[-1])


@given(doubtful_rankings())
def test_a_dominated_unit_is_never_ahead(case):
    levels, draws = case
    x = np.array(levels)
    dominated = (x[:, None] >= x).all(axis=2)

    winning = ranking.pairwise_winning(levels, draws)

    assert not winning.T[dominated].any()


@given(doubtful_rankings())
def test_the_probability_of_being_ahead_is_counted_draw_by_draw(case):
    levels, draws = case
    ranks = ranking.ranks(ranking.scores(levels, draws))
    ahead = ranks[:, :, None] < ranks[:, None, :]

    np.testing.assert_allclose(ranking.pairwise_winning(levels, draws), ahead.mean(axis=0))


def test_three_cities_share_three_places_under_equal_weights():
    thirds = np.full((3, 3), 1 / 3)

    np.testing.assert_allclose(ranking.rank_acceptability(np.eye(3), [[1 / 3] * 3]), thirds)


def test_an_interval_of_weights_gives_the_lengths_of_its_parts():
    """w = (t, 1 - t): C = (.6, .6) is first for t in (.4, .6), last for none."""
    t = (np.arange(10_000) + 0.5) / 10_000

    found = ranking.rank_acceptability([[1, 0], [0, 1], [0.6, 0.6]], np.stack([t, 1 - t], axis=1))

    expected = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_central_weights_are_the_mean_of_those_who_put_a_unit_first():
    t = (np.arange(10_000) + 0.5) / 10_000

    found = ranking.central_weights([[1, 0], [0, 1], [0.6, 0.6]], np.stack([t, 1 - t], axis=1))

    np.testing.assert_allclose(found, [[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]], atol=1e-12)


def test_a_unit_that_is_never_first_has_no_central_weights():
    found = ranking.central_weights([[1, 1], [0, 0]], [[0.3, 0.7]])

    np.testing.assert_array_equal(found, [[0.3, 0.7], [NAN, NAN]])


def test_a_shared_first_place_counts_for_each_by_its_share():
    """Unit 0 alone at (1, 0); shared by three, two of them alike, at (.5, .5)."""
    found = ranking.central_weights([[2, 0], [0, 2], [0, 2]], [[1, 0], [0.5, 0.5]])

    np.testing.assert_allclose(found[0], [(1 + 0.5 / 3) / (4 / 3), (0.5 / 3) / (4 / 3)])


def test_the_doubt_about_the_study_of_2024_is_the_same_however_it_is_split(arab_league):
    """Chunks of draws change no bit; more than one chunk of the counting is needed."""
    draws = ranking.simplex_draws(11, 3000, np.random.default_rng(5))
    assert scoring.rows_of_a_chunk(62) < 3000

    def split(rows):
        return (draws[begin : begin + rows] for begin in range(0, 3000, rows))

    for compute in (
        ranking.rank_acceptability,
        ranking.band_probabilities,
        ranking.pairwise_winning,
        ranking.central_weights,
    ):
        whole = compute(arab_league.levels, draws)
        for rows in (1, 7, 1500, 3000):
            np.testing.assert_array_equal(compute(arab_league.levels, split(rows)), whole)


def test_levels_that_are_drawn_go_beside_the_weights(arab_league):
    rng = np.random.default_rng(6)
    weights = ranking.noise_draws(arab_league.weights, 0.2, 2500, rng)
    levels = ranking.level_draws(arab_league.levels, arab_league.tops, 0.3, 2500, rng)
    scores = np.stack([ranking.scores(x, w) for x, w in zip(levels, weights, strict=True)])
    numbers = ranking.bands(scores).numbers

    found = ranking.band_probabilities(levels, weights)
    chunked = ranking.band_probabilities(iter(np.split(levels, 5)), iter(np.split(weights, 10)))

    expected = [(numbers == band).mean(axis=0) for band in (1, 2, 3, 4)]
    np.testing.assert_allclose(found, np.transpose(expected), atol=1e-15)
    np.testing.assert_array_equal(chunked, found)


def test_undisputed_levels_drawn_again_and_again_change_nothing(arab_league):
    weights = ranking.simplex_draws(11, 50, np.random.default_rng(7))
    same = np.repeat(arab_league.levels[None], 50, axis=0)

    np.testing.assert_allclose(
        ranking.rank_acceptability(same, weights),
        ranking.rank_acceptability(arab_league.levels, weights),
        atol=1e-12,
    )


def test_a_table_is_banded_by_its_own_subscores(arab_league):
    """Drawn at the consensus alone, the probabilities are the published bands."""
    for table, indicators in arab_league.tables.items():
        levels = ranking.table_levels(arab_league.levels, indicators)

        found = ranking.band_probabilities(levels, [arab_league.weights])

        own = dict(zip(arab_league.cities, found.argmax(axis=1), strict=True))
        assert found.max(axis=1).tolist() == [1] * 62
        assert all(
            own[city] == b for b, band in enumerate(arab_league.bands[table]) for city in band
        )


@given(doubtful_rankings())
def test_expected_ranks_are_the_means_of_shared_places(case):
    levels, draws = case
    ranks = ranking.ranks(ranking.scores(levels, draws))
    equals = (ranks[:, :, None] == ranks[:, None, :]).sum(axis=2)

    found = ranking.expected_ranks(ranking.rank_acceptability(levels, draws))

    np.testing.assert_allclose(found, (ranks + (equals - 1) / 2).mean(axis=0), atol=1e-9)


def test_a_range_of_ranks_begins_and_ends_where_its_probability_is_reached():
    """The first rank holds exactly 5 of 100, the first four 95; in floats .9500000000000001."""
    row = [0.05, 0.3, 0.3, 0.3, 0.05]

    assert ranking.rank_ranges([row] * 5)[0].tolist() == [1, 4]
    assert ranking.rank_ranges([row] * 5, low=0.06, high=0.96)[0].tolist() == [2, 5]
    assert ranking.rank_ranges([row] * 5, low=0, high=1)[0].tolist() == [1, 5]
    assert ranking.rank_ranges([[0, 1], [1, 0]], low=0, high=0.5).tolist() == [[1, 2], [1, 1]]


def test_a_quantile_that_is_reached_but_for_rounding_is_reached():
    """Three times .1 is more than .3 in floating point, and eight times is less than .8."""
    assert np.cumsum([0.1] * 8)[-1] < 0.8
    assert ranking.rank_ranges([[0.1] * 10] * 10, low=0.3, high=0.8)[0].tolist() == [3, 8]


def test_many_acceptabilities_at_once():
    one = [[0.1, 0.8, 0.1], [0.9, 0.1, 0.0], [0.0, 0.1, 0.9]]
    many = np.array([one, one[::-1]])

    assert ranking.expected_ranks(many) == pytest.approx(
        np.array([[2, 1.1, 2.9], [2.9, 1.1, 2]]), abs=1e-12
    )
    assert ranking.rank_ranges(many).tolist() == [
        [[1, 3], [1, 2], [2, 3]],
        [[2, 3], [1, 2], [1, 3]],
    ]


def test_places_are_counted_over_all_chunks_with_ties_or_without():
    """Every second draw ties units that differ; one pair of units is alike in all."""
    levels = np.random.default_rng(11).integers(0, 3, (12, 3))
    levels[7] = levels[2]
    draws = ranking.simplex_draws(3, 12_000, np.random.default_rng(12))
    draws[6000::2] = 1 / 3
    ranks = ranking.ranks(ranking.scores(levels, draws))
    equals = (ranks[:, :, None] == ranks[:, None, :]).sum(axis=2)
    expected = [
        ((ranks <= place) & (place < ranks + equals)) / equals / len(draws)
        for place in range(1, 13)
    ]

    found = ranking.rank_acceptability(levels, draws)

    assert 2 * scoring.rows_of_a_chunk(12) < 12_000
    np.testing.assert_allclose(found, np.sum(expected, axis=1).T, atol=1e-12)


def test_one_step_of_the_grid_is_an_order_in_a_draw_too():
    found = ranking.rank_acceptability([[1 + 1e-9], [1 + 2e-9], [1 + 2.4e-9]], [[1.0]])

    assert found.tolist() == [[0, 0, 1], [0.5, 0.5, 0], [0.5, 0.5, 0]]


def test_wins_are_counted_over_all_chunks():
    levels = np.random.default_rng(9).integers(0, 4, (40, 3))
    draws = ranking.simplex_draws(3, 5000, np.random.default_rng(10))
    ranks = ranking.ranks(ranking.scores(levels, draws))
    ahead = [(ranks[:, unit, None] < ranks).mean(axis=0) for unit in range(40)]

    assert scoring.rows_of_a_chunk(40) < 5000
    np.testing.assert_allclose(ranking.pairwise_winning(levels, draws), ahead, atol=1e-12)


def test_blank_levels_are_refused_with_their_units():
    with pytest.raises(ranking.Unrated) as refused:
        ranking.rank_acceptability([[1, 2], [NAN, 1], [2, 2], [NAN, NAN]], [[0.5, 0.5]])

    assert refused.value.units == (1, 3)


def test_no_draws_say_nothing():
    with pytest.raises(ranking.NoDraws):
        ranking.rank_acceptability([[1, 2]], np.empty((0, 2)))
    with pytest.raises(ranking.NoDraws):
        ranking.band_probabilities(iter([]), iter([]))


def test_a_draw_that_is_no_set_of_weights_is_refused_with_its_number():
    with pytest.raises(ranking.NotSummingToOne) as refused:
        ranking.rank_acceptability([[1, 2]], [[0.5, 0.5], [0.5, 0.6]])

    assert refused.value.at == (1,)


@pytest.mark.parametrize(
    ("levels", "draws"),
    [
        (np.ones((3, 2)), np.full((4, 3), 1 / 3)),
        (np.ones((3, 2)), np.full(2, 1 / 2)),
        (np.ones((5, 3, 2)), np.full((4, 2), 1 / 2)),
        (np.ones((3, 3, 2)), np.full((4, 2), 1 / 2)),
        (np.ones((4, 3, 2)), np.full((4, 3), 1 / 3)),
        (np.ones(2), np.full((4, 2), 1 / 2)),
    ],
)
def test_levels_and_draws_that_do_not_go_together_are_refused(levels, draws):
    with pytest.raises(ranking.NotAligned):
        ranking.rank_acceptability(levels, draws)


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (3, 2, 3), (2,)])
def test_an_acceptability_that_is_not_square_is_refused(shape):
    with pytest.raises(ranking.NotAligned) as refused:
        ranking.expected_ranks(np.full(shape, 0.5))

    assert refused.value.shapes == {"acceptability": shape}


@pytest.mark.parametrize(("low", "high", "fault"), [(0.05, 1.5, 1.5), (-0.1, 0.95, -0.1)])
def test_a_quantile_that_is_no_probability_is_refused(low, high, fault):
    with pytest.raises(ranking.NotAProbability, match="quantile") as refused:
        ranking.rank_ranges([[1.0]], low, high)

    assert (refused.value.what, refused.value.value) == ("quantile", fault)


@pytest.mark.parametrize(
    "probabilities",
    [ranking.rank_acceptability, ranking.band_probabilities, ranking.pairwise_winning],
)
def test_there_is_no_ranking_of_no_units(probabilities):
    with pytest.raises(ranking.NotAligned):
        probabilities(np.ones((0, 2)), [[0.5, 0.5]])
    with pytest.raises(ranking.NotAligned):
        probabilities(np.ones((1, 0, 2)), [[0.5, 0.5]])
