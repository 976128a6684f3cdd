"""Each revision walks up, down and up with rows in it; together they are the models."""

from datetime import timedelta

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from survey.db import Base
from survey.experts.finish.operations import withdraw
from survey.experts.landing.operations import exchange_personal_link
from survey.models import Expert, Invitation
from survey.store import schema
from survey.store.invitations import issue_personal_link
from survey.values import By
from tests.worlds import cast

REVISIONS = [
    script.revision
    for script in reversed(
        list(ScriptDirectory.from_config(schema.configuration()).walk_revisions())
    )
]


def triggers(database):
    """Return the database's triggers, by name."""
    with database.reading() as session:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if database.is_sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        return set(session.scalars(text(names)))


def rows(database):
    """Return the number of rows of each table."""
    with database.reading() as session:
        tables = inspect(session.connection()).get_table_names()
        return {
            table: session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in tables
            if table in Base.metadata.tables
        }


def test_the_migrated_database_is_what_the_models_say(owned_database):
    with owned_database.engine.connect() as connection, connection.begin():
        command.check(schema.configuration(connection))


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_a_revision_walks_down_and_up_with_rows_in_it(owned_database, revision):
    with owned_database.writing() as session:
        cast.load(session, cast.study(**cast.answers()))
    before, promises = rows(owned_database), triggers(owned_database)
    below = REVISIONS[REVISIONS.index(revision) - 1]

    schema.downgrade(owned_database, below)
    assert schema.revision(owned_database) == below
    # A table that the revision brings goes with its rows.
    there = rows(owned_database).keys()
    schema.upgrade(owned_database)

    assert rows(owned_database) == {t: n if t in there else 0 for t, n in before.items()}
    assert triggers(owned_database) == promises


def test_an_invitation_from_before_says_how_its_expert_answered(owned_database):
    with owned_database.writing() as session:
        cast.load(session, cast.study(**cast.answers()))
    schema.downgrade(owned_database, REVISIONS[REVISIONS.index("0005") - 1])

    schema.upgrade(owned_database)

    with owned_database.reading() as session:
        found = session.execute(
            select(Expert.code, Invitation.kind).join(Invitation.expert).order_by(Expert.code)
        ).all()
        assert [tuple(row) for row in found] == [
            ("ANN", "pairwise"),
            ("BO", "direct"),
            ("CY", "pairwise"),
        ]


def test_a_way_to_answer_that_was_not_there_before_leaves_points_and_judgements(owned_database):
    with owned_database.writing() as session:
        cast.load(session, cast.study(**cast.answers()))
        session.execute(text("UPDATE expert SET method = 'best-worst' WHERE code = 'ANN'"))
        session.execute(text("UPDATE expert SET method = 'rating' WHERE code = 'CY'"))
    kept = ("judgement", "allocation", "abstention")
    before = rows(owned_database)

    schema.downgrade(owned_database, REVISIONS[REVISIONS.index("0005") - 1])

    assert {table: rows(owned_database)[table] for table in kept} == {
        table: before[table] for table in kept
    }


def test_an_expert_who_had_withdrawn_is_marked_unless_they_began_again(owned_database):
    with owned_database.writing() as session:
        cast.load_open(session)
        for code in ("ANN", "CY"):
            withdraw(session, cast.invitation(session, code), cast.NOON)
        link = issue_personal_link(session, cast.invitation(session, "CY"), By("", cast.NOON))
        exchange_personal_link(session, link, "a browser", cast.NOON + timedelta(hours=1))
    schema.downgrade(owned_database, REVISIONS[REVISIONS.index("0009") - 1])

    schema.upgrade(owned_database)

    with owned_database.reading() as session:
        found = session.execute(
            select(Expert.code, Invitation.withdrew_at)
            .join(Invitation.expert)
            .where(Invitation.withdrew_at.is_not(None))
        ).all()
        assert [tuple(row) for row in found] == [("ANN", cast.NOON)]


def test_the_first_revision_leaves_an_empty_database_behind(owned_database):
    with owned_database.writing() as session:
        cast.load(session, cast.study(**cast.answers()))
    promises = triggers(owned_database)

    schema.downgrade(owned_database, "base")
    assert rows(owned_database) == {}
    schema.upgrade(owned_database)

    assert triggers(owned_database) == promises


def test_every_table_of_answers_and_records_has_its_promises(database):
    names = triggers(database)

    answers = ("judgement", "allocation", "extremes", "abstention", "answer_revision", "review")
    for table in (*answers, "reconsideration", "asked", "weight"):
        assert {f"{table}_{event}" for event in ("insert", "update", "delete")} <= names
    for table in ("journal_entry", "publication", "weight_set", "journal"):
        assert {f"{table}_{event}" for event in ("update", "delete")} <= names


def test_a_migration_that_fails_leaves_the_database_as_it_was(owned_database, monkeypatch):
    def broken_upgrade(configuration, to):
        configuration.attributes["connection"].execute(text("DROP TABLE weight"))
        raise RuntimeError

    monkeypatch.setattr(schema.command, "upgrade", broken_upgrade)
    before = rows(owned_database)

    with pytest.raises(RuntimeError):
        schema.upgrade(owned_database)
    assert rows(owned_database) == before
