"""datapackage.json: the study's own words, and its tables described for other tools."""

import csv
import io
import json
from pathlib import Path

import pytest

from survey.files.study_folder import FaultyFolder, read_folder, study_files
from tests.worlds.small_study import FILES

EXAMPLE = Path(__file__).parents[3] / "examples" / "arab-league-2024"

ABOUT = {
    "name": "air-2030",
    "titles": {"en": "Air of cities", "fr": "L'air des villes"},
    "contact": "Dr Wu, author@example.org",
    "notices": {"en": "Made up."},
}


def write(folder: Path, document: object) -> Path:
    (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_study_is_called_what_its_package_says(small):
    study = read_folder(write(small(), ABOUT)).study

    assert study.code == "air-2030"
    assert (study.titles, study.notices) == (ABOUT["titles"], ABOUT["notices"])
    assert study.contact == "Dr Wu, author@example.org"


def test_without_a_package_the_folder_gives_the_name(small, tmp_path):
    folder = small().rename(tmp_path / "My study (2030)")

    study = read_folder(folder).study

    assert study.code == "My-study-2030"
    assert (study.titles, study.contact, study.notices) == ({}, "", {})


def test_a_title_without_a_language_is_taken_for_english(small):
    assert read_folder(write(small(), {"title": "Air"})).study.titles == {"en": "Air"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "not-an-object"),
        ({"name": 1}, "not-a-text"),
        ({"name": "../up"}, "malformed-code"),
        ({"contact": None}, "not-a-text"),
        ({"contact": "\ud800"}, "not-a-text"),
        ({"contact": "a\0b"}, "not-a-text"),
        ({"titles": "Air"}, "not-texts"),
        ({"titles": {"en": 1}}, "not-texts"),
        ({"notices": {"english": "x"}}, "not-a-language"),
        ({"purposes": ["x"]}, "not-texts"),
        ({"notice": {"en": "Made up."}}, "property-not-read"),
        ({"notice_en": "Made up."}, "property-not-read"),
        ({"Contacts": "Dr Wu"}, "property-not-read"),
        ({"purpose": {"en": "x"}}, "property-not-read"),
        ({"units": {}}, "property-not-read"),
        ({"notices": {"EN": "Made up.", "en": "x"}}, "property-twice"),
        ({"notices": {"en": "Made up."}, "Notices": {"fr": "x"}}, "property-twice"),
        ({"unit": {"zh": {"other": "城市"}, "ZH": {"other": "国家"}}}, "property-twice"),
        ({"anonymity": "nobody"}, "not-an-anonymity"),
        ({"anonymity": {}}, "not-an-anonymity"),
        ({"salt": "abc"}, "not-a-salt"),
        ({"salt": "A" * 64}, "not-a-salt"),
        ({"salt": 1}, "not-a-salt"),
    ],
)
def test_a_faulty_package(small, document, code):
    with pytest.raises(FaultyFolder) as refusal:
        read_folder(write(small(), document))

    [fault] = refusal.value.faults
    assert (fault.file, fault.code) == ("datapackage.json", code)


@pytest.mark.parametrize(
    ("content", "twice"),
    [
        ('{"notices": {"en": "Made up."}, "notices": {}}', "notices"),
        ('{"name": "a", "name": "a"}', "name"),
        ('{"titles": {"en": "Air", "en": "Water"}}', "titles.en"),
    ],
)
def test_a_property_that_is_written_twice_is_a_fault(small, content, twice):
    """JSON keeps the last; a notice in the first would be lost without a word."""
    folder = small()
    (folder / "datapackage.json").write_text(content)

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert str(refusal.value) == (
        f"datapackage.json: “{twice}” is given more than once; expected once."
    )


def test_properties_in_capitals_are_read_and_noted(small):
    reading = read_folder(write(small(), {"Name": "air-2030", "Notices": {"EN": "Made up."}}))

    assert (reading.study.code, reading.study.notices) == ("air-2030", {"en": "Made up."})
    assert [(n.code, n.data["found"], n.data["name"]) for n in reading.notes] == [
        ("words-read-as", "Name", "name"),
        ("words-read-as", "Notices", "notices"),
    ]


def test_other_properties_of_a_data_package_are_passed_over(small):
    names = ["id", "profile", "description", "version", "created", "keywords", "contributors"]
    others = dict.fromkeys([*names, "licenses", "sources", "image", "homepage", "notes"], "x")
    fields = {"resources": [{"name": "x", "Name": "y"}]}

    assert read_folder(write(small(), {**others, **fields})).notes == ()


@pytest.mark.parametrize(
    "content",
    ["", "{", '{"a":' * 100_000, "[" * 100_000],
    ids=["nothing", "half an object", "too deep an object", "too deep a list"],
)
def test_a_package_that_is_no_json(small, content):
    folder = small()
    (folder / "datapackage.json").write_text(content)

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert [fault.code for fault in refusal.value.faults] == ["not-json"]


def test_a_package_in_another_encoding_says_how_to_save_it(small):
    folder = small()
    (folder / "datapackage.json").write_bytes('{"titles": {"fr": "Été"}}'.encode("cp1252"))

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(folder)

    assert [fault.code for fault in refusal.value.faults] == ["not-text"]


def test_a_package_in_utf_16_is_read(small):
    folder = small()
    (folder / "datapackage.json").write_bytes('{"titles": {"fr": "Été"}}'.encode("utf-16"))

    assert read_folder(folder).study.titles == {"fr": "Été"}


def described(files: dict[str, bytes]) -> dict[str, dict]:
    resources = json.loads(files["datapackage.json"])["resources"]
    return {resource["path"]: resource["schema"] for resource in resources}


def header(content: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("folder", ["written", "example"])
def test_every_column_is_described_in_its_place(small, folder):
    if folder == "written":
        files = study_files(read_folder(small()).study)
    else:
        files = {file.name: file.read_bytes() for file in EXAMPLE.iterdir()}

    schemas = described(files)

    assert set(schemas) >= set(FILES)
    for path, schema in schemas.items():
        assert [field["name"] for field in schema["fields"]] == header(files[path])


def test_keys_and_references_name_columns_that_are_there(small):
    files = study_files(read_folder(small()).study)

    for path, schema in described(files).items():
        columns = header(files[path])
        assert set(schema.get("primaryKey", [])) <= set(columns)
        for key in schema.get("foreignKeys", []):
            assert set(key["fields"]) <= set(columns)
            target = files[f"{key['reference']['resource']}.csv"]
            assert set(key["reference"]["fields"]) <= set(header(target))


def test_a_level_is_described_by_its_own_ladder(small):
    files = study_files(read_folder(small()).study)

    fields = {field["name"]: field for field in described(files)["levels.csv"]["fields"]}

    assert fields["dust"]["constraints"] == {"minimum": 0, "maximum": 2}
    assert fields["lead"]["constraints"] == {"minimum": 0, "maximum": 5}
