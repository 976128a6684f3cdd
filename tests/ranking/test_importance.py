"""Importance: what an indicator decides, beside what it weighs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ranking

LEVELS = st.lists(
    st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=10
).filter(lambda levels: len({sum(row) for row in levels}) > 1)


def test_a_rung_that_all_units_share_decides_nothing():
    found = ranking.effective_importance([[3, 0], [3, 1], [3, 2]], [0.9, 0.1])

    assert found == pytest.approx([0, 1], abs=1e-15)


@given(LEVELS)
def test_the_correlation_ratio_is_the_variance_of_the_means_by_level(levels):
    x, total = np.array(levels), ranking.scores(levels, [0.5, 0.5])
    expected = [
        np.var([total[x[:, i] == level].mean() for level in x[:, i]]) / np.var(total)
        for i in (0, 1)
    ]

    assert ranking.effective_importance(levels, [0.5, 0.5]) == pytest.approx(expected, abs=1e-12)


def test_independent_indicators_share_the_variance_by_the_squares_of_their_weights():
    """On a full grid of levels the ratios are wᵢ²Vᵢ/Σw²V, and sum to one."""
    levels = [[a, b] for a in range(3) for b in range(3)]

    found = ranking.effective_importance(levels, [[0.75, 0.25], [0.5, 0.5]])

    np.testing.assert_allclose(found, [[0.9, 0.1], [0.5, 0.5]], atol=1e-12)


def test_where_all_scores_are_equal_there_is_nothing_to_decide():
    assert np.isnan(ranking.effective_importance([[0.1, 0.2], [0.2, 0.1]], [0.5, 0.5])).all()


def test_blank_levels_are_refused():
    with pytest.raises(ranking.Unrated):
        ranking.effective_importance([[1, float("nan")]], [0.5, 0.5])
