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


def logistic(log_odds):
    return 1 / (1 + np.exp(-log_odds))


def test_the_interval_of_two_items_is_students_t_on_the_log_ratio():
    """The log-odds of the first of two items is the log ratio itself: no delta is left."""
    rows = np.array([[0.2, 0.8], [0.5, 0.5], [0.6, 0.4], [0.3, 0.7]])
    ratios = np.log(rows[:, 0] / rows[:, 1])
    half = stats.t.ppf(0.95, 3) * ratios.std(ddof=1) / np.sqrt(4)

    consensus = aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": rows}, confidence=0.9)

    expected = (logistic(ratios.mean() - half), logistic(ratios.mean() + half))
    assert consensus.local_intervals["goal"]["a"] == pytest.approx(expected, rel=1e-12)
    assert consensus.global_intervals["a"] == pytest.approx(expected, rel=1e-12)


def pulls(rows):
    """Compute z_ki = (d_ki - Σ_j w_j d_kj) / K, by NumPy."""
    d = np.log(rows) - np.log(rows).mean(axis=1, keepdims=True)
    d -= d.mean(axis=0)
    w = aggregation.aggregate_priorities(rows)
    return (d - (d @ w)[:, None]) / len(rows)


def test_a_global_interval_sums_what_each_expert_pulls_at_both_levels():
    rng = np.random.default_rng(3)
    top, below = priorities(rng, 4, 2), priorities(rng, 4, 3)
    consensus = aggregation.consensus_weights(TREE, {"goal": top, "a": below})

    z = pulls(top)[:, 0] + pulls(below)[:, 1]
    half = stats.t.ppf(0.975, 3) * np.sqrt((z**2).sum() * 4 / 3)
    weight = consensus.global_weights["a2"]
    middle, reach = np.log(weight / (1 - weight)), half / (1 - weight)
    assert consensus.global_intervals["a2"] == pytest.approx(
        (logistic(middle - reach), logistic(middle + reach)), rel=1e-12
    )


def test_where_no_expert_judged_both_levels_the_freedom_is_that_of_welch():
    """Satterthwaite (1946): (V₁ + V₂)² / (V₁²/(K₁-1) + V₂²/(K₂-1)) of two independent means."""
    rng = np.random.default_rng(4)
    top, below = priorities(rng, 8, 2), priorities(rng, 8, 3)
    top[5:], below[:5] = NAN, NAN
    consensus = aggregation.consensus_weights(TREE, {"goal": top, "a": below})

    first = (pulls(top[:5])[:, 0] ** 2).sum() * 5 / 4
    second = (pulls(below[5:])[:, 2] ** 2).sum() * 3 / 2
    freedom = (first + second) ** 2 / (first**2 / 4 + second**2 / 2)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(first + second)
    weight = consensus.global_weights["a3"]
    middle, reach = np.log(weight / (1 - weight)), half / (1 - weight)
    assert consensus.global_intervals["a3"] == pytest.approx(
        (logistic(middle - reach), logistic(middle + reach)), rel=1e-12
    )


def test_an_abstention_in_one_group_does_not_take_the_freedom_of_the_other():
    """Two of 12 judged group a, and agree: what is uncertain is the group, with 11 degrees."""
    rng = np.random.default_rng(6)
    top = priorities(rng, 12, 2)
    below = np.full((12, 3), NAN)
    below[:2] = [0.2, 0.3, 0.5]
    consensus = aggregation.consensus_weights(TREE, {"goal": top, "a": below})

    ratios = np.log(top[:, 0] / top[:, 1])
    weight = consensus.global_weights["a1"]
    pull = (1 - consensus.local["goal"]["a"]) * ratios.std(ddof=1) / np.sqrt(12)
    reach = stats.t.ppf(0.975, 11) * pull / (1 - weight)
    middle = np.log(weight / (1 - weight))
    assert consensus.global_intervals["a1"] == pytest.approx(
        (logistic(middle - reach), logistic(middle + reach)), rel=1e-9
    )


@pytest.mark.parametrize(("experts", "abstain"), [(6, 0.3), (18, 0.0)])
def test_the_interval_covers_the_truth_as_often_as_it_says(experts, abstain):
    """Local and global, within four standard errors of 95 % of 300 panels."""
    from benchmarks.coverage import coverage

    local, whole, width = coverage(np.random.default_rng(5), 300, experts, abstain, "log-odds")

    # Intervals of one panel go together: as if each panel had two that do not.
    error = np.sqrt(0.95 * 0.05 / (2 * 300))
    assert abs(local - 0.95) < 4 * error
    assert abs(whole - 0.95) < 4 * error
    assert width < 0.25


@pytest.mark.parametrize("far", [0.1, 1e-3, 1e-12, 1e-200])
def test_both_ends_lie_between_0_and_1_however_far_two_experts_are_apart(far):
    """With one degree of freedom t is 12.7: ends that are not bounded pass any double."""
    rows = [[far, 1 - far], [1 - far, far]] if far > 1e-16 else [[far, 1.0], [1.0, far]]
    panel = {"goal": rows, "a": [[0.98, 0.01, 0.01], [0.01, 0.01, 0.98]]}
    consensus = aggregation.consensus_weights(TREE, panel)

    ends = [*consensus.local_intervals["goal"].values(), *consensus.global_intervals.values()]
    ends += consensus.local_intervals["a"].values()
    weights = [*consensus.local["goal"].values(), *consensus.global_weights.values()]
    weights += consensus.local["a"].values()
    for (low, high), weight in zip(ends, weights, strict=True):
        assert 0 < low <= weight <= high < 1
        assert float(f"{high:.12g}") < 1


def test_the_interval_of_earlier_weight_sets_is_recomputed_by_its_own_rule():
    """w·exp(± t_{K-1} √(Σ z² K/(K-1))) with the smallest K of the branch: here 3 of 4."""
    rng = np.random.default_rng(3)
    top, below = priorities(rng, 4, 2), priorities(rng, 4, 3)
    below[0] = NAN
    panel = {"goal": top, "a": below}

    consensus = aggregation.consensus_weights(TREE, panel, intervals="log")

    z = pulls(top)[:, 0] + np.concatenate([[0], pulls(below[1:])[:, 1]])
    half = stats.t.ppf(0.975, 2) * np.sqrt((z**2).sum() * 3 / 2)
    weight = consensus.global_weights["a2"]
    assert consensus.global_intervals["a2"] == pytest.approx(
        (weight * np.exp(-half), weight * np.exp(half)), rel=1e-12
    )


def test_an_interval_that_is_not_offered_is_refused():
    with pytest.raises(aggregation.UnknownName):
        aggregation.consensus_weights({"goal": ("a",)}, {}, intervals="wald")


def test_the_order_of_the_experts_changes_no_bit():
    rng = np.random.default_rng(7)
    top, below = priorities(rng, 30, 2), priorities(rng, 30, 3)
    below[3] = NAN
    consensus = aggregation.consensus_weights(TREE, {"goal": top, "a": below})

    for _ in range(20):
        order = rng.permutation(30)
        shuffled = {"goal": top[order], "a": below[order]}
        assert aggregation.consensus_weights(TREE, shuffled) == consensus


def test_one_expert_has_weights_and_no_interval():
    consensus = aggregation.consensus_weights(TREE, {"goal": [[0.4, 0.6]], "a": [[0.2, 0.3, 0.5]]})

    assert consensus.global_weights == pytest.approx({"a1": 0.08, "a2": 0.12, "a3": 0.2, "b1": 0.6})
    assert set(consensus.global_intervals.values()) == {None}
    assert set(consensus.local_intervals["goal"].values()) == {None}


def test_two_experts_have_an_interval_of_one_degree_of_freedom():
    rows = np.array([[0.2, 0.8], [0.4, 0.6]])
    ratios = np.log(rows[:, 0] / rows[:, 1])
    half = stats.t.ppf(0.975, 1) * ratios.std(ddof=1) / np.sqrt(2)

    consensus = aggregation.consensus_weights({"goal": ("a", "b")}, {"goal": rows})

    assert consensus.global_intervals["a"] == pytest.approx(
        (logistic(ratios.mean() - half), logistic(ratios.mean() + half)), rel=1e-9
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
def test_a_parent_that_no_expert_judged_is_named(rows):
    with pytest.raises(aggregation.NobodyJudged) as refusal:
        aggregation.consensus_weights(TREE, {"goal": np.full((len(rows), 2), 0.5), "a": rows})

    assert refusal.value.parent == ("a" if len(rows) else "goal")


def test_a_parent_without_an_entry_was_judged_by_no_expert():
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
