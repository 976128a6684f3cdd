"""A questionnaire in which something is wrong is refused: by sheet and cell, found and expected."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from survey.files.questionnaire import cells, faults
from survey.files.questionnaire.answers import PairAnswer
from survey.files.questionnaire.faults import FaultyFile
from survey.files.questionnaire.tongues import tongue
from survey.files.questionnaire.unpacking import unpack
from survey.values import RATING
from tests.files.questionnaire.files import (
    find,
    lists_of,
    opened,
    pairs_of,
    read,
    refused,
    sheet,
    write,
)

DATE = {"date": "2024-03-01"}


def changed(line, **given):
    """Return the English file of the small study with one line of “Digital” changed."""
    sheets = opened(write(pairs_of()))
    rows = sheet(sheets, "Digital")
    row, _ = find(rows, *line)
    columns = {"first": 0, "second": 1, "more": 2, "much": 3, "reason": 4}
    for name, value in given.items():
        rows[row][columns[name]] = value
    return sheets


WIRED = ("Wired network", "Wireless network")
OPTIONS = "Both count the same / I cannot judge this pair"


@pytest.mark.parametrize(
    ("given", "cell", "says"),
    [
        ({"more": "Water"}, "C5", "“Water” is none of the answers. Expected Wired network"),
        ({"more": "x"}, "C5", OPTIONS),
        ({"more": DATE}, "C5", "The spreadsheet has made a date of this: 2024-03-01."),
        ({"much": "3"}, "C5", "The cell is empty, but the row has an answer."),
        ({"reason": "because"}, "C5", "The cell is empty, but the row has an answer."),
        ({"more": "Wired network"}, "D5", "Expected how much more “Wired network” counts."),
        ({"more": "Wired network", "much": "1"}, "D5", "“1” is not on the scale."),
        ({"more": "Wired network", "much": 10.0}, "D5", "“10” is not on the scale."),
        ({"more": "Wired network", "much": "-3"}, "D5", "“-3” is not on the scale."),
        ({"more": "Wired network", "much": 2.5}, "D5", "a little more · 3 times"),
        ({"more": "Wired network", "much": True}, "D5", "“TRUE” is not on the scale."),
        ({"more": "Wired network", "much": DATE}, "D5", "has made a date of this: 2024-03-01"),
        (
            {"more": "Both count the same", "much": "3"},
            "D5",
            "“3” does not go with “Both count the same”.",
        ),
        ({"more": "I cannot judge this pair", "much": "3"}, "D5", "does not go with"),
        (
            {"more": "Wired network", "much": "3", "reason": "x" * 2001},
            "E5",
            "The text has 2001 characters. Expected at most 2000.",
        ),
        (
            {"more": "Wired network", "much": "3", "reason": "be\0cause"},
            "E5",
            "The text holds the character NUL (U+0000)",
        ),
        ({"first": ""}, "A5", "The cell is empty. Expected the name of what is compared."),
        ({"first": "Tram"}, "A5", "“Tram” is not in this questionnaire."),
        ({"first": "Wired netwerk"}, "A5", "Did you mean “Wired network”?"),
        ({"first": DATE}, "A5", "“2024-03-01” is not in this questionnaire."),
        ({"second": "Water"}, "A5", "“Wired network” and “Water” are not compared with each other"),
        ({"second": "Wired network"}, "A5", "are not compared with each other here."),
    ],
    ids=str,
)
def test_a_cell_that_cannot_be_meant_is_named(given, cell, says):
    (where, what), *others = refused(changed(WIRED, **given), pairs_of())

    assert where == f"Sheet “1 Digital”, cell {cell}"
    assert says in what
    assert others == []


@pytest.mark.parametrize("number", [-1.0, 101.0, "abc", "1e2", "NaN", True, "100.5", "5 %"])
def test_points_that_are_none_are_named(number):
    sheets = opened(write(lists_of()))
    rows = sheet(sheets, "Civic")
    row, column = find(rows, "Water")
    rows[row][column + 1] = number

    (where, what), *others = refused(sheets, lists_of())

    assert where == "Sheet “2 Civic”, cell B5"
    assert "is not a number from 0 to 100" in what
    assert others == []


@pytest.mark.parametrize("number", [-0.5, 10.5, 7.3, "11", "many"])
def test_a_rating_that_is_none_is_named(number):
    sheets = opened(write(lists_of(kind=RATING)))
    sheet(sheets, "Civic")[4][1] = number

    ((where, what),) = refused(sheets, lists_of(kind=RATING))

    assert where == "Sheet “2 Civic”, cell B5"
    assert "is not a number from 0 to 10 in steps of a half" in what


def test_a_file_that_asks_in_another_way_is_told_apart():
    """The expert chose another way to answer after the download."""
    said = refused(opened(write(lists_of())), lists_of(kind=RATING))
    said += refused(opened(write(lists_of())), pairs_of())

    assert len(said) == 6
    assert all("download it again" in what for _, what in said)


def test_points_of_which_a_date_was_made_are_named():
    sheets = opened(write(lists_of()))
    rows = sheet(sheets, "Civic")
    rows[4][1] = DATE

    ((where, what),) = refused(sheets, lists_of())

    assert where == "Sheet “2 Civic”, cell B5"
    assert "made a date of this: 2024-03-01. Expected 0 – 100." in what


def test_among_arabic_letters_each_thing_that_is_expected_runs_its_own_way():
    with pytest.raises(FaultyFile) as error:
        read(changed(WIRED, more="x"), pairs_of())

    said = faults.sentence(error.value.faults[0], tongue("ar").say)

    assert "\u2068Both count the same\u2069 / " in said


def test_everything_that_is_wrong_is_said_at_once():
    sheets = changed(WIRED, more="x")
    rows = sheet(sheets, "Civic")
    rows[4][2] = "y"

    assert [where for where, _ in refused(sheets, pairs_of())] == [
        "Sheet “1 Digital”, cell C5",
        "Sheet “2 Civic”, cell C5",
    ]


def test_a_pair_that_is_answered_in_two_ways_is_named_with_both_places():
    sheets = changed(WIRED, more="Wired network", much="3")
    rows = sheet(sheets, "Digital")
    rows.append([*rows[4][:3], "5"])

    ((where, what),) = refused(sheets, pairs_of())

    assert where.endswith(f"C{len(rows)}")
    assert what == "This question has a different answer in sheet “1 Digital”, cell C5."


def test_a_pair_that_is_answered_twice_alike_is_answered_once():
    sheets = changed(WIRED, more="Wired network", much="3")
    rows = sheet(sheets, "Digital")
    rows.append(["Wireless network", "Wired network", "Wired network", 3.0])

    filled = read(sheets, pairs_of())

    assert filled[pairs_of().questions[0].id].answer == PairAnswer(2)


@pytest.mark.parametrize(
    "heading", ["First item", "Second item", "Which counts more?", "How much more?"]
)
def test_a_column_that_is_gone_is_named(heading):
    sheets = opened(write(pairs_of()))
    rows = sheet(sheets, "Digital")
    row, column = find(rows, heading)
    rows[row][column] = ""

    ((where, what),) = refused(sheets, pairs_of())

    assert where == "Sheet “1 Digital”"
    assert f"There is no column “{heading}”" in what


def test_a_column_that_is_there_twice_is_named():
    sheets = opened(write(pairs_of()))
    rows = sheet(sheets, "Digital")
    rows[3][4] = "大多少？"

    ((where, what),) = refused(sheets, pairs_of())

    assert where == "Sheet “1 Digital”, cell E4"
    assert what == "There are two columns “How much more?”. Expected one."


def test_the_file_of_another_expert_or_round_is_refused():
    sheets = opened(write(pairs_of(), owner="pilot/CY/1"))

    said = refused(sheets, pairs_of())

    assert {what for _, what in said} == {
        "This file was made for another questionnaire: pilot/CY/1. Expected pilot/ANN/1."
    }


def test_a_line_that_leaves_an_unknown_group_is_named():
    sheets = opened(write(pairs_of()))
    rows = sheet(sheets, "Civic")
    row, _ = find(rows, "I cannot judge this whole group")
    rows[row][2:6] = ["yes", "", "", ""]
    del rows[4]

    ((where, what),) = refused(sheets, pairs_of())

    assert where == f"Sheet “2 Civic”, cell A{row}"
    assert "It is not clear which group" in what


# ---------------------------------------------------------------- files


def workbook_of(fill):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book)
    return target.getvalue()


def zip_of(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def wide(book):
    page = book.add_worksheet("a")
    page.write(0, 0, 1)
    page.write(0, 16_000, 1)


def tall(book):
    page = book.add_worksheet("a")
    page.write(0, 0, 1)
    page.write(1_000_000, 0, 1)


def vast(book):
    page = book.add_worksheet("a")
    page.write(0, 0, 1)
    page.write(1_000_000, 16_000, 1)


def wordy(book):
    """Return a workbook with one long text in many cells."""
    page = book.add_worksheet("a")
    for row in range(200):
        page.write_string(row, 0, "x" * 32_000)


XML = "[Content_Types].xml"

FILES = {
    "nothing": (b"", "empty"),
    "text": (b"First item,Second item\nWired,Wireless\n", "not-a-workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old-workbook"),
    "ods": (
        zip_of(mimetype="application/vnd.oasis.opendocument", **{"content.xml": "<a/>"}),
        "opendocument",
    ),
    "xlsb": (zip_of(**{XML: "", "xl/workbook.bin": ""}), "binary-workbook"),
    "another zip": (zip_of(a="b"), "not-a-workbook"),
    "half a file": (write(pairs_of())[:4000], "not-a-workbook"),
    "no workbook in it": (zip_of(**{XML: "<Types/>"}), "damaged"),
    "broken xml": (zip_of(**{XML: "<", "xl/workbook.xml": "<a><", "_rels/.rels": "x"}), "damaged"),
    "a bomb": (zip_of(**{XML: "", "xl/workbook.xml": bytes(17 * 2**20)}), "too-large-unpacked"),
    "many parts": (zip_of(**{XML: ""}, **{f"a{n}": "" for n in range(201)}), "too-many-parts"),
    "too wide": (workbook_of(wide), "too-many-columns"),
    "too tall": (workbook_of(tall), "too-many-rows"),
    "both": (workbook_of(vast), "damaged"),
    "too wordy": (workbook_of(wordy), "too-much-text"),
}


@pytest.mark.parametrize(("content", "code"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_questionnaire_is_refused_for_what_it_is(content, code):
    with pytest.raises(FaultyFile) as error:
        unpack(content)

    assert [fault.code for fault in error.value.faults] == [code]
    assert faults.sentence(error.value.faults[0])


def test_an_archive_that_lies_about_its_size_ends_the_process_not_the_service(monkeypatch):
    """The stated sizes are checked; the real ones are limited by the process."""
    content = bytearray(zip_of(**{XML: "<Types/>", "xl/workbook.xml": bytes(600 * 2**20)}))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 1)

    with pytest.raises(FaultyFile) as error:
        unpack(bytes(content))

    assert error.value.faults[0].code in ("damaged", "not-a-workbook")


def test_who_reads_for_too_long_is_given_up_on(monkeypatch):
    monkeypatch.setattr(cells, "SECONDS", 0.01)

    with pytest.raises(FaultyFile) as error:
        unpack(write(pairs_of()))

    assert error.value.faults[0].code == "damaged"


def test_the_process_that_opens_a_file_is_told_no_secret(monkeypatch, tmp_path):
    """A file of a stranger may run code there: it finds no key and no address of a database."""
    told = tmp_path / "told.py"
    told.write_text(
        "import json, os\n"
        "print(json.dumps({'sheets': [{'name': 'told', 'rows': [sorted(os.environ)]}]}))\n"
    )
    monkeypatch.setattr(cells, "__file__", str(told))
    for name in ("STEELYARD_SECRET_KEY", "STEELYARD_DATABASE_URL", "PGPASSWORD", "HOME"):
        monkeypatch.setenv(name, "canary")

    ((_name, (names,)),) = unpack(write(pairs_of()))

    assert "PATH" in names
    assert not {"HOME", "PGPASSWORD"} & set(names)
    assert not [name for name in names if name.startswith("STEELYARD")]


def test_a_workbook_without_questions_says_what_it_looked_for():
    content = workbook_of(lambda book: book.add_worksheet("a").write_string(0, 0, "First item"))

    ((where, what),) = refused(unpack(content), pairs_of())

    assert where == "The file"
    assert "First item / Second item / Which counts more? / How much more?" in what


def test_a_merged_cell_is_empty_where_it_does_not_begin():
    """A spreadsheet keeps the name of merged cells in the first of them only."""

    def merged(book):
        page = book.add_worksheet("a")
        for column, head in enumerate(
            ("First item", "Second item", "Which counts more?", "How much more?")
        ):
            page.write_string(0, column, head)
        page.merge_range(1, 0, 2, 0, "Wired network")
        page.write_string(1, 1, "Wireless network")
        page.write_string(2, 1, "Artificial intelligence")

    ((where, what),) = refused(unpack(workbook_of(merged)), pairs_of())

    assert where == "Sheet “a”, cell A3"
    assert "The cell is empty" in what


def test_what_a_formula_came_to_is_read_and_what_looks_like_one_is_text():
    """A spreadsheet keeps the value beside the formula; nothing is computed here."""

    def calculated(book):
        page = book.add_worksheet("a")
        page.write_row(0, 0, ("What is compared", "Points of 100"))
        page.write_string(1, 0, "Water")
        page.write_formula(1, 1, "=30+30", None, 60)

    assert read(unpack(workbook_of(calculated)), lists_of())["civic"].answer.points == {"water": 60}
