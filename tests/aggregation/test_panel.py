"""The consensus of a panel, and its interval."""

import numpy as np
import pytest
from scipy import stats

import aggregation

NAN = float("nan")
TREE = {"goal": ("a", "b"), "a": ("a1", "a2", "a3"), "b": ("b1",)}


def priorities(rng, experts, n):
    return rng.dirichlet(np.full(n, 5.0), experts)


def test_the_consensus_of_the_arab_league_study(arab_league):
    consensus = aggregation.consensus_weights(arab_league.tree, arab_league.priorities)

    assert consensus.local == {
        parent: pytest.approx(weights, abs=1e-9)
        for parent, weights in arab_league.consensus["local"].items()
    }
    assert consensus.global_weights == pytest.approx(arab_league.consensus["global"], abs=1e-9)
    assert consensus.counts == {"goal": 18, "digital": 18, "traditional": 17, "institutional": 18}


def test_the_weights_of_a_tree_are_geometric_means_multiplied_down():
    rng = np.random.default_rng(1)
    panel = {"goal": priorities(rng, 4, 2), "a": priorities(rng, 4, 3)}

    consensus = aggregation.consensus_weights(TREE, panel)

    top = aggregation.aggregate_priorities(panel["goal"])
    below = aggregation.aggregate_priorities(panel["a"])
    assert consensus.global_weights == pytest.approx(
        {"a1": top[0] * below[0], "a2": top[0] * below[1], "a3": top[0] * below[2], "b1": top[1]},
        rel=1e-14,
    )
    assert sum(consensus.global_weights.values()) == pytest.approx(1, abs=1e-15)


def test_the_interval_of_two_items_is_students_t_on_the_log_ratio():
    """With two items ln w₁ moves by w₂ times the log ratio: dln w₁ = w₂ dln(w₁/w₂)."""
    rows = np.array([[0.2, 0.8], [0.5, 0.5], [0.6, 0.4], [0.3, 0.7]])
    ratios = np.log(rows[:, 0] / rows[:, 1])
    weight = 1 / (1 + np.exp(-ratios.mean()))
    half = (1 - weight) * stats.t.ppf(0.95, 3) * ratios.std(ddof=1) / np.sqrt(4)

    consensus = aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": rows}, confidence=0.9)

    expected = (weight * np.exp(-half), weight * np.exp(half))
    assert consensus.local_intervals["goal"]["a"] == pytest.approx(expected, rel=1e-12)
    assert consensus.global_intervals["a"] == pytest.approx(expected, rel=1e-12)


def test_a_global_interval_sums_what_each_expert_pulls_at_both_levels():
    """Expert 0 leaves group a out: she pulls at the group alone, and K is the smaller 3."""
    rng = np.random.default_rng(3)
    top, below = priorities(rng, 4, 2), priorities(rng, 4, 3)
    below[0] = NAN
    consensus = aggregation.consensus_weights(TREE, {"goal": top, "a": below})

    def pulls(rows):
        d = np.log(rows) - np.log(rows).mean(axis=1, keepdims=True)
        d -= d.mean(axis=0)
        w = aggregation.aggregate_priorities(rows)
        return (d - (d @ w)[:, None]) / len(rows)

    z = pulls(top)[:, 0] + np.concatenate([[0], pulls(below[1:])[:, 1]])
    half = stats.t.ppf(0.975, 2) * np.sqrt((z**2).sum() * 3 / 2)
    weight = consensus.global_weights["a2"]
    assert consensus.global_intervals["a2"] == pytest.approx(
        (weight * np.exp(-half), weight * np.exp(half)), rel=1e-12
    )


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """18 experts around known priorities: 95 % of 2,000 intervals, within four standard errors."""
    rng = np.random.default_rng(5)
    truth = np.log([0.5, 0.3, 0.2])
    target = np.exp(truth)
    covered = 0
    for _ in range(2000):
        logs = truth + rng.normal(0, 0.6, (18, 3))
        rows = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
        consensus = aggregation.consensus_weights({"goal": ("a", "b", "c")}, {"goal": rows})
        low, high = consensus.global_intervals["a"]
        covered += low <= target[0] <= high

    assert abs(covered / 2000 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 2000)


def test_one_expert_has_weights_and_no_interval():
    consensus = aggregation.consensus_weights(TREE, {"goal": [[0.4, 0.6]], "a": [[0.2, 0.3, 0.5]]})

    assert consensus.global_weights == pytest.approx({"a1": 0.08, "a2": 0.12, "a3": 0.2, "b1": 0.6})
    assert set(consensus.global_intervals.values()) == {None}
    assert set(consensus.local_intervals["goal"].values()) == {None}


def test_two_experts_have_an_interval_of_one_degree_of_freedom():
    rows = np.array([[0.2, 0.8], [0.4, 0.6]])
    ratios = np.log(rows[:, 0] / rows[:, 1])
    weight = 1 / (1 + np.exp(-ratios.mean()))
    half = (1 - weight) * stats.t.ppf(0.975, 1) * ratios.std(ddof=1) / np.sqrt(2)

    consensus = aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": rows})

    assert consensus.global_intervals["a"] == pytest.approx(
        (weight * np.exp(-half), weight * np.exp(half)), rel=1e-12
    )


def test_a_zero_has_no_logarithm_and_the_expert_is_named():
    with pytest.raises(aggregation.ZeroPoints) as refusal:
        aggregation.consensus_weights(
            {"goal": ("a", "b", "c")}, {"goal": [[0.2, 0.3, 0.5], [0.5, 0.5, 0.0]]}
        )

    assert refusal.value.at == (1,)


def test_a_weight_of_one_half_is_no_zero():
    consensus = aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": [[0.5, 0.5]] * 2})

    assert consensus.global_intervals["a"] == (0.5, 0.5)


def test_an_only_child_has_weight_one_and_is_not_compared():
    consensus = aggregation.consensus_weights({"goal": ("a",)}, {})

    assert consensus.local == {"goal": {"a": 1.0}}
    assert consensus.global_intervals == {"a": (1.0, 1.0)}
    assert consensus.counts == {"goal": 0}


@pytest.mark.parametrize("rows", [np.full((2, 3), NAN), np.empty((0, 3))])
def test_a_parent_nobody_judged_is_named(rows):
    with pytest.raises(aggregation.NobodyJudged) as refusal:
        aggregation.consensus_weights(TREE, {"goal": np.full((len(rows), 2), 0.5), "a": rows})

    assert refusal.value.parent == ("a" if len(rows) else "goal")


def test_a_parent_without_an_entry_was_judged_by_nobody():
    with pytest.raises(aggregation.NobodyJudged, match="'a'"):
        aggregation.consensus_weights(TREE, {"goal": [[0.5, 0.5]]})


@pytest.mark.parametrize(
    ("tree", "nodes"),
    [
        ({"goal": ("a", "b"), "other": ("c", "d")}, ("goal", "other")),
        ({"goal": ("a", "b"), "a": ("b", "c")}, ("b",)),
        ({"goal": ("a", "b"), "a": ()}, ("a",)),
        ({"goal": ("a", "b"), "c": ("d",), "d": ("c",)}, ("c", "d")),
        ({}, ()),
    ],
)
def test_a_tree_hangs_from_one_root(tree, nodes):
    with pytest.raises(aggregation.NotATree) as refusal:
        aggregation.consensus_weights(tree, {})

    assert refusal.value.nodes == nodes


def test_rows_of_another_number_of_children_are_refused():
    with pytest.raises(ValueError, match="'goal'"):
        aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": [[0.2, 0.3, 0.5]]})


def test_parents_list_the_same_experts():
    with pytest.raises(ValueError, match="different sizes"):
        aggregation.consensus_weights(
            TREE, {"goal": [[0.5, 0.5]], "a": [[0.2, 0.3, 0.5], [0.2, 0.3, 0.5]]}
        )


@pytest.mark.parametrize("confidence", [0, 1, NAN])
def test_a_confidence_is_a_probability(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        aggregation.consensus_weights({"goal": ("a",)}, {}, confidence)
