"""Ranks: best = 1, and equals share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import ranking

NAN = float("nan")
LEVELS = st.lists(st.integers(-3, 3), min_size=1, max_size=12)


def test_equals_share_the_best_of_their_places():
    assert ranking.ranks([5, 4, 4, 3]).tolist() == [1, 2, 2, 4]


@given(LEVELS)
def test_ranks_are_those_of_a_competition(scores):
    expected = stats.rankdata([-score for score in scores], method="min")

    assert ranking.ranks(scores).tolist() == expected.tolist()


def test_float_sums_invent_no_order():
    """18 exact totals became 26 when 0.1 + 0.2 was not 0.3."""
    weights = np.full(10, 0.1)
    levels = np.array([np.roll([3, 2, 2, 1, 1, 0, 4, 0, 0, 1], k) for k in range(10)])
    one_by_one = [sum(w * x for w, x in zip(weights, row, strict=True)) for row in levels]

    assert len(set(one_by_one)) > 1
    assert ranking.ranks(one_by_one).tolist() == [1] * 10


def test_a_step_of_the_grid_is_an_order():
    assert ranking.ranks([1, 1 + 1e-9, 1 + 0.4e-9]).tolist() == [2, 1, 2]


@pytest.mark.parametrize("parts", [[1] * 11, list(range(10, 0, -1)), list(range(11, 0, -1))])
def test_equal_totals_of_equal_weights_and_of_rank_sums_tie(parts):
    """Eleven equal weights, and weights 10/55 … 1/55: a total can be 6/11."""
    levels = np.random.default_rng(0).integers(0, 4, (400, len(parts)))
    totals = levels @ np.array(parts)

    found = ranking.ranks(ranking.scores(levels, np.array(parts) / sum(parts)))

    assert found.tolist() == stats.rankdata(-totals, method="min").tolist()


def test_the_unrated_have_no_rank_and_take_no_place():
    assert ranking.ranks([NAN, 1, NAN, 2]).tolist() == [0, 2, 0, 1]
    assert ranking.ranks([NAN, NAN]).tolist() == [0, 0]


def test_every_row_of_a_batch_is_ranked_for_itself():
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 4, (2, 5, 7)).astype(float)
    scores[0, 1, 2] = NAN

    together = ranking.ranks(scores)

    for at in np.ndindex(2, 5):
        assert together[at].tolist() == ranking.ranks(scores[at]).tolist()


def test_an_infinite_score_is_refused_with_its_place():
    with pytest.raises(ranking.NotFinite) as refused:
        ranking.ranks([[1, 2], [3, -np.inf]])

    assert refused.value.at == (1, 1)
