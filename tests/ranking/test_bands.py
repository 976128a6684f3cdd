"""Bands: broad classes whose borders never part equals."""

from collections import Counter
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ranking

NAN = float("nan")
SCORES = st.lists(st.integers(0, 6), min_size=1, max_size=40)
SHARES = st.lists(st.integers(1, 99), max_size=4, unique=True).map(
    lambda percents: sorted(percent / 100 for percent in percents)
)


@pytest.mark.parametrize("table", ["total", "traditional", "digital-institutional"])
def test_the_published_bands_of_2024_come_out(arab_league, table):
    scores = ranking.scores(arab_league.levels, arab_league.weights, arab_league.tables[table])

    numbers, cumulative = ranking.bands(scores)

    found = [
        {city for city, own in zip(arab_league.cities, numbers, strict=True) if own == band}
        for band in (1, 2, 3, 4)
    ]
    assert found == arab_league.bands[table]
    assert cumulative.tolist() == np.cumsum([len(band) for band in found]).tolist()


def test_ties_move_the_borders_of_2024(arab_league):
    """Nominally 6 of 62 are in the top band; ties leave 5 and 4 there, or lift 7."""
    sizes = {
        (table, ties): ranking.bands(
            ranking.scores(arab_league.levels, arab_league.weights, indicators), ties=ties
        ).cumulative.tolist()
        for table, indicators in arab_league.tables.items()
        for ties in ("down", "up")
    }

    assert sizes["traditional", "down"] == [5, 18, 31, 62]
    assert sizes["traditional", "up"] == [7, 18, 31, 62]
    assert sizes["digital-institutional", "down"] == [4, 18, 31, 62]
    assert sizes["digital-institutional", "up"] == [7, 18, 31, 62]


def border_by_definition(scores, share, ties):
    """Compute boundaries by the definition, word by word, on whole scores."""
    n, ordered = len(scores), sorted(scores, reverse=True)
    most = floor(share * n + 1e-9)
    if ties == "up":
        return sum(1 + sum(other > own for other in scores) <= most for own in scores)
    parts_no_tie = [k for k in range(n + 1) if k in (0, n) or ordered[k - 1] != ordered[k]]
    return max(k for k in parts_no_tie if k <= most)


@given(SCORES, SHARES, st.sampled_from(["down", "up"]))
def test_a_border_is_what_the_definition_says(scores, shares, ties):
    borders = [border_by_definition(scores, share, ties) for share in shares]

    numbers, cumulative = ranking.bands(scores, shares, ties)

    assert cumulative.tolist() == [*borders, len(scores)]
    place = {unit: k for k, unit in enumerate(sorted(range(len(scores)), key=lambda u: -scores[u]))}
    assert numbers.tolist() == [
        1 + sum(place[unit] >= border for border in borders) for unit in range(len(scores))
    ]


@given(SCORES, SHARES)
def test_no_band_is_larger_than_nominal_when_ties_go_down(scores, shares):
    sizes = ranking.bands(scores, shares).cumulative[:-1]

    assert all(
        size <= share * len(scores) + 1e-9 for size, share in zip(sizes, shares, strict=True)
    )


@given(SCORES, SHARES, st.sampled_from(["down", "up"]))
def test_equals_share_their_band(scores, shares, ties):
    numbers = ranking.bands(scores, shares, ties).numbers

    assert len(set(zip(scores, numbers.tolist(), strict=True))) == len(set(scores))


def test_a_border_does_not_fall_for_a_rounding_error():
    """In floating point 0.29 × 100 is a little less than 29."""
    assert 0.29 * 100 < 29
    assert ranking.bands(range(100), [0.29]).cumulative.tolist() == [29, 100]


@pytest.mark.parametrize("ties", ["down", "up"])
def test_a_share_of_nearly_all_leaves_the_last_band_empty(ties):
    assert ranking.bands(range(5), [1 - 1e-12], ties).cumulative.tolist() == [5, 5]


def test_without_a_boundary_all_are_in_one_band():
    numbers, cumulative = ranking.bands([3, 1, 2], [])

    assert numbers.tolist() == [1, 1, 1]
    assert cumulative.tolist() == [3]


def test_bands_and_ranks_are_whole_numbers():
    numbers, cumulative = ranking.bands([3.0, 1.5, NAN])

    assert numbers.dtype == cumulative.dtype == ranking.ranks([3.0, NAN]).dtype == np.int64


def test_an_empty_band_keeps_its_number():
    numbers, cumulative = ranking.bands([9, 9, 9, 9, 1, 1, 1, 1, 1, 1])

    assert cumulative.tolist() == [0, 0, 4, 10]
    assert Counter(numbers.tolist()) == {3: 4, 4: 6}


def test_when_all_are_equal_all_are_in_the_last_band_or_in_the_first():
    assert ranking.bands([1] * 10).cumulative.tolist() == [0, 0, 0, 10]
    assert ranking.bands([1] * 10, ties="up").cumulative.tolist() == [10, 10, 10, 10]


def test_the_unrated_have_no_band_and_are_not_counted():
    """Five of ten are rated: the boundary at 0.4 is after two, not after four."""
    numbers, cumulative = ranking.bands([5, NAN, 4, NAN, 3, NAN, 2, NAN, 1, NAN], [0.4])

    assert numbers.tolist() == [1, 0, 1, 0, 2, 0, 2, 0, 2, 0]
    assert cumulative.tolist() == [2, 5]


def test_no_rated_unit_leaves_every_band_empty():
    numbers, cumulative = ranking.bands([NAN, NAN])

    assert numbers.tolist() == [0, 0]
    assert cumulative.tolist() == [0, 0, 0, 0]


def test_every_row_of_a_batch_has_its_own_bands():
    rng = np.random.default_rng(4)
    scores = rng.integers(0, 9, (3, 4, 20)).astype(float)
    scores[1, 2, 5] = NAN

    numbers, cumulative = ranking.bands(scores)

    for at in np.ndindex(3, 4):
        alone = ranking.bands(scores[at])
        assert numbers[at].tolist() == alone.numbers.tolist()
        assert cumulative[at].tolist() == alone.cumulative.tolist()


@pytest.mark.parametrize("shares", [(0.3, 0.1), (0.1, 0.1), (0.0, 0.5), (0.5, 1.0), (NAN,)])
def test_shares_that_do_not_rise_between_nothing_and_all_are_refused(shares):
    with pytest.raises(ranking.NotShares) as refused:
        ranking.bands([1, 2, 3], shares)

    assert len(refused.value.shares) == len(shares)


def test_a_rule_for_ties_that_is_not_offered_is_refused():
    with pytest.raises(ranking.UnknownRule) as refused:
        ranking.bands([1, 2], ties="sideways")

    assert (refused.value.name, refused.value.offered) == ("sideways", ("down", "up"))
