"""Refusals of the database for a moment: 503, sent again, never a failure."""

import threading
from contextlib import contextmanager

import pytest
from psycopg import errors as postgresql
from sqlalchemy import event, exc, text
from sqlalchemy.orm import Session

from survey.db import Conflict, Database, DatabaseBusy, DatabaseUnavailable, sqlite
from survey.outages import momentary
from tests.clients import arrivals
from tests.clients.pages import page_of
from tests.worlds import cast

ANSWER = {"direction": "first", "strength": "3", "reason": "a <reason>"}


@pytest.fixture
def asked(database, app):
    """An expert's browser, and the address of the first question."""
    with database.writing() as session:
        cast.load_open(session)
    client = arrivals.arrive(app, arrivals.link(database))
    return client, arrivals.question(database)


@contextmanager
def refused(database, what, times=1, statement="INSERT INTO answer_revision"):
    """Let the database refuse the statement so often, by its own fault."""
    engine, left = database.engine, [times]

    def refuse(_connection, cursor, sent, *_):
        if sent.startswith(statement) and left[0]:
            left[0] -= 1
            what(cursor)

    event.listen(engine, "before_cursor_execute", refuse)
    yield
    event.remove(engine, "before_cursor_execute", refuse)


def raising(sqlstate):
    """Return PostgreSQL's own error of this state."""
    return lambda cursor: cursor.execute(
        f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{sqlstate}'; END $$"
    )


def full(cursor):
    """Return SQLite's own error of a full disk."""
    cursor.execute("PRAGMA max_page_count = 1")
    cursor.execute("CREATE TABLE filler AS SELECT zeroblob(100000) AS content")


def filled(client, path):
    """Return the question's form, filled in."""
    return {**arrivals.hidden(client.page(path)), **ANSWER}


#: States of a PostgreSQL that is full, restarts, gives up, or has become a standby.
STATES = ("53100", "57P01", "57P03", "57014", "55P03", "58030", "25006", "08006", "53300")


@pytest.mark.parametrize("sqlstate", STATES)
def test_what_postgresql_refuses_is_sent_again_from_the_page(
    postgresql_database, app, asked, sqlstate
):
    del postgresql_database
    assert_sent_again(app, asked, raising(sqlstate))


def test_what_a_full_disk_refuses_is_sent_again_from_the_page(sqlite_database, app, asked):
    del sqlite_database
    assert_sent_again(app, asked, full)


def assert_sent_again(app, asked, what):
    client, path = asked
    store = app.extensions["database"]
    form = filled(client, path)
    with refused(store, what):
        response = client.post(path, data=form)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store"
    assert arrivals.judgements(store) == []
    page = page_of(response)
    again = arrivals.hidden(page)
    assert {name: again[name] for name in ANSWER} == ANSWER
    store.close()  # the full file's connections, with their limit

    response = client.post(path, data=again)

    assert response.status_code == 303
    assert len(arrivals.judgements(store)) == 1


def test_a_script_is_told_that_it_is_not_saved(database, app, asked):
    client, path = asked
    store = app.extensions["database"]
    what = full if database.is_sqlite else raising("53100")
    with refused(store, what):
        response = client.post(path, data=filled(client, path), headers=arrivals.JSON)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.get_json() == {"refused": "unavailable"}


def test_a_part_of_a_page_is_refused_as_a_part(database, app, asked):
    client, _ = asked
    what = raising("57P03") if not database.is_sqlite else unreadable
    with reading_refused(app, what):
        response = client.get("/answer/groups/digital/fit", headers={"HX-Request": "true"})

    assert response.status_code == 503
    assert "<html" not in response.get_data(as_text=True)


def unreadable(_cursor):
    error = sqlite.OperationalError("disk I/O error")
    error.sqlite_errorcode = 266  # SQLITE_IOERR_READ
    raise exc.OperationalError("SELECT", {}, error)


@contextmanager
def reading_refused(app, what):
    engine = app.extensions["database"]._reader

    def refuse(_connection, cursor, *_):
        what(cursor)

    event.listen(engine, "before_cursor_execute", refuse)
    yield
    event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("language", ["en", "zh", "ar", "ru", "tr", "fr"])
def test_a_page_that_cannot_be_read_says_so_in_each_language(database, app, asked, language):
    client, path = asked
    client.get(f"{path}?language={language}")
    what = raising("57P03") if not database.is_sqlite else unreadable
    with reading_refused(app, what):
        response = client.get(path)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    page = page_of(response)
    assert page.one("html").attributes["lang"].startswith(language)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_a_deadlock_is_tried_once_more(postgresql_database, app, asked, sqlstate):
    client, path = asked
    form = filled(client, path)
    with refused(app.extensions["database"], raising(sqlstate), times=1):
        response = client.post(path, data=form)

    assert response.status_code == 303
    assert len(arrivals.judgements(postgresql_database)) == 1


def test_a_second_deadlock_is_told(postgresql_database, app, asked):
    client, path = asked
    form = filled(client, path)
    with refused(app.extensions["database"], raising("40P01"), times=2):
        response = client.post(path, data=form)

    assert response.status_code == 503
    assert arrivals.judgements(postgresql_database) == []


def test_a_cut_connection_is_no_failure(postgresql_database, postgres_server, app, asked):
    client, path = asked
    form = filled(client, path)

    def cut(_cursor):
        postgres_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'postgres'"
        )

    with refused(app.extensions["database"], cut):
        response = client.post(path, data=form)

    assert response.status_code == 503
    assert client.post(path, data=form).status_code == 303
    assert len(arrivals.judgements(postgresql_database)) == 1


def test_a_commit_without_an_answer_is_not_called_unsaved(database, app, asked):
    """The page said that nothing was saved, and the answer was."""
    client, path = asked
    form = filled(client, path)

    def cut(_session):
        raise exc.OperationalError("COMMIT", None, Exception("cut"), connection_invalidated=True)

    event.listen(Session, "after_commit", cut)
    try:
        response = client.post(path, data=form)
    finally:
        event.remove(Session, "after_commit", cut)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    # No button that sends it again unseen.
    assert page_of(response).all("form", method="post") == []
    assert len(arrivals.judgements(database)) == 1


def test_a_foreign_writer_is_waited_for_and_then_told(sqlite_database, app, asked):
    client, path = asked
    form = filled(client, path)
    store = app.extensions["database"]
    event.listen(
        store.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=9")
    )
    foreign = sqlite.connect(sqlite_database.path, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    try:
        response = client.post(path, data=form)
    finally:
        foreign.close()

    assert response.status_code == 503
    assert client.post(path, data=form).status_code == 303


def test_an_exhausted_pool_is_no_failure(database_url, monkeypatch):
    monkeypatch.setattr("survey.db.POOL_DEADLINE", 0.05)
    database = Database(database_url, pool_size=1)
    taken, done = threading.Barrier(3), threading.Event()

    def read():
        with database.reading() as session:
            session.execute(text("SELECT 1"))
            taken.wait()
            done.wait()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    taken.wait()
    try:
        with pytest.raises(DatabaseBusy), database.reading() as session:
            session.execute(text("SELECT 1"))
    finally:
        done.set()
        for reader in readers:
            reader.join()
        database.close()


def test_a_gate_that_cannot_be_opened_is_no_failure(sqlite_database):
    gate = sqlite_database.path.with_name(sqlite_database.path.name + ".gate")
    gate.unlink(missing_ok=True)
    gate.mkdir()

    with pytest.raises(DatabaseUnavailable), sqlite_database.writing():
        pass


@pytest.mark.parametrize(
    ("code", "writing", "kind"),
    [
        (5, False, DatabaseUnavailable),  # SQLITE_BUSY
        (517, True, DatabaseUnavailable),  # SQLITE_BUSY_SNAPSHOT
        (6, True, DatabaseUnavailable),  # SQLITE_LOCKED
        (10, False, DatabaseUnavailable),  # SQLITE_IOERR
        (778, True, DatabaseUnavailable),  # SQLITE_IOERR_WRITE
        (13, True, DatabaseUnavailable),  # SQLITE_FULL
        (14, False, DatabaseUnavailable),  # SQLITE_CANTOPEN
        (8, True, DatabaseUnavailable),  # SQLITE_READONLY
        (8, False, exc.OperationalError),  # a page that reads must not write
        (1, True, exc.OperationalError),  # SQLITE_ERROR: no such table
        (11, True, exc.OperationalError),  # SQLITE_CORRUPT
    ],
)
def test_which_faults_of_sqlite_pass(code, writing, kind):
    told = sqlite.OperationalError("told")
    told.sqlite_errorcode = code

    with pytest.raises(kind), momentary(writing=writing):
        raise exc.OperationalError("a statement", {}, told)


@pytest.mark.parametrize(
    ("error", "writing", "kind"),
    [
        (postgresql.DeadlockDetected, True, Conflict),
        (postgresql.SerializationFailure, True, Conflict),
        (postgresql.ReadOnlySqlTransaction, True, DatabaseUnavailable),
        (postgresql.ReadOnlySqlTransaction, False, exc.DBAPIError),
        (postgresql.OperationalError, False, DatabaseUnavailable),  # connection refused
        (postgresql.UniqueViolation, True, exc.DBAPIError),
        (postgresql.UndefinedTable, True, exc.DBAPIError),
        (postgresql.InsufficientPrivilege, True, exc.DBAPIError),
    ],
)
def test_which_faults_of_postgresql_pass(error, writing, kind):
    wrapped = exc.DBAPIError.instance("a statement", {}, error("told"), postgresql.Error)

    with pytest.raises(kind), momentary(writing=writing):
        raise wrapped
