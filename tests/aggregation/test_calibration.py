"""Calibration of the words of the scale."""

import numpy as np
import pytest

import aggregation

NAN = float("nan")


def rows(logs):
    return aggregation.normalise_points(np.exp(logs))


def test_a_word_that_doubles_every_ratio_has_slope_two():
    direct = np.log([[5, 3, 2], [4, 4, 2], [6, 3, 1]])

    found = aggregation.calibration(rows(2 * direct), rows(direct))

    assert found.value == pytest.approx(2, rel=1e-12)


def test_the_interval_covers_the_slope():
    rng = np.random.default_rng(1)
    truth = np.array([1.2, 0.4, 0.1, -0.5, -1.2])
    covered = 0
    for _ in range(400):
        pairwise = rows(1.7 * truth + rng.normal(0, 0.5, (12, 5)))
        direct = rows(truth + rng.normal(0, 0.15, (12, 5)))
        found = aggregation.calibration(pairwise, direct)
        covered += found.low <= 1.7 <= found.high

    assert 0.9 < covered / 400 <= 1


def test_abstentions_are_left_out():
    direct = rows(np.log([[5, 3, 2], [4, 4, 2]]))
    pairwise = rows(np.log([[6, 3, 1], [7, 2, 1], [5, 3, 2]]))
    nobody = np.full((1, 3), NAN)

    assert aggregation.calibration(np.vstack([pairwise, nobody]), direct) == pytest.approx(
        aggregation.calibration(pairwise, direct)
    )


def test_a_slope_needs_two_experts_of_each_kind_the_same_items_and_a_direction():
    two, three = [[0.4, 0.6], [0.3, 0.7]], [[0.2, 0.3, 0.5], [0.3, 0.3, 0.4]]

    with pytest.raises(aggregation.NobodyJudged):
        aggregation.calibration(two, [[0.4, 0.6], [NAN, NAN]])
    with pytest.raises(ValueError, match="2 and 3 items"):
        aggregation.calibration(two, three)
    with pytest.raises(ValueError, match="no direction"):
        aggregation.calibration(two, [[0.5, 0.5], [0.5, 0.5]])
