"""Questions of a targeted round, computed by hand."""

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from survey.files.study_folder import read_folder
from survey.reports.panel.consensus import LEAVE_OUT_DISCONNECTED, consensus_report
from survey.reports.panel.feedback import panel_weights
from survey.reports.panel.reach import Reach
from survey.reports.panel.targets import MOST, targets_of
from survey.reports.ranking.report import ranking_report
from survey.values import (
    DIRECT,
    PAIRWISE,
    Abstention,
    Allocation,
    Expert,
    Framework,
    Group,
    Indicator,
    Judgement,
    Study,
    Table,
    Unit,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "arab-league-2024"


def framework(size):
    """Return one group of that many indicators a, b, c …"""
    codes = "abcdefgh"[:size]
    return Framework((Group("g", {}),), tuple(Indicator(code, "g", {}, 1) for code in codes))


def panel(size, *said, kinds=()):
    """Return one expert per mapping of pairs ("ab") to steps."""
    experts = tuple(
        Expert(f"E{place}", "g", "en", kinds[place] if kinds else PAIRWISE)
        for place in range(len(said))
    )
    judgements = tuple(
        Judgement(f"E{place}", "g", *pair, steps)
        for place, given in enumerate(said)
        for pair, steps in given.items()
    )
    return Study("x", framework(size), experts, judgements)


def asked(study, expert="E0"):
    return {t.first + t.second: t.why for t in targets_of(study)[expert]}


CONSISTENT = {"ab": 1, "ac": 3, "bc": 1}


def test_of_who_answered_everything_without_contradiction_nothing_is_asked():
    assert asked(panel(3, CONSISTENT)) == {}


def test_open_questions_are_asked_and_abstentions_are_not():
    study = panel(3, {"ab": 1})
    assert asked(study) == {"ac": "unanswered", "bc": "unanswered"}

    cannot = replace(study, abstentions=(Abstention("E0", "g", "b", "c"),))
    assert asked(cannot) == {"ac": "unanswered"}

    left = replace(study, judgements=(), abstentions=(Abstention("E0", "g"),))
    assert asked(left) == {}


def test_of_many_open_pairs_those_that_join_come_first():
    # a and b are joined; c, d and e are reached over a; then the first three that are left.
    assert list(asked(panel(5, {"ab": 0}))) == ["ac", "ad", "ae", "bc", "bd", "be"]


def test_who_said_nothing_is_asked_everything():
    study = panel(5, {})

    assert len(asked(study)) == 10 > MOST
    assert set(asked(study).values()) == {"unanswered"}


def test_a_judgement_that_the_others_predict_by_a_factor_of_three_is_contradictory():
    # Weights 8 : 4 : 2 : 1 but for a over d. The others imply 8, it says 2: a factor of 4. With
    # four items a deviation E in one pair leaves E/2 in its neighbours: a factor of 2.
    fits = {"ab": 1, "ac": 3, "ad": 7, "bc": 1, "bd": 3, "cd": 1}

    assert asked(panel(4, fits)) == {}
    assert asked(panel(4, fits | {"ad": 1})) == {"ad": "contradictory"}
    assert asked(panel(4, fits | {"ad": 2})) == {}


def test_in_a_circle_of_three_nothing_singles_one_out():
    circle = {"ab": 2, "ac": -2, "bc": 2}

    assert asked(panel(3, circle)) == dict.fromkeys(("ab", "ac", "bc"), "contradictory")


def test_at_the_end_of_the_scale_no_expert_is_asked_again():
    # 5 times and 5 times ask for 25; the scale ends at 9.
    assert asked(panel(3, {"ab": 4, "ac": 8, "bc": 4})) == {}


def test_far_is_twice_beyond_the_middle_half():
    # In logarithms 0, 0, 0, x: the upper quartile is x/4, and x lies 3x/4 beyond it.
    two = {"ab": 0}
    assert 0.75 * log(3) > log(2) > 0.75 * log(2)

    assert asked(panel(2, two, two, two, {"ab": 2}), "E3") == {"ab": "far"}
    assert asked(panel(2, two, two, two, {"ab": 1}), "E3") == {}
    assert asked(panel(2, two, two, two, {"ab": 2}), "E0") == {}


def test_none_is_far_from_fewer_than_three_others():
    assert asked(panel(2, {"ab": -8}, {"ab": 8})) == {}
    assert asked(panel(2, {"ab": 8}, {"ab": 0}, {"ab": 0})) == {}


def test_of_several_reasons_the_strongest_is_told():
    circle, others = {"ab": 8, "ac": -8, "bc": 8}, {"ab": 0, "ac": 0, "bc": 0}

    assert set(asked(panel(3, circle, others, others, others)).values()) == {"contradictory"}


def test_a_list_is_asked_whole():
    study = panel(2, {"ab": 0}, {"ab": 0}, {"ab": 0}, {}, kinds=(PAIRWISE,) * 3 + (DIRECT,))
    points = (Allocation("E3", "g", "a", 90.0), Allocation("E3", "g", "b", 10.0))
    open_ = replace(study, allocations=())
    far = replace(study, allocations=points)

    assert [(t.parent, t.first, t.why) for t in targets_of(open_)["E3"]] == [
        ("g", "", "unanswered")
    ]
    assert [(t.parent, t.first, t.why) for t in targets_of(far)["E3"]] == [("g", "", "far")]


# ---------- what moves a band ----------


def cities(study):
    """Return four cities; one leads by a, one by b. Bands at 10, 30, 50 %: 0, 1, 2 cities."""
    levels = ({"a": 1, "b": 0}, {"a": 0, "b": 1}, {"a": 0, "b": 0}, {"a": 0, "b": 0})
    return replace(
        study,
        units=tuple(Unit(f"u{place}", {}, found) for place, found in enumerate(levels)),
        tables=(Table("all", {}, ("g",)),),
    )


def test_a_step_that_moves_a_city_into_another_band_is_worth_asking():
    # While a and b weigh the same the two lead together; a step parts them.
    assert asked(panel(2, {"ab": 0})) == {}
    assert asked(cities(panel(2, {"ab": 0}))) == {"ab": "band"}
    assert asked(cities(panel(2, {"ab": 1}))) == {"ab": "band"}
    assert asked(cities(panel(2, {"ab": 2}))) == {}


def test_a_band_does_not_tell_of_one_or_two_others():
    # Together they weigh a and b alike, and a step of any of them parts the two.
    alike = {"ab": 0}

    assert asked(cities(panel(2, alike, alike))) == {}
    assert asked(cities(panel(2, alike, alike, alike))) == {}
    assert asked(cities(panel(2, alike, alike, alike, alike))) == {"ab": "band"}


def test_an_expert_is_one_voice_of_a_panel():
    # Of 3, 3, 3 and 1/3, a step of the last from 1/3 to 1/4 or 1/2 leaves a ahead.
    study = cities(panel(2, {"ab": 2}, {"ab": 2}, {"ab": 2}, {"ab": -2}))

    assert "band" not in asked(study, "E3").values()


@pytest.mark.parametrize("expert", ["E02", "E04", "E07"])
def test_how_far_a_change_reaches_is_what_aggregating_and_ranking_again_give(expert):
    few = ("E02", "E04", "E07")
    study = read_folder(EXAMPLE).study
    study = replace(
        study,
        panel=tuple(e for e in study.panel if e.code in few),
        judgements=tuple(j for j in study.judgements if j.expert in few),
        allocations=(),
        abstentions=(),
    )
    turned = replace(
        study,
        judgements=tuple(
            replace(j, steps=-j.steps) if (j.expert, j.parent) == (expert, "digital") else j
            for j in study.judgements
        ),
    )
    own = panel_weights(study).answers[expert, "digital"].priorities
    other = panel_weights(turned).answers[expert, "digital"].priorities

    (moved,) = Reach(study).moved("digital", list(own.values()), [list(other.values())])

    before, after = bands(study), bands(turned)
    assert moved == sum(before[city] != after[city] for city in before)
    assert moved > 0


def bands(study):
    """Return the bands of each city in every table."""
    weights = consensus_report(study, disconnected=LEAVE_OUT_DISCONNECTED).weights.global_weights
    report = ranking_report(study, weights)
    return {
        unit.code: tuple(
            found.band if (found := table.find(unit.code)) else 0 for table in report.tables
        )
        for unit in study.units
    }


def test_what_a_short_form_did_not_ask_was_not_left_open():
    study = panel(4, {"ab": 0, "bc": 0, "cd": 0})
    short = {"g": [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")]}

    assert [(t.first, t.second, t.why) for t in targets_of(study, short)["E0"]] == [
        ("a", "d", "unanswered")
    ]


def test_in_the_example_few_questions_are_left_of_many():
    study = read_folder(EXAMPLE).study
    found = targets_of(study)

    assert set(found) == {expert.code for expert in study.panel}
    assert max(map(len, found.values())) <= MOST
    # 12 experts judge 22 pairs, 6 divide points in 4 lists.
    assert sum(map(len, found.values())) < (12 * 22 + 6 * 4) / 4
