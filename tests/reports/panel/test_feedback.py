"""The panel's middle half of every indicator, and where one expert lies."""

import csv
from fractions import Fraction

import numpy as np
import pytest

from survey import values
from survey.files.study_folder import read_folder
from survey.reports.panel.feedback import feedback, moving_pairs, panel_weights
from survey.values import Allocation, Expert, Framework, Group, Indicator, Study
from tests.worlds.rankable import EXAMPLE

INDICATORS = ("dust", "ozone", "lead")


def panel(*shares, directions=(), language="en"):
    """Return one expert per row, with weights of dust and ozone (air) and lead (water)."""
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


SIX = (*FIVE, (0.4, 0.5, 0.1))


def cards(study, expert="E0", reader=None):
    weights = panel_weights(study)
    found = feedback(weights, reader or expert, weights.whole[expert])
    return {card.indicator: card for card in found.cards}


def test_the_median_and_the_middle_half_are_those_of_the_experts_own_weights():
    # Sorted, dust has 0.1 0.2 0.3 0.5 0.6: of five, the second and the fourth are the quartiles.
    # Five others than the reader.
    dust = cards(panel(*FIVE), reader="another")["dust"]

    assert (dust.half[0], dust.median, dust.half[1]) == pytest.approx((0.2, 0.3, 0.5))
    assert dust.own == pytest.approx(0.1)


def test_between_two_experts_a_quartile_is_interpolated_as_numpy_does():
    found = cards(panel(*SIX))

    for place, code in enumerate(INDICATORS):
        low, median, high = np.quantile([row[place] for row in SIX], [0.25, 0.5, 0.75])
        assert found[code].half == pytest.approx((low, high))
        assert found[code].median == pytest.approx(median)


@pytest.mark.parametrize("size", [4, 5])
def test_beside_three_or_four_others_the_median_is_told_alone(size):
    # With the own weight, median and quartiles of four are three equations in three unknowns.
    weights = panel_weights(panel(*FIVE[:size]))
    found = feedback(weights, "E0", weights.whole["E0"])

    assert {card.half for card in found.cards} == {None}
    assert not found.has_halves
    assert {card.side for card in found.cards} == {0}
    assert (len(found.far), found.near) == (3, ())


def test_without_a_middle_half_the_axis_ends_with_the_largest_weight_shown():
    # Own weights 0.1, 0.4, 0.5; medians of five 0.3, 0.3, 0.4.
    weights = panel_weights(panel(*FIVE))

    assert feedback(weights, "E0", weights.whole["E0"]).top == pytest.approx(0.5)


def test_the_greatest_disagreement_comes_first_and_what_lies_within_is_near():
    # From the medians: lead 0.5 - 0.4, ozone 0.4 - 0.3, dust 0.3 - 0.1.
    weights = panel_weights(panel(*FIVE))
    found = feedback(weights, "another", weights.whole["E0"])

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


def test_a_direction_is_told_to_an_expert_beside_whom_it_has_three():
    study = panel(*FIVE, directions=("air", "water", "air", "air", "water"))

    ((direction, median),) = cards(study, "E1")["dust"].directions

    assert (direction, median) == ("air", pytest.approx(0.3))
    assert cards(study, "E0")["dust"].directions == ()


def test_with_fewer_than_three_others_nothing_is_told():
    # Of 0.1, 0.2 and 0.3 the quartiles are 0.15 and 0.25: the expert with 0.1 would have
    # read the other two from them and from the median.
    three, four = (panel_weights(panel(*FIVE[:size])) for size in (3, 4))

    assert feedback(three, "E0", three.whole["E0"]) is None
    assert feedback(three, "another", None).count == 3
    assert feedback(four, "E0", four.whole["E0"]).count == 4


def test_who_left_a_group_out_counts_in_no_figure():
    study = panel(*FIVE[:3])
    without = tuple(a for a in study.allocations if (a.expert, a.parent) != ("E2", "goal"))
    half = Study(study.code, study.framework, study.panel, allocations=without)
    weights = panel_weights(half)

    assert set(weights.whole) == {"E0", "E1"}
    assert feedback(weights, "E2", None) is None
    assert weights.answered("E0")
    assert not weights.answered("E2")
    assert not weights.answered("a stranger")


def test_an_expert_who_cannot_judge_has_answered():
    study = panel(*FIVE[:3])
    without = tuple(a for a in study.allocations if (a.expert, a.parent) != ("E2", "goal"))
    said = (values.Abstention("E2", "goal", reason=""),)
    weights = panel_weights(
        Study(study.code, study.framework, study.panel, allocations=without, abstentions=said)
    )

    assert weights.answered("E2")
    assert "E2" not in weights.whole


def test_without_own_weights_every_card_is_shown_and_none_takes_sides():
    found = feedback(panel_weights(panel(*FIVE)), "another", None)

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


# ---------- the example, beside figures computed from its files alone ----------


def rows(name):
    with (EXAMPLE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_least_squares(items, said):
    """Return the least-squares shares of the ratios; None if the items are not connected."""
    design = np.zeros((len(said) + 1, len(items)))
    logs = np.zeros(len(said) + 1)
    for line, (first, second, ratio) in enumerate(said):
        design[line, items.index(first)], design[line, items.index(second)] = 1, -1
        logs[line] = np.log(ratio)
    design[-1] = 1
    if np.linalg.matrix_rank(design) < len(items):
        return None
    shares = np.exp(np.linalg.lstsq(design, logs, rcond=None)[0])
    return dict(zip(items, shares / shares.sum(), strict=True))


def weights_of_the_example():
    """Return weights by expert from the files, of the experts who judged every group."""
    groups = {}
    for indicator in rows("indicators.csv"):
        groups.setdefault(indicator["group"], []).append(indicator["code"])
    items = {"goal": list(groups)} | groups
    said, points = {}, {}
    for row in rows("comparisons.csv"):
        if row["judgement"].replace("/", "").isdigit():
            ratio = float(Fraction(row["judgement"]))
            said.setdefault((row["expert"], row["parent"]), []).append((row["a"], row["b"], ratio))
    for row in rows("points.csv"):
        points.setdefault((row["expert"], row["parent"]), {})[row["item"]] = float(row["points"])

    def local(expert, parent):
        if given := points.get((expert, parent)):
            assert min(given.values()) > 0
            return {item: share / sum(given.values()) for item, share in given.items()}
        return by_least_squares(items[parent], said.get((expert, parent), []))

    found = {}
    for row in rows("panel.csv"):
        shares = {parent: local(row["expert"], parent) for parent in items}
        if all(shares.values()):
            found[row["expert"]] = {
                code: shares["goal"][group] * shares[group][code]
                for group, codes in groups.items()
                for code in codes
            }
    return found


def test_the_figures_of_the_example_are_those_of_its_files():
    weights = weights_of_the_example()
    fields = {row["expert"]: row["direction"] for row in rows("panel.csv")}
    panel = panel_weights(read_folder(EXAMPLE).study)
    shown = feedback(panel, "E01", panel.whole["E01"])

    assert shown.count == len(weights)
    for card in shown.cards:
        code = card.indicator
        given = np.array([shares[code] for shares in weights.values()])
        assert (card.half[0], card.median, card.half[1]) == pytest.approx(
            tuple(np.percentile(given, [25, 50, 75]))
        )
        assert card.own == pytest.approx(weights["E01"][code])
        for field, median in card.directions:
            hers = [shares[code] for expert, shares in weights.items() if fields[expert] == field]
            assert len(hers) >= 3
            assert median == pytest.approx(np.median(hers))
    assert {field for field, _ in shown.cards[0].directions} == {
        field
        for field in fields.values()
        if sum(fields[expert] == field for expert in weights if expert != "E01") >= 3
    }
