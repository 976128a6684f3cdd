"""Published rankings: as shown to the author, once, and never changed."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from survey.authors.ranking import operations
from survey.authors.ranking.operations import (
    PublicationChanged,
    RankingSettings,
    draw_up,
    prepare,
    publish,
)
from survey.authors.ranking.queries import as_value, load_weight_sets
from survey.db import Database
from survey.files.publication import publication_digest, publication_text, read_publication
from survey.files.study_folder.reading import read_folder
from survey.models import Publication, Study
from survey.reports.ranking.publications import recomputed
from survey.reports.refusals import Refused
from survey.store.studies import load_ranked
from survey.values import By
from tests.worlds.cast import NOON
from tests.worlds.rankable import EXAMPLE, entries, freeze, load, replaced, small_study, units_of

DOWN = RankingSettings((0.1, 0.3, 0.5), "down", ("zh", "en"))


def published(database: Database, study: Study, settings: RankingSettings = DOWN) -> Publication:
    with database.writing() as session:
        row = session.get_one(Study, study.id)
        weights = load_weight_sets(session, row)[0]
        shown = publication_digest(publication_text(prepare(session, row, weights, settings)))
        return publish(session, row, weights, settings, shown, By("author author", NOON))


def test_a_publication_recomputes_from_the_database_to_the_same_bytes(database):
    with database.writing() as session:
        study = load(session, read_folder(EXAMPLE).study)
        freeze(session, study)
    row = published(database, study)

    with database.reading() as session:
        stored = session.get_one(Publication, row.id)
        weights = load_weight_sets(session, session.get_one(Study, study.id))[0]
        recorded = read_publication(stored.document)
        again = recomputed(load_ranked(session, study), as_value(weights), recorded)

    assert publication_text(again) == stored.document
    assert publication_digest(stored.document) == stored.digest
    assert recorded.weights_digest == weights.digest


def test_a_publication_holds_no_score_no_level_and_no_expert(database, small):
    document = json.loads(published(database, small).document)

    assert set(document["units"][0]) == {"code", "names", "country"}
    text = json.dumps(document)
    assert not any(f'"{expert.code}"' in text for expert in small_panel(database, small))


def small_panel(database: Database, study: Study):
    from survey.store.studies import load_study

    with database.reading() as session:
        panel = load_study(session, session.get_one(Study, study.id)).panel
    assert panel
    return panel


def test_publishing_again_adds_one_and_leaves_the_first(database, small):
    first = published(database, small)
    second = published(database, small, replace(DOWN, ties="up"))

    assert first.document != second.document
    with database.reading() as session:
        kept = session.scalars(select(Publication.document).order_by(Publication.id)).all()
    assert kept == [first.document, second.document]
    assert [entry["digest"] for entry in entries(database, "ranking published")] == [
        first.digest,
        second.digest,
    ]


def test_what_is_public_already_is_not_published_twice(database, small):
    first = published(database, small)
    again = published(database, small)

    assert again.id == first.id
    assert len(entries(database, "ranking published")) == 1


def test_a_publication_cannot_be_changed(database, small):
    published(database, small)

    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(update(Publication).values(document="{}"))


def test_what_changed_since_it_was_shown_is_not_published(database, small):
    with database.writing() as session:
        row = session.get_one(Study, small.id)
        weights = load_weight_sets(session, row)[0]
        shown = publication_digest(publication_text(prepare(session, row, weights, DOWN)))
    units = units_of(database, small)
    replaced(database, small, (replace(units[0], levels={}), *units[1:]))

    with pytest.raises(PublicationChanged), database.writing() as session:
        row = session.get_one(Study, small.id)
        weights = load_weight_sets(session, row)[0]
        publish(session, row, weights, DOWN, shown, By("author author", NOON))

    assert entries(database, "ranking published") == []
    with database.reading() as session:
        assert session.scalars(select(Publication.id)).all() == []


def test_weights_of_another_framework_are_refused(database, small):
    with database.writing() as session:
        other = load(session, read_folder(EXAMPLE).study)
        freeze(session, other)

    with database.reading() as session:
        sets = load_weight_sets(session, session.get_one(Study, small.id))
        assert [row.study_id for row in sets] == [small.id, other.id]
        with pytest.raises(Refused) as refusal:
            prepare(session, session.get_one(Study, small.id), sets[1], DOWN)

    assert {reason.code for reason in refusal.value.reasons} >= {"group-unknown", "weight-missing"}


def test_another_authors_weight_sets_are_not_among_the_choices(database, small, tmp_path):
    with database.writing() as session:
        other = load(session, small_study(tmp_path / "other", "other"), author="somebody")
        freeze(session, other)

    with database.reading() as session:
        sets = load_weight_sets(session, session.get_one(Study, small.id))

    assert [row.study_id for row in sets] == [small.id]


# ---------- drawn up before the write ----------


def test_what_was_drawn_up_is_not_computed_again_in_the_write(database, small, monkeypatch):
    with database.reading() as session:
        row = session.get_one(Study, small.id)
        draft = draw_up(session, row, load_weight_sets(session, row)[0], DOWN)
    monkeypatch.setattr(operations, "prepare", None)
    with database.writing() as session:
        row = session.get_one(Study, small.id)
        weights = load_weight_sets(session, row)[0]
        stored = publish(
            session, row, weights, DOWN, draft.digest, By("author author", NOON), draft
        )

    assert stored.document == draft.document


def test_a_draft_of_a_study_that_changed_since_is_not_published(database, small):
    with database.reading() as session:
        row = session.get_one(Study, small.id)
        draft = draw_up(session, row, load_weight_sets(session, row)[0], DOWN)
    with database.writing() as session:
        session.get_one(Study, small.id).titles = {"en": "Another title"}

    with pytest.raises(PublicationChanged), database.writing() as session:
        row = session.get_one(Study, small.id)
        weights = load_weight_sets(session, row)[0]
        publish(session, row, weights, DOWN, draft.digest, By("author author", NOON), draft)

    with database.reading() as session:
        assert session.scalars(select(Publication)).all() == []
