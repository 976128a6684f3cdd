"""Notices of the data, which go with the weights to each use."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.authors.ranking.operations import RankingSettings, prepare
from survey.authors.ranking.queries import as_value, load_weight_sets
from survey.files.publication import publication_text, read_publication
from survey.files.weight_set import read_weight_set, weight_set_text
from survey.models import Study
from survey.reports.ranking.publications import whose_weights
from tests.worlds.rankable import freeze, load, small_study

MADE_UP = {"en": "These answers were made up."}
LEVELS = {"en": "These levels were made up."}
OTHER = "/author/studies/other"
SETTINGS = RankingSettings((0.5,), "down", ("en",))


@pytest.fixture
def reusing(store, tmp_path):
    """The study ``other``, real, which has no weights but those of ``small``, made up."""
    with store.writing() as session:
        content = small_study(tmp_path / "small")
        freeze(session, load(session, replace(content, notices=MADE_UP, titles={"en": "Small"})))
        load(session, replace(content, code="other", titles={"en": "Other"}))


def publication_of(store, code):
    with store.reading() as session:
        study = session.scalars(select(Study).where(Study.code == code)).one()
        return prepare(session, study, load_weight_sets(session, study)[0], SETTINGS)


def notices(page):
    return [e.text for e in page.all("p", class_="made-up")]


def test_a_weight_set_carries_the_notice_of_its_answers(store, reusing):
    with store.reading() as session:
        study = session.scalars(select(Study).where(Study.code == "small")).one()
        row = load_weight_sets(session, study)[0]
        adopted = as_value(row)

    assert json.loads(row.document)["study"]["notices"] == MADE_UP
    assert adopted.notices == MADE_UP
    real = weight_set_text(replace(adopted, notices={}))
    assert "notices" not in json.loads(real)["study"]
    assert read_weight_set(real.encode()).notices == {}


def test_a_ranking_by_another_studys_weights_shows_their_notice(author, store, reusing):
    assert notices(author.page(f"{OTHER}/ranking")) == ["These answers were made up."]
    assert notices(author.page(f"{OTHER}/publish")) == ["These answers were made up."]

    book = zipfile.ZipFile(io.BytesIO(author.get(f"{OTHER}/ranking/ranking.xlsx").data))
    assert "These answers were made up." in book.read("xl/sharedStrings.xml").decode()


def test_both_notices_are_shown_each_once(author, store, reusing):
    with store.writing() as session:
        session.scalars(select(Study).where(Study.code == "other")).one().notices = LEVELS

    assert notices(author.page(f"{OTHER}/ranking")) == [LEVELS["en"], MADE_UP["en"]]
    assert notices(author.page("/author/studies/small/ranking")) == [MADE_UP["en"]]


def test_a_weight_set_from_before_takes_its_studys_notice(author, store, tmp_path):
    with store.writing() as session:
        content = small_study(tmp_path / "small")
        study = load(session, content)
        freeze(session, study)
        study.notices = MADE_UP

    assert publication_of(store, "small").weights.notices == MADE_UP


def test_readers_see_whose_weights_of_which_round_and_how_many_experts(author, store, reusing):
    page = author.page(f"{OTHER}/publish")

    assert page.one("p", id="whose").text == (
        "Weights: “Small”, round 1. Experts whose answers count: 3."
    )
    written = publication_text(publication_of(store, "other"))
    weights = json.loads(written)["weight_set"]
    assert (weights["study"]["code"], weights["round"], weights["experts"]) == ("small", 1, 3)
    assert publication_text(read_publication(written)) == written


def test_a_publication_from_before_does_not_say_whose(store, reusing):
    document = json.loads(publication_text(publication_of(store, "other")))
    document["weight_set"] = {"digest": document["weight_set"]["digest"]}

    old = read_publication(json.dumps(document))

    assert old.weights is None
    assert json.loads(publication_text(old)) == document


def test_fewer_than_three_experts_are_not_counted(store, reusing):
    with store.reading() as session:
        study = session.scalars(select(Study).where(Study.code == "small")).one()
        adopted = as_value(load_weight_sets(session, study)[0])

    two = replace(adopted, panel=replace(adopted.panel, size=2))

    assert whose_weights(two, 1, {}).experts is None
    assert whose_weights(adopted, 1, {}).experts == 3


def cells(client, path):
    """Return the notices in the rows of a table, None if it has no such column."""
    text = client.get(path).get_data(as_text=True).removeprefix("\ufeff")
    return {row.get("notice") for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.usefixtures("reusing")
def test_every_row_of_a_downloaded_table_has_the_notices(author, store):
    """A row is what is copied, filtered and joined; a file loses its name."""
    for name in ("scores.csv", "bands.csv"):
        assert cells(author, f"{OTHER}/ranking/{name}") == {MADE_UP["en"]}
    assert cells(author, "/author/studies/small/weight-sets/1.csv") == {MADE_UP["en"]}

    with store.writing() as session:
        session.scalars(select(Study).where(Study.code == "other")).one().notices = LEVELS

    for name in ("scores.csv", "bands.csv"):
        both = f"{LEVELS['en']} {MADE_UP['en']}"
        assert cells(author, f"{OTHER}/ranking/{name}") == {both}


def test_a_table_of_real_data_has_no_such_column(author, store, tmp_path):
    with store.writing() as session:
        freeze(session, load(session, small_study(tmp_path / "small")))

    for path in ("ranking/scores.csv", "ranking/bands.csv", "weight-sets/1.csv"):
        assert cells(author, f"/author/studies/small/{path}") == {None}
