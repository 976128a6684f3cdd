"""One expert on two devices: answering on one, choosing another way on the other."""

import json
import threading

import pytest
from sqlalchemy import select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.points import record_allocation
from survey.asking.questions import asks_this_pair, find_parent, load_item_ids
from survey.asking.saves import Save, StaleAnswer
from survey.db import DatabaseBusy
from survey.experts.kinds.operations import choose_kind
from survey.experts.landing.operations import exchange_personal_link
from survey.models import Invitation, JournalEntry
from survey.store.seats import hold_seat
from survey.tokens import digest
from tests.clients import arrivals
from tests.worlds import cast

#: Number of changes of the way of answering while answers are saved.
CHANGES = 40
WAY_OF = {"judgement recorded": values.PAIRWISE, "allocation recorded": values.DIRECT}


@pytest.fixture
def tokens(database):
    """The sessions of two devices, each with a link of its own, where every way is offered."""
    with database.writing() as session:
        cast.load_open(session).kinds = list(values.KINDS)
    links = [arrivals.link(database), arrivals.link(database)]
    with database.writing() as session:
        return [exchange_personal_link(session, link, "", cast.NOON) for link in links]


def seat_at(session, token):
    return hold_seat(session, digest(token), cast.NOON).seat


def choose(session, token, kind):
    invitation = session.get_one(Invitation, seat_at(session, token).invitation_id)
    choose_kind(session, invitation, kind, cast.NOON)


def save_as_she_answers(session, token, key, bases):
    """Save an answer in the expert's current way: a judgement, or the points of a group."""
    seat = seat_at(session, token)
    save = Save(key, bases[seat.kind], cast.NOON)
    if seat.kind == values.PAIRWISE:
        record_judgement(session, seat, cast.comparison(session), bases[seat.kind] % 9, "", save)
    else:
        invitation = session.get_one(Invitation, seat.invitation_id)
        parent = find_parent(session, invitation, "digital")
        points = dict.fromkeys(load_item_ids(session, parent).values(), 33.0)
        record_allocation(session, seat, parent, points, save)
    return seat.kind


def save_until(done, database, token, faults):
    bases = {values.PAIRWISE: 0, values.DIRECT: 0}
    number = 0
    while not done.is_set():
        number += 1
        try:
            with database.writing() as session:
                kind = save_as_she_answers(session, token, f"a save {number:010}", bases)
        except (StaleAnswer, DatabaseBusy):
            continue  # nothing was stored
        except Exception as fault:
            faults.append(fault)
            return
        bases[kind] += 1


@pytest.mark.slow
def test_every_answer_is_of_the_kind_in_which_it_was_given(database, tokens):
    done, faults = threading.Event(), []
    saver = threading.Thread(target=save_until, args=(done, database, tokens[0], faults))
    saver.start()
    for number in range(CHANGES):
        kind = values.PAIRWISE if number % 2 else values.DIRECT
        with database.writing() as session:
            choose(session, tokens[1], kind)
    done.set()
    saver.join()

    assert faults == []
    way, saved = values.PAIRWISE, 0
    with database.reading() as session:
        entries = session.execute(
            select(JournalEntry.action, JournalEntry.detail).order_by(JournalEntry.number)
        ).all()
    for action, detail in entries:
        if action == "way of answering chosen":
            way = json.loads(detail)["method"]
        if action in WAY_OF:
            saved += 1
            assert WAY_OF[action] == way
    assert saved > 0


def test_an_answer_that_waited_for_the_choice_is_asked_as_chosen(postgresql_database, tokens):
    database = postgresql_database
    asked_now = []

    def judge():
        with database.writing() as session:
            seat = seat_at(session, tokens[0])
            asked_now.append(asks_this_pair(session, seat, cast.comparison(session)))

    judging = threading.Thread(target=judge)
    with database.writing() as session:
        choose(session, tokens[1], values.DIRECT)
        judging.start()
        judging.join(1)
        assert judging.is_alive()
    judging.join(10)

    assert asked_now == [False]


def test_the_same_choice_on_both_devices_counts_once(postgresql_database, tokens):
    database = postgresql_database

    def choose_points():
        with database.writing() as session:
            choose(session, tokens[0], values.DIRECT)

    choosing = threading.Thread(target=choose_points)
    with database.writing() as session:
        choose(session, tokens[1], values.DIRECT)
        choosing.start()
        choosing.join(1)
        assert choosing.is_alive()
    choosing.join(10)

    with database.reading() as session:
        assert cast.invitation(session).kind == values.DIRECT
        actions = session.scalars(select(JournalEntry.action)).all()
    assert actions.count("way of answering chosen") == 1
