"""The noun for ranked units, in datapackage.json."""

import json

import pytest

from survey.files.study_folder import FaultyFolder, read_folder, study_files

COUNTRY = {
    "en": {"one": "country", "other": "countries"},
    "ru": {"one": "страна", "few": "страны", "many": "стран", "other": "страны"},
    "zh": {"other": "国家"},
}


@pytest.fixture
def naming(small):
    """Write a folder whose package has this ``unit``."""

    def write(unit):
        folder = small()
        (folder / "datapackage.json").write_text(json.dumps({"unit": unit}), encoding="utf-8")
        return folder

    return write


def test_the_noun_is_read_and_written_as_it_was(naming):
    study = read_folder(naming(COUNTRY)).study

    assert study.unit == COUNTRY
    assert json.loads(study_files(study)["datapackage.json"])["unit"] == COUNTRY


def test_a_folder_without_a_noun_is_written_without_one(small):
    study = read_folder(small()).study

    assert study.unit == {}
    assert "unit" not in json.loads(study_files(study)["datapackage.json"])


def test_a_form_that_no_whole_number_needs_may_be_left_out(naming):
    unit = {"ru": {"one": "страна", "few": "страны", "many": "стран"}}

    assert read_folder(naming(unit)).study.unit == unit


@pytest.mark.parametrize(
    ("unit", "code", "data"),
    [
        ("city", "not-a-unit", {}),
        ({"en": "city"}, "not-a-unit", {}),
        ({"en": {"one": 1, "other": "cities"}}, "not-a-text", {"property": "unit.en.one"}),
        ({"en": {"one": "city"}}, "missing-plurals", {"language": "en", "missing": "other"}),
        (
            {"ru": {"one": "страна", "other": "страны"}},
            "missing-plurals",
            {"language": "ru", "missing": "few, many"},
        ),
        (
            {"en": {"one": "city", "other": "cities", "plural": "cities"}},
            "not-a-plural",
            {"language": "en", "found": "plural", "known": "zero, one, two, few, many, other"},
        ),
        ({"english": {"other": "x"}}, "not-a-language", {"found": "english"}),
    ],
)
def test_a_faulty_noun_is_named(naming, unit, code, data):
    with pytest.raises(FaultyFolder) as refusal:
        read_folder(naming(unit))

    [fault] = refusal.value.faults
    assert (fault.file, fault.code, dict(fault.data)) == ("datapackage.json", code, data)
