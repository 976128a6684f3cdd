"""Every two writes at the same time: none waits for the other in a circle.

Pauses after each statement that locks make two writes meet in the middle. On
PostgreSQL a circle is a ``DeadlockDetected``; on every database a write that
asks for its locks in another order is refused (``OutOfOrder``).
"""

import threading
import time
from contextlib import suppress
from datetime import timedelta
from itertools import combinations_with_replacement, count

import pytest
from sqlalchemy import event, select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.points import record_allocation
from survey.asking.questions import find_parent, load_item_ids
from survey.asking.saves import RoundClosed, Save, StaleAnswer
from survey.authors.panel.operations import add_expert, close_device
from survey.authors.reasons.operations import record_translations
from survey.authors.rounds.operations import RoundUnderWay, plan_close, prepare_round, start_round
from survey.authors.scale.operations import word_scale
from survey.authors.studies.operations import AnonymityPromised, choose_anonymity
from survey.desk.operations import store_answers
from survey.experts.finish.operations import finish, withdraw
from survey.experts.kinds.operations import choose_kind
from survey.experts.landing.operations import ask_for_new_link, exchange_personal_link
from survey.models import Expert, Invitation, PersonalLink, SignIn, Study
from survey.store import journal
from survey.store.editions import hold_edition
from survey.store.invitations import invite, issue_links, load_invitations
from survey.store.locks import Lock, OutOfOrder, hold_members, hold_study, keep_order, take
from survey.store.rounds import WrongState, close_round, hold_alone, last_round, open_round
from survey.store.seats import hold_seat
from survey.store.sign_ins import LinkRefused, end_session
from survey.tokens import digest
from survey.values import By
from tests.worlds import cast

AUTHOR = "author author"

#: After each statement that locks a row, in seconds.
PAUSE = 0.002

#: Refusals that a write may get.
REFUSALS = (
    AnonymityPromised,
    LinkRefused,
    RoundClosed,
    RoundUnderWay,
    StaleAnswer,
    WrongState,
)


class World:
    """A study in use: who is signed in by which link changes as the writes go on."""

    def __init__(self, database):
        self.database = database
        self.numbers = count(1)
        self.links, self.sessions = {}, {}
        with database.writing() as session:
            study = cast.load_open(session).study
            study.rounds[0].kinds = list(values.KINDS)
            self.study = study.id
        self.replace_links()
        for code in self.links:
            self.exchange(code)

    def write(self, act):
        with suppress(*REFUSALS), self.database.writing() as session:
            keep_order(session)
            return act(session, session.get_one(Study, self.study))

    def seated(self, code, act):
        """Send an expert's request, by the session they have or by a new one."""

        def acting(session, _study):
            held = hold_seat(session, digest(self.sessions[code]), cast.NOON)
            if held is not None:
                act(session, session.get_one(Invitation, held.seat.invitation_id))
            return held

        if self.write(acting) is None:
            self.exchange(code)

    def exchange(self, code):
        def act(session, _study):
            return exchange_personal_link(session, self.links[code], "a phone", cast.NOON)

        self.sessions[code] = self.write(act) or self.sessions[code]

    def key(self):
        return f"a key of a save {next(self.numbers)}"

    def judge(self):
        def act(session, invitation):
            asked = cast.comparison(session)
            record_judgement(session, invitation, asked, 1, "", Save(self.key(), 0, cast.NOON))

        self.seated("ANN", act)

    def give_points(self):
        def act(session, invitation):
            parent = find_parent(session, invitation, "digital")
            points = dict.fromkeys(load_item_ids(session, parent).values(), 33.0)
            record_allocation(session, invitation, parent, points, Save(self.key(), 0, cast.NOON))

        self.seated("BO", act)

    def finish(self):
        self.seated("ANN", lambda session, invitation: finish(session, invitation, (), cast.NOON))

    def withdraw(self):
        self.seated("BO", lambda session, invitation: withdraw(session, invitation, cast.NOON))

    def choose_kind(self):
        kind = values.KINDS[next(self.numbers) % 2]
        self.seated("ANN", lambda session, who: choose_kind(session, who, kind, cast.NOON))

    def upload(self):
        def act(session, study):
            (invitation, *_) = load_invitations(session, last_round(session, study))
            store_answers(session, invitation, {}, self.key(), By(AUTHOR, cast.NOON))

        self.write(act)

    def come_in(self):
        self.exchange("ANN")

    def ask_for_link(self):
        self.write(lambda session, _: ask_for_new_link(session, self.links["BO"], cast.NOON))

    def sign_out(self):
        self.write(lambda session, _: end_session(session, self.sessions["CY"], cast.NOON))

    def replace_links(self):
        def act(session, study):
            round_ = last_round(session, study)
            invited = load_invitations(session, round_)
            return issue_links(session, round_, invited, By(AUTHOR, cast.NOON), replacing=True)

        self.links |= {expert.code: token for expert, token in self.write(act) or ()}

    def add_expert(self):
        def act(session, study):
            added = values.Expert(f"N{next(self.numbers)}", "digital", "en", values.PAIRWISE)
            expert = add_expert(session, study, added, By(AUTHOR, cast.NOON))
            invite(session, expert, last_round(session, study), By(AUTHOR, cast.NOON))

        self.write(act)

    def close_device(self):
        def act(session, study):
            hold_study(session, study.id)
            sign_in = session.scalars(
                select(SignIn).join(PersonalLink).join(Invitation).join(Expert)
            ).first()
            expert = sign_in.personal_link.invitation.expert
            close_device(session, expert, sign_in, By(AUTHOR, cast.NOON))

        self.write(act)

    def prepare(self):
        def act(session, study):
            prepare_round(
                session, last_round(session, study), "full", "fixed", By(AUTHOR, cast.NOON)
            )

        self.write(act)

    def plan_close(self):
        def act(session, study):
            at = cast.NOON + timedelta(hours=next(self.numbers))
            plan_close(session, last_round(session, study), at, By(AUTHOR, cast.NOON))

        self.write(act)

    def choose_anonymity(self):
        def act(session, study):
            kept = values.ANONYMITIES[next(self.numbers) % 2]
            choose_anonymity(session, study, kept, By(AUTHOR, cast.NOON))

        self.write(act)

    def word_scale(self):
        self.write(lambda session, study: word_scale(session, study, {}, (), By(AUTHOR, cast.NOON)))

    def translate(self):
        def act(session, study):
            record_translations(session, study.rounds[0], "fr", {}, {}, By(AUTHOR, cast.NOON))

        self.write(act)

    def publish(self):
        def act(session, study):
            hold_edition(session, study)
            journal.record(session, study.id, AUTHOR, "ranking published", {}, cast.NOON)

        self.write(act)

    def turn_round(self):
        """Close the round, start the next and issue new links to all experts."""

        def close(session, study):
            close_round(session, last_round(session, study), By(AUTHOR, cast.NOON))

        def start(session, study):
            experts = session.scalars(select(Expert).where(Expert.study_id == study.id)).all()
            start_round(session, study, experts, By(AUTHOR, cast.NOON))

        def open_(session, study):
            open_round(session, last_round(session, study), By(AUTHOR, cast.NOON))

        for act in (close, start, open_):
            self.write(act)
        self.replace_links()


WRITES = (
    World.judge,
    World.give_points,
    World.finish,
    World.withdraw,
    World.choose_kind,
    World.upload,
    World.come_in,
    World.ask_for_link,
    World.sign_out,
    World.replace_links,
    World.add_expert,
    World.close_device,
    World.prepare,
    World.plan_close,
    World.choose_anonymity,
    World.word_scale,
    World.translate,
    World.publish,
    World.turn_round,
)


@pytest.fixture
def busy_world(database):
    busy_world = World(database)

    @event.listens_for(database.engine, "after_cursor_execute")
    def pause(_connection, _cursor, statement, *_):
        if not database.is_sqlite and ("FOR NO KEY" in statement or statement[:6] == "UPDATE"):
            time.sleep(PAUSE)

    return busy_world


def together(*acts):
    """Run these at the same time; what went wrong in any."""
    faults, begun = [], threading.Barrier(len(acts))

    def run(act):
        begun.wait()
        try:
            act()
        except Exception as fault:
            faults.append(repr(fault)[:200])

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.slow
def test_no_two_writes_wait_for_each_other(busy_world):
    faults = {}
    for one, other in combinations_with_replacement(WRITES, 2):
        found = together(lambda one=one: one(busy_world), lambda other=other: other(busy_world))
        if found:
            faults[one.__name__, other.__name__] = found

    assert faults == {}
    with busy_world.database.reading() as session:
        assert journal.find_fault(session, busy_world.study) is None


def crossing(busy_world, first, then, ready):
    """Run two steps of one write, with the other write's first step in between."""
    with busy_world.database.writing() as session:
        study = session.get_one(Study, busy_world.study)
        first(session, study)
        ready.wait(timeout=10)
        then(session, study)


def hold_ann(session, _study):
    hold_members(session, [cast.invitation(session)])


def write_journal(session, study):
    journal.record(session, study.id, AUTHOR, "a change", {}, cast.NOON)
    journal.append(session)


def test_the_naive_order_deadlocks(postgresql_database, busy_world):
    """The control: a journal entry before a lock, which was how links were replaced.

    SQLite has one writer at a time: no two writes hold anything at once there.
    """
    ready = threading.Barrier(2)

    faults = together(
        lambda: crossing(busy_world, hold_ann, write_journal, ready),
        lambda: crossing(busy_world, write_journal, hold_ann, ready),
    )

    assert len(faults) == 1
    assert "deadlock detected" in faults[0]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((Lock.JOURNAL, 1), (Lock.MEMBER, 1)),
        ((Lock.ROUND, 1), (Lock.MEMBER, 1)),
        ((Lock.ROUND, 1), (Lock.STUDY, 1)),
        ((Lock.MEMBER, 2), (Lock.MEMBER, 1)),
        ((Lock.MEMBER, 1), (Lock.STUDY, 1)),
    ],
)
def test_a_lock_out_of_order_is_refused(database, first, then):
    with database.writing() as session:
        keep_order(session)
        take(session, *first)
        with pytest.raises(OutOfOrder):
            take(session, *then)


def test_a_shared_round_is_not_taken_alone(database):
    """Two writes that share it and each want it alone would wait for each other."""
    with database.writing() as session:
        round_ = cast.load(session).rounds[0]
        keep_order(session)
        take(session, Lock.ROUND, round_.id, shared=True)

        with pytest.raises(OutOfOrder):
            hold_alone(session, round_)


def test_a_lock_that_is_held_is_taken_once(database):
    with database.writing() as session:
        assert take(session, Lock.MEMBER, 1)
        assert take(session, Lock.ROUND, 1)

        assert not take(session, Lock.MEMBER, 1)
        assert not take(session, Lock.ROUND, 1, shared=True)
