"""Checkpoints of a chain: a bounded walk that a person with the database cannot mislead."""

import pytest
from sqlalchemy import delete, insert, select, text, update

from survey.models import Journal, JournalCheckpoint, JournalEntry
from survey.store import journal
from tests.worlds import cast

KEY = b"a key that is not in the database"
ENTRIES = 95


@pytest.fixture
def study_id(database, monkeypatch):
    """A study whose journal has 95 entries, with a checkpoint at every tenth."""
    monkeypatch.setattr(journal, "EVERY", 10)
    database.info[journal.KEY] = KEY
    with database.writing() as session:
        study_id = cast.load(session).id
    for number in range(ENTRIES - 1):
        note(database, study_id, number)
    return study_id


def note(database, study_id, number):
    with database.writing() as session:
        journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)


def tamper(database, *statements):
    """Change rows behind the triggers' back, as someone with the file could."""
    with database.writing() as session:
        if database.is_sqlite:
            names = session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'jour%'")
            )
            for name in names.all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("journal", "journal_entry", "journal_checkpoint"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(statement)


def fault(database, study_id, turn=0, key=KEY):
    with database.reading() as session:
        return journal.find_recent_fault(session, study_id, key, turn)


def rewritten(database, study_id, first):
    """Return the statements that make a chain whole again after a change of one entry."""
    with database.reading() as session:
        rows = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.study_id == study_id, JournalEntry.number >= first)
            .order_by(JournalEntry.number)
        ).all()
    last, statements = rows[0].previous, []
    for row in rows:
        detail = "{}" if row.number == first else row.detail
        content = (study_id, row.number, row.at, row.actor, row.action, detail, last)
        entry = journal.Entry(*content)
        last = entry.digest()
        changed = {"detail": detail, "previous": entry.previous, "digest": last}
        statements.append(update(JournalEntry).where(JournalEntry.id == row.id).values(**changed))
    return (*statements, update(Journal).values(head=last))


def test_a_checkpoint_is_kept_at_every_tenth_entry(database, study_id):
    with database.reading() as session:
        rows = session.execute(
            select(JournalCheckpoint.number, JournalCheckpoint.digest, JournalEntry.digest)
            .join(JournalEntry, JournalEntry.number == JournalCheckpoint.number)
            .order_by(JournalCheckpoint.number)
        ).all()
    assert [row[0] for row in rows] == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert all(kept == digest for _, kept, digest in rows)
    assert fault(database, study_id) is None


def test_a_checkpoint_is_kept_where_many_entries_come_at_once(database, study_id):
    with database.writing() as session:
        for number in range(25):
            journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)

    with database.reading() as session:
        numbers = session.scalars(select(JournalCheckpoint.number)).all()
    assert max(numbers) == 120


def test_a_row_in_the_place_of_the_next_checkpoint_stops_no_save(database, study_id):
    """The application's role may add rows: one in a later place must not be in the way."""
    with database.writing() as session:
        forged = {"study_id": study_id, "number": 100, "digest": "0" * 64, "seal": "0" * 64}
        session.execute(insert(JournalCheckpoint).values(**forged))

    for number in range(6):
        note(database, study_id, number)

    with database.reading() as session:
        assert session.scalars(select(Journal.length)).one() == 101
    assert fault(database, study_id) is None


def test_the_walk_is_as_long_after_ten_times_as_many_entries(database, study_id):
    read = []
    counted = journal.Entry.digest

    def digest(entry):
        read.append(entry.number)
        return counted(entry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal.Entry, "digest", digest)
        assert fault(database, study_id, turn=3) is None

    # The entries after the last checkpoint, and the stretch of this turn.
    assert read == [91, 92, 93, 94, 95, *range(31, 41)]


def test_a_new_entry_that_was_changed_is_found_at_once(owned_database, study_id):
    tamper(owned_database, update(JournalEntry).where(JournalEntry.number == 93).values(detail="x"))

    assert fault(owned_database, study_id).number == 93


def test_an_old_entry_that_was_changed_is_found_in_its_turn(owned_database, study_id):
    tamper(owned_database, update(JournalEntry).where(JournalEntry.number == 34).values(detail="x"))

    assert fault(owned_database, study_id, turn=2) is None
    assert fault(owned_database, study_id, turn=3) == journal.ChainFault(34, "changed")
    with owned_database.reading() as session:
        assert journal.find_fault(session, study_id) == journal.ChainFault(34, "changed")


def test_a_chain_that_was_rewritten_is_found_at_its_next_checkpoint(owned_database, study_id):
    tamper(owned_database, *rewritten(owned_database, study_id, 34))
    with owned_database.reading() as session:
        assert journal.find_fault(session, study_id) is None  # by itself it holds

    assert fault(owned_database, study_id, turn=0) == journal.ChainFault(40, "changed")


def test_a_checkpoint_without_the_key_is_not_believed(owned_database, study_id):
    """An entry is changed and a checkpoint added after it, so that no check starts before."""
    with owned_database.reading() as session:
        digest = session.scalars(select(JournalEntry.digest).where(JournalEntry.number == 95)).one()
    tamper(
        owned_database,
        update(JournalEntry).where(JournalEntry.number == 93).values(detail="x"),
        insert(JournalCheckpoint).values(
            study_id=study_id, number=95, digest=digest, seal="0" * 64
        ),
    )

    assert fault(owned_database, study_id).number == 93


def test_a_checkpoint_of_another_study_is_not_believed(owned_database, study_id):
    with owned_database.writing() as session:
        other = cast.load(session, cast.study("other")).id
    with owned_database.reading() as session:
        mine = session.scalars(
            select(JournalCheckpoint).where(JournalCheckpoint.number == 90)
        ).one()
    tamper(
        owned_database,
        insert(JournalCheckpoint).values(
            study_id=other, number=90, digest=mine.digest, seal=mine.seal
        ),
    )

    assert fault(owned_database, other) is None  # not held against an entry it is not about


def test_a_chain_cut_before_a_checkpoint_is_found(owned_database, study_id):
    with owned_database.reading() as session:
        last = session.scalars(select(JournalEntry).where(JournalEntry.number == 85)).one()
    tamper(
        owned_database,
        delete(JournalEntry).where(JournalEntry.number > 85),
        update(Journal).values(length=85, head=last.digest),
    )

    assert fault(owned_database, study_id) == journal.ChainFault(90, "missing")


def test_with_another_key_the_whole_chain_is_walked(owned_database, study_id):
    tamper(owned_database, update(JournalEntry).where(JournalEntry.number == 34).values(detail="x"))

    assert fault(owned_database, study_id, key=b"another key").number == 34


def test_without_a_key_no_checkpoint_is_kept(database, monkeypatch):
    monkeypatch.setattr(journal, "EVERY", 10)
    with database.writing() as session:
        study_id = cast.load(session).id
    for number in range(15):
        note(database, study_id, number)

    with database.reading() as session:
        assert session.scalars(select(JournalCheckpoint)).all() == []


def test_a_service_keeps_checkpoints(app, store, monkeypatch):
    """A thousand entries: the figure of the code, not of this test."""
    with store.writing() as session:
        study_id = cast.load(session).id
        for number in range(1000):
            journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)

    with store.reading() as session:
        assert session.scalars(select(JournalCheckpoint.number)).all() == [1001]
    assert fault(store, study_id, key=app.extensions["settings"].secret_key.encode()) is None


PLANNED = """
    SELECT digest FROM journal_entry WHERE study_id = 1 AND action = 'ranking published'
    AND detail LIKE '%x%' ORDER BY number DESC LIMIT 1
"""


def test_an_entry_of_an_action_is_found_by_an_index(database, study_id):
    """The public page asks for it: without the index it reads the study's whole journal."""
    with database.reading() as session:
        if database.is_sqlite:
            plan = session.execute(text(f"EXPLAIN QUERY PLAN {PLANNED}")).all()
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = session.execute(text(f"EXPLAIN {PLANNED}")).all()
    assert "ix_journal_entry_study_id_action_number" in str(plan)
