"""Agreement of a panel, and agreement by chance."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import aggregation

NAN = float("nan")
STATISTICS = [
    aggregation.consensus,
    aggregation.kendall_w,
    aggregation.intraclass_correlation,
    aggregation.aitchison_kappa,
]


def panel(seed, k=6, n=5, strength=5.0):
    return np.random.default_rng(seed).dirichlet(np.full(n, strength), k)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_when_all_agree_agreement_is_one(statistic):
    assert statistic([[0.5, 0.3, 0.2]] * 4) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
@given(seed=st.integers(0, 500), data=st.data())
def test_agreement_does_not_depend_on_the_order_of_items_or_experts(statistic, seed, data):
    rows = panel(seed)
    items = data.draw(st.permutations(range(5)))
    experts = data.draw(st.permutations(range(6)))

    assert statistic(rows[experts][:, items]) == pytest.approx(statistic(rows), rel=1e-9)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_an_abstention_is_left_out_and_batches_are_each_panel(statistic):
    rows = panel(1)
    abstaining = rows.copy()
    abstaining[2] = NAN

    found = statistic(np.array([rows, abstaining]))

    assert found.shape == (2,)
    assert found[0] == pytest.approx(float(statistic(rows)), rel=1e-12)
    assert found[1] == pytest.approx(float(statistic(np.delete(rows, 2, axis=0))), rel=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_panel_that_all_abstained_is_refused(statistic):
    with pytest.raises(aggregation.NobodyJudged) as refusal:
        statistic([panel(1), np.full((6, 5), NAN)])

    assert refusal.value.at == (1,)


def test_consensus_is_zero_when_each_expert_puts_another_item_as_far_as_the_scale_goes():
    rows = (np.ones((4, 4)) + 8 * np.eye(4)) / 12

    assert aggregation.consensus(rows) == pytest.approx(0, abs=1e-12)
    assert aggregation.consensus(rows, scale_max=81) > 0
    assert aggregation.consensus(rows, scale_max=3) < 0


def test_a_share_of_zero_has_no_entropy_of_its_own():
    assert np.isfinite(aggregation.consensus([[0.5, 0.5, 0.0], [0.4, 0.4, 0.2]]))


def test_one_item_cannot_be_disagreed_on():
    assert aggregation.consensus([[1.0], [1.0]]) == 1


def test_a_scale_reaches_beyond_equal():
    with pytest.raises(ValueError, match="above 1"):
        aggregation.consensus(panel(1), scale_max=1)


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (-0.1, "very low"),
        (0.49, "very low"),
        (0.5, "low"),
        (0.625, "moderate"),
        (0.75, "high"),
        (0.875, "very high"),
        (1.0, "very high"),
    ],
)
def test_the_words_for_consensus(share, word):
    assert aggregation.consensus_word(share) == word


@given(st.integers(0, 500))
def test_concordance_without_ties_is_the_mean_of_spearmans_correlations(seed):
    """W = (1 + (m - 1) r̄)/m (Kendall 1948)."""
    rows = panel(seed)
    pairs = combinations(rows, 2)
    correlations = [stats.spearmanr(one, other).statistic for one, other in pairs]

    assert aggregation.kendall_w(rows) == pytest.approx((1 + 5 * np.mean(correlations)) / 6)


def test_concordance_with_ties_shares_the_mean_rank():
    rows = np.array([[1, 1, 2, 3], [2, 2, 2, 1], [1, 2, 3, 4]], dtype=float)
    ranks = stats.rankdata(rows, axis=1)
    spread = ((ranks.sum(axis=0) - 7.5) ** 2).sum()
    tied = (2**3 - 2) + (3**3 - 3)

    expected = 12 * spread / (9 * (64 - 4) - 3 * tied)

    assert aggregation.kendall_w(rows) == pytest.approx(expected, rel=1e-14)


def test_raters_who_tie_everything_have_no_concordance():
    assert np.isnan(aggregation.kendall_w([[1, 1, 1], [2, 2, 2]]))


def test_a_rater_scores_all_items_or_none():
    with pytest.raises(ValueError, match="all items or none"):
        aggregation.kendall_w([[1, 2, NAN], [1, 2, 3]])
    with pytest.raises(ValueError, match="one row per rater"):
        aggregation.kendall_w([1, 2, 3])


@given(st.integers(0, 500))
def test_kappa_is_the_intraclass_correlation_of_the_log_ratios(seed):
    """1 - V_obs/V_null and (MSB - MSE)/(MSB + (K-1) MSE) are the same number."""
    assert aggregation.aitchison_kappa(panel(seed)) == pytest.approx(
        float(aggregation.intraclass_correlation(panel(seed))), rel=1e-9, abs=1e-12
    )


def test_the_chance_variance_of_kappa_is_the_mean_over_permuted_labels():
    rows = panel(2, k=4, n=4)
    rng = np.random.default_rng(3)
    shuffled = rng.permuted(np.broadcast_to(rows, (40_000, 4, 4)), axis=-1)

    kappas = aggregation.aitchison_kappa(shuffled)

    assert abs(kappas.mean()) < 4 * kappas.std() / 200


def test_one_expert_neither_agrees_nor_disagrees():
    assert np.isnan(aggregation.aitchison_kappa([[0.4, 0.6]]))
    assert np.isnan(aggregation.intraclass_correlation([[0.4, 0.6]]))


def test_experts_who_weigh_all_alike_show_no_agreement_beyond_chance():
    assert np.isnan(aggregation.aitchison_kappa([[0.5, 0.5]] * 3))
    assert np.isnan(aggregation.intraclass_correlation([[0.5, 0.5]] * 3))


def test_the_interval_of_kappa_covers():
    """Normal log-ratios around true ones: κ = σ²_items / (σ²_items + σ²_error) in the long run."""
    rng = np.random.default_rng(4)
    n = 8
    truth = stats.norm.ppf((np.arange(n) + 0.5) / n)
    truth -= truth.mean()
    between, error = (truth**2).sum() / (n - 1), 0.25
    target = between / (between + error)
    covered = 0
    for _ in range(400):
        rows = np.exp(truth + rng.normal(0, error**0.5, (15, n)))
        rows /= rows.sum(axis=1, keepdims=True)
        found = aggregation.aitchison_kappa_interval(rows)
        covered += found.low <= target <= found.high
    assert covered / 400 > 0.9


def test_an_interval_of_kappa_needs_three_experts():
    with pytest.raises(ValueError, match="three experts"):
        aggregation.aitchison_kappa_interval(panel(1, k=2))


def test_eighteen_independent_moderate_opinions_already_score_nine_tenths():
    """Without its null S* reads as very high consensus where there is none."""
    rows = panel(5, k=18, n=6, strength=6.0)

    found = aggregation.against_chance(aggregation.consensus, rows, np.random.default_rng(6))

    assert found.chance.mean() > 0.85
    assert found.p_value > 0.01


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_panel_that_agrees_is_beyond_chance(statistic):
    rows = aggregation.normalise_points(
        np.exp(np.random.default_rng(7).normal([2, 1, 0, -1, -2], 0.3, (8, 5)))
    )

    found = aggregation.against_chance(statistic, rows, np.random.default_rng(8), count=199)

    assert found.p_value == 1 / 200
    assert found.chance.shape == (199,)
    assert found.observed == statistic(rows)


def test_equal_generators_give_equal_nulls():
    rows = panel(9)

    one, other = (
        aggregation.against_chance(aggregation.kendall_w, rows, np.random.default_rng(1), 50)
        for _ in range(2)
    )

    np.testing.assert_array_equal(one.chance, other.chance)


def test_the_p_values_of_panels_without_agreement_are_uniform():
    rng = np.random.default_rng(10)
    p_values = [
        aggregation.against_chance(aggregation.kendall_w, panel(seed), rng, 99).p_value
        for seed in range(200)
    ]

    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_a_rater_who_scored_in_part_is_named():
    with pytest.raises(ValueError, match=r"\[1, 0\]"):
        aggregation.kendall_w([[[1, 2], [1, 2]], [[1, NAN], [1, 2]]])


def test_what_is_no_agreement_has_no_word():
    for share in (1.1, NAN):
        with pytest.raises(ValueError, match="at most 1"):
            aggregation.consensus_word(share)


def test_chance_is_drawn_for_one_panel_at_least_once():
    for rows, count in (([[[0.5, 0.5]]], 9), ([[0.5, 0.5]], 0)):
        with pytest.raises(ValueError, match="cannot be made"):
            aggregation.against_chance(aggregation.consensus, rows, np.random.default_rng(1), count)


STATISTICS = [
    aggregation.kendall_w,
    aggregation.intraclass_correlation,
    aggregation.aitchison_kappa,
]


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("noise", [0.0, 1e-16])
def test_experts_who_weigh_all_equal_have_no_figure_and_no_p(statistic, noise):
    rows = np.full((8, 3), 1 / 3) + noise * np.array([1.0, -1.0, 0.0])

    found = aggregation.against_chance(statistic, rows, np.random.default_rng(1), 99)

    assert np.isnan(statistic(rows))
    assert np.isnan(found.observed)
    assert np.isnan(found.p_value)
    assert np.isnan(aggregation.aitchison_kappa_interval(rows)).all()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_one_expert_has_no_agreement_and_no_p(statistic):
    found = aggregation.against_chance(statistic, [[0.2, 0.3, 0.5]], np.random.default_rng(1))

    assert np.isnan(found.observed)
    assert np.isnan(found.p_value)


@pytest.mark.parametrize("confidence", [0, 1, 2, -1, float("nan"), float("inf")])
def test_no_interval_has_a_confidence_outside_0_and_1(confidence):
    rows = [[0.6, 0.3, 0.1], [0.5, 0.3, 0.2], [0.5, 0.4, 0.1]]
    matrix = [[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]]
    for ask in (
        lambda: aggregation.aitchison_kappa_interval(rows, confidence),
        lambda: aggregation.calibration(rows, rows, confidence),
        lambda: aggregation.estimate(matrix).ratio_intervals(confidence),
        lambda: aggregation.consensus_weights({"goal": "abc"}, {"goal": rows}, confidence),
    ):
        with pytest.raises(ValueError, match="between 0 and 1"):
            ask()
