"""Round trip of written folders; damaged folders are refused in sentences."""

import csv
import io
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.files.study_folder import (
    FaultyFolder,
    read_folder,
    read_zip,
    sentence,
    study_files,
    zipped,
)
from survey.files.study_folder.reading import read_parts
from tests.worlds.small_study import FILES
from tests.worlds.studies import TRAPS, studies

FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")


@given(studies())
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read_again(study):
    reading = read_zip(zipped(study), "any.zip")

    assert reading.study == study
    assert reading.notes == ()


@given(studies())
@settings(max_examples=25, deadline=None)
def test_no_text_of_a_written_file_is_a_formula_and_numbers_stay_numbers(study):
    for name, content in study_files(study).items():
        if not name.endswith(".csv"):
            continue
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for column, cell in row.items():
                if column in ("latitude", "longitude", "points"):
                    assert cell == "" or float(cell) is not None
                else:
                    assert not FORMULA.match(cell)


def test_every_trap_of_a_spreadsheet_is_escaped_once(small):
    tables = "table,name_en,groups\n" + "".join(
        f't{number},"{trap.replace(chr(34), chr(34) * 2)}",air\n'
        for number, trap in enumerate(TRAPS)
    )

    study = read_folder(small(tables=tables)).study

    again = read_zip(zipped(study), "small.zip").study
    assert again.tables == study.tables


def test_a_negative_longitude_stays_a_number(small):
    cities = study_files(read_folder(small()).study)["cities.csv"].decode("utf-8-sig")

    assert "-77.03" in cities
    assert "'-77.03" not in cities


def test_a_written_file_is_marked_as_utf_8_for_spreadsheets(small):
    for name, content in study_files(read_folder(small()).study).items():
        assert content.startswith(b"\xef\xbb\xbf") == name.endswith(".csv")


@st.composite
def damaged_files(draw):
    """Draw the small study with a few stretches of its files replaced, doubled or cut out."""
    files = {name: text.encode() for name, text in FILES.items()}
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(files)))
        content = files[name]
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(start + 20, len(content))))
        new = draw(st.one_of(st.binary(max_size=6), st.sampled_from(SCRAPS), st.just(content[:80])))
        files[name] = content[:start] + new + content[end:]
    if draw(st.booleans()):
        files["datapackage.json"] = draw(st.one_of(st.binary(max_size=20), packages))
    return files


SCRAPS = [
    scrap.encode() for scrap in (",", "\n", '"', "\r", "1/", "-1", "1e999", "goal", "nan", "٣")
]

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
packages = st.dictionaries(
    st.sampled_from(["name", "title", "titles", "contact", "notices", "purposes", "anonymity"]),
    json_values,
).map(lambda document: json.dumps(document).encode())


@given(damaged_files())
@settings(max_examples=200, deadline=None)
def test_a_damaged_folder_is_read_or_refused_in_sentences(files):
    try:
        study = read_parts(files, "small").study
    except FaultyFolder as refusal:
        said = [sentence(fault) for fault in refusal.faults]
    else:
        said = ["read"]
        assert read_zip(zipped(study), "small.zip").study == study
    assert said
