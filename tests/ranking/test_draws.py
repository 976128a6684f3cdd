"""Draws of weights and of levels."""

import numpy as np
import pytest
from scipy import stats

import ranking

NAN = float("nan")
WEIGHTS = [0.5, 0.3, 0.2]
LEVELS = np.array([[0, 2, 1], [3, 0, 2]])
TOPS = [3, 2, 2]


def drawn(name, count, seed=1):
    rng = np.random.default_rng(seed)
    if name == "simplex":
        return ranking.simplex_draws(3, count, rng)
    if name == "noise":
        return ranking.noise_draws(WEIGHTS, 0.2, count, rng)
    return ranking.level_draws(LEVELS, TOPS, 0.4, count, rng)


def chunked(name, count, chunk, seed=1):
    rng = np.random.default_rng(seed)
    if name == "simplex":
        return list(ranking.simplex_chunks(3, count, rng, chunk))
    if name == "noise":
        return list(ranking.noise_chunks(WEIGHTS, 0.2, count, rng, chunk))
    return list(ranking.level_chunks(LEVELS, TOPS, 0.4, count, rng, chunk))


KINDS = pytest.mark.parametrize("name", ["simplex", "noise", "levels"])


@KINDS
@pytest.mark.parametrize("chunk", [1, 100, 1024, 5000])
def test_draws_are_the_same_however_they_are_split(name, chunk):
    pieces = chunked(name, 3000, chunk)

    assert [len(piece) for piece in pieces[:-1]] == [chunk] * (len(pieces) - 1)
    np.testing.assert_array_equal(np.concatenate(pieces), drawn(name, 3000))


@KINDS
def test_fewer_draws_are_the_first_of_more(name):
    np.testing.assert_array_equal(drawn(name, 1500), drawn(name, 4000)[:1500])


@KINDS
def test_a_later_call_draws_others(name):
    rng = np.random.default_rng(1)

    assert not np.array_equal(ranking.simplex_draws(3, 5, rng), ranking.simplex_draws(3, 5, rng))
    assert not np.array_equal(drawn(name, 50, seed=1), drawn(name, 50, seed=2))


@KINDS
def test_no_draws_can_be_drawn(name):
    assert drawn(name, 0).shape[0] == 0


def test_two_streams_of_one_generator_do_not_depend_on_who_is_asked_first():
    def streams(first):
        rng = np.random.default_rng(8)
        both = [ranking.simplex_chunks(2, 3, rng, 3), ranking.simplex_chunks(2, 3, rng, 3)]
        asked = {stream: next(both[stream]) for stream in (first, 1 - first)}
        return asked[0], asked[1]

    for one, other in zip(streams(0), streams(1), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_of_the_whole_simplex_are_uniform():
    """One of three weights has the distribution function 1 - (1 - w)²."""
    draws = ranking.simplex_draws(3, 20_000, np.random.default_rng(2))

    np.testing.assert_allclose(draws.sum(axis=1), 1, atol=1e-12)
    for column in draws.T:
        assert stats.kstest(column, lambda w: 1 - (1 - w) ** 2).pvalue > 0.001


def test_noise_moves_each_weight_by_its_share_and_for_itself():
    noise = 0.2
    draws = ranking.noise_draws(WEIGHTS, noise, 20_000, np.random.default_rng(3))

    np.testing.assert_allclose(draws.sum(axis=1), 1, atol=1e-12)
    ratios = draws[:, 0] / draws[:, 1] / (WEIGHTS[0] / WEIGHTS[1])
    assert ratios.min() >= (1 - noise) / (1 + noise)
    assert ratios.max() <= (1 + noise) / (1 - noise)
    assert ratios.min() < 0.7 < 1.45 < ratios.max()


def test_without_noise_the_weights_stay():
    draws = ranking.noise_draws(WEIGHTS, 0, 5, np.random.default_rng(4))

    np.testing.assert_allclose(draws, [WEIGHTS] * 5, atol=1e-15)


def test_a_disputed_level_is_one_rung_off_as_often_up_as_down():
    levels = ranking.level_draws([[1]], [3], 0.3, 20_000, np.random.default_rng(5))[:, 0, 0]

    shares = np.bincount(levels, minlength=3) / 20_000
    np.testing.assert_allclose(shares, [0.15, 0.7, 0.15], atol=4 * np.sqrt(0.15 * 0.85 / 20_000))


def test_a_step_beyond_an_end_of_the_ladder_is_not_taken():
    levels = ranking.level_draws([[0, 3]], [3, 3], 1, 20_000, np.random.default_rng(6))[:, 0]

    assert set(levels[:, 0].tolist()) == {0, 1}
    assert set(levels[:, 1].tolist()) == {2, 3}
    assert (levels[:, 0] == 1).mean() == pytest.approx(0.5, abs=0.015)


def test_only_what_is_disputed_is_drawn():
    levels = ranking.level_draws(LEVELS, TOPS, [[0], [1]], 500, np.random.default_rng(7))

    assert (levels[:, 0] == LEVELS[0]).all()
    assert (levels[:, 1] != LEVELS[1]).any(axis=0).all()


@pytest.mark.parametrize(("n", "count", "chunk"), [(0, 5, 5), (3, -1, 5), (3, 5, 0)])
def test_draws_that_cannot_be_are_refused(n, count, chunk):
    with pytest.raises(ValueError, match=r"indicator|cannot come"):
        ranking.simplex_chunks(n, count, np.random.default_rng(1), chunk)


@pytest.mark.parametrize("noise", [-0.1, 1.5, NAN])
def test_a_noise_that_is_no_share_is_refused(noise):
    with pytest.raises(ranking.NotAProbability):
        ranking.noise_draws(WEIGHTS, noise, 5, np.random.default_rng(1))


def test_a_probability_beyond_one_is_refused_with_its_place():
    with pytest.raises(ranking.NotAProbability) as refused:
        ranking.level_draws(LEVELS, TOPS, [[0, 0, 0], [0, 2, 0]], 5, np.random.default_rng(1))

    assert (refused.value.at, refused.value.value) == ((1, 1), 2)


def test_levels_to_be_doubted_are_whole_rungs_without_blanks():
    rng = np.random.default_rng(1)

    with pytest.raises(ranking.OffLadder):
        ranking.level_draws([[1.5]], [3], 0.1, 5, rng)
    with pytest.raises(ranking.Unrated):
        ranking.level_draws([[NAN]], [3], 0.1, 5, rng)
    with pytest.raises(ranking.NotAligned):
        ranking.level_draws([[1, 2]], [3], 0.1, 5, rng)
    with pytest.raises(ranking.NotAligned):
        ranking.level_draws([[1, 2]], [3, 3], [0.1, 0.1, 0.1], 5, rng)
