"""Number of statements of a write on a whole panel, the same for any size: saves wait."""

import json

import pytest
from sqlalchemy import event, select

from survey import values
from survey.authors.rounds.operations import load_former, prepare_round, start_round
from survey.models import Comparison, Expert, Invitation, JournalEntry, Round, Study
from survey.store.invitations import end_links, issue_links, load_invitations
from survey.store.rounds import close_round, open_round, telling_round
from survey.values import By
from tests.worlds import cast

AUTHOR = "author a"


def panel(size):
    return cast.study(
        panel=tuple(values.Expert(f"E{n}", "digital", "en", "pairwise") for n in range(size))
    )


@pytest.fixture
def stored(database):
    def stored(size):
        with database.writing() as session:
            return cast.load(session, panel(size)).id

    return stored


def counted(database, act):
    """Count the statements of a write; one for many rows counts once."""
    count = 0

    def note(*_):
        nonlocal count
        count += 1

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.writing() as session:
            act(session, session.scalars(select(Study)).one())
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return count


def last(session):
    return session.scalars(select(Round).order_by(Round.number.desc())).first()


def replace_links(session, study):
    round_ = last(session)
    invited = load_invitations(session, round_)
    issue_links(session, round_, invited, By(AUTHOR, cast.NOON), replacing=True)


def revoke_links(session, study):
    end_links(session, load_invitations(session, last(session)), By(AUTHOR, cast.NOON))


@pytest.mark.parametrize("size", [3, 30])
def test_links_of_a_panel_take_as_many_statements_whatever_its_size(database, stored, size):
    stored(size)
    most = {"replace": 20, "again": 20, "revoke": 20}

    taken = {
        "replace": counted(database, replace_links),
        "again": counted(database, replace_links),
        "revoke": counted(database, revoke_links),
    }

    assert all(taken[act] <= most[act] for act in most), taken


def test_one_act_on_the_links_of_a_panel_is_one_entry_that_names_its_experts(database, stored):
    stored(3)
    counted(database, replace_links)
    counted(database, replace_links)

    with database.reading() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.number)).all()
    told = [(e.action, json.loads(e.detail)) for e in entries if "links" in e.action]
    everybody = {"experts": "E0 E1 E2", "round": 1}
    assert told == [
        ("links issued", everybody),
        ("links revoked", everybody),
        ("links issued", everybody),
    ]


@pytest.mark.parametrize("size", [3, 30])
def test_a_further_round_takes_as_many_statements_whatever_its_panel(database, stored, size):
    stored(size)
    with database.writing() as session:
        open_round(session, last(session), By(AUTHOR, cast.NOON))
        close_round(session, last(session), By(AUTHOR, cast.NOON))
    with database.reading() as session:
        former = load_former(session, telling_round(session, session.scalars(select(Study)).one()))

    def start(session, study):
        experts = session.scalars(select(Expert).order_by(Expert.id)).all()
        start_round(session, study, experts, By(AUTHOR, cast.NOON), former=former)

    assert counted(database, start) <= 25
    with database.reading() as session:
        invited = session.scalars(
            select(Invitation).join(Round).where(Round.number == 2).order_by(Invitation.expert_id)
        ).all()
    assert [invitation.kind for invitation in invited] == ["pairwise"] * size


def test_a_question_that_both_forms_ask_stays_when_the_form_changes(database, stored):
    indicators = tuple(values.Indicator(f"i{n}", "all", {"en": f"I {n}"}, 3) for n in range(6))
    framework = values.Framework((values.Group("all", {"en": "All"}),), indicators)
    with database.writing() as session:
        cast.load(
            session, cast.study(framework=framework, units=(), tables=(), panel=panel(3).panel)
        )

    asked = {}
    for form in ("full", "short", "full"):
        with database.writing() as session:
            prepare_round(session, last(session), form, "random", By(AUTHOR, cast.NOON))
        with database.reading() as session:
            rows = session.scalars(select(Comparison).order_by(Comparison.position)).all()
        before, asked = asked, {(row.first_id, row.second_id): row.id for row in rows}
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert all(asked[pair] == id_ for pair, id_ in before.items() if pair in asked)
    assert len(asked) == 15
