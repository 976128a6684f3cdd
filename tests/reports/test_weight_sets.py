"""What is frozen of a consensus, and whether it recomputes."""

from dataclasses import replace

import pytest

from survey.reports.consensus import consensus_report
from survey.reports.refusals import Refused
from survey.reports.verification import verification
from survey.reports.weight_sets import answers_digest, weight_set


@pytest.fixture
def adopted(example):
    return weight_set(example, consensus_report(example), "steelyard 0")


def codes(reasons):
    return [reason.code for reason in reasons]


def test_the_panel_is_counted_without_what_it_said(adopted):
    panel = adopted.panel

    assert (panel.invited, panel.size) == (18, 18)
    assert panel.judged == {"digital": 18, "traditional": 17, "institutional": 18, "goal": 18}
    assert panel.abstained["traditional"] == ("E10",)
    assert panel.methods == {"direct": 6, "pairwise": 12}
    assert panel.directions == {"digital": 6, "institutional": 6, "traditional": 6}
    assert panel.zeros == 0


def test_an_expert_who_never_answered_is_invited_and_not_counted(small):
    study = small()
    silent = replace(study, panel=(*study.panel, replace(study.panel[0], code="E9")))

    panel = weight_set(silent, consensus_report(silent), "").panel

    assert (panel.invited, panel.size) == (4, 3)
    assert panel.abstained == {"air": (), "goal": ()}


def test_the_framework_is_kept_with_all_names_and_without_rungs(example, adopted):
    assert [i.names for i in adopted.framework.indicators] == [
        i.names for i in example.framework.indicators
    ]
    assert all(i.rungs == () for i in adopted.framework.indicators)


def test_the_choices_are_recorded(small):
    study = small(comparisons="expert,parent,a,b,judgement\nE1,air,dust,ozone,2\n")
    report = consensus_report(study, random_index=1.5, disconnected="leave-out", confidence=0.9)

    parameters = weight_set(study, report, "").parameters

    assert parameters["random_index"] == 1.5
    assert parameters["disconnected"] == "leave-out"
    assert parameters["confidence"] == 0.9
    assert parameters["zero_replacement"] == 0.5


def test_the_digest_of_the_answers_is_blind_to_order_and_words(example):
    turned = replace(
        example,
        judgements=tuple(replace(j, reason="because") for j in reversed(example.judgements)),
        panel=tuple(replace(expert, name="X") for expert in reversed(example.panel)),
        titles={},
    )

    assert answers_digest(turned) == answers_digest(example)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s, judgements=s.judgements[1:]),
        lambda s: replace(s, judgements=(replace(s.judgements[0], steps=0), *s.judgements[1:])),
        lambda s: replace(s, allocations=s.allocations[1:]),
        lambda s: replace(s, panel=s.panel[1:]),
    ],
    ids=["a judgement less", "a judgement changed", "points less", "an expert less"],
)
def test_the_digest_of_the_answers_sees_every_answer(example, change):
    assert answers_digest(change(example)) != answers_digest(example)


def test_a_weight_set_recomputes_from_its_study(example, adopted):
    assert verification(adopted, example) == ()


def test_with_other_parameters_it_recomputes_by_those(small):
    study = small()
    report = consensus_report(study, random_index=1.5, disconnected="leave-out", confidence=0.9)

    assert verification(weight_set(study, report, ""), study) == ()


def test_what_differs_is_named(example, adopted):
    def with_top(framework, top):
        first, *others = framework.indicators
        return replace(framework, indicators=(replace(first, top=top), *others))

    def with_names(framework, names):
        first, *others = framework.indicators
        return replace(framework, indicators=(replace(first, names=names), *others))

    study = example
    weights = {**adopted.global_weights, "wired": adopted.global_weights["wired"] + 2e-11}
    nearly = {**adopted.global_weights, "wired": adopted.global_weights["wired"] + 1e-12}
    intervals = {**adopted.global_intervals, "wired": None}
    cases = [
        (replace(adopted, framework=with_top(adopted.framework, 9)), ["height-differs"]),
        (replace(adopted, framework=with_names(adopted.framework, {})), ["names-differ"]),
        (replace(adopted, answers_digest="0"), ["answers-differ"]),
        (replace(adopted, global_weights=weights), ["global-differs"]),
        (replace(adopted, global_weights=nearly), []),
        (replace(adopted, global_intervals=intervals), ["interval-differs"]),
        (replace(adopted, panel=replace(adopted.panel, size=17)), ["panel-differs"]),
        (
            replace(adopted, parameters={**adopted.parameters, "scale": "root"}),
            ["parameters-differ"],
        ),
    ]
    for recorded, expected in cases:
        assert codes(verification(recorded, study)) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("random_index", "mine"),
        ("random_index", -1.0),
        ("disconnected", "ask"),
        ("confidence", 2.0),
    ],
)
def test_a_parameter_nobody_knows_is_named(example, adopted, name, value):
    recorded = replace(adopted, parameters={**adopted.parameters, name: value})

    with pytest.raises(Refused) as refusal:
        verification(recorded, example)

    [reason] = refusal.value.reasons
    assert (reason.code, reason.data["name"]) == ("not-a-parameter", name)


def test_a_method_nobody_knows_is_named(example, adopted):
    with pytest.raises(Refused):
        verification(replace(adopted, method="magic"), example)
