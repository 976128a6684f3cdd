"""Two editions: what of a move comes from levels, weights and indicators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ranking

NAN = float("nan")
PARTS = ("levels", "weights", "indicators")


def editions(seed):
    """Draw five units; of four indicators one is removed, two are added."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(0, 4, (5, 4)),
        rng.dirichlet(np.ones(4)),
        rng.integers(0, 4, (5, 5)),
        rng.dirichlet(np.ones(5)),
        [(0, 1), (2, 0), (3, 4)],
    )


@given(st.integers(0, 10**6))
def test_the_parts_sum_to_the_move(seed):
    old, weights, new, new_weights, shared = editions(seed)

    change = ranking.compare_editions(old, weights, new, new_weights, shared)

    before, after = ranking.scores(old, weights), ranking.scores(new, new_weights)
    np.testing.assert_allclose(change.scores.total, after - before, atol=1e-12)
    np.testing.assert_array_equal(change.ranks.total, ranking.ranks(after) - ranking.ranks(before))
    for move in (change.scores, change.ranks):
        parts = sum(getattr(move, part) for part in PARTS)
        np.testing.assert_allclose(parts, move.total, atol=1e-12)


@given(st.integers(0, 10**6))
def test_the_way_back_is_the_way_there_reversed(seed):
    old, weights, new, new_weights, shared = editions(seed)
    back = [(after, before) for before, after in shared]

    there = ranking.compare_editions(old, weights, new, new_weights, shared)
    again = ranking.compare_editions(new, new_weights, old, weights, back)

    for part in (*PARTS, "total"):
        np.testing.assert_allclose(
            getattr(there.scores, part), -getattr(again.scores, part), atol=1e-12
        )
        np.testing.assert_allclose(
            getattr(there.ranks, part), -getattr(again.ranks, part), atol=1e-12
        )


@given(st.integers(0, 10**6))
def test_what_did_not_change_has_no_part(seed):
    old, weights, new, _, _ = editions(seed)
    same = [(i, i) for i in range(4)]
    none = np.zeros(5)

    levels_only = ranking.compare_editions(old, weights, new[:, :4], weights, same)
    weights_only = ranking.compare_editions(old, weights, old, np.full(4, 0.25), same)

    for move in (levels_only.scores, levels_only.ranks):
        np.testing.assert_allclose([move.weights, move.indicators], [none, none], atol=1e-12)
    for move in (weights_only.scores, weights_only.ranks):
        np.testing.assert_allclose([move.levels, move.indicators], [none, none], atol=1e-12)


def test_an_indicator_that_comes_takes_its_weight_from_all_in_proportion():
    """No level and no judgement changed: all of the change comes from the new indicator."""
    change = ranking.compare_editions(
        [[1, 3], [2, 0]], [0.5, 0.5], [[1, 3, 4], [2, 0, 0]], [0.4, 0.4, 0.2], [(0, 0), (1, 1)]
    )

    np.testing.assert_allclose(change.scores.indicators, [2.4 - 2, 0.8 - 1], atol=1e-12)
    np.testing.assert_allclose(change.scores.levels, [0, 0], atol=1e-12)
    np.testing.assert_allclose(change.scores.weights, [0, 0], atol=1e-12)


def test_a_move_worked_by_hand():
    """Level 1 → 3 at weights .2 → .6: 2 × mean(.2, .6) = .8 is climbed; the rest is weight."""
    change = ranking.compare_editions([[1, 1]], [0.2, 0.8], [[3, 1]], [0.6, 0.4], [(0, 0), (1, 1)])

    assert change.scores.levels == pytest.approx([0.8])
    assert change.scores.weights == pytest.approx([0.4])
    assert change.scores.total == pytest.approx([1.2])


def test_a_unit_unrated_in_one_edition_has_no_move_and_takes_no_place():
    change = ranking.compare_editions([[NAN], [1], [2]], [1], [[9], [2], [1]], [1], [(0, 0)])

    np.testing.assert_array_equal(change.ranks.total, [NAN, -1, 1])
    np.testing.assert_array_equal(change.scores.total, [NAN, 1, -1])


@pytest.mark.parametrize("shared", [[(0, 0), (0, 1)], [(2, 0)], [(0, -1)]])
def test_a_shared_indicator_that_is_not_there_or_comes_twice_is_refused(shared):
    with pytest.raises(ValueError, match="counted once"):
        ranking.compare_editions([[1, 1]], [0.5, 0.5], [[1, 1]], [0.5, 0.5], shared)


@pytest.mark.parametrize("shared", [[], [(0, 0)]])
def test_editions_without_common_ground_are_refused(shared):
    with pytest.raises(ValueError, match="weighs anything in both"):
        ranking.compare_editions([[1, 1]], [0, 1], [[1, 1]], [0.5, 0.5], shared)


def test_editions_of_other_units_are_refused():
    with pytest.raises(ranking.NotAligned):
        ranking.compare_editions([[1], [1]], [1], [[1]], [1], [(0, 0)])
    with pytest.raises(ranking.NotAligned):
        ranking.compare_editions([[1]], [[1]], [[1]], [1], [(0, 0)])
