"""A restore is all or nothing, and undoes no withdrawal, revocation or closed session."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError

from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.db import Database, DatabaseUnavailable
from survey.experts.finish.operations import withdraw
from survey.experts.landing.operations import exchange_personal_link
from survey.models import (
    ANSWERS,
    AuthorLink,
    Expert,
    Invitation,
    Journal,
    JournalEntry,
    Judgement,
    PersonalLink,
    Round,
    SignIn,
    Study,
)
from survey.sign_in.operations import exchange_author_link
from survey.store import backup, journal, rows, schema
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.invitations import (
    issue_personal_link,
    reissue_personal_link,
    revoke_personal_links,
)
from survey.store.restore import OthersConnected, restore
from survey.store.rounds import close_round
from survey.values import By
from tests.worlds import cast

LATER = cast.NOON + timedelta(hours=1)
LAST = cast.NOON + timedelta(hours=2)


@pytest.fixture
def there(owned_database):
    """A study whose round is open; Ann has answered, and Ann and Bo have links."""
    with owned_database.writing() as session:
        cast.load_open(session)
        links = {
            code: issue_personal_link(session, cast.invitation(session, code), By("", cast.NOON))
            for code in ("ANN", "BO")
        }
        exchange_personal_link(session, links["ANN"], "a browser", cast.NOON)
    judge(owned_database, 3)
    return links


@pytest.fixture
def copies(tmp_path):
    return tmp_path / "copies"


def judge(database, step, base=0, code="ANN"):
    with database.writing() as session:
        invitation = cast.invitation(session, code)
        save = Save(f"save {code} {base}", base, cast.NOON)
        record_judgement(session, invitation, cast.comparison(session), step, "why", save)


def count(database, table, *conditions):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions))


def entries(database, code="pilot"):
    with database.reading() as session:
        study = session.scalars(select(Study).where(Study.code == code)).one()
        assert journal.find_fault(session, study.id) is None
        found = session.execute(
            select(JournalEntry.actor, JournalEntry.action, JournalEntry.detail)
            .where(JournalEntry.study_id == study.id)
            .order_by(JournalEntry.number)
        )
        return [(actor, action, json.loads(detail)) for actor, action, detail in found]


def head(database, code="pilot"):
    with database.reading() as session:
        return session.scalars(
            select(Journal.head).join(Study, Study.id == Journal.study_id).where(Study.code == code)
        ).one()


def test_each_journal_names_the_head_it_left_and_the_head_it_has_again(
    owned_database, there, copies
):
    with owned_database.writing() as session:
        cast.load(session, cast.study("quiet"))
    quiet, then = head(owned_database, "quiet"), head(owned_database)
    copy = backup.back_up(owned_database, copies, cast.NOON)
    judge(owned_database, 4, base=1)
    now = head(owned_database)

    restore(owned_database, copy, copies, LATER)

    assert now != then
    assert entries(owned_database)[-1] == ("command", "restored", {"from": now, "to": then})
    assert entries(owned_database, "quiet")[-1] == (
        "command",
        "restored",
        {"from": quiet, "to": quiet},
    )


def test_a_study_made_since_is_named_and_in_the_copy_that_is_kept(owned_database, there, copies):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        cast.load(session, cast.study("since"))

    done = restore(owned_database, copy, copies, LATER)

    assert done.lost == ("since",)
    assert count(owned_database, Study) == 1
    restore(owned_database, done.kept, copies, LAST)
    assert count(owned_database, Study) == 2


def test_a_database_that_was_empty_says_that_it_came_from_nothing(
    owned_database, there, copies, tmp_path
):
    then = head(owned_database)
    copy = backup.back_up(owned_database, copies, cast.NOON)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh' / 'steelyard.sqlite3'}")

    done = restore(fresh, copy, copies, LATER)

    assert (done.kept, done.lost) == (None, ())
    assert entries(fresh)[-1] == ("command", "restored", {"from": None, "to": then})
    fresh.close()


def test_another_study_of_the_same_code_is_another_study(owned_database, there, copies, tmp_path):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    other = Database(f"sqlite:///{tmp_path / 'other' / 'steelyard.sqlite3'}")
    schema.upgrade(other)
    with other.writing() as session:
        cast.load(session, cast.study("first"))
        cast.load_open(session)
        withdraw(session, cast.invitation(session), LATER)

    restore(other, copy, copies, LAST)

    assert count(other, Judgement) == 1
    assert entries(other)[-1][2]["from"] is None
    other.close()


def test_every_session_and_every_sign_in_link_has_ended(owned_database, there, copies):
    with owned_database.writing() as session:
        author = ensure_author(session, DEFAULT_AUTHOR, cast.NOON)
        used = issue_author_link(session, author, cast.NOON)
        issue_author_link(session, author, cast.NOON)
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        exchange_author_link(session, used, "a browser", LATER)

    restore(owned_database, copy, copies, LATER)

    assert count(owned_database, SignIn) == 1
    assert count(owned_database, SignIn, SignIn.ended_at.is_(None)) == 0
    assert count(owned_database, AuthorLink, AuthorLink.used_at.is_(None)) == 0


def test_a_link_that_was_revoked_since_stays_revoked_and_the_others_work(
    owned_database, there, copies
):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        revoke_personal_links(session, cast.invitation(session, "BO"), By("author author", LATER))

    restore(owned_database, copy, copies, LAST)

    with owned_database.reading() as session:
        found = session.execute(
            select(Expert.code, PersonalLink.revoked_at)
            .join(Invitation, Invitation.expert_id == Expert.id)
            .join(PersonalLink, PersonalLink.invitation_id == Invitation.id)
            .order_by(Expert.code)
        )
        assert [tuple(row) for row in found] == [("ANN", None), ("BO", LATER)]


def test_what_an_expert_withdrew_since_stays_deleted(owned_database, there, copies):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        withdraw(session, cast.invitation(session), LATER)

    restore(owned_database, copy, copies, LAST)
    restore(owned_database, copy, copies, LAST + timedelta(hours=1))

    for table in ANSWERS:
        assert count(owned_database, table) == 0
    with owned_database.reading() as session:
        assert cast.invitation(session).withdrew_at == LATER
        number = session.scalar(select(Round.id))
    assert entries(owned_database)[-1] == (
        "expert ANN",
        "expert withdrew",
        {"round": number, "at": LATER.isoformat()},
    )


def test_an_expert_who_came_back_since_is_not_marked_but_the_old_answers_are_gone(
    owned_database, there, copies
):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        withdraw(session, cast.invitation(session), LATER)
        link = issue_personal_link(session, cast.invitation(session), By("", LATER))
        exchange_personal_link(session, link, "a browser", LAST)
    judge(owned_database, 5)
    kept = restore(owned_database, copy, copies, LAST).kept
    assert count(owned_database, Judgement) == 0

    restore(owned_database, kept, copies, LAST + timedelta(hours=1))

    assert count(owned_database, Judgement, Judgement.step == 5) == 1


def test_a_withdrawal_holds_in_a_backup_in_which_the_round_had_been_closed(
    owned_database, there, copies
):
    early = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        close_round(session, session.scalars(select(Round)).one(), By("author author", cast.NOON))
    closed = backup.back_up(owned_database, copies, LATER)
    restore(owned_database, early, copies, LATER + timedelta(minutes=1))
    with owned_database.writing() as session:
        withdraw(session, cast.invitation(session), LAST)

    restore(owned_database, closed, copies, LAST + timedelta(minutes=1))

    assert count(owned_database, Judgement) == 0
    assert count(owned_database, Round, Round.state == "closed") == 1


def test_an_expert_who_was_removed_since_stays_removed(owned_database, there, copies):
    with owned_database.writing() as session:
        withdraw(session, cast.invitation(session), cast.NOON)
    judge(owned_database, 3, code="CY")
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        for table in ANSWERS:
            session.execute(delete(table))
        session.execute(delete(SignIn))
        session.execute(delete(PersonalLink))
        cy = cast.invitation(session, "CY").expert_id
        session.execute(delete(Invitation).where(Invitation.expert_id == cy))
        session.execute(delete(Expert).where(Expert.id == cy))
    kept = restore(owned_database, copy, copies, LAST).kept

    with owned_database.reading() as session:
        assert set(session.scalars(select(Expert.code))) == {"ANN", "BO"}
    assert count(owned_database, Judgement) == 0
    assert entries(owned_database)[-1] == ("command", "expert removed", {"expert": "CY"})
    restore(owned_database, kept, copies, LAST + timedelta(hours=1))
    assert count(owned_database, Expert) == 2


def test_an_expert_who_was_added_since_comes_back_with_the_copy_that_was_kept(
    owned_database, there, copies
):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        study = session.scalars(select(Study)).one()
        session.add(
            Expert(
                study_id=study.id, code="DI", name="", direction="", language="en", kind="direct"
            )
        )
        session.flush()
        journal.record(session, study.id, "", "expert added", {}, LATER)
    kept = restore(owned_database, copy, copies, LATER).kept
    assert count(owned_database, Expert) == 3

    restore(owned_database, kept, copies, LAST)

    assert count(owned_database, Expert) == 4


def test_a_link_issued_in_place_of_another_is_lost_but_the_other_stays_dead(
    owned_database, there, copies
):
    copy = backup.back_up(owned_database, copies, cast.NOON)
    with owned_database.writing() as session:
        reissue_personal_link(session, cast.invitation(session), By("author author", LATER))

    restore(owned_database, copy, copies, LAST)

    ann = Expert.code == "ANN"
    with owned_database.reading() as session:
        revoked = session.scalars(
            select(PersonalLink.revoked_at).join(Invitation).join(Expert).where(ann)
        ).all()
    assert revoked == [LATER]


def test_nothing_is_restored_while_others_are_connected(
    owned_postgresql_database, postgresql_database, there, copies
):
    copy = backup.back_up(owned_postgresql_database, copies, cast.NOON)
    judge(owned_postgresql_database, 4, base=1)
    before = list(copies.iterdir())

    with postgresql_database.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(OthersConnected) as refused:
            restore(owned_postgresql_database, copy, copies, LATER)

    assert refused.value.roles == {"steelyard_app": 1}
    assert list(copies.iterdir()) == before
    assert count(owned_postgresql_database, Judgement, Judgement.step == 4) == 1


def test_savers_who_come_in_the_middle_see_one_state_or_the_other(
    owned_postgresql_database, database_urls, there, copies, monkeypatch
):
    """They connect after the look for others: each save is of before, or of after."""
    copy = backup.back_up(owned_postgresql_database, copies, cast.NOON)
    stop, seen, faults = threading.Event(), set(), []
    savers = Database(database_urls.application)

    def save():
        while not stop.is_set():
            try:
                with savers.writing() as session:
                    study_id = session.scalar(select(Study.id))
                    journal.record(session, study_id, "saver", "saved", {}, LATER)
                with savers.reading() as session:
                    study = text("SELECT count(*) FROM study")
                    seen.add((session.scalar(study), session.scalar(select(func.count(Expert.id)))))
            except DatabaseUnavailable:
                continue  # refused for a moment: nothing was saved
            except Exception as fault:
                faults.append(fault)
                return

    threads = [threading.Thread(target=save) for _ in range(4)]
    monkeypatch.setattr(
        "survey.store.restore._refuse_others", lambda _: [thread.start() for thread in threads]
    )
    for hour in range(3):
        restore(owned_postgresql_database, copy, copies, LATER + timedelta(hours=hour))
        monkeypatch.setattr("survey.store.restore._refuse_others", lambda _: None)
    stop.set()
    for thread in threads:
        thread.join(30)
    savers.close()

    assert faults == []
    assert seen == {(1, 3)}
    assert entries(owned_postgresql_database)  # the chain holds


def half_way(monkeypatch, look):
    """Look at the database from elsewhere when half of the tables have their rows."""
    write, written, seen = rows._write, [], []

    def written_and_looked(connection, table, copy):
        write(connection, table, copy)
        written.append(table)
        if table == "study":
            with look.reading() as session:
                session.execute(text("SET LOCAL lock_timeout = '100ms'"))
                try:
                    seen.append([session.scalar(select(func.count(t.id))) for t in (Study, Expert)])
                except OperationalError:
                    seen.append("waited")

    monkeypatch.setattr(rows, "_write", written_and_looked)
    return seen


def test_no_reader_sees_half_of_a_restore(
    owned_postgresql_database, database_urls, there, copies, monkeypatch
):
    copy = backup.back_up(owned_postgresql_database, copies, cast.NOON)
    other = Database(database_urls.application)
    seen = half_way(monkeypatch, other)

    restore(owned_postgresql_database, copy, copies, LATER)
    other.close()

    assert seen == ["waited"]


def test_without_one_transaction_half_of_a_restore_is_seen(
    owned_postgresql_database, database_urls, there, copies, monkeypatch
):
    """The control: this is what the transaction is for."""
    copy = backup.back_up(owned_postgresql_database, copies, cast.NOON)
    other = Database(database_urls.application)
    seen = half_way(monkeypatch, other)

    engine = owned_postgresql_database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        rows.copy_in(schema.postgresql_driver(connection), copy)
    other.close()

    assert seen == [[1, 0]]


def test_a_restore_that_fails_at_its_end_changes_nothing(
    owned_postgresql_database, there, copies, monkeypatch
):
    copy = backup.back_up(owned_postgresql_database, copies, cast.NOON)
    judge(owned_postgresql_database, 4, base=1)
    before = head(owned_postgresql_database)

    def broken(connection, path):
        rows.copy_in(connection, path)
        raise RuntimeError

    monkeypatch.setattr("survey.store.restore.copy_in", broken)

    with pytest.raises(RuntimeError):
        restore(owned_postgresql_database, copy, copies, LATER)
    assert head(owned_postgresql_database) == before
    assert count(owned_postgresql_database, Judgement, Judgement.step == 4) == 1
