"""A chain of digests, which shows changed, missing and cut entries."""

import pytest
from sqlalchemy import select, text, update

from survey.models import Journal, JournalEntry, Study
from survey.store import journal
from tests.worlds import cast


@pytest.fixture
def study_id(database):
    """A study whose journal has five entries."""
    with database.writing() as session:
        study_id = cast.load(session).id
        for number in range(4):
            journal.record(session, study_id, "author ann", "tried", {"try": number}, cast.NOON)
    return study_id


def tamper(database, statement):
    """Change rows behind the triggers' back, as someone with the file could."""
    with database.writing() as session:
        if database.is_sqlite:
            names = session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'jour%'")
            )
            for name in names.all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("journal", "journal_entry"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(statement)


def fault(database, study_id):
    with database.reading() as session:
        return journal.find_fault(session, study_id)


def test_an_untouched_chain_holds(database, study_id):
    assert fault(database, study_id) is None


@pytest.mark.parametrize("column", ["actor", "action", "detail", "previous"])
def test_a_changed_entry_is_found(owned_database, study_id, column):
    tamper(
        owned_database, update(JournalEntry).where(JournalEntry.number == 3).values({column: "x"})
    )

    assert fault(owned_database, study_id).number == 3


def test_a_changed_time_is_found(owned_database, study_id):
    later = cast.NOON.replace(hour=13)
    tamper(owned_database, update(JournalEntry).where(JournalEntry.number == 2).values(at=later))

    assert fault(owned_database, study_id) == journal.ChainFault(2, "changed")


def test_an_entry_left_out_is_found(owned_database, study_id):
    tamper(owned_database, text("DELETE FROM journal_entry WHERE number = 3"))

    assert fault(owned_database, study_id) == journal.ChainFault(3, "missing")


def test_a_cut_end_is_found(owned_database, study_id):
    tamper(owned_database, text("DELETE FROM journal_entry WHERE number = 5"))

    assert fault(owned_database, study_id).number == 5


def test_a_cut_end_with_a_cut_head_no_longer_leads_to_the_printed_seal(owned_database, study_id):
    key = b"k" * 32
    with owned_database.reading() as session:
        printed = journal.seal(journal.load_head(session, study_id), key)
        fourth = session.scalar(select(JournalEntry.digest).where(JournalEntry.number == 4))
    tamper(owned_database, text("DELETE FROM journal_entry WHERE number = 5"))
    tamper(owned_database, update(Journal).values(length=4, head=fourth))

    assert fault(owned_database, study_id) is None
    with owned_database.reading() as session:
        assert journal.seal(journal.load_head(session, study_id), key) != printed


def test_each_study_has_a_chain_of_its_own(database, study_id):
    with database.writing() as session:
        other = cast.load(session, cast.study("other")).id

    with database.reading() as session:
        assert session.get(Study, other) is not None
        assert journal.find_fault(session, other) is None
        assert journal.load_head(session, other) != journal.load_head(session, study_id)
