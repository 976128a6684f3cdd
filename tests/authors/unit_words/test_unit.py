"""The noun for ranked units: written by the author, read on every page."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from survey.authors.ranking.operations import RankingSettings, prepare
from survey.authors.ranking.queries import load_weight_sets
from survey.files.publication import publication_text, read_publication
from survey.models import Study
from survey.store.rounds import close_round, open_round
from survey.store.studies import load_study
from survey.values import By
from tests.clients import arrivals, console
from tests.worlds import cast

UNIT = "/author/studies/pilot/unit"

COUNTRY = {
    "zh": {"other": "国家"},
    "en": {"one": "country", "other": "countries"},
    "ar": {"one": "دولة", "two": "دولتان", "few": "دول", "many": "دولة", "other": "دولة"},
    "ru": {"one": "страна", "few": "страны", "many": "стран"},
    "tr": {"one": "ülke", "other": "ülke"},
    "fr": {"one": "pays", "other": "pays"},
}
WRITTEN = {
    f"unit_{language}_{category}": form
    for language, forms in COUNTRY.items()
    for category, form in forms.items()
}


def stored(store):
    with store.reading() as session:
        return session.scalars(select(Study)).one().unit


def fields(page):
    """Return the fields of the page's form."""
    return {
        e.attributes["name"]: e.attributes.get("value", "")
        for e in page.all("input")
        if e.attributes["name"].startswith("unit_") or e.attributes["name"] == "shown"
    }


def test_each_language_asks_for_its_own_plural_forms(author, pilot):
    asked = [name for name in fields(author.page(UNIT)) if name != "shown"]

    assert [name for name in asked if "_ru_" in name] == [
        "unit_ru_one",
        "unit_ru_few",
        "unit_ru_many",
    ]
    assert [name for name in asked if "_zh_" in name] == ["unit_zh_other"]
    assert len([name for name in asked if "_ar_" in name]) == 5


def test_the_noun_is_stored_with_a_line_in_the_journal(author, pilot, store, app):
    assert author.send(UNIT, WRITTEN).status_code == 303

    assert stored(store) == COUNTRY
    assert console.written(app).count("unit named") == 1
    with store.reading() as session:
        study = session.scalars(select(Study)).one()
        assert load_study(session, study).unit == COUNTRY

    assert author.send(UNIT, fields(author.page(UNIT))).status_code == 303
    assert console.written(app).count("unit named") == 1


def test_a_language_has_all_its_forms_or_none(author, pilot, store):
    answer = author.send(UNIT, {"unit_ru_one": "страна", "unit_ru_few": "страны"})

    assert answer.status_code == 422
    assert b'id="unit_ru_many-errors"' in answer.data
    assert b'id="unit_ru_one-errors"' not in answer.data
    assert b'id="unit_en_one-errors"' not in answer.data
    assert stored(store) == {}


def test_a_noun_changed_on_another_page_is_not_overwritten(author, pilot, store):
    page = author.page(UNIT)
    author.send(UNIT, {"unit_zh_other": "国家"})

    late = author.post(
        UNIT, data=fields(page) | {"unit_zh_other": "省", "csrf_token": page.csrf_token}
    )

    assert late.status_code == 409
    assert stored(store) == {"zh": {"other": "国家"}}
    assert "国家" in late.get_data(as_text=True)


def test_the_noun_stays_while_a_round_is_open(author, pilot, store):
    page = author.page(UNIT)
    with store.writing() as session:
        open_round(session, session.scalars(select(Study)).one().rounds[0], By("a", cast.NOON))

    late = author.post(
        UNIT, data=fields(page) | {"unit_zh_other": "国家", "csrf_token": page.csrf_token}
    )
    assert late.status_code == 409
    assert fields(author.page(UNIT)).keys() == {"shown"}

    with store.writing() as session:
        close_round(session, session.scalars(select(Study)).one().rounds[0], By("a", cast.NOON))
    assert author.send(UNIT, {"unit_zh_other": "国家"}).status_code == 303


@pytest.mark.parametrize(
    ("language", "counted", "several"),
    [
        ("zh", "2 个国家", "国家列表"),
        ("en", "2 countries", "List of countries"),
        ("ar", "دولتان", "قائمة دول"),
        ("ru", "2 страны", "Список стран"),
        ("tr", "2 ülke", "Ülke listesi"),
        ("fr", "2 pays", "Liste des pays"),
    ],
)
def test_the_author_reads_the_noun_in_each_language(app, pilot, store, language, counted, several):
    with store.writing() as session:
        session.scalars(select(Study)).one().unit = COUNTRY
    author = console.signed_in(app, language=language)

    page = author.page("/author/studies/pilot/cities")

    assert page.one("h1").text == several
    assert counted in page.one("p", class_="lead").text


@pytest.mark.parametrize(
    ("language", "counted", "noun"),
    [("zh", "2 个国家", "国家"), ("en", "2 countries", "country"), ("ar", "دولتان", "دولة")],
)
def test_an_expert_reads_the_noun_before_and_in_the_questions(
    app, pilot, store, language, counted, noun
):
    with store.writing() as session:
        session.scalars(select(Study)).one().unit = COUNTRY
        open_round(session, session.scalars(select(Study)).one().rounds[0], By("a", cast.NOON))
    token = arrivals.link(store, "CY")
    visitor = app.test_client()

    landing = visitor.page(f"/invitation/{token}?language={language}", follow_redirects=True)
    assert counted in landing.text

    visitor.send(f"/invitation/{token}", {})
    pairs = visitor.page("/answer/groups/digital/questions")
    assert noun in pairs.one("main").text
    assert "city" not in pairs.text
    book = visitor.get("/answer/questionnaire.xlsx")
    strings = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/sharedStrings.xml").decode()
    assert noun in strings


def publication_of(store):
    with store.reading() as session:
        study = session.scalars(select(Study)).one()
        weights = load_weight_sets(session, study)[0]
        return prepare(session, study, weights, RankingSettings((0.5,), "down", ("en",)))


def test_readers_find_the_noun_and_a_document_without_one_stays_as_it_was(author, small, store):
    """``small`` has a weight set; its publication names the countries."""
    before = publication_text(publication_of(store))
    with store.writing() as session:
        session.scalars(select(Study)).one().unit = {"en": COUNTRY["en"]}
    after = publication_text(publication_of(store))

    assert "unit" not in json.loads(before)["study"]
    assert json.loads(after)["study"]["unit"] == {"en": {"one": "country", "other": "countries"}}
    assert read_publication(after).unit == {"en": {"one": "country", "other": "countries"}}
    ranking = author.page("/author/studies/small/ranking")
    assert "3 countries" in ranking.one("p", class_="lead").text
