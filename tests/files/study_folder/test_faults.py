"""Faults of a study folder, each with its file, line, column and kind."""

import re
import time

import pytest

from survey.files.study_folder import SENTENCES, FaultyFolder, read_folder, sentence
from tests.worlds.small_study import FILES


def edited(stem: str, old: str, new: str) -> dict[str, str]:
    text = FILES[f"{stem}.csv"]
    assert text.count(old) == 1, "the edit must be about one place"
    return {stem: text.replace(old, new)}


def added(stem: str, *lines: str) -> dict[str, str]:
    return {stem: FILES[f"{stem}.csv"] + "".join(f"{line}\n" for line in lines)}


def test_the_small_study_is_right(small):
    assert read_folder(small()).notes == ()


JUDGEMENTS = [
    ("0", "not-positive"),
    ("-3", "not-positive"),
    ("-1/3", "not-positive"),
    ("1/0", "not-a-judgement"),
    ("10", "not-a-judgement"),
    ("1/10", "not-a-judgement"),
    ("1.5", "not-a-judgement"),
    ("0.333", "not-a-judgement"),
    ("3:01", "date"),
    ("03:01:00", "date"),
    ("01.мар", "date"),
    ("3 times", "not-a-judgement"),
    ("3倍", "not-a-judgement"),
    ("3 раза", "not-a-judgement"),
    ("2⅓", "not-a-judgement"),
    ("3²", "not-a-judgement"),
    ("three", "not-a-judgement"),
    ("nan", "not-a-judgement"),
    ("1e0", "not-a-judgement"),
    ("1e999999999", "not-a-judgement"),
    ("9" * 199, "not-a-judgement"),
    ("=1/3", "not-a-judgement"),
    ("3-Jan", "date"),
    ("Jan-03", "date"),
    ("1月3日", "date"),
    ("2026-01-03", "date"),
    ("01/03/2026", "date"),
    ("46025", "date"),
    ("", "no-judgement"),
]


@pytest.mark.parametrize(("cell", "code"), JUDGEMENTS, ids=[cell[:12] for cell, _ in JUDGEMENTS])
def test_a_judgement_that_is_not_on_the_scale(faults, cell, code):
    [fault] = faults(**edited("comparisons", "dust,soot,4", f"dust,soot,{cell}"))

    assert (fault.file, fault.line, fault.column) == ("comparisons.csv", 3, "judgement")
    assert fault.code == code
    assert "1 to 9" in sentence(fault) or code == "no-judgement"


@pytest.mark.parametrize(
    ("cell", "steps"),
    [
        *[
            ("1/9", -8),
            ("5.0", 4),
            ("0.2", -4),
            ("1", 0),
            ("2/6", -2),
            ("9", 8),
            ("１/３", -2),
            ("١/٣", -2),
            ("۷", 6),
        ],
        *[("0.3333333333333333", -2), ("0.142857142857143", -6), (" 7 ", 6)],
        *[("1 / 3", -2), ("⅓", -2), ("3:1", 2), ("1:3", -2), ("３：１", 2), ("1⁄9", -8)],
        *[('"0,333333333333333"', -2), ('"5,0"', 4)],
    ],
)
def test_a_judgement_may_be_written_in_several_ways(small, cell, steps):
    study = read_folder(small(**edited("comparisons", "dust,soot,4", f"dust,soot,{cell}"))).study

    assert study.judgements[1].steps == steps


def test_what_was_found_is_isolated_in_a_sentence_that_runs_from_the_right(faults):
    """Its dots and hyphens would appear at its other end; plain integers need no isolation."""
    [fault] = faults(**edited("comparisons", "dust,soot,4", "dust,soot,-3."))

    said = sentence(
        fault, lambda template: "«%(found)s» خطأ" if "%(found)s" in template else template
    )

    assert "«\u2068-3.\u2069» خطأ" in said
    assert sentence(fault, lambda template: template).count("\u2068") == 0


def test_a_pair_judged_twice_in_opposite_directions(faults):
    [fault] = faults(**added("comparisons", "E1,air,ozone,dust,1/2"))

    assert fault.code == "judged-twice-opposite"
    assert fault.line == 9
    assert sentence(fault) == (
        "comparisons.csv, line 9, column judgement: “E1” compared “ozone” with “dust” "
        "in line 2 already, in the opposite direction; expected once."
    )


def test_a_pair_judged_twice_in_the_same_direction_even_when_they_agree(faults):
    [fault] = faults(**added("comparisons", "E1,air,dust,ozone,2"))

    assert (fault.code, fault.line, fault.data["other"]) == ("judged-twice", 9, 2)


LABELS = [
    (("comparisons", "E1,air,dust,soot", "e1,air,dust,soot"), "expert", "E1"),
    (("comparisons", "E1,air,dust,soot", "E1,iar,dust,soot"), "parent", "air"),
    (("comparisons", "E1,air,dust,soot", "E1,air,dusk,soot"), "a", "dust"),
    (("comparisons", "E1,air,dust,soot", "E1,air,dust,sooth"), "b", "soot"),
    (("points", "air,soot", "air,sot"), "item", "soot"),
    (("indicators", "lead,water", "lead,watre"), "group", "water"),
    (("rungs", "dust,1", "dusst,1"), "indicator", "dust"),
    (("levels", "oslo", "olso"), "city", "oslo"),
    (("tables", "air water", "air waters"), "groups", "water"),
]


@pytest.mark.parametrize(("edit", "column", "meant"), LABELS)
def test_an_unknown_label_is_named_with_the_nearest_known_one(faults, edit, column, meant):
    found = faults(**edited(*edit))

    [fault] = [fault for fault in found if fault.code == "unknown-nearest"]
    assert fault.file == f"{edit[0]}.csv"
    assert fault.column == column
    assert fault.data["nearest"] == meant


def test_an_unknown_label_like_no_other(faults):
    [fault] = faults(**edited("comparisons", "E1,air,dust,soot", "Zhang,air,dust,soot"))

    assert sentence(fault) == (
        "comparisons.csv, line 3, column expert: “Zhang” is not in panel.csv."
    )


#: The fault; the edit; its place; the words that its sentence must have.
CASES = {
    "not a child": (
        edited("comparisons", "E1,air,dust,soot", "E1,air,lead,soot"),
        ("comparisons.csv", 3, "a", "not-a-child"),
        "“lead” is not in “air”; expected one of dust, ozone, soot",
    ),
    "compared with itself": (
        edited("comparisons", "E1,air,dust,soot", "E1,air,dust,dust"),
        ("comparisons.csv", 3, "b", "itself"),
        "“dust” is compared with itself",
    ),
    "above the top": (
        edited("levels", "lyon,2", "lyon,3"),
        ("levels.csv", 2, "dust", "above-the-top"),
        "level 3 is above the ladder of “dust”; expected 0 to 2",
    ),
    "not whole": (
        edited("levels", "lyon,2", "lyon,1.5"),
        ("levels.csv", 2, "dust", "not-a-level"),
        "“1.5” is not a level; expected a whole number 0 to 2",
    ),
    "negative": (
        edited("levels", "lyon,2", "lyon,-1"),
        ("levels.csv", 2, "dust", "not-a-level"),
        "“-1” is not a level",
    ),
    "a city twice": (
        added("cities", "lyon,Lyon,,,,,"),
        ("cities.csv", 6, "city", "code-twice"),
        "“lyon” is already in line 2",
    ),
    "levels of a city twice": (
        added("levels", "lyon,1,1,1,1"),
        ("levels.csv", 6, "city", "code-twice"),
        "“lyon” is already in line 2",
    ),
    "an expert twice": (
        added("panel", "E1,air,en,pairwise"),
        ("panel.csv", 5, "expert", "code-twice"),
        "“E1” is already in line 2",
    ),
    "a group named as an indicator": (
        added("indicators", "air,water,Air,,1"),
        ("indicators.csv", 6, "code", "reserved-code"),
        "“air” is a reserved word",
    ),
    "a group named goal": (
        added("groups", "goal,Goal,"),
        ("groups.csv", 4, "code", "reserved-code"),
        "“goal” is a reserved word",
    ),
    "a code with a blank": (
        added("panel", "E 9,air,en,pairwise"),
        ("panel.csv", 5, "expert", "malformed-code"),
        "“E 9” cannot be a code",
    ),
    "no code": (
        added("panel", ",air,en,pairwise"),
        ("panel.csv", 5, "expert", "no-code"),
        "expected a code",
    ),
    "a height of 0": (
        edited("indicators", "Suie,1", "Suie,0"),
        ("indicators.csv", 4, "levels", "not-a-height"),
        "“0” is not a number of rungs; expected a whole number from 1 to 99",
    ),
    "a height of 2.5": (
        edited("indicators", "Suie,1", "Suie,2.5"),
        ("indicators.csv", 4, "levels", "not-a-height"),
        "“2.5” is not a number of rungs",
    ),
    "a rung above the top": (
        added("rungs", "dust,3,Clean"),
        ("rungs.csv", 9, "level", "not-a-rung"),
        "“3” is not a rung of “dust”; expected 1 to 2",
    ),
    "a rung twice": (
        added("rungs", "dust,2,Clean"),
        ("rungs.csv", 9, "level", "rung-twice"),
        "rung 2 of “dust” is already in line 3",
    ),
    "a rung missing": (
        edited("rungs", "lead,3,Falling\n", ""),
        ("rungs.csv", 0, "", "missing-rungs"),
        "the ladder of “lead” has 5 rungs, and rung 3 is not described",
    ),
    "a group without indicators": (
        added("groups", "soil,Soil,"),
        ("groups.csv", 4, "code", "childless-group"),
        "group “soil” has no indicator",
    ),
    "negative points": (
        edited("points", "ozone,50", "ozone,-50"),
        ("points.csv", 3, "points", "not-points"),
        "“-50” is not a number of points; expected 0 to 100",
    ),
    "points in words": (
        edited("points", "ozone,50", "ozone,half"),
        ("points.csv", 3, "points", "not-points"),
        "“half” is not a number of points",
    ),
    "points that are not a number": (
        edited("points", "ozone,50", "ozone,nan"),
        ("points.csv", 3, "points", "not-points"),
        "“nan” is not a number of points",
    ),
    "points that do not sum to 100": (
        edited("points", "ozone,50", "ozone,49.5"),
        ("points.csv", 2, "points", "not-a-hundred"),
        "the points of “E3” under “air” (lines 2, 3, 4) sum to 99.5; expected 100",
    ),
    "points twice": (
        added("points", "E3,goal,water,70"),
        ("points.csv", 7, "item", "points-twice"),
        "“E3” gave points to “water” in line 6 already",
    ),
    "points missing": (
        edited("points", "E3,air,soot,0\n", ""),
        ("points.csv", 2, "item", "missing-points"),
        "gave points under “air”, but none to soot",
    ),
    "comparisons of a direct expert": (
        added("comparisons", "E3,air,dust,ozone,2", "E3,air,dust,soot,2"),
        ("comparisons.csv", 9, "expert", "pairs-of-direct"),
        "“E3” answers with points (panel.csv), but has comparisons",
    ),
    "points of a pairwise expert": (
        added("points", "E1,goal,air,50", "E1,goal,water,50"),
        ("points.csv", 7, "expert", "points-of-pairwise"),
        "“E1” answers in pairs (panel.csv), but has points",
    ),
    "another way to answer": (
        edited("panel", "fr,pairwise", "fr,Pairs"),
        ("panel.csv", 3, "method", "not-a-method"),
        "“Pairs” is not a way to answer; expected pairwise, direct, best-worst or rating",
    ),
    "a seed that is none": (
        {
            "panel": "expert,direction,language,method,seed\n"
            "E1,air,en,pairwise,7\nE2,water,fr,pairwise,2147483648\nE3,water,en,direct,\n"
        },
        ("panel.csv", 3, "seed", "not-a-seed"),
        "“2147483648” is not a seed; expected a whole number 0 to 2147483647, or nothing",
    ),
    "a malformed language": (
        edited("panel", "water,fr", "water,french!"),
        ("panel.csv", 3, "language", "not-a-language"),
        "“french!” is not a language code",
    ),
    "an empty panel": (
        {"panel": "expert,direction,language,method\n", "comparisons": FILES["comparisons.csv"]},
        ("panel.csv", 0, "", "empty-panel"),
        "the panel is empty",
    ),
    "a latitude beyond the pole": (
        edited("cities", "45.75", "95.75"),
        ("cities.csv", 2, "latitude", "not-in-range"),
        "“95.75” is not a number from -90 to 90",
    ),
    "half a place": (
        edited("cities", "45.75", ""),
        ("cities.csv", 2, "latitude", "half-a-place"),
        "one of latitude and longitude is empty",
    ),
    "a capital in other words": (
        edited("cities", "FR,0", "FR,maybe"),
        ("cities.csv", 2, "capital", "not-yes-or-no"),
        "“maybe” is neither 1 nor 0",
    ),
    "a table of nothing": (
        edited("tables", "air-only,Air,air", "air-only,Air,"),
        ("tables.csv", 3, "groups", "no-groups-summed"),
        "the table sums no group",
    ),
    "a table that sums a group twice": (
        edited("tables", "air water", "air water air"),
        ("tables.csv", 2, "groups", "group-twice"),
        "group “air” is named twice",
    ),
    "a missing file": (
        {"levels": None},
        ("levels.csv", 0, "", "no-such-file"),
        "the file is missing; a study folder holds it",
    ),
    "an empty file": (
        {"tables": ""},
        ("tables.csv", 0, "", "no-header"),
        "the file is empty; expected a header line with table, groups",
    ),
    "a missing column": (
        edited("comparisons", "judgement", "judgment"),
        ("comparisons.csv", 1, "", "no-column-nearest"),
        "there is no column “judgement”; the header has “judgment”",
    ),
    "a missing indicator among the levels": (
        edited("levels", "soot", "smoke"),
        ("levels.csv", 1, "", "no-column"),
        "there is no column “soot”",
    ),
    "a column twice": (
        edited("levels", "soot,", "dust,"),
        ("levels.csv", 1, "dust", "column-twice"),
        "two columns have this name",
    ),
    "a malformed language of a column": (
        edited("groups", "name_fr", "name_french"),
        ("groups.csv", 1, "name_french", "not-a-language"),
        "“french” is not a language code",
    ),
    "a line with too few cells": (
        edited("levels", "cairo,1,0,0,2", "cairo,1,0,0"),
        ("levels.csv", 3, "", "ragged"),
        "the line has 4 cells; the header has 5",
    ),
    "a line with too many cells": (
        edited("levels", "cairo,1,0,0,2", "cairo,1,0,0,2,1"),
        ("levels.csv", 3, "", "ragged"),
        "the line has 6 cells; the header has 5",
    ),
    "bars between the cells": (
        {"levels": FILES["levels.csv"].replace(",", "|")},
        ("levels.csv", 1, "", "wrong-separator"),
        "separated by “|”; expected commas, semicolons or tabs",
    ),
    "one line with semicolons": (
        edited("levels", "cairo,1,0,0,2", "cairo;1;0;0;2"),
        ("levels.csv", 3, "", "mixed-separators"),
        "of this line are separated by “;”, those of the header by “,”",
    ),
    "one line with commas among semicolons": (
        {"levels": FILES["levels.csv"].replace(",", ";").replace("cairo;1;0;0;2", "cairo,1,0,0,2")},
        ("levels.csv", 3, "", "mixed-separators"),
        "of this line are separated by “,”, those of the header by “;”",
    ),
    "a quote that does not end": (
        edited("tables", "air-only,Air", 'air-only,"Air'),
        ("tables.csv", 3, "", "not-csv"),
        "the cells cannot be told apart",
    ),
    "a NUL character": (
        edited("cities", "Lima,PE", "Lima\0,PE"),
        ("cities.csv", 5, "", "nul"),
        "there is a NUL character here",
    ),
    "a table called as another's column of ranks": (
        edited("tables", "air-only,", "rank_all,"),
        ("tables.csv", 3, "table", "reserved-code"),
        "“rank_all” is a reserved word",
    ),
    "cells of a column without a name": (
        edited("tables", "table,name_en,groups", "table,,groups"),
        ("tables.csv", 1, "", "unnamed-column"),
        "column 2 has cells, but no name",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_named_where_it_is(faults, name):
    changed, place, words = CASES[name]

    found = faults(**changed)

    named = [fault for fault in found if (fault.file, fault.line, fault.column) == place[:3]]
    assert place[3] in [fault.code for fault in named]
    assert any(words in sentence(fault) for fault in named)


@pytest.mark.parametrize("name", ["level.csv", "LEVELS.CSV"])
def test_a_file_that_is_perhaps_the_missing_one_is_named(small, name):
    folder = small(levels=None)
    (folder / name).write_text(FILES["levels.csv"])

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert str(refusal.value) == (
        f"levels.csv: the file is missing; there is “{name}”: is that it?"
    )


ABSTENTIONS = "expert,parent,a,b,reason\n"


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("E1,air,dust,ozone,both-unknown", "expert", "judged-and-abstained"),
        ("E1,air,ozone,dust,both-unknown", "expert", "judged-and-abstained"),
        ("E1,air,,,both-unknown", "expert", "judged-and-abstained"),
        ("E3,goal,,,both-unknown", "expert", "judged-and-abstained"),
        ("E3,water,lead,,x", "b", "half-a-pair"),
        ("E3,air,dust,soot,x", "a", "pair-of-direct"),
        ("E2,air,dust,dust,x", "b", "itself"),
        ("E4,air,,,x", "expert", "unknown"),
    ],
)
def test_a_faulty_abstention(faults, line, column, code):
    [fault] = faults(abstentions=f"{ABSTENTIONS}{line}\n")

    assert (fault.file, fault.line, fault.column, fault.code) == (
        "abstentions.csv",
        2,
        column,
        code,
    )


def test_an_abstention_said_twice(faults):
    lines = "E2,air,dust,soot,both-unknown\nE2,air,soot,dust,first-unknown\n"

    [fault] = faults(abstentions=ABSTENTIONS + lines)

    assert (fault.line, fault.code, fault.data["other"]) == (3, "abstained-twice", 2)


def test_an_abstention_turned_round_changes_the_side_it_does_not_know(small):
    folder = small(abstentions=ABSTENTIONS + "E2,air,soot,dust,first-unknown\n")

    [abstention] = read_folder(folder).study.abstentions

    assert (abstention.first, abstention.second) == ("dust", "soot")
    assert abstention.reason == "second-unknown"


def test_every_fault_is_named_at_once_in_the_order_of_reading(small):
    folder = small(
        **edited("comparisons", "dust,soot,4", "dust,soot,0"),
        **edited("levels", "lyon,2", "lyon,3"),
        **edited("points", "ozone,50", "ozone,49"),
        **edited("tables", "air water", "air fire"),
    )

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert [(fault.file, fault.line) for fault in refusal.value.faults] == [
        ("comparisons.csv", 3),
        ("points.csv", 2),
        ("levels.csv", 2),
        ("tables.csv", 2),
    ]


def test_a_cause_comes_before_the_faults_that_follow_from_it(faults):
    """Else 200 answers that name the group would be said, and not why they cannot."""
    first, *others = faults(**edited("groups", "air,", "=air,"))

    assert (first.file, first.line, first.code) == ("groups.csv", 2, "malformed-code")
    assert {fault.file for fault in others} > {"comparisons.csv", "points.csv"}
    assert all(fault.data.get("where") != "indicators.csv" for fault in others)


def test_faults_of_the_framework_do_not_blame_the_answers(faults):
    assert {fault.file for fault in faults(groups=None)} == {"groups.csv"}


def test_faults_of_the_indicators_do_not_blame_the_answers(faults):
    assert {fault.file for fault in faults(indicators=None)} == {"indicators.csv"}


def test_a_faulty_panel_does_not_blame_the_answers(faults):
    found = faults(panel=FILES["panel.csv"].replace("expert", "name"))

    assert [(fault.file, fault.code) for fault in found] == [("panel.csv", "no-column")]


def test_a_sentence_bounds_and_spells_out_what_it_repeats(faults):
    hostile = "\u202e" + "x" * 150

    [fault] = faults(**edited("comparisons", "dust,soot,4", f"dust,soot,{hostile}"))

    assert "\\u{202e}" in sentence(fault)
    assert len(sentence(fault)) < 250


def test_no_more_than_200_sentences_are_said(small):
    lines = "".join(f"X{number},air,dust,ozone,0\n" for number in range(300))
    folder = small(comparisons=FILES["comparisons.csv"] + lines)

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert len(refusal.value.faults) == 600
    assert len(str(refusal.value).splitlines()) == 201
    # 300 unknown experts, and one cause for 300 judgements of 0.
    assert str(refusal.value).splitlines()[-1] == "… and 101 more."


def test_a_large_table_of_unknown_labels_is_refused_quickly(faults):
    """Looking for the nearest of 5,000 labels 5,000 times would take minutes."""
    cities = "".join(f"city-number-{number},X\n" for number in range(5000))
    levels = "".join(f"citynumber-{number},1,1,1,1\n" for number in range(5000))
    began = time.process_time()

    found = faults(cities=f"city,name_en\n{cities}", levels=f"city,dust,ozone,soot,lead\n{levels}")

    assert len(found) == 5000
    assert found[0].data["nearest"] == "city-number-0"
    assert time.process_time() - began < 2


def test_a_sentence_says_every_datum_it_is_given_a_place_for():
    placeholders = {
        name for text in SENTENCES.values() for name in re.findall(r"%\((\w+)\)s", text)
    }

    for code, text in SENTENCES.items():
        assert text % dict.fromkeys(placeholders, "x"), code
