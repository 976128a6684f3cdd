"""Content of a frozen weight set, and its recomputation."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from survey.files.weight_set import read_weight_set, tellable_text, weight_set_text
from survey.reports.panel.answers import State
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.verification import verification
from survey.reports.panel.weight_sets import (
    _with_every_interval,
    answers_digest,
    told,
    told_before,
    weight_set,
    without_thin_intervals,
)
from survey.reports.refusals import Refused
from survey.values import Abstention, Judgement, tellable
from survey.values.response import Response
from tests.worlds.small_study import FILES


@pytest.fixture
def adopted(example):
    return weight_set(example, consensus_report(example), "steelyard 0")


def codes(reasons):
    return [reason.code for reason in reasons]


def test_the_panel_is_counted_without_what_it_said(adopted):
    panel = adopted.panel

    assert (panel.invited, panel.size) == (18, 18)
    assert panel.judged == {"digital": 18, "traditional": 17, "institutional": 18, "goal": 18}
    assert panel.kinds == {"direct": 6, "pairwise": 12}
    assert panel.directions == {"digital": 6, "institutional": 6, "traditional": 6}
    assert panel.zeros == 0


def test_an_expert_who_never_answered_is_invited_and_not_counted(small):
    study = small()
    silent = replace(study, panel=(*study.panel, replace(study.panel[0], code="E9")))

    panel = weight_set(silent, consensus_report(silent), "").panel

    assert (panel.invited, panel.size) == (4, 3)
    assert panel.judged == {"air": 3, "goal": 3}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, {}),
        ({"a": 3}, {"a": 3}),
        ({"a": 2}, {}),
        ({"a": 1, "b": 1, "c": 1}, {}),
        # Of seven, one: five and one more would tell of the one.
        ({"a": 6, "b": 1}, {}),
        ({"a": 6, "b": 4, "c": 1}, {"a": 6}),
        ({"a": 4, "b": 4, "c": 2}, {"b": 4}),
        # Three who are told of together.
        ({"a": 5, "b": 2, "c": 1}, {"a": 5}),
        ({"a": 3, "b": 4, "c": 3}, {"a": 3, "b": 4, "c": 3}),
    ],
)
def test_counts_are_told_where_neither_they_nor_the_rest_describe_fewer_than_three(counts, told):
    assert tellable(counts) == told


OF_TWENTY = Response(
    round=2,
    silence="keep",
    least=3,
    invited=20,
    answered=9,
    kept_by_silence=5,
    kept_declining=0,
    not_asked=0,
    left_out=0,
    declined=3,
    withdrew=2,
    without_answers=1,
    kept_by_word=4,
)


@pytest.mark.parametrize(
    ("response", "counts"),
    [
        (OF_TWENTY, {"kept_by_word": 4, "kept_by_silence": 5, "declined": 3}),
        # Beside eight who keep every answer, one changed some.
        (replace(OF_TWENTY, kept_by_word=8), {"kept_by_silence": 5, "declined": 3}),
        (
            replace(OF_TWENTY, kept_by_word=9),
            {"kept_by_word": 9, "kept_by_silence": 5, "declined": 3},
        ),
        # Beside five and four there are two.
        (
            replace(OF_TWENTY, declined=4, without_answers=0),
            {"kept_by_word": 4, "kept_by_silence": 5},
        ),
    ],
)
def test_what_a_response_tells_describes_three_experts_or_more(response, counts):
    always = {"round": 2, "silence": "keep", "least": 3, "invited": 20, "answered": 9}

    assert told(response) == {f"response_{n}": count for n, count in (always | counts).items()}


def test_who_declined_and_counts_as_before_was_told_as_silent():
    response = replace(OF_TWENTY, kept_by_silence=1, kept_declining=4)
    always = {"round": 2, "silence": "keep", "least": 3, "invited": 20, "answered": 9}
    always |= {"kept_by_word": 4, "declined": 3}

    nothing, every, least = told_before(response)

    assert told(response) == {f"response_{n}": c for n, c in always.items()} | {
        "response_kept_declining": 4
    }
    assert nothing == {}
    assert least == {f"response_{n}": c for n, c in (always | {"kept_by_silence": 5}).items()}
    assert every == least | {
        "response_not_asked": 0,
        "response_left_out": 0,
        "response_withdrew": 2,
        "response_without_answers": 1,
    }


def test_a_panel_of_single_languages_is_not_told_by_language(small):
    study = small()
    panel = [
        replace(e, language=tag) for e, tag in zip(study.panel, ("en", "tr", "zh"), strict=True)
    ]

    counts = weight_set(replace(study, panel=tuple(panel)), consensus_report(study), "").panel

    assert counts.languages == {}


def test_abstained_is_who_said_so_of_the_group_or_of_every_pair(small):
    """E1 says it of the group, E2 of one pair of three, E4 of all three."""
    study = small()
    silent = replace(
        study,
        panel=(*study.panel, replace(study.panel[0], code="E4")),
        judgements=(
            *(j for j in study.judgements if j.parent == "goal"),
            Judgement("E4", "goal", "air", "water", 0),
        ),
        abstentions=(
            Abstention("E1", "air"),
            Abstention("E2", "air", "dust", "ozone"),
            Abstention("E4", "air", "dust", "ozone"),
            Abstention("E4", "air", "dust", "soot"),
            Abstention("E4", "air", "ozone", "soot"),
        ),
    )

    report = consensus_report(silent)

    assert [a.expert for a in report.under("air", State.ABSTAINED)] == ["E1", "E4"]
    assert [a.expert for a in report.under("air", State.UNANSWERED)] == ["E2"]


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
    assert parameters["zero_rule"] == "bounded"
    assert parameters["intervals"] == "log-odds"


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


EXAMPLE = Path(__file__).parents[3] / "examples" / "arab-league-2024"
#: Written by version 0.1.0 before zeros were bounded and intervals were on the log-odds.
FROZEN = Path(__file__).parents[2] / "frozen"


def small_with_zeros(small):
    """Return the small study; E3 gives 99.7, 0.3 and 0: the old rule puts 0 above 0.3."""
    points = FILES["points.csv"].replace("dust,50", "dust,99.7").replace("ozone,50", "ozone,0.3")
    return small(points=points)


def test_weight_sets_frozen_by_the_earlier_rules_still_verify(example, small):
    for name, study in (
        ("example", example),
        ("small", small()),
        ("zeros", small_with_zeros(small)),
    ):
        recorded = read_weight_set((FROZEN / f"{name}.json").read_bytes())

        assert verification(recorded, study) == ()


def test_a_weight_set_says_by_which_rule_its_zeros_were_replaced(small):
    """The 0 counts as .65 of .003, earlier as .005. E1 and E2: 4/7, 2/7, 1/7 and 2/7, 4/7, 1/7."""

    def soot(dust, ozone, zero):
        means = [(8 / 49 * dust) ** (1 / 3), (8 / 49 * ozone) ** (1 / 3), (zero / 49) ** (1 / 3)]
        return means[2] / sum(means)

    study = small_with_zeros(small)
    frozen = read_weight_set((FROZEN / "zeros.json").read_bytes())
    ours = weight_set(study, consensus_report(study), "")

    earlier = soot(0.997 * 0.995, 0.003 * 0.995, 0.005)
    now = soot(0.997 * 0.99805, 0.003 * 0.99805, 0.00195)
    assert frozen.local_weights["air"]["soot"] == pytest.approx(earlier, rel=1e-12)
    assert ours.local_weights["air"]["soot"] == pytest.approx(now, rel=1e-12)
    renamed = replace(frozen, parameters=ours.parameters)
    assert "local-differs" in codes(verification(renamed, study))


def test_the_order_of_the_panel_and_of_the_answers_changes_no_byte(example, small):
    for study in (example, small_with_zeros(small)):
        turned = replace(
            study,
            panel=study.panel[::-1],
            judgements=study.judgements[::-1],
            allocations=study.allocations[::-1],
            abstentions=study.abstentions[::-1],
        )
        texts = [weight_set_text(weight_set(s, consensus_report(s), "")) for s in (study, turned)]

        assert texts[0] == texts[1]


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
        ("zero_rule", "half"),
        ("intervals", "wald"),
    ],
)
def test_an_unknown_parameter_is_named(example, adopted, name, value):
    recorded = replace(adopted, parameters={**adopted.parameters, name: value})

    with pytest.raises(Refused) as refusal:
        verification(recorded, example)

    [reason] = refusal.value.reasons
    assert (reason.code, reason.data["name"]) == ("not-a-parameter", name)


def test_an_unknown_method_is_named(example, adopted):
    with pytest.raises(Refused):
        verification(replace(adopted, method="magic"), example)


#: Weights from whole and from incomplete comparisons, and by the eigenvector.
COMPUTED = """
import hashlib
import numpy as np
from survey.files.study_folder import read_folder
from survey.files.weight_set import weight_set_text
from survey.reports.panel.consensus import consensus_report
from survey.reports.panel.weight_sets import weight_set
from tests.reports.panel.test_weight_sets import EXAMPLE, judged_matrices
import aggregation
study = read_folder(EXAMPLE).study
parts = [weight_set_text(weight_set(study, consensus_report(study), "")).encode()]
for matrix in judged_matrices():
    parts.append(aggregation.priorities(matrix).tobytes())
    if not np.isnan(matrix).any():
        parts.append(aggregation.priorities(matrix, "eigenvector").tobytes())
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


def judged_matrices():
    """Return matrices of the 1-9 scale, every second one with gaps."""
    rng = np.random.default_rng(8)
    for n in (3, 5, 8, 11, 11, 22):
        i, j = np.triu_indices(n, 1)
        ratios = rng.choice([*range(1, 10), *(1 / x for x in range(2, 10))], i.size)
        matrix = np.ones((n, n))
        matrix[i, j], matrix[j, i] = ratios, 1 / ratios
        yield matrix
        if n > 3:
            gappy = matrix.copy()
            gappy[[0, 2, 1, 3], [2, 0, 3, 1]] = np.nan
            yield gappy


def test_another_processor_gives_the_same_file_byte_for_byte():
    """Kernels of the linear algebra library, and the instructions NumPy takes logarithms by."""
    machines = [
        {"OPENBLAS_CORETYPE": "Prescott"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},
    ]
    found = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COMPUTED],
            env=os.environ | machine,
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for machine in machines
    }

    assert len(found) == 1
    assert len(found.pop().strip()) == 64


def with_two_in_air(study):
    """Return the small study, in which E1 did not judge the group “air”."""
    return replace(
        study,
        judgements=tuple(j for j in study.judgements if (j.expert, j.parent) != ("E1", "air")),
        abstentions=tuple(a for a in study.abstentions if (a.expert, a.parent) != ("E1", "air")),
    )


def with_two_more(study):
    """Return the small study with two more experts who answered only “goal”, as E3."""
    more = tuple(replace(study.panel[2], code=code) for code in ("E4", "E5"))
    given = [a for a in study.allocations if a.parent == "goal"]
    said = tuple(replace(a, expert=expert.code) for expert in more for a in given)
    return replace(study, panel=study.panel + more, allocations=study.allocations + said)


def test_no_interval_tells_what_three_experts_answered(small):
    """Mean and spread of three leave one fit of whole-number points."""
    study = with_two_more(small())

    adopted = weight_set(study, consensus_report(study), "")

    assert adopted.panel.judged == {"air": 3, "goal": 5}
    assert set(adopted.local_intervals["air"].values()) == {None}
    assert all(adopted.local_intervals["goal"].values())
    stated = {code for code, interval in adopted.global_intervals.items() if interval}
    assert stated == {"lead"}
    assert adopted.parameters["least_for_intervals"] == 4
    assert tellable_text(weight_set_text(adopted)) == weight_set_text(adopted)


@pytest.mark.parametrize("least", [None, 3])
def test_a_set_with_intervals_of_three_is_verified_and_handed_out_without(small, least):
    """Frozen while intervals of three experts were stated, with or without a group of two."""
    study = with_two_more(small()) if least is None else with_two_in_air(small())
    with_all = _with_every_interval(study, consensus_report(study), "")
    adopted = without_thin_intervals(with_all, least or 0)
    assert adopted.parameters.get("least_for_intervals") == least
    assert verification(adopted, study) == ()

    told = tellable_text(weight_set_text(adopted))

    assert "intervals" not in json.loads(told)
    assert verification(read_weight_set(told.encode()), study) == ()


def test_no_interval_tells_what_two_experts_answered(small):
    """Two answers are the mean of their logarithms and the spread, which an interval gives."""
    study = with_two_in_air(with_two_more(small()))

    adopted = weight_set(study, consensus_report(study), "")

    assert adopted.panel.thin == ("air",)
    assert set(adopted.local_intervals["air"].values()) == {None}
    assert all(adopted.local_intervals["goal"].values())
    of_air = {i.code for i in study.framework.indicators if i.group == "air"}
    without = {code for code, interval in adopted.global_intervals.items() if interval is None}
    assert without == of_air
    assert verification(adopted, study) == ()


def test_a_set_from_before_is_verified_with_its_intervals_and_handed_out_without(
    small, monkeypatch
):
    study = with_two_in_air(small())
    with monkeypatch.context() as earlier:
        earlier.setattr(
            "survey.reports.panel.weight_sets.without_thin_intervals", lambda content: content
        )
        adopted = weight_set(study, consensus_report(study), "")
        text = weight_set_text(adopted)
    assert all(adopted.local_intervals["air"].values())
    assert verification(adopted, study) == ()

    told = tellable_text(text)

    assert "intervals" not in json.loads(told)
    handed_out = read_weight_set(told.encode())
    assert handed_out.withholds_intervals
    assert handed_out.local_weights == adopted.local_weights
    assert verification(handed_out, study) == ()


def test_an_interval_of_the_published_set_cannot_be_changed_by_leaving_one_out(small):
    study = with_two_in_air(small())
    adopted = weight_set(study, consensus_report(study), "")
    changed = replace(adopted, parameters=dict(adopted.parameters, least_for_intervals=2))

    assert codes(verification(changed, study)) == ["parameters-differ"]


def of_points(small, *soot_and_ozone):
    """Return the small study, asked for points alone; each expert gives soot and ozone these."""
    panel, points = "expert,direction,language,method\n", "expert,parent,item,points\n"
    for number, (soot, ozone) in enumerate(soot_and_ozone, 1):
        code = f"E{number}"
        panel += f"{code},air,en,direct\n"
        points += f"{code},goal,air,30\n{code},goal,water,70\n"
        points += f"{code},air,dust,{100 - soot - ozone}\n"
        points += f"{code},air,soot,{soot}\n{code},air,ozone,{ozone}\n"
    return small(panel=panel, points=points, comparisons="expert,parent,a,b,judgement\n")


@pytest.mark.parametrize(
    ("soot_and_ozone", "told"),
    [
        ([(20, 20), (20, 20), (20, 20), (20, 20)], 0),
        ([(0, 20), (20, 20), (20, 20), (20, 20)], None),
        ([(0, 0), (0, 0), (20, 20), (20, 20)], None),
        ([(0, 20), (0, 20), (20, 0), (20, 20)], 3),
        ([(0, 0), (0, 20), (20, 0), (20, 20)], 4),
    ],
)
def test_zeros_are_counted_where_none_or_three_experts_gave_them(small, soot_and_ozone, told):
    study = of_points(small, *soot_and_ozone)

    adopted = weight_set(study, consensus_report(study), "")

    assert adopted.panel.zeros == told
    text = weight_set_text(adopted)
    assert json.loads(text)["panel"].get("zeros_replaced") == told
    assert read_weight_set(text.encode()) == adopted
    assert tellable_text(text) == text
    assert verification(adopted, study) == ()


@pytest.mark.parametrize(
    ("soot_and_ozone", "count"),
    [([(0, 20), (20, 20), (20, 20), (20, 20)], 1), ([(0, 0), (0, 20), (20, 20), (20, 20)], 3)],
)
def test_a_set_that_counts_the_zeros_of_one_or_two_experts_is_verified(
    small, soot_and_ozone, count
):
    """Frozen when every count of zeros was stated."""
    study = of_points(small, *soot_and_ozone)
    content = weight_set(study, consensus_report(study), "")

    for stated, found in ((count, []), (count + 3, ["panel-differs"])):
        recorded = replace(content, panel=replace(content.panel, zeros=stated))
        assert codes(verification(recorded, study)) == found
        read = read_weight_set(weight_set_text(recorded).encode())
        assert codes(verification(read, study)) == found


def test_a_set_that_counts_one_or_two_zeros_is_handed_out_without_its_panel(small):
    study = of_points(small, (0, 0), (20, 20), (20, 20), (20, 20))
    content = weight_set(study, consensus_report(study), "")
    text = weight_set_text(replace(content, panel=replace(content.panel, zeros=2)))

    handed_out = tellable_text(text)

    assert "panel" not in json.loads(handed_out)
    assert verification(read_weight_set(handed_out.encode()), study) == ()
