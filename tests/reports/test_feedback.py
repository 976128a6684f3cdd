"""The panel's middle half of every indicator, and where one expert lies."""

import numpy as np
import pytest

from survey import values
from survey.reports.feedback import feedback, moving_pairs, panel_weights
from survey.values import Allocation, Expert, Framework, Group, Indicator, Study

INDICATORS = ("dust", "ozone", "lead")


def panel(*shares, directions=(), language="en"):
    """One expert per row: her weights of dust and ozone (of air) and lead (alone in water)."""
    experts = [
        Expert(f"E{number}", direction, language, values.DIRECT)
        for number, direction in zip(
            range(len(shares)), directions or ("air",) * len(shares), strict=True
        )
    ]
    return Study(
        code="x",
        framework=Framework(
            (Group("air", {}), Group("water", {})),
            tuple(
                Indicator(code, group, {}, 1)
                for code, group in zip(INDICATORS, ("air", "air", "water"), strict=True)
            ),
        ),
        panel=tuple(experts),
        allocations=tuple(
            allocation
            for expert, (dust, ozone, lead) in zip(experts, shares, strict=True)
            for allocation in (
                Allocation(expert.code, "air", "dust", 100 * dust / (dust + ozone)),
                Allocation(expert.code, "air", "ozone", 100 * ozone / (dust + ozone)),
                Allocation(expert.code, "goal", "air", 100 * (dust + ozone)),
                Allocation(expert.code, "goal", "water", 100 * lead),
            )
        ),
    )


FIVE = ((0.1, 0.4, 0.5), (0.2, 0.2, 0.6), (0.3, 0.3, 0.4), (0.5, 0.3, 0.2), (0.6, 0.1, 0.3))


def cards(study, expert="E0"):
    weights = panel_weights(study)
    return {c.indicator: c for c in feedback(weights, weights.whole[expert]).cards}


def test_the_median_and_the_middle_half_are_those_of_the_experts_own_weights():
    # Sorted, dust has 0.1 0.2 0.3 0.5 0.6: of five, the second and the fourth are the quartiles.
    dust = cards(panel(*FIVE))["dust"]

    assert (dust.low, dust.median, dust.high) == pytest.approx((0.2, 0.3, 0.5))
    assert dust.own == pytest.approx(0.1)


def test_between_two_experts_a_quartile_is_interpolated_as_numpy_does():
    found = cards(panel(*FIVE[:4]))

    for place, code in enumerate(INDICATORS):
        wanted = np.quantile([row[place] for row in FIVE[:4]], [0.25, 0.5, 0.75])
        assert (found[code].low, found[code].median, found[code].high) == pytest.approx(
            tuple(wanted)
        )


def test_the_greatest_disagreement_comes_first_and_what_lies_within_is_near():
    # From the medians: lead 0.5 - 0.4, ozone 0.4 - 0.3, dust 0.3 - 0.1.
    weights = panel_weights(panel(*FIVE))
    found = feedback(weights, weights.whole["E0"])

    assert found.cards[0].indicator == "dust"
    assert {c.indicator for c in found.far} == {"dust", "ozone"}
    assert [c.indicator for c in found.near] == ["lead"]
    assert {c.indicator: c.side for c in found.cards} == {"dust": -1, "ozone": 1, "lead": 0}


def test_ranks_count_from_the_heaviest_and_ties_share_one():
    found = cards(panel(*FIVE), "E1")

    assert {code: card.own_rank for code, card in found.items()} == {
        "dust": 2,
        "ozone": 2,
        "lead": 1,
    }
    # Medians: dust 0.3, ozone 0.3, lead 0.4.
    assert {code: card.rank for code, card in found.items()} == {"dust": 2, "ozone": 2, "lead": 1}


def test_a_direction_of_fewer_than_three_is_not_told():
    study = panel(*FIVE, directions=("air", "water", "air", "air", "water"))

    dust = cards(study)["dust"]

    assert [direction for direction, _ in dust.directions] == ["air"]
    assert dust.directions[0][1] == pytest.approx(0.3)


def test_of_fewer_than_three_experts_nothing_is_told():
    weights = panel_weights(panel(*FIVE[:2]))

    assert feedback(weights, weights.whole["E0"]) is None
    assert feedback(panel_weights(panel(*FIVE[:3])), None) is not None


def test_who_left_a_group_out_counts_in_no_figure():
    study = panel(*FIVE[:3])
    without = tuple(a for a in study.allocations if (a.expert, a.parent) != ("E2", "goal"))
    half = Study(study.code, study.framework, study.panel, allocations=without)
    weights = panel_weights(half)

    assert set(weights.whole) == {"E0", "E1"}
    assert feedback(weights, None) is None
    assert weights.answered("E0")
    assert not weights.answered("E2")
    assert not weights.answered("a stranger")


def test_who_said_that_she_cannot_judge_has_answered():
    study = panel(*FIVE[:3])
    without = tuple(a for a in study.allocations if (a.expert, a.parent) != ("E2", "goal"))
    said = (values.Abstention("E2", "goal", reason=""),)
    weights = panel_weights(
        Study(study.code, study.framework, study.panel, allocations=without, abstentions=said)
    )

    assert weights.answered("E2")
    assert "E2" not in weights.whole


def test_without_weights_of_her_own_every_card_is_shown_and_none_takes_sides():
    found = feedback(panel_weights(panel(*FIVE)), None)

    assert [c.indicator for c in found.far] == list(INDICATORS)
    assert found.near == ()
    assert {(c.own, c.own_rank, c.side) for c in found.cards} == {(None, None, 0)}


def test_a_comparison_moves_a_weight_more_where_its_step_is_larger():
    # From 9 times a step leads to 8 only; around equal it leads to 2 or to a half.
    steps = {("a", "b"): 8, ("a", "c"): 0, ("b", "c"): 0}

    assert moving_pairs(("a", "b", "c"), steps, "a") == (("a", "c"), ("a", "b"))


def test_what_was_never_judged_is_looked_at_first():
    steps = {("a", "b"): 0, ("b", "c"): 0}

    assert moving_pairs(("a", "b", "c"), steps, "a") == (("a", "c"), ("a", "b"))
