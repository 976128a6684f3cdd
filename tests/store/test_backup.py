"""A backup is whole or refused; the database it replaces is kept."""

import json
import sqlite3

import pytest
from sqlalchemy import select

from survey.models import Study
from survey.store import backup
from tests import cast


@pytest.fixture
def codes(sqlite_database):
    def read():
        with sqlite_database.reading() as session:
            return set(session.scalars(select(Study.code)))

    return read


def load(database, code):
    with database.writing() as session:
        cast.load(session, cast.study(code))


def test_a_backup_holds_what_was_there_and_restoring_brings_it_back(
    sqlite_database, tmp_path, codes
):
    load(sqlite_database, "first")
    copy = backup.back_up(sqlite_database, tmp_path / "copies", cast.NOON)
    load(sqlite_database, "second")

    kept = backup.restore(sqlite_database, copy, tmp_path / "kept", cast.NOON)

    assert codes() == {"first"}
    backup.restore(sqlite_database, kept, tmp_path / "again", cast.NOON)
    assert codes() == {"first", "second"}


def test_the_same_backup_can_be_restored_twice(sqlite_database, tmp_path, codes):
    load(sqlite_database, "first")
    copy = backup.back_up(sqlite_database, tmp_path, cast.NOON)

    for folder in ("once", "twice"):
        backup.restore(sqlite_database, copy, tmp_path / folder, cast.NOON)

    assert codes() == {"first"}


def test_only_its_owner_can_read_a_backup(sqlite_database, tmp_path):
    copy = backup.back_up(sqlite_database, tmp_path, cast.NOON)

    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", [100, -100])
def test_a_damaged_backup_is_refused(sqlite_database, tmp_path, codes, place):
    load(sqlite_database, "first")
    copy = backup.back_up(sqlite_database, tmp_path, cast.NOON)
    load(sqlite_database, "second")
    content = bytearray(copy.read_bytes())
    content[place] ^= 0xFF
    copy.write_bytes(content)

    with pytest.raises(backup.BadBackup):
        backup.restore(sqlite_database, copy, tmp_path / "kept", cast.NOON)
    assert codes() == {"first", "second"}


def test_a_backup_whose_manifest_was_made_to_fit_is_refused_by_its_journal(
    sqlite_database, tmp_path, codes
):
    load(sqlite_database, "first")
    copy = backup.back_up(sqlite_database, tmp_path, cast.NOON)
    with sqlite3.connect(copy) as connection:
        connection.execute("DROP TRIGGER journal_entry_update")
        connection.execute("UPDATE journal_entry SET actor = 'somebody else'")
    connection.close()
    manifest = copy.with_name(copy.name + ".json")
    stated = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(stated | {"sha256": backup._file_digest(copy)}))

    with pytest.raises(backup.BadBackup) as refused:
        backup.restore(sqlite_database, copy, tmp_path / "kept", cast.NOON)
    assert "journal of first, entry 1" in refused.value.why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"engine": "postgresql"}, "it is of postgresql"),
        ({"revision": "9999"}, "it was made by a newer version of Steelyard"),
    ],
)
def test_a_backup_of_something_else_is_refused(sqlite_database, tmp_path, change, why):
    copy = backup.back_up(sqlite_database, tmp_path, cast.NOON)
    manifest = copy.with_name(copy.name + ".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))

    with pytest.raises(backup.BadBackup) as refused:
        backup.restore(sqlite_database, copy, tmp_path, cast.NOON)
    assert refused.value.why == why


def test_what_is_not_there_is_refused(sqlite_database, tmp_path):
    with pytest.raises(backup.BadBackup) as refused:
        backup.restore(sqlite_database, tmp_path / "nothing", tmp_path, cast.NOON)
    assert refused.value.why == "there is no such file"
