"""Words that a reader takes for one: folded where nothing is seen, and noted where it is."""

import pytest

from survey.files.study_folder import read_folder
from tests.worlds.small_study import FILES


def directions(small, *words: str):
    """Return the directions of experts who write these words, and the codes of the notes."""
    panel = "expert,direction,language,method\n"
    panel += "".join(f"E{n},{word},en,direct\n" for n, word in enumerate(words))
    empty = {
        "points": "expert,parent,item,points\n",
        "comparisons": "expert,parent,a,b,judgement\n",
    }
    reading = read_folder(small(panel=panel, **empty))
    return [e.direction for e in reading.study.panel], [note.code for note in reading.notes]


@pytest.mark.parametrize(
    "written",
    [
        *["Southern\u200b-Europe", "Sou\u00adthern-Europe", "Southern-Europe\u200f"],
        *["Southern\u2011Europe", "Southern\u2010Europe", "\u202aSouthern-Europe\u202c"],
    ],
)
def test_directions_that_differ_in_what_is_not_seen_are_one(small, written):
    assert directions(small, "Southern-Europe", written) == (
        ["Southern-Europe", "Southern-Europe"],
        ["words-read-as"],
    )


@pytest.mark.parametrize("written", ["en v", "\u0435nv", "en-v"])
def test_directions_that_look_alike_are_two_and_noted(small, written):
    assert directions(small, "env", written) == (["env", written], ["looks-alike"])


@pytest.mark.parametrize("words", [("\u00ad", ""), ("", "\u00ad")])
def test_a_direction_of_which_nothing_is_seen_is_blank(small, words):
    assert directions(small, *words) == (["", ""], ["words-read-as"])


def test_a_hyphen_does_not_look_like_nothing(small):
    assert directions(small, "", "-", "") == (["", "-", ""], [])


def test_each_spelling_is_noted_once(small):
    said = directions(small, "env", "en v", "en v", "soil")

    assert said == (["env", "en v", "en v", "soil"], ["looks-alike"])


def test_codes_that_differ_in_case_are_two_and_noted(small):
    cities = FILES["cities.csv"] + "LYON,Lyon,Lyon,FR,0,45.75,4.85\n"

    reading = read_folder(small(cities=cities))

    assert len(reading.study.units) == 5
    [note] = reading.notes
    assert (note.line, note.code, note.data["nearest"]) == (6, "looks-alike", "lyon")
