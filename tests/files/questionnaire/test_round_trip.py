"""Round trip of a questionnaire: the answers read are those given."""

import io
import random
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import values
from survey.files.questionnaire.answers import GroupAnswer, PairAnswer, changes_of, stored_answers
from survey.web.locale import LANGUAGES
from tests.files.questionnaire.files import (
    find,
    lists_of,
    opened,
    pairs_of,
    questionnaires,
    read,
    sheet,
    write,
)
from tests.worlds import cast

languages = st.sampled_from([language.code for language in LANGUAGES])

SAID = {
    ("wired", "wireless"): (2, "=a reason, 理由", None),
    ("wired", "ai"): (-8, "", None),
    ("wireless", "ai"): (None, "", "second-unknown"),
    ("digital", "civic"): (0, "", None),
}


@settings(max_examples=40)
@given(questionnaires(), languages, languages)
def test_what_was_said_is_what_is_read(questionnaire, written_in, read_in):
    """Names, reasons and numbers of any study, read in any language."""
    sheets = opened(write(questionnaire, written_in))

    filled = read(sheets, questionnaire, read_in)

    stored = stored_answers(questionnaire)
    assert list(changes_of(filled, stored, {})) == []
    assert {key for key, answer in stored.items() if answer != GroupAnswer()} <= filled.keys()


@settings(max_examples=25)
@given(questionnaires(), languages, st.randoms(use_true_random=False))
def test_the_order_of_sheets_lines_and_columns_and_their_names_mean_nothing(
    questionnaire, written_in, chance: random.Random
):
    sheets = [
        ("Tabelle " + str(n), rows)
        for n, (_, rows) in enumerate(opened(write(questionnaire, written_in)))
    ]
    for _name, rows in sheets:
        width = max(map(len, rows), default=0)
        order = list(range(width))
        chance.shuffle(order)
        rows[:] = [[(row + [""] * width)[place] for place in order] for row in rows]
        below = rows[4:]
        chance.shuffle(below)
        rows[4:] = below
    chance.shuffle(sheets)

    filled = read(sheets, questionnaire)

    assert list(changes_of(filled, stored_answers(questionnaire), {})) == []


def test_the_same_answers_give_the_same_bytes():
    questionnaire = pairs_of(said=SAID)

    assert write(questionnaire, "zh") == write(questionnaire, "zh")


def test_a_line_says_which_version_of_the_answer_it_was_written_from():
    questionnaire = pairs_of(said=SAID)
    versions = {question.id: 3 for question in questionnaire.questions} | {"civic": 2}

    filled = read(opened(write(questionnaire, versions=versions)), questionnaire)

    assert {filled[q.id].version for q in questionnaire.questions if q.answered} == {3}
    assert filled["civic"].version == 2


def test_a_file_is_read_by_its_visible_cells_when_the_hidden_ones_are_gone():
    questionnaire = pairs_of(said=SAID)
    sheets = opened(write(questionnaire))
    for _name, rows in sheets:
        rows[:] = [row[:5] for row in rows]

    filled = read(sheets, questionnaire)

    wired = questionnaire.questions[0]
    assert filled[wired.id].answer == PairAnswer(2, "=a reason, 理由")
    assert filled[wired.id].version is None


@pytest.mark.parametrize(
    "label",
    ["无线网", " WIRELESS  network ", "wireless", "Ｗireless Network", "\u2067无线网\u2069"],
)
def test_an_item_is_known_by_its_name_in_any_language_of_the_study(label):
    questionnaire = pairs_of()
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Digital")
    row, column = find(rows, "Wired network", "Wireless network")
    rows[row][column] = label
    rows[row][2:4] = [label, "3"]

    filled = read(sheets, questionnaire)

    assert filled[questionnaire.questions[0].id].answer == PairAnswer(-2)


@pytest.mark.parametrize(
    "strength",
    [
        "a little more · 3 times",
        "a little more",
        "A LITTLE MORE",
        "略大",
        "略重 · 3 倍",
        "a word of before · 3 times",
        "3 times",
        "3",
        3.0,
        "３",
        "٣",
        "۳",
        " 3 ",
    ],
)
def test_a_strength_is_known_by_its_word_or_its_figure(strength):
    questionnaire = pairs_of()
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Digital")
    row, _ = find(rows, "Wired network", "Wireless network")
    rows[row][2:4] = ["Wired network", strength]

    filled = read(sheets, questionnaire)

    assert filled[questionnaire.questions[0].id].answer == PairAnswer(2)


@pytest.mark.parametrize("number", [12.5, "12.50", "12,5", "１２．５", "١٢٫٥", "۱۲٫۵", " 12.5 "])
def test_points_are_numbers_in_the_digits_of_any_script(number):
    questionnaire = lists_of()
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Civic")
    row, column = find(rows, "Water")
    rows[row][column + 1] = number

    assert read(sheets, questionnaire)["civic"].answer == GroupAnswer(None, {"water": 12.5})


@pytest.mark.parametrize("name", ["Twins", "Both count the same"])
def test_items_of_one_name_are_told_apart_by_their_codes(name):
    """Also from the words of an answer: an item may be called “Both count the same”."""
    framework = values.Framework(
        (values.Group("g", {"en": "G"}),),
        tuple(values.Indicator(code, "g", {"en": name}, 1) for code in ("a", "b")),
    )
    questionnaire = pairs_of(framework, {("a", "b"): (-4, "", None)})
    sheets = opened(write(questionnaire))

    filled = read(sheets, questionnaire)

    assert sheet(sheets, "G")[4][:3] == [f"{name} (a)", f"{name} (b)", f"{name} (b)"]
    assert filled[questionnaire.questions[0].id].answer == PairAnswer(-4)


def test_what_a_file_leaves_empty_it_does_not_answer():
    """A deleted line is an empty one."""
    questionnaire = pairs_of(said=SAID)
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Digital")
    del rows[4]
    rows[4][2:5] = ["", "", ""]

    filled = read(sheets, questionnaire)

    assert [q.id in filled for q in questionnaire.questions[:3]] == [False, False, True]


def test_the_sum_of_a_list_is_no_line_of_it():
    questionnaire = lists_of(points={"water": 60.0, "health": 40.0})

    filled = read(opened(write(questionnaire)), questionnaire)

    assert filled["civic"].answer == GroupAnswer(None, {"water": 60.0, "health": 40.0})


def test_a_judgement_of_a_group_takes_back_the_abstention_from_it():
    questionnaire = lists_of(points={"water": 60.0}, left={"civic": "why"})
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Civic")
    row, column = find(rows, "yes")
    rows[row][column] = "no"

    changes = list(changes_of(read(sheets, questionnaire), stored_answers(questionnaire), {}))

    assert [change.filed for change in changes] == [GroupAnswer(None, {"water": 60.0})]


def test_a_list_has_no_column_of_reasons_and_one_place_for_why_the_expert_judges_nothing():
    questionnaire = lists_of(left={"civic": "why"})
    sheets = opened(write(questionnaire))
    rows = sheet(sheets, "Civic")
    row, column = find(rows, "Reason (optional)")

    assert (row > find(rows, "I cannot judge this whole group")[0], column) == (True, 0)
    rows[row][1] = "another"
    assert read(sheets, questionnaire)["civic"].answer == GroupAnswer("another")


def test_every_language_writes_every_sheet():
    for language in LANGUAGES:
        names = [name for name, _ in opened(write(lists_of(cast.FRAMEWORK), language.code))]
        assert len(names) == 5


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_only_the_answers_can_be_written_and_are_chosen_from_lists():
    parts = parts_of(write(pairs_of(said=SAID)))
    sheet = parts["xl/worksheets/sheet2.xml"]

    assert "<sheetProtection " in sheet
    # Side and strength of three pairs, and whether the expert abstains in the group.
    assert sheet.count('<dataValidation type="list"') == 7
    assert re.search(r'<col min="6" max="14"[^>]* hidden="1"', sheet)
    assert '<pane ySplit="4"' in sheet


def test_nothing_in_a_file_is_a_formula_but_the_sum():
    """Names and reasons that begin with = stay text."""
    framework = values.Framework(
        (values.Group("g", {"en": "=1+1"}),),
        tuple(values.Indicator(c, "g", {"en": f"=cmd|{c}"}, 1) for c in ("a", "b")),
    )
    pairs = parts_of(write(pairs_of(framework, {("a", "b"): (1, "=HYPERLINK(1)", None)})))
    points = parts_of(write(lists_of(framework, {"a": 40.0})))

    assert not any("<f>" in part for part in pairs.values())
    assert sum(part.count("<f>") for part in points.values()) == 1


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_sheet_runs_as_its_language_does(language):
    sheet = parts_of(write(pairs_of(), language.code))["xl/worksheets/sheet2.xml"]

    assert ('rightToLeft="1"' in sheet) is (language.direction == "rtl")
