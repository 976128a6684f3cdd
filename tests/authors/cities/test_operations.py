"""Units replaced: all of them, or none."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from survey.authors.cities.operations import UnitsChanged
from survey.models import Rating, Unit
from survey.reports.ranking.changes import units_digest
from survey.store import journal
from tests.worlds.rankable import entries, load, replaced, small_study, units_of


def test_units_are_what_they_were_replaced_by(database, small):
    before = units_of(database, small)
    lyon, cairo, oslo, _lima = before
    lagos = replace(oslo, code="lagos", names={"en": "Lagos", "fr": "Lagos"}, levels={"dust": 1})
    after = (
        lagos,
        replace(cairo, levels={**cairo.levels, "ozone": 3}),
        replace(lyon, names={**lyon.names, "en": "Lyons"}, levels={}),
        oslo,
    )

    made = replaced(database, small, after)

    assert units_of(database, small) == after
    assert [unit.code for unit in made.added] == ["lagos"]
    assert [unit.code for unit in made.removed] == ["lima"]
    assert [unit.code for unit in made.described] == ["lyon"]
    assert [(c.unit.code, c.indicator, c.before, c.after) for c in made.levels] == [
        ("lagos", "dust", None, 1),
        ("cairo", "ozone", 0, 3),
        ("lyon", "dust", 2, None),
        ("lyon", "ozone", 1, None),
        ("lyon", "soot", 1, None),
        ("lyon", "lead", 5, None),
    ]
    [entry] = entries(database, "levels replaced")
    assert entry["levels"] == 6
    assert entry["digest"] == units_digest(after)
    with database.reading() as session:
        assert journal.find_fault(session, small.id) is None
        assert len(session.scalars(select(Rating)).all()) == 1 + 4 + 0 + 3


def test_units_that_changed_since_they_were_shown_are_not_overwritten(database, small):
    shown = units_of(database, small)
    replaced(database, small, shown[:3])

    with pytest.raises(UnitsChanged):
        replaced(database, small, shown, units_digest(shown))

    assert units_of(database, small) == shown[:3]
    assert len(entries(database, "levels replaced")) == 1


def test_a_level_above_its_ladder_is_refused_by_the_database_too(database, small):
    units = units_of(database, small)
    too_high = replace(units[0], levels={**units[0].levels, "soot": 2})

    with pytest.raises(DBAPIError):
        replaced(database, small, (too_high, *units[1:]))

    assert units_of(database, small) == units


def test_a_study_without_units_gets_its_edition_with_them(database, tmp_path):
    content = small_study(tmp_path / "small")
    with database.writing() as session:
        study = load(session, replace(content, units=(), tables=()))

    replaced(database, study, content.units)

    assert units_of(database, study) == content.units


def test_the_units_of_another_edition_stay(database, small, tmp_path):
    with database.writing() as session:
        other = load(session, small_study(tmp_path / "other", "other"))

    replaced(database, small, ())

    assert units_of(database, small) == ()
    assert len(units_of(database, other)) == 4
    with database.reading() as session:
        assert len(session.scalars(select(Unit)).all()) == 4
