"""Acceptability as fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ranking

F = Fraction

SMALL = st.lists(st.integers(-3, 3), min_size=1, max_size=4)
LEVELS = st.integers(2, 3).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=4)
)


def test_two_indicators_give_the_lengths_of_intervals():
    """w = (t, 1 - t): (.6, .6) is first for t in (.4, .6), second elsewhere."""
    found = ranking.exact_acceptability([[1, 0], [0, 1], [0.6, 0.6]])

    assert found.ranks == (
        (F(2, 5), F(1, 10), F(1, 2)),
        (F(2, 5), F(1, 10), F(1, 2)),
        (F(1, 5), F(4, 5), F(0)),
    )
    assert found.central_weights == ((F(4, 5), F(1, 5)), (F(1, 5), F(4, 5)), (F(1, 2), F(1, 2)))
    assert found.winning[2] == (F(3, 5), F(3, 5), F(0))


def test_each_best_on_one_of_three_indicators():
    found = ranking.exact_acceptability(np.eye(3).tolist())

    assert found.ranks == ((F(1, 3),) * 3,) * 3
    assert found.central_weights[0] == (F(11, 18), F(7, 36), F(7, 36))


def test_weights_in_falling_order_favour_the_first_indicator():
    """On w₁ ≥ w₂ the first of two opposite units always leads."""
    found = ranking.exact_acceptability([[1, 0], [0, 1]], region=[[1, 0], ["1/2", "1/2"]])

    assert found.ranks == ((F(1), F(0)), (F(0), F(1)))
    assert found.central_weights == ((F(3, 4), F(1, 4)), None)


def test_a_single_set_of_weights_is_a_region_too():
    found = ranking.exact_acceptability([[1, 0], [0, 1], [0.5, 0.5]], region=[[0.5, 0.5]])

    assert found.ranks == ((F(1, 3),) * 3,) * 3
    assert found.winning == ((F(0),) * 3,) * 3


@given(LEVELS)
def test_rows_and_columns_sum_to_one_exactly(levels):
    found = ranking.exact_acceptability(levels)

    assert [sum(row) for row in found.ranks] == [1] * len(levels)
    assert [sum(column) for column in zip(*found.ranks, strict=True)] == [1] * len(levels)


@given(LEVELS)
def test_cutting_and_the_closed_form_agree(levels):
    found = ranking.exact_acceptability(levels)

    for i, own in enumerate(levels):
        for j, other in enumerate(levels):
            apart = [a - b for a, b in zip(own, other, strict=True)]
            assert found.winning[i][j] == ranking.win_probability(apart)


@given(SMALL)
def test_one_of_two_is_ahead_unless_they_are_equal(differences):
    there = ranking.win_probability(differences)
    back = ranking.win_probability([-d for d in differences])

    assert there + back == (1 if any(differences) else 0)
    assert there == ranking.win_probability(differences[::-1])


def test_the_closed_form_for_distinct_differences():
    """P(w·d > 0) = Σ_{dᵢ>0} dᵢⁿ⁻¹ / Π_{j≠i}(dᵢ - dⱼ)."""
    d = [F(3), F(-2), F(1, 2), F(-1), F(5, 3)]
    expected = sum(
        own**4 / np.prod([own - other for other in d if other != own]) for own in d if own > 0
    )

    assert ranking.win_probability(d) == expected
    assert ranking.win_probability([1, -1, 0.5]) == F(2, 3)


@settings(max_examples=15)
@given(LEVELS)
def test_draws_come_near_the_exact_acceptability(levels):
    """Within five standard errors, in ranks, winning and central weights."""
    count = 4000
    draws = ranking.simplex_draws(len(levels[0]), count, np.random.default_rng(1))
    exact = ranking.exact_acceptability(levels)

    for drawn, true in (
        (ranking.rank_acceptability(levels, draws), exact.ranks),
        (ranking.pairwise_winning(levels, draws), exact.winning),
    ):
        p = np.array(true, dtype=float)
        assert (np.abs(drawn - p) <= 5 * np.sqrt(p * (1 - p) / count) + 1e-9).all()


@pytest.mark.parametrize(
    "region",
    [[[1, 1]], [[2, -1]], [[1, 0], [0, 1], ["1/2", "1/2"]]],
    ids=["sums to two", "negative", "three vertices on a line"],
)
def test_a_region_that_is_no_simplex_of_weights_is_refused(region):
    with pytest.raises(ValueError, match="simplex"):
        ranking.exact_acceptability([[1, 0]], region)


def test_vertices_of_other_indicators_are_refused():
    with pytest.raises(ranking.NotAligned):
        ranking.exact_acceptability([[1, 0], [1]])
    with pytest.raises(ranking.NotAligned):
        ranking.exact_acceptability([[1, 0]], [[1]])
    with pytest.raises(ranking.NotAligned):
        ranking.win_probability([])
