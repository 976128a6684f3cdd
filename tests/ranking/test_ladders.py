"""Ladders: whole rungs, shares climbed, the indicators of a table."""

import numpy as np
import pytest

import ranking

NAN = float("nan")


@pytest.mark.parametrize(
    ("level", "top"), [(1.5, 3), (-1, 3), (4, 3), (0.999999, 3), (float("1e-12"), 3)]
)
def test_a_level_that_is_no_rung_is_refused_with_its_place(level, top):
    with pytest.raises(ranking.OffLadder) as refused:
        ranking.rungs([[1, 1], [2, level]], [2, top])

    assert (refused.value.level, refused.value.top, refused.value.at) == (level, top, (1, 1))


def test_a_blank_is_on_no_rung_and_is_no_fault():
    np.testing.assert_array_equal(ranking.rungs([[NAN, 2]], [1, 2]), [[NAN, 2]])


@pytest.mark.parametrize("tops", [[0, 3], [2.5, 3], [NAN, 3]])
def test_a_ladder_has_a_whole_number_of_rungs(tops):
    with pytest.raises(ValueError, match="whole number of rungs"):
        ranking.rungs([[1, 1]], tops)


def test_levels_and_ladders_of_other_indicators_are_refused():
    with pytest.raises(ranking.NotAligned):
        ranking.rungs([[1, 1]], [3])


def test_the_levels_of_2024_are_rungs_of_their_ladders(arab_league):
    np.testing.assert_array_equal(
        ranking.rungs(arab_league.levels, arab_league.tops), arab_league.levels
    )


def test_a_ladder_index_of_four_rungs():
    """100 Σ wᵢvᵢ/4: A and C tie at 72.5, so the ranks are 3, 2, 3, 1, 5."""
    levels = [[4, 3, 2, 0], [3, 3, 3, 3], [2, 4, 4, 1], [4, 2, 3, 3], [0, 4, 4, 4]]

    index = 100 * ranking.scores(ranking.share_of_ladder(levels, [4] * 4), [0.4, 0.3, 0.2, 0.1])

    assert index == pytest.approx([72.5, 75, 72.5, 77.5, 60], abs=1e-9)
    assert ranking.ranks(index).tolist() == [3, 2, 3, 1, 5]


def test_a_unit_on_every_top_rung_has_the_whole_share(arab_league):
    tops = ranking.share_of_ladder([arab_league.tops], arab_league.tops)

    assert ranking.scores(tops, arab_league.weights) == pytest.approx([1], abs=1e-12)


def test_a_blank_outside_the_table_does_not_count():
    np.testing.assert_array_equal(
        ranking.table_levels([[NAN, 1, 2], [1, NAN, 2]], [1, 2]), [[0, 1, 2], [0, NAN, 2]]
    )
