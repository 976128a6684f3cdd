"""A backup is whole or refused; the database it replaces is kept."""

import json
import sqlite3

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from survey.models import Study
from survey.store import backup, schema
from survey.store.restore import restore
from tests.worlds import cast


@pytest.fixture
def codes(owned_database):
    def read():
        with owned_database.reading() as session:
            return set(session.scalars(select(Study.code)))

    return read


def load(database, code):
    with database.writing() as session:
        cast.load(session, cast.study(code, **cast.answers()))


def everything(database):
    """Return every row of every table, as a backup has it."""
    with database.reading() as session:
        connection = session.connection()
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in schema.Base.metadata.sorted_tables
        }


def test_a_backup_holds_what_was_there_and_restoring_brings_it_back(
    owned_database, tmp_path, codes
):
    load(owned_database, "first")
    copy = backup.back_up(owned_database, tmp_path / "copies", cast.NOON)
    load(owned_database, "second")

    kept = restore(owned_database, copy, tmp_path / "kept", cast.NOON).kept

    assert codes() == {"first"}
    restore(owned_database, kept, tmp_path / "again", cast.NOON)
    assert codes() == {"first", "second"}


def test_every_row_comes_back_as_it_was(owned_database, tmp_path):
    load(owned_database, "first")
    before = everything(owned_database)
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    with owned_database.writing() as session:
        session.execute(text("UPDATE unit SET names = '{}'"))
        session.execute(text("DELETE FROM rating"))

    restore(owned_database, copy, tmp_path, cast.NOON)

    after = everything(owned_database)
    kept_apart = ("journal", "journal_entry")  # they say that it was restored
    for table in kept_apart:
        assert before.pop(table) != after.pop(table)
    assert after == before


def test_what_is_stored_after_a_restore_takes_new_ids(owned_database, tmp_path, codes):
    load(owned_database, "first")
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    restore(owned_database, copy, tmp_path, cast.NOON)

    load(owned_database, "second")

    assert codes() == {"first", "second"}


def test_a_restored_database_still_keeps_its_promises(owned_database, tmp_path):
    with owned_database.writing() as session:
        cast.load_closed(session)
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    restore(owned_database, copy, tmp_path, cast.NOON)

    for change in ("UPDATE journal_entry SET actor = 'x'", "UPDATE round SET state = 'open'"):
        refused = pytest.raises(DBAPIError, match=r"stays as it was|from draft to open")
        with refused, owned_database.writing() as session:
            session.execute(text(change))


def test_a_backup_of_the_other_engine_can_be_restored(
    owned_postgresql_database, sqlite_urls, tmp_path
):
    """The way from SQLite to PostgreSQL, and back."""
    load(owned_postgresql_database, "first")
    before = everything(owned_postgresql_database)
    copy = backup.back_up(owned_postgresql_database, tmp_path, cast.NOON)
    other = backup.Database(sqlite_urls.owner)
    try:
        restore(other, copy, tmp_path, cast.NOON)
        assert everything(other)["allocation"] == before["allocation"]
        back = backup.back_up(other, tmp_path, cast.NOON.replace(hour=13))
    finally:
        other.close()

    restore(owned_postgresql_database, back, tmp_path, cast.NOON)

    assert everything(owned_postgresql_database)["judgement"] == before["judgement"]


def test_a_backup_of_an_older_revision_is_brought_to_the_newest(owned_database, tmp_path, codes):
    load(owned_database, "first")
    schema.downgrade(owned_database, "0007")
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    schema.upgrade(owned_database)

    restore(owned_database, copy, tmp_path / "kept", cast.NOON)

    assert json.loads(copy.with_name(copy.name + ".json").read_text())["revision"] == "0007"
    assert schema.revision(owned_database) == schema.newest_revision()
    assert codes() == {"first"}


def test_the_same_backup_can_be_restored_twice(owned_database, tmp_path, codes):
    load(owned_database, "first")
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)

    for folder in ("once", "twice"):
        restore(owned_database, copy, tmp_path / folder, cast.NOON)

    assert codes() == {"first"}


def test_only_its_owner_can_read_a_backup(owned_database, tmp_path):
    copy = backup.back_up(owned_database, tmp_path / "copies", cast.NOON)

    assert copy.stat().st_mode & 0o077 == 0
    assert copy.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", [100, -100])
def test_a_damaged_backup_is_refused(owned_database, tmp_path, codes, place):
    load(owned_database, "first")
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    load(owned_database, "second")
    content = bytearray(copy.read_bytes())
    content[place] ^= 0xFF
    copy.write_bytes(content)

    with pytest.raises(backup.BadBackup):
        restore(owned_database, copy, tmp_path / "kept", cast.NOON)
    assert codes() == {"first", "second"}


def test_a_database_whose_journal_does_not_hold_gives_no_backup(owned_database, tmp_path):
    load(owned_database, "first")
    with owned_database.writing() as session:
        if owned_database.is_sqlite:
            session.execute(text("DROP TRIGGER journal_entry_update"))
        else:
            session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        session.execute(text("UPDATE journal_entry SET actor = 'somebody else'"))

    with pytest.raises(backup.Damaged) as refused:
        backup.back_up(owned_database, tmp_path / "copies", cast.NOON)
    assert "journal of first, entry 1" in refused.value.why
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_backup_whose_manifest_was_made_to_fit_is_refused_by_its_journal(
    owned_database, tmp_path, codes
):
    load(owned_database, "first")
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    with sqlite3.connect(copy) as connection:
        connection.execute("DROP TRIGGER journal_entry_update")
        connection.execute("UPDATE journal_entry SET actor = 'somebody else'")
    connection.close()
    manifest = copy.with_name(copy.name + ".json")
    stated = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(stated | {"sha256": backup.file_digest(copy)}))

    with pytest.raises(backup.BadBackup) as refused:
        restore(owned_database, copy, tmp_path / "kept", cast.NOON)
    assert "journal of first, entry 1" in refused.value.why


def test_a_backup_of_a_newer_version_is_refused(owned_database, tmp_path):
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    manifest = copy.with_name(copy.name + ".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"revision": "9999"}))

    with pytest.raises(backup.BadBackup) as refused:
        restore(owned_database, copy, tmp_path, cast.NOON)
    assert refused.value.why == "it was made by a newer version of Steelyard"


def made_to_fit(copy, revision, stated=None):
    """Write another revision into a backup, and into its manifest or not."""
    with sqlite3.connect(copy) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    manifest = copy.with_name(copy.name + ".json")
    content = json.loads(manifest.read_text()) | {"sha256": backup.file_digest(copy)}
    manifest.write_text(json.dumps(content | ({"revision": stated} if stated else {})))


def test_a_backup_of_another_revision_than_its_manifest_is_refused(owned_database, tmp_path):
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    made_to_fit(copy, "9999")

    with pytest.raises(backup.BadBackup) as refused:
        restore(owned_database, copy, tmp_path, cast.NOON)
    newest = schema.newest_revision()
    assert refused.value.path == copy
    assert refused.value.why == f"it has revision 9999, its manifest says {newest}"


def test_a_backup_whose_tables_are_of_another_revision_is_refused(owned_database, tmp_path):
    copy = backup.back_up(owned_database, tmp_path, cast.NOON)
    made_to_fit(copy, "0007", "0007")

    with pytest.raises(backup.BadBackup) as refused:
        restore(owned_database, copy, tmp_path, cast.NOON)
    assert refused.value.path == copy
    assert refused.value.why == "its tables are not those of revision 0007"


def test_a_database_of_a_newer_version_is_neither_copied_nor_replaced(
    owned_postgresql_database, tmp_path
):
    database = owned_postgresql_database
    copy = backup.back_up(database, tmp_path / "before", cast.NOON)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(backup.UnknownRevision):
        backup.back_up(database, tmp_path / "copies", cast.NOON)
    with pytest.raises(backup.UnknownRevision):
        restore(database, copy, tmp_path / "copies", cast.NOON)
    assert list((tmp_path / "copies").iterdir()) == []


def test_what_is_not_there_is_refused(owned_database, tmp_path):
    with pytest.raises(backup.BadBackup) as refused:
        restore(owned_database, tmp_path / "nothing", tmp_path, cast.NOON)
    assert refused.value.why == "there is no such file"
