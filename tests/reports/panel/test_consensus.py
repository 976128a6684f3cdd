"""Consensus of a panel, with every expert's answers."""

from dataclasses import replace
from math import log, sqrt

import pytest

import aggregation
from survey.reports.panel.answers import State
from survey.reports.panel.consensus import consensus_report
from survey.reports.refusals import Refused, sentence
from survey.values import Abstention, Allocation, Expert, Judgement
from tests.worlds.small_study import FILES


def reasons(study, **options):
    with pytest.raises(Refused) as refusal:
        consensus_report(study, **options)
    return [reason.code for reason in refusal.value.reasons]


def test_three_experts_by_hand(small):
    """E1 is consistent: 4, 2, 1. E2 left dust : soot out: 1/2 · 4 connects them: 2, 4, 1.

    E3's zero becomes 0.5 of 100, the others make room: 49.75, 49.75, 0.5.
    """
    report = consensus_report(small())

    own = {answers.expert: answers.priorities for answers in report.under("air")}
    assert own["E1"] == pytest.approx({"dust": 4 / 7, "ozone": 2 / 7, "soot": 1 / 7})
    assert own["E2"] == pytest.approx({"dust": 2 / 7, "ozone": 4 / 7, "soot": 1 / 7})
    assert own["E3"] == pytest.approx({"dust": 0.4975, "ozone": 0.4975, "soot": 0.005})
    means = [
        (4 / 7 * 2 / 7 * 0.4975) ** (1 / 3),
        (2 / 7 * 4 / 7 * 0.4975) ** (1 / 3),
        (1 / 7 * 1 / 7 * 0.005) ** (1 / 3),
    ]
    assert list(report.weights.local["air"].values()) == pytest.approx(
        [mean / sum(means) for mean in means]
    )
    assert report.zeros == 1


def test_an_only_child_has_weight_1_and_is_asked_nothing(small):
    report = consensus_report(small())

    assert report.weights.local["water"] == {"lead": 1.0}
    assert report.under("water") == ()
    assert report.weights.global_weights["lead"] == report.weights.local["goal"]["water"]


def test_weights_sum_to_1_under_every_parent_and_over_all_indicators(example):
    weights = consensus_report(example).weights

    for shares in (*weights.local.values(), weights.global_weights):
        assert sum(shares.values()) == pytest.approx(1, abs=1e-15)


def test_the_interval_of_two_opinions_on_two_groups_by_hand(small):
    """3 and 1/3 for air : water: logs ±ln 3; in centred logs of air ±ln(3)/2, weight 1/2.

    z = (d_air - w·d)/2 = ±ln(3)/4, so the standard error is √(2·(ln(3)/4)²·2) = ln(3)/2,
    on the log-odds ln(3)/2 / (1 - w) = ln 3, and t of one degree of freedom is 12.7062.
    """
    study = small(points="expert,parent,item,points\n")

    low, high = consensus_report(study).weights.local_intervals["goal"]["air"]

    half_width = 12.706204736432095 * log(3)
    assert log(low / (1 - low)) == pytest.approx(-half_width, rel=1e-9)
    assert log(high / (1 - high)) == pytest.approx(half_width, rel=1e-6)


def test_consistency_is_reported_for_pairs_and_not_for_points(example):
    report = consensus_report(example)

    by_expert = {answers.expert: answers for answers in report.under("traditional")}
    assert by_expert["E05"].consistency.ratio > 0.1
    assert by_expert["E03"].consistency is None
    for answers in report.answers:
        assert (answers.consistency is None) == (
            answers.kind == "direct" or answers.state != State.JUDGED
        )


def test_the_consistency_of_three_judgements_by_hand(small):
    """2 and 4, with 3 instead of 2 between: one triad, off by ln(3/2), so GCI = ln(3/2)²/3."""
    study = small(
        comparisons=FILES["comparisons.csv"].replace("E1,air,ozone,soot,2", "E1,air,ozone,soot,3")
    )

    [answers] = [a for a in consensus_report(study).under("air") if a.expert == "E1"]

    assert answers.consistency.geometric_index == pytest.approx(log(3 / 2) ** 2 / 3)
    assert answers.consistency.relative_index == pytest.approx(
        log(3 / 2) ** 2 / 3 / 2.6292171407838634
    )
    assert answers.consistency.threshold == 0.31


def test_an_incomplete_expert_has_no_ratio_but_a_count_of_judgements(example):
    report = consensus_report(example)

    [answers] = [a for a in report.under("traditional") if a.expert == "E17"]
    assert (answers.given, answers.asked) == (10, 15)
    assert answers.consistency.ratio is None
    assert answers.consistency.geometric_index > 0


def test_silence_and_abstention_are_told_apart_and_neither_is_counted(small):
    comparisons = "".join(
        line
        for line in FILES["comparisons.csv"].splitlines(keepends=True)
        if not line.startswith(("E1,air", "E2,goal"))
    )
    abstentions = "expert,parent,a,b,reason\nE2,goal,,,not-comparable\n"

    report = consensus_report(small(comparisons=comparisons, abstentions=abstentions))

    states = {(a.expert, a.parent): a.state for a in report.answers}
    assert states["E1", "air"] == State.UNANSWERED
    assert states["E2", "goal"] == State.ABSTAINED
    assert report.weights.counts["air"] == report.weights.counts["goal"] == 2


def test_points_that_are_not_a_hundred_yet_are_not_counted(small):
    """A folder cannot hold them; a round that is still open can."""
    study = small()
    unfinished = replace(study.allocations[-1], points=60.0)
    started = replace(study, allocations=(*study.allocations[:-1], unfinished))

    report = consensus_report(started)

    [answers] = [a for a in report.under("goal") if a.expert == "E3"]
    assert (answers.state, answers.priorities) == (State.UNANSWERED, None)
    assert report.weights.counts["goal"] == 2


def test_points_for_some_items_are_not_counted_even_if_they_sum_to_100(small):
    study = small()
    started = tuple(a for a in study.allocations if (a.parent, a.item) != ("air", "soot"))

    report = consensus_report(replace(study, allocations=started))

    [answers] = [a for a in report.under("air") if a.expert == "E3"]
    assert (answers.state, answers.given, answers.asked) == (State.UNANSWERED, 2, 3)


def test_an_experts_own_global_weights(small):
    report = consensus_report(small())

    own = report.global_priorities("E1")
    assert own == pytest.approx({"dust": 3 / 7, "ozone": 3 / 14, "soot": 3 / 28, "lead": 1 / 4})
    assert sum(report.global_priorities("E3").values()) == pytest.approx(1)


def test_an_expert_who_left_a_group_out_has_no_global_weights(example):
    assert consensus_report(example).global_priorities("E10") is None


def test_an_empty_panel_is_refused(small):
    study = replace(small(), panel=(), judgements=(), allocations=())

    assert reasons(study) == ["empty-panel"]


def test_every_group_that_no_expert_judged_is_named(small):
    study = replace(small(), judgements=(), allocations=())

    assert reasons(study) == ["nobody-judged", "nobody-judged"]


def test_every_expert_whose_comparisons_fall_apart_is_named_with_the_parts(small):
    comparisons = (
        "expert,parent,a,b,judgement\n"
        "E1,air,dust,ozone,2\nE1,goal,air,water,3\n"
        "E2,air,ozone,soot,4\nE2,goal,air,water,1/3\n"
    )

    with pytest.raises(Refused) as refusal:
        consensus_report(small(comparisons=comparisons))

    assert [reason.data["parts"] for reason in refusal.value.reasons] == [
        "dust, ozone | soot",
        "dust | ozone, soot",
    ]


def test_leaving_out_what_falls_apart_leaves_the_others_as_they_are(small):
    comparisons = FILES["comparisons.csv"].replace("E2,air,ozone,soot,4\n", "")
    report = consensus_report(small(comparisons=comparisons), disconnected="leave-out")

    [left_out] = report.under("air", State.DISCONNECTED)
    assert (left_out.expert, left_out.parts) == ("E2", (("dust", "ozone"), ("soot",)))
    without = "".join(
        line
        for line in FILES["comparisons.csv"].splitlines(keepends=True)
        if not line.startswith("E2,air")
    )
    assert report.weights == consensus_report(small(comparisons=without)).weights


def test_the_eigenvector_takes_points_as_they_are(small):
    """Only pairs have a matrix; E2, who left one out, is refused by name."""
    study = small()

    with pytest.raises(Refused) as refusal:
        consensus_report(study, method="eigenvector")

    [reason] = refusal.value.reasons
    assert reason.code == "incomplete"
    assert dict(reason.data) == {"expert": "E2", "parent": "air", "given": 2, "asked": 3}


def test_on_consistent_and_complete_answers_both_methods_agree(small):
    complete = FILES["comparisons.csv"] + "E2,air,dust,soot,2\n"
    study = small(comparisons=complete)

    by_means = consensus_report(study).weights.global_weights
    by_eigenvector = consensus_report(study, method="eigenvector").weights.global_weights

    assert by_eigenvector == pytest.approx(by_means, abs=1e-12)


def test_a_random_index_that_ends_before_a_group_is_refused_once(example):
    assert reasons(example, random_index="exact") == ["no-random-index"]


def test_the_random_index_changes_the_ratios_and_not_the_weights(example):
    saaty = consensus_report(example)
    other = consensus_report(example, random_index=1.0)

    assert saaty.weights == other.weights
    first, second = (report.under("traditional")[0].consistency.ratio for report in (saaty, other))
    assert second == pytest.approx(first * aggregation.random_index(6, "saaty-1980"))


def test_a_study_of_one_group_of_one_indicator_has_nothing_to_ask(small):
    study = small()
    framework = replace(
        study.framework,
        groups=study.framework.groups[1:],
        indicators=study.framework.indicators[3:],
    )
    study = replace(study, framework=framework, judgements=(), allocations=())

    report = consensus_report(study)

    assert report.weights.global_weights == {"lead": 1.0}
    assert report.answers == ()


def test_the_order_of_the_answers_changes_nothing(example):
    turned = replace(
        example,
        judgements=example.judgements[::-1],
        allocations=example.allocations[::-1],
    )

    assert consensus_report(turned).weights == consensus_report(example).weights


def test_a_pair_turned_in_the_value_itself_is_the_same_answer(small):
    """Values hold pairs in the framework's order; a matrix does not depend on it."""
    study = small()
    first, *others = study.judgements
    turned = Judgement(first.expert, first.parent, first.second, first.first, -first.steps)

    weights = consensus_report(replace(study, judgements=(turned, *others))).weights

    assert weights == consensus_report(study).weights


def log_odds(share):
    return log(share / (1 - share))


def test_a_large_panel_narrows_the_interval(small):
    """Sixteen times the same three opinions: the standard error falls by about four."""
    study = small()
    panel, judgements, allocations = [], [], []
    for copy in range(16):
        panel += [replace(expert, code=f"{expert.code}-{copy}") for expert in study.panel]
        judgements += [replace(j, expert=f"{j.expert}-{copy}") for j in study.judgements]
        allocations += [replace(a, expert=f"{a.expert}-{copy}") for a in study.allocations]
    crowd = replace(
        study, panel=tuple(panel), judgements=tuple(judgements), allocations=tuple(allocations)
    )

    few, many = consensus_report(study).weights, consensus_report(crowd).weights

    assert many.global_weights == pytest.approx(few.global_weights)
    of_few, of_many = (
        log_odds(found.global_intervals["dust"][1]) - log_odds(found.global_weights["dust"])
        for found in (few, many)
    )
    assert of_many / 2.0117405 == pytest.approx(of_few / 4.3026527 * sqrt(2 / 47), rel=1e-6)


def test_a_refusal_says_each_reason_in_a_sentence(small):
    with pytest.raises(Refused) as refusal:
        consensus_report(replace(small(), judgements=(), allocations=()))

    assert str(refusal.value).splitlines() == [sentence(r) for r in refusal.value.reasons]


def test_an_abstention_from_some_pairs_is_no_abstention_from_the_group(small):
    study = small()
    abstention = Abstention("E2", "air", "dust", "soot", "both-unknown")

    report = consensus_report(replace(study, abstentions=(abstention,)))

    [answers] = [a for a in report.under("air") if a.expert == "E2"]
    assert answers.state == State.JUDGED


def test_points_on_a_group_of_one_ask_nothing_and_change_nothing(small):
    study = small()
    expert = Expert("E4", "", "en", "direct")
    allocation = Allocation("E4", "water", "lead", 100.0)
    more = replace(
        study, panel=(*study.panel, expert), allocations=(*study.allocations, allocation)
    )

    assert consensus_report(more).weights.local == consensus_report(study).weights.local
