"""Differences between groups, and experts far from the others."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

import aggregation

NAN = float("nan")


def panel(seed, k=8, n=4):
    return np.random.default_rng(seed).dirichlet(np.full(n, 3.0), k)


def centred_logs(rows):
    return np.log(rows) - np.log(rows).mean(axis=1, keepdims=True)


def test_every_split_is_compared():
    rows, first = panel(1), np.arange(8) < 3
    u = centred_logs(rows)

    def gap(members):
        inside = np.isin(np.arange(8), members)
        return np.linalg.norm(u[inside].mean(axis=0) - u[~inside].mean(axis=0))

    gaps = [gap(members) for members in combinations(range(8), 3)]

    found = aggregation.dissent(rows, first)

    assert found.splits == 56
    assert found.distance == pytest.approx(gap((0, 1, 2)), rel=1e-12)
    assert found.p_value == pytest.approx(np.mean(np.array(gaps) >= gap((0, 1, 2)) - 1e-12))


def test_the_t_of_each_item_is_students():
    rows, first = panel(2), np.arange(8) < 5
    u = centred_logs(rows)

    found = aggregation.dissent(rows, first)

    expected = stats.ttest_ind(u[:5], u[5:]).statistic
    np.testing.assert_allclose(found.t, expected, rtol=1e-10)


def test_the_p_value_of_an_item_holds_for_all_items_together():
    rows, first = panel(3, k=6), np.arange(6) < 3
    u = centred_logs(rows)
    largest = []
    for members in combinations(range(6), 3):
        inside = np.isin(np.arange(6), members)
        largest.append(np.abs(stats.ttest_ind(u[inside], u[~inside]).statistic).max())

    found = aggregation.dissent(rows, first)

    expected = [np.mean(np.array(largest) >= abs(t) - 1e-9) for t in found.t]
    np.testing.assert_allclose(found.item_p_values, expected)


def test_nine_and_nine_experts_have_48620_splits(arab_league):
    first = np.arange(18) < 9

    found = aggregation.dissent(arab_league.priorities["goal"], first)

    assert found.splits == 48620
    assert 2 / 48620 <= found.p_value <= 1


def test_two_camps_dissent_and_the_item_they_dissent_on_is_named():
    rng = np.random.default_rng(4)
    logs = rng.normal(0, 0.2, (10, 5))
    logs[:5, 2] += 2
    rows = aggregation.normalise_points(np.exp(logs))

    found = aggregation.dissent(rows, np.arange(10) < 5)

    assert found.p_value == pytest.approx(2 / 252)
    assert np.argmax(np.abs(found.t)) == 2
    assert found.item_p_values[2] == pytest.approx(2 / 252)


def test_random_groups_dissent_as_often_as_the_level_says():
    p_values = [aggregation.dissent(panel(seed), np.arange(8) < 4).p_value for seed in range(300)]

    assert np.mean(np.array(p_values) <= 0.1) < 0.1 + 4 * np.sqrt(0.09 / 300)


def test_a_large_panel_is_split_at_random_and_needs_a_generator():
    rows, first = panel(5, k=24), np.arange(24) < 12

    with pytest.raises(ValueError, match="generator"):
        aggregation.dissent(rows, first)
    found = aggregation.dissent(rows, first, np.random.default_rng(1), count=999)

    assert found.splits == 1000
    assert 1 / 1000 <= found.p_value <= 1


def test_abstentions_are_in_neither_group():
    rows = panel(6)
    rows[7] = NAN

    found = aggregation.dissent(rows, np.arange(8) < 4)

    assert found.splits == 35


def test_groups_that_agree_inside_and_differ_are_beyond_every_t():
    rows = [[0.2, 0.8]] * 3 + [[0.8, 0.2]] * 3

    found = aggregation.dissent(rows, np.arange(6) < 3)

    assert np.isinf(found.t).all()
    assert found.t[0] < 0 < found.t[1]
    assert found.p_value == pytest.approx(2 / 20)
    np.testing.assert_allclose(found.item_p_values, 2 / 20)


def test_a_panel_of_one_mind_does_not_dissent():
    found = aggregation.dissent([[0.2, 0.8]] * 4, [True, True, False, False])

    assert found.p_value == 1
    np.testing.assert_array_equal(found.t, 0)
    np.testing.assert_array_equal(found.item_p_values, 1)


@pytest.mark.parametrize("first", [[True] * 4, [False] * 4, [True, False]])
def test_both_groups_have_experts(first):
    with pytest.raises(ValueError, match="group"):
        aggregation.dissent(panel(1, k=4), first)


def test_the_distance_of_an_expert_is_to_the_consensus_of_the_others():
    rows = panel(7, k=5)
    rows[4] = NAN
    others = aggregation.leave_one_expert_out(rows)

    found = aggregation.expert_distances(rows)

    expected = np.linalg.norm(centred_logs(rows[:4]) - centred_logs(others[:4]), axis=1)
    np.testing.assert_allclose(found[:4], expected, rtol=1e-10)
    assert np.isnan(found[4])
    assert np.isnan(aggregation.expert_distances([[0.4, 0.6]])[0])


def test_experts_who_weigh_alike_form_a_cluster():
    rng = np.random.default_rng(8)
    middles = np.array([[2, 0, 0], [0, 2, 0], [0, 0, 2]])
    camp = np.array([1, 0, 2, 0, 1, 2, 2, 0])
    rows = aggregation.normalise_points(np.exp(middles[camp] + rng.normal(0, 0.1, (8, 3))))
    rows = np.vstack([rows, np.full(3, NAN)])

    found = aggregation.clusters(rows, 3)

    np.testing.assert_array_equal(found, [0, 1, 2, 1, 0, 2, 2, 1, -1])


def test_a_single_expert_is_a_cluster():
    np.testing.assert_array_equal(aggregation.clusters([[0.4, 0.6]], 1), [0])


@pytest.mark.parametrize("count", [0, 5])
def test_there_are_not_more_clusters_than_experts(count):
    with pytest.raises(ValueError, match="cannot form"):
        aggregation.clusters(panel(1, k=4), count)
