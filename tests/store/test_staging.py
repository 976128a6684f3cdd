"""Loading in short transactions: partial loads are hidden, stopped ones removed."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from survey.authors.cities.operations import UnitsChanged, replace_units, replacing, stage_units
from survey.authors.studies.queries import load_studies
from survey.db import Conflict, DatabaseBusy, DatabaseUnavailable
from survey.models import (
    Author,
    Edition,
    Expert,
    Invitation,
    JournalEntry,
    Judgement,
    Rating,
    Study,
    Unit,
)
from survey.reports.ranking.changes import units_digest
from survey.store import editions, journal, slices, staging
from survey.store.authors import ensure_author
from survey.store.studies import Loading, StudyExists, load_study
from survey.values import By
from tests.worlds import cast
from tests.worlds.rankable import small_study, units_of

LATER = cast.NOON + timedelta(hours=2)


def noon():
    return cast.NOON


@pytest.fixture
def author_id(database):
    with database.writing() as session:
        return ensure_author(session, "author", cast.NOON).id


@pytest.fixture
def whole(tmp_path):
    """A study with a panel, answers and units."""
    return small_study(tmp_path / "whole", "whole")


@pytest.fixture
def few_rows(monkeypatch):
    """Three rows in a transaction, so that a small study needs many."""
    monkeypatch.setattr(slices, "ROWS", 3)
    monkeypatch.setattr(staging, "PAUSE", 0)


def seen(database, author_id):
    with database.reading() as session:
        author = session.get_one(Author, author_id)
        return [study.code for study, _ in load_studies(session, author)]


def count(database, *tables):
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


PARTS = (Expert, Invitation, Judgement, Unit, Rating)


def test_a_study_in_short_transactions_is_the_study(database, author_id, whole, few_rows):
    study_id = staging.store_in_turns(database, whole, author_id, noon)

    with database.reading() as session:
        study = session.get_one(Study, study_id)
        read = load_study(session, study)
        actions = session.scalars(
            select(JournalEntry.action)
            .where(JournalEntry.study_id == study_id)
            .order_by(JournalEntry.number)
        ).all()
        assert journal.find_fault(session, study_id) is None
    assert (read.code, read.units, read.tables) == ("whole", whole.units, whole.tables)
    assert read.judgements == whole.judgements
    assert [e.code for e in read.panel] == [e.code for e in whole.panel]
    assert actions == ["study created", "answers loaded"]


def test_a_study_that_is_half_loaded_is_nowhere(database, author_id, whole, few_rows):
    loading, done = Loading(whole, author_id, cast.NOON), 0
    for step in loading.steps():
        assert seen(database, author_id) == []
        with database.writing() as session:
            step(session)
        done += 1
    assert done > 8

    assert seen(database, author_id) == ["whole"]


def half_loaded(database, author_id, whole):
    """Stop before the last step, as a process that was killed."""
    loading = Loading(whole, author_id, cast.NOON)
    for step in loading.steps():
        if step == loading.put_in_force:
            return loading
        with database.writing() as session:
            step(session)
    raise AssertionError


def test_what_a_killed_load_left_goes_with_the_next(database, author_id, whole, few_rows):
    half_loaded(database, author_id, whole)
    assert 0 not in count(database, *PARTS)

    staging.remove_abandoned(database, LATER)

    assert count(database, *PARTS, Edition) == [0, 0, 0, 0, 0, 0]
    with database.reading() as session:
        left = session.scalars(select(Study)).one()
    assert (left.titles, left.contact) == ({}, "")
    assert seen(database, author_id) == []
    staging.store_in_turns(database, whole, author_id, lambda: LATER)
    assert seen(database, author_id) == ["whole"]


def test_a_load_that_goes_on_is_left_alone(database, author_id, whole, few_rows):
    loading = half_loaded(database, author_id, whole)

    staging.remove_abandoned(database, cast.NOON)
    with database.writing() as session:
        loading.put_in_force(session)

    assert seen(database, author_id) == ["whole"]
    assert 0 not in count(database, *PARTS)


@pytest.fixture
def clock(database, few_rows):
    """A clock by which each step takes half an hour, and another load begins after it."""

    class Clock:
        at = cast.NOON

        def __call__(self):
            return self.at

        def slow(self, steps):
            for step in steps:
                yield step
                self.at += timedelta(minutes=30)
                staging.remove_abandoned(database, self.at)

    return Clock()


def test_a_load_of_hours_was_not_stopped(database, author_id, whole, clock, monkeypatch):
    steps = Loading.steps
    monkeypatch.setattr(Loading, "steps", lambda loading: clock.slow(steps(loading)))

    staging.store_in_turns(database, whole, author_id, clock)

    assert clock.at > LATER
    with database.reading() as session:
        read = load_study(session, session.scalars(select(Study)).one())
    assert (read.judgements, read.units) == (whole.judgements, whole.units)


def test_units_of_hours_are_not_removed(database, small, clock, monkeypatch):
    monkeypatch.setattr(
        staging, "unit_steps", lambda *given: clock.slow(editions.unit_steps(*given))
    )
    monkeypatch.setattr(slices, "ROWS", 1)
    before = units_of(database, small)
    after = tuple(reversed(before))

    staged = stage_units(database, small.id, after, units_digest(before), clock)

    assert clock.at >= LATER
    with replacing(database, staged), database.writing() as session:
        replace_units(session, session.get_one(Study, small.id), staged, By("author a", cast.NOON))
    assert units_of(database, small) == after


def test_a_load_that_another_took_for_stopped_ends(
    database, author_id, whole, few_rows, monkeypatch
):
    steps = Loading.steps

    def stopping(loading):
        for step in steps(loading):
            if step == loading.put_in_force:
                staging.remove_abandoned(database, LATER)
            yield step

    monkeypatch.setattr(Loading, "steps", stopping)

    with pytest.raises(Conflict):
        staging.store_in_turns(database, whole, author_id, noon)

    assert seen(database, author_id) == []
    assert count(database, *PARTS) == [0, 0, 0, 0, 0]


def test_units_whose_removal_began_are_not_put_in_force(database, small, few_rows, monkeypatch):
    before = units_of(database, small)
    staged = stage_units(database, small.id, before[:3], units_digest(before), noon)
    monkeypatch.setattr(staging, "_remove_row", lambda *_: None)
    staging.remove_abandoned(database, LATER)

    with pytest.raises(Conflict), replacing(database, staged), database.writing() as session:
        replace_units(session, session.get_one(Study, small.id), staged, By("author a", LATER))

    assert units_of(database, small) == before


def test_a_load_that_moved_since_is_not_removed(database, author_id, whole, few_rows, monkeypatch):
    """It was found still, and moved before the first of its rows was removed."""
    loading = half_loaded(database, author_id, whole)
    aside = staging.Aside(Study, loading.study_id, cast.NOON)
    turn = staging._turn

    def moving(where):
        monkeypatch.setattr(staging, "_turn", turn)
        with database.writing() as session:
            aside.renew(session, LATER)
        return turn(where)

    monkeypatch.setattr(staging, "_turn", moving)
    staging.remove_abandoned(database, LATER)

    assert 0 not in count(database, *PARTS)


def test_a_load_that_fails_leaves_nothing(database, author_id, whole, few_rows, monkeypatch):
    def fail(_loading, _session):
        raise OSError("the disk is gone")

    monkeypatch.setattr(Loading, "put_in_force", fail)

    with pytest.raises(OSError, match="the disk is gone"):
        staging.store_in_turns(database, whole, author_id, noon)

    assert count(database, *PARTS) == [0, 0, 0, 0, 0]


def test_of_two_loads_of_a_code_one_is_refused(database, author_id, whole, few_rows):
    first = half_loaded(database, author_id, whole)
    staging.store_in_turns(database, whole, author_id, noon)

    with database.writing() as session, pytest.raises(StudyExists):
        first.put_in_force(session)
    with pytest.raises(StudyExists):
        staging.store_in_turns(database, whole, author_id, noon)


def test_no_transaction_of_a_load_stores_more_than_its_share(database, author_id, whole, few_rows):
    most = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.startswith(("INSERT INTO judgement", "INSERT INTO rating")):
            most.append(len(parameters) if many else 1)

    staging.store_in_turns(database, whole, author_id, noon)

    assert most
    assert max(most) <= 4  # the levels of one city


def test_units_are_not_seen_before_they_are_in_force(database, small, few_rows):
    before = units_of(database, small)
    after = tuple(reversed(before))[:3]
    staged = stage_units(database, small.id, after, units_digest(before), noon)

    assert units_of(database, small) == before
    with replacing(database, staged), database.writing() as session:
        replace_units(
            session, session.get_one(Study, small.id), staged, By("author author", cast.NOON)
        )
    assert units_of(database, small) == after
    assert count(database, Unit) == [3]


def test_units_staged_beside_others_are_refused_and_removed(database, small, few_rows):
    before = units_of(database, small)
    first, second = (
        stage_units(database, small.id, before[:number], units_digest(before), noon)
        for number in (3, 2)
    )
    with replacing(database, first), database.writing() as session:
        replace_units(session, session.get_one(Study, small.id), first, By("author a", cast.NOON))

    with pytest.raises(UnitsChanged), replacing(database, second), database.writing() as session:
        replace_units(session, session.get_one(Study, small.id), second, By("author a", cast.NOON))

    assert units_of(database, small) == before[:3]
    assert count(database, Unit) == [3]


def test_units_that_a_killed_load_left_go_with_the_next(database, small, few_rows):
    before = units_of(database, small)
    stage_units(database, small.id, before, units_digest(before), noon)
    assert count(database, Unit) == [8]

    staging.remove_abandoned(database, LATER)

    assert count(database, Unit, Edition) == [4, 1]
    assert units_of(database, small) == before


# ---------- a commit whose answer is lost, or is still to come ----------


def lose_the_answer(session):
    """Commit, then raise, as if the connection broke before the answer arrived."""

    @event.listens_for(session, "after_commit")
    def cut(_session):
        raise OperationalError("COMMIT", None, Exception("cut"), connection_invalidated=True)


def busy(_database):
    raise DatabaseBusy


def test_units_stay_whose_commit_was_not_answered(database, small, few_rows):
    before = units_of(database, small)
    staged = stage_units(database, small.id, before[:3], units_digest(before), noon)

    with (
        pytest.raises(DatabaseUnavailable),
        replacing(database, staged),
        database.writing() as session,
    ):
        replace_units(session, session.get_one(Study, small.id), staged, By("author a", cast.NOON))
        lose_the_answer(session)

    assert units_of(database, small) == before[:3]
    staging.remove_abandoned(database, LATER)
    assert units_of(database, small) == before[:3]
    assert count(database, Unit) == [3]


def test_units_whose_commit_goes_on_are_waited_for(database, small, few_rows):
    before = units_of(database, small)
    staged = stage_units(database, small.id, before[:3], units_digest(before), noon)
    removal = Thread(target=staging.remove_edition, args=(database, staged.edition.row_id))

    with database.writing() as session:
        replace_units(session, session.get_one(Study, small.id), staged, By("author a", cast.NOON))
        removal.start()
        removal.join(0.3)
    removal.join()

    assert units_of(database, small) == before[:3]


def test_units_that_are_in_force_are_saved_though_those_before_cannot_go_yet(
    database, small, few_rows, monkeypatch
):
    before = units_of(database, small)
    staged = stage_units(database, small.id, before[:3], units_digest(before), noon)

    with monkeypatch.context() as patch:
        with replacing(database, staged), database.writing() as session:
            replace_units(
                session, session.get_one(Study, small.id), staged, By("author a", cast.NOON)
            )
            patch.setattr(staging, "_turn", busy)
        assert count(database, Unit) == [7]

    staging.remove_abandoned(database, LATER)
    assert units_of(database, small) == before[:3]
    assert count(database, Unit) == [3]


def test_a_study_stays_whose_commit_was_not_answered(
    database, author_id, whole, few_rows, monkeypatch
):
    put_in_force = Loading.put_in_force

    def put(loading, session):
        put_in_force(loading, session)
        lose_the_answer(session)

    monkeypatch.setattr(Loading, "put_in_force", put)
    with pytest.raises(DatabaseUnavailable):
        staging.store_in_turns(database, whole, author_id, noon)

    assert seen(database, author_id) == ["whole"]
    assert 0 not in count(database, *PARTS)


def test_a_study_whose_commit_goes_on_is_waited_for(database, author_id, whole, few_rows):
    loading = half_loaded(database, author_id, whole)
    before = count(database, *PARTS)
    removal = Thread(target=staging._remove_study, args=(database, loading.study_id))

    with database.writing() as session:
        loading.put_in_force(session)
        removal.start()
        removal.join(0.3)
    removal.join()

    assert seen(database, author_id) == ["whole"]
    assert count(database, *PARTS) == before


def test_what_stopped_a_load_is_said_though_it_cannot_be_removed_yet(
    database, author_id, whole, few_rows, monkeypatch
):
    def fail(_loading, _session):
        monkeypatch.setattr(staging, "_turn", busy)
        raise OSError("the disk is gone")

    monkeypatch.setattr(Loading, "put_in_force", fail)

    with pytest.raises(OSError, match="the disk is gone"):
        staging.store_in_turns(database, whole, author_id, noon)
