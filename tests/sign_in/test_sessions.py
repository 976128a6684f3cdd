"""Ends of sessions and links under any clock; devices that an expert signs out."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from survey.experts.landing.operations import exchange_personal_link
from survey.models import JournalEntry, Round, SignIn
from survey.sign_in.operations import exchange_author_link
from survey.store.authors import ensure_author, issue_author_link
from survey.store.rounds import close_round
from survey.values import By
from survey.web.current import TOKEN, now
from tests.clients import arrivals
from tests.clients.pages import PageClient, page_of
from tests.worlds import cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def expert(app, database) -> PageClient:
    return arrivals.press(app, arrivals.link(database))


@pytest.fixture
def author(visitor, database) -> PageClient:
    with database.writing() as session:
        who = ensure_author(session, "author", cast.NOON)
        token = exchange_author_link(session, issue_author_link(session, who, now()), "", now())
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        cookie[TOKEN] = token
    return visitor


def set_moments(database, **moments):
    with database.writing() as session:
        session.execute(update(SignIn).values(**moments))


def end_round(database, at):
    with database.writing() as session:
        close_round(session, session.scalars(select(Round)).one(), By("author author", at))


def status(client, path="/answer/"):
    return client.get(path).status_code


# ---------- sessions ----------


@pytest.mark.parametrize(
    ("began", "seen", "shown"),
    [
        (29 * DAY, HOUR, 200),
        (30 * DAY, HOUR, 403),  # used every day, and over all the same
        (DAY, 11 * HOUR, 200),
        (DAY, 12 * HOUR, 403),
        # Noted by a clock that ran ahead and was set right since.
        (HOUR, -HOUR, 403),
        (HOUR, -365 * DAY, 403),
        (-365 * DAY, -365 * DAY, 403),
        (timedelta(0), timedelta(minutes=-1), 200),
    ],
)
def test_a_session_ends_whatever_it_is_used_for_and_whatever_a_clock_said(
    expert, author, database, began, seen, shown
):
    asked = arrivals.question(database)
    set_moments(database, started_at=now() - began, seen_at=now() - seen)

    assert status(author, "/author/") == shown
    assert status(expert) == shown
    saved = arrivals.answer(expert, asked, direction="same") if shown == 200 else None
    assert (saved is not None and saved.status_code == 303) == (shown == 200)


def test_what_is_saved_by_a_session_of_a_wrong_clock_is_refused(expert, database):
    seen = expert.page(arrivals.question(database))
    set_moments(database, seen_at=now() + DAY)
    before = arrivals.rows(database)

    refused = arrivals.autosave(expert, arrivals.question(database), seen, direction="same")

    assert refused.status_code == 403
    assert arrivals.rows(database) == before


def test_after_the_close_a_session_of_before_ends_within_twelve_hours(expert, database):
    asked = arrivals.question(database)
    seen = expert.page(asked)
    set_moments(database, seen_at=now() - HOUR)
    before = arrivals.rows(database, "sign_in")
    end_round(database, now())

    assert status(expert) == 200
    assert arrivals.answer(expert, asked, seen, direction="same").status_code == 409
    assert arrivals.rows(database, "sign_in") == before  # a write that is refused renews nothing
    set_moments(database, seen_at=now() - 12 * HOUR, started_at=now() - 13 * HOUR)
    assert status(expert) == 403


# ---------- links ----------


@pytest.mark.parametrize(("ago", "shown"), [(29 * DAY, 200), (30 * DAY, 403)])
def test_a_session_ends_with_its_link_thirty_days_after_the_close(expert, database, ago, shown):
    end_round(database, now() - ago)

    assert status(expert) == shown


@pytest.mark.parametrize(("ago", "shown"), [(29 * DAY, 200), (30 * DAY, 404)])
def test_a_link_ends_with_its_round_after_a_month_to_read(visitor, database, ago, shown):
    token = arrivals.link(database)
    form = {"csrf_token": visitor.page(f"/invitation/{token}").csrf_token}
    end_round(database, now() - ago)
    before = arrivals.rows(database, "sign_in")

    assert status(visitor, f"/invitation/{token}") == shown
    entered = visitor.post(f"/invitation/{token}", data=form)
    assert entered.status_code == (303 if shown == 200 else 404)
    assert (arrivals.rows(database, "sign_in") == before) == (shown == 404)


def test_a_sign_in_link_of_a_clock_that_ran_ahead_is_no_longer_one_when_it_is_right(
    visitor, database
):
    with database.writing() as session:
        who = ensure_author(session, "author", cast.NOON)
        token = issue_author_link(session, who, now() + DAY)
        before = issue_author_link(session, who, now() + timedelta(minutes=1))

    assert status(visitor, f"/sign-in/{token}") == 404
    refused = visitor.send(f"/sign-in/{token}", {}, seen_at=f"/sign-in/{before}")
    assert refused.status_code == 404
    assert visitor.send(f"/sign-in/{before}", {}).status_code == 303


# ---------- devices ----------


def enter(database, expert="ANN", device="Firefox/128.0 Android"):
    token = arrivals.link(database, expert)
    with database.writing() as session:
        return exchange_personal_link(session, token, device, now())


def test_an_expert_sees_where_they_are_signed_in_and_closes_a_device(app, expert, database):
    strangers = enter(database)
    with app.test_client() as other:
        with other.session_transaction(base_url=arrivals.SITE) as cookie:
            cookie[TOKEN] = strangers
        assert status(other) == 200

        page = expert.page("/answer/devices")
        forms = [f for f in page.all("form") if "/answer/devices/" in f.attributes["action"]]
        assert len(forms) == 1
        assert "Firefox, Android" in page.one("main").text
        closed = expert.send(forms[0].attributes["action"], {}, seen_at="/answer/devices")

        assert (closed.status_code, closed.headers["Location"]) == (303, "/answer/devices")
        assert status(other) == 403
    assert status(expert) == 200
    assert "Firefox, Android" not in expert.page("/answer/devices").one("main").text
    with database.reading() as session:
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (last.actor, last.action) == ("expert ANN", "device closed")


def test_no_other_experts_device_is_shown_or_closed(app, expert, database):
    with database.reading() as session:
        known = session.scalars(select(SignIn.id)).all()
    enter(database, "BO", "Safari/600 iPhone")
    with database.reading() as session:
        (theirs,) = session.scalars(select(SignIn.id).where(SignIn.id.not_in(known)))
    before = arrivals.rows(database)

    assert "iPhone" not in expert.page("/answer/devices").one("main").text
    refused = expert.send(f"/answer/devices/{theirs}", {}, seen_at="/sign-out")

    assert refused.status_code == 404
    assert arrivals.rows(database) == before


def test_a_device_whose_session_ended_by_itself_is_not_shown(expert, database):
    enter(database)
    with database.writing() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.device == "Firefox/128.0 Android")
            .values(seen_at=now() - 12 * HOUR)
        )

    page = expert.page("/answer/devices")

    assert "Firefox, Android" not in page.one("main").text
    assert page_of(expert.get("/answer/")).one("a", href="/answer/devices")
