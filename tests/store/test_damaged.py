"""Damaged databases: kept as they are, and their withdrawals hold in the backup."""

import json
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.db import sqlite, wal_is_safe
from survey.experts.finish.operations import withdraw
from survey.experts.landing.operations import exchange_personal_link
from survey.models import (
    Expert,
    Invitation,
    Journal,
    JournalEntry,
    Judgement,
    PersonalLink,
    SignIn,
    Study,
)
from survey.store import backup, journal
from survey.store.damaged import EVERYTHING, keep_damaged
from survey.store.invitations import issue_personal_link, revoke_personal_links
from survey.store.restore import OthersConnected, restore
from survey.values import By
from tests.worlds import cast

LATER = cast.NOON + timedelta(hours=1)
LAST = cast.NOON + timedelta(hours=2)


@pytest.fixture
def copies(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def copy(owned_database, copies):
    """A backup in which Ann has answered, and Bo has a link; since then Ann withdrew."""
    with owned_database.writing() as session:
        cast.load_open(session)
        links = [
            issue_personal_link(session, cast.invitation(session, code), By("", cast.NOON))
            for code in ("ANN", "BO")
        ]
        exchange_personal_link(session, links[0], "a browser", cast.NOON)
    with owned_database.writing() as session:
        save = Save("save", 0, cast.NOON)
        ann = cast.invitation(session)
        record_judgement(session, ann, cast.comparison(session), 3, "why", save)
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        withdraw(session, cast.invitation(session), LATER)
    with owned_database.writing() as session:
        revoke_personal_links(session, cast.invitation(session, "BO"), By("author author", LATER))
    return copy


def change(database, *statements):
    """Change rows with the rights of the owner of the tables."""
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(text("DROP TRIGGER journal_entry_update"))
        else:
            session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


FIRST_CHANGED = "UPDATE journal_entry SET actor = 'x' WHERE number = 1"


def head(database):
    with database.reading() as session:
        return session.scalars(select(Journal.head)).one()


def restored(database):
    """The last entry of a restore, in a journal that holds."""
    with database.reading() as session:
        study = session.scalars(select(Study)).one()
        assert journal.find_fault(session, study.id) is None
        details = session.scalars(
            select(JournalEntry.detail)
            .where(JournalEntry.action == "restored")
            .order_by(JournalEntry.id)
        )
        return json.loads(details.all()[-1])


def in_force(database):
    """Answers, when Ann withdrew, and links that work."""
    with database.reading() as session:
        return (
            session.scalar(select(func.count(Judgement.id))),
            cast.invitation(session).withdrew_at,
            session.scalars(
                select(Expert.code)
                .join(Invitation, Invitation.expert_id == Expert.id)
                .join(PersonalLink, PersonalLink.invitation_id == Invitation.id)
                .where(PersonalLink.revoked_at.is_(None))
            ).all(),
        )


CARRIED_OVER: tuple[int, datetime, list[str]] = (0, LATER, [])
NOTHING_CARRIED_OVER = (1, None, ["ANN", "BO"])


def refused(database, copy, copies):
    """Return why the restore is refused; it left nothing behind."""
    before = sorted(copies.iterdir())
    with pytest.raises(backup.Damaged) as error:
        restore(database, copy, copies, LAST)
    assert sorted(copies.iterdir()) == before
    return error.value.why


def test_a_changed_journal_is_kept_and_the_backup_takes_its_place(owned_database, copy, copies):
    then = json.loads(copy.with_name(copy.name + ".json").read_text())["journals"]["pilot"][1]
    change(owned_database, FIRST_CHANGED)
    now = head(owned_database)
    why = "cannot be read back whole: journal of pilot, entry 1: changed"
    assert refused(owned_database, copy, copies) == why

    done = restore(owned_database, copy, copies, LAST, damaged=True)

    assert done.unread == ()
    assert done.kept.name.endswith("-damaged.sqlite3")
    assert json.loads(done.kept.with_name(done.kept.name + ".json").read_text())["damaged"] == why
    assert restored(owned_database) == {"from": now, "to": then, "found": "damaged", "unread": ""}
    assert in_force(owned_database) == CARRIED_OVER
    backup.back_up(owned_database, copies, LAST)


def test_withdrawals_hold_whose_journal_begins_otherwise_or_lost_its_entries(
    owned_database, copy, copies
):
    """The code names the study then, and the invitations say who withdrew."""
    change(
        owned_database,
        "UPDATE journal_entry SET digest = 'x' WHERE number = 1",
        "UPDATE journal_entry SET detail = 'x' WHERE action = 'expert withdrew'",
    )

    restore(owned_database, copy, copies, LAST, damaged=True)

    assert in_force(owned_database) == CARRIED_OVER


def test_a_withdrawal_that_the_invitation_no_longer_says_holds(owned_database, copy, copies):
    change(owned_database, FIRST_CHANGED, "UPDATE invitation SET withdrew_at = NULL")

    restore(owned_database, copy, copies, LAST, damaged=True)

    assert in_force(owned_database)[0] == 0


def test_an_expert_who_is_missing_in_a_damaged_database_is_not_removed(
    owned_database, copy, copies
):
    with owned_database.writing() as session:
        session.execute(delete(SignIn))
        session.execute(delete(PersonalLink))
        cy = cast.invitation(session, "CY").expert_id
        session.execute(delete(Invitation).where(Invitation.expert_id == cy))
        session.execute(delete(Expert).where(Expert.id == cy))
    change(owned_database, FIRST_CHANGED)

    restore(owned_database, copy, copies, LAST, damaged=True)

    with owned_database.reading() as session:
        assert set(session.scalars(select(Expert.code))) == {"ANN", "BO", "CY"}


def test_a_database_that_is_whole_is_kept_as_a_backup_all_the_same(owned_database, copy, copies):
    done = restore(owned_database, copy, copies, LAST, damaged=True)

    assert (done.unread, done.kept.name) == (None, "steelyard-20240806T140000000000.sqlite3")
    assert "found" not in restored(owned_database)


def test_a_damaged_state_is_kept_by_itself_and_is_no_backup(owned_database, copy, copies):
    change(owned_database, FIRST_CHANGED)

    kept = keep_damaged(owned_database, copies, LAST, "is damaged")

    connection = sqlite3.connect(f"file:{kept}?mode=ro", uri=True)
    changed = connection.execute("SELECT actor FROM journal_entry WHERE number = 1").fetchall()
    connection.close()
    assert changed == [("x",)]
    assert {file.stat().st_mode & 0o077 for file in copies.iterdir()} == {0}
    with pytest.raises(backup.BadBackup) as error:
        restore(owned_database, kept, copies, LAST)
    assert error.value.why == "it is a damaged state that was kept as it was, and no backup"


def overwrite(path, start, content):
    with path.open("rb+") as file:
        file.seek(start)
        file.write(content)


def overwrite_page_of(database, table):
    """Overwrite the first page of a table with 0xff."""
    path = database.path
    database.close()
    connection = sqlite3.connect(path)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    overwrite(path, (page - 1) * size, b"\xff" * size)


def test_of_a_damaged_file_what_can_be_read_holds(sqlite_database, copy, copies):
    overwrite_page_of(sqlite_database, "judgement")
    content = sqlite_database.path.read_bytes()
    why = "cannot be read back whole: database disk image is malformed"
    assert refused(sqlite_database, copy, copies) == why

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert done.kept.read_bytes() == content
    assert done.unread == ("judgement",)
    assert restored(sqlite_database)["unread"] == "judgement"
    assert in_force(sqlite_database) == CARRIED_OVER


def test_of_a_damaged_panel_no_expert_is_removed(sqlite_database, copy, copies):
    overwrite_page_of(sqlite_database, "expert")

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert "expert" in done.unread
    assert in_force(sqlite_database)[0] == 0
    with sqlite_database.reading() as session:
        assert set(session.scalars(select(Expert.code))) == {"ANN", "BO", "CY"}


@pytest.mark.parametrize("table", ["study", "round", "invitation", "journal", "journal_entry"])
def test_a_restore_goes_on_whatever_table_is_lost(sqlite_database, copy, copies, table):
    overwrite_page_of(sqlite_database, table)

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert table in done.unread
    assert restored(sqlite_database)["found"] == "damaged"


def test_of_a_file_without_its_header_nothing_is_read(sqlite_database, copy, copies):
    sqlite_database.close()
    overwrite(sqlite_database.path, 0, bytes(100))
    content = sqlite_database.path.read_bytes()
    assert refused(sqlite_database, copy, copies) == "is not an SQLite database"

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert done.kept.read_bytes() == content
    assert done.unread == EVERYTHING
    entry = restored(sqlite_database)
    assert (entry["from"], entry["found"], entry["unread"]) == (None, "damaged", "everything")
    assert in_force(sqlite_database) == NOTHING_CARRIED_OVER


def test_the_log_beside_an_emptied_file_is_kept(sqlite_database, copy, copies):
    """SQLite would empty it: what was written last is only there."""
    path = sqlite_database.path
    sqlite_database.close()
    log = Path(f"{path}-wal")
    log.write_bytes(b"what was written last")
    path.write_bytes(b"")
    why = "is empty, and the log steelyard.sqlite3-wal beside it is not"
    assert refused(sqlite_database, copy, copies) == why

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert Path(f"{done.kept}-wal").read_bytes() == b"what was written last"
    assert in_force(sqlite_database) == NOTHING_CARRIED_OVER


def test_tables_without_their_revision_are_not_taken_for_an_empty_database(
    sqlite_database, copy, copies
):
    change(sqlite_database, "DELETE FROM alembic_version")
    why = "holds tables, and not the revision that they have"
    assert refused(sqlite_database, copy, copies) == why

    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert done.unread == ()
    assert in_force(sqlite_database) == CARRIED_OVER


def test_a_moment_that_is_none_is_a_fault_of_the_journal(sqlite_database, copy, copies):
    change(sqlite_database, "UPDATE journal_entry SET at = 'x' WHERE number = 1")

    why = refused(sqlite_database, copy, copies)
    done = restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert "journal of pilot, entry 1: it, or one soon after it, cannot be read" in why
    assert done.unread == ("journal_entry",)
    assert in_force(sqlite_database) == CARRIED_OVER


@contextmanager
def another_process(database, statement):
    """Let another process run a statement on the file, and keep its connection."""
    reader = (
        "import sys; from survey.db import sqlite;"
        "connection = sqlite.connect(sys.argv[1], isolation_level=None);"
        "connection.execute(sys.argv[2]); connection.execute('SELECT code FROM study').fetchall();"
        "print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reader, database.path, statement],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()
        yield
        other.stdin.close()


def test_a_damaged_file_that_another_process_reads_is_not_replaced(sqlite_database, copy, copies):
    """It would go on with the file that was removed, and lose what it is told there."""
    change(sqlite_database, FIRST_CHANGED)
    with another_process(sqlite_database, "BEGIN"):
        before = sorted(copies.iterdir())
        with pytest.raises(OthersConnected):
            restore(sqlite_database, copy, copies, LAST, damaged=True)

    assert sorted(copies.iterdir()) == before
    with sqlite_database.reading() as session:
        assert session.scalars(select(JournalEntry.actor)).first() == "x"


def test_a_connection_that_another_process_only_keeps_is_seen_by_its_lock_on_the_log(
    sqlite_database, copy, copies
):
    """Without a log, such a connection has no lock: only the operator knows of it."""
    change(sqlite_database, FIRST_CHANGED)
    has_log = wal_is_safe(sqlite.sqlite_version_info)
    with (
        another_process(sqlite_database, "SELECT 1"),
        pytest.raises(OthersConnected) if has_log else nullcontext(),
    ):
        restore(sqlite_database, copy, copies, LAST, damaged=True)

    with sqlite_database.reading() as session:
        actor = session.scalars(select(JournalEntry.actor)).first()
        assert (actor == "x") == has_log
