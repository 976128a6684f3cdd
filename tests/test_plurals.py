"""The noun for ranked units, in the plural forms of each language."""

import pytest

from survey.plurals import CITY, form_for, needed_forms, noun_in, plural, singular

COUNTRY = {
    "en": {"one": "country", "other": "countries"},
    "ru": {"one": "страна", "few": "страны", "many": "стран"},
    "ar": {"one": "دولة", "two": "دولتان", "few": "دول", "many": "دولة", "other": "دولة"},
}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ("one", "other")),
        ("fr", ("one", "other")),
        ("tr", ("one", "other")),
        ("zh", ("other",)),
        ("zh-Hant", ("other",)),
        ("ru", ("one", "few", "many")),
        ("ar", ("one", "two", "few", "many", "other")),
        ("pl", ("one", "few", "many")),
        ("xx", ("other",)),
    ],
)
def test_whole_numbers_need_these_forms_by_cldr(language, forms):
    assert needed_forms(language) == forms


@pytest.mark.parametrize(
    ("language", "number", "noun"),
    [
        ("en", 0, "countries"),
        ("en", 1, "country"),
        ("ru", 1, "страна"),
        ("ru", 22, "страны"),
        ("ru", 11, "стран"),
        ("ru", 54, "страны"),
        ("ar", 2, "دولتان"),
        ("ar", 10, "دول"),
        ("ar", 11, "دولة"),
        ("ar", 0, "دولة"),
    ],
)
def test_a_count_has_its_own_form(language, number, noun):
    assert form_for(COUNTRY[language], language, number) == noun


def test_one_and_several_without_a_number():
    assert [singular(COUNTRY[code]) for code in ("en", "ru", "ar")] == ["country", "страна", "دولة"]
    assert plural(COUNTRY["en"], "en") == "countries"
    assert plural(COUNTRY["ru"], "ru") == "стран"
    assert plural(COUNTRY["ar"], "ar") == "دول"
    assert singular({"other": "国家"}) == plural({"other": "国家"}, "zh") == "国家"


def test_a_language_without_a_noun_shows_english_else_the_first():
    assert noun_in(COUNTRY, "tr") == ("en", COUNTRY["en"])
    assert noun_in({"fr": {"one": "pays", "other": "pays"}}, "tr")[0] == "fr"
    assert noun_in(COUNTRY, "ru-RU")[0] == "ru"


def test_without_a_noun_a_study_ranks_cities_in_all_six_languages():
    said = [singular(noun_in({}, code)[1]) for code in ("zh", "en", "ar", "ru", "tr", "fr")]

    assert said == ["城市", "city", "مدينة", "город", "şehir", "ville"]
    assert all(CITY[code].keys() >= set(needed_forms(code)) for code in CITY)
