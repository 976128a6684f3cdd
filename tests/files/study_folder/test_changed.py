"""cities.csv and levels.csv alone, in place of a study's own; and the lines that are wrong."""

import pytest

from survey.files.study_folder import FaultyFolder, read_changed, read_folder
from survey.files.study_folder.excerpts import find_excerpt
from survey.files.study_folder.faults import FolderFault

LEVELS = b"city,dust,ozone,soot,lead\nlyon,1,0,0,0\n"


@pytest.fixture
def study(small):
    return read_folder(small()).study


def test_a_file_that_is_not_handed_in_says_what_it_says_now(study):
    assert read_changed(study, {}).units == study.units

    read = read_changed(study, {"levels.csv": LEVELS}).units

    assert [unit.names for unit in read] == [unit.names for unit in study.units]
    assert [dict(unit.levels) for unit in read] == [
        {"dust": 1, "ozone": 0, "soot": 0, "lead": 0},
        {},
        {},
        {},
    ]


def test_levels_go_with_their_city(study):
    read = read_changed(study, {"cities.csv": b"city,name_en\noslo,Oslo\nlyon,Lyon\n"}).units

    levels = {unit.code: dict(unit.levels) for unit in study.units}
    assert [(unit.code, dict(unit.levels)) for unit in read] == [
        ("oslo", levels["oslo"]),
        ("lyon", levels["lyon"]),
    ]


def test_levels_of_a_city_that_the_new_cities_lack_are_a_fault(study):
    files = {"cities.csv": b"city,name_en\noslo,Oslo\n", "levels.csv": LEVELS}

    with pytest.raises(FaultyFolder) as refusal:
        read_changed(study, files)

    [fault] = refusal.value.faults
    assert (fault.file, fault.line, fault.column) == ("levels.csv", 2, "city")


def test_what_is_odd_is_noted(study):
    levels = LEVELS.replace(b"lead\n", b"lead,remark\n").replace(b"0\n", b"0,why\n")

    [note] = read_changed(study, {"levels.csv": levels}).notes

    assert (note.column, note.code) == ("remark", "column-ignored")


def test_an_excerpt_shows_the_faulty_lines_as_they_are():
    content = "\ufeffcity, dust ,ozone\nlyon,1,2\n\noslo,'=1,9\nlima,x,y\n".encode()
    faults = [
        FolderFault("levels.csv", 4, "ozone", "above-the-top"),
        FolderFault("levels.csv", 5, "dust", "not-a-level"),
        FolderFault("levels.csv", 5, "ozone", "not-a-level"),
        FolderFault("levels.csv", 5, "ozone", "not-a-level"),
        FolderFault("levels.csv", 0, "", "too-many-rows"),
        FolderFault("cities.csv", 2, "city", "blank"),
    ]

    excerpt = find_excerpt("levels.csv", content, faults)

    assert excerpt is not None
    assert excerpt.header == (1, ["city", " dust ", "ozone"])
    assert excerpt.lines == ((4, ["oslo", "'=1", "9"]), (5, ["lima", "x", "y"]))
    assert excerpt.faulty == {(4, 2): 1, (5, 1): 2, (5, 2): 3}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'city\n"open'])
def test_what_cannot_be_read_has_no_excerpt(content):
    assert (
        find_excerpt("levels.csv", content, [FolderFault("levels.csv", 2, "city", "blank")]) is None
    )
