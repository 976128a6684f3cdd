"""Links: opening one changes nothing, a button exchanges it, revoking ends it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from survey.models import Round
from survey.store import rounds
from survey.store.authors import ensure_author, issue_author_link
from survey.values import By
from survey.web.current import TOKEN, now
from tests.clients import arrivals
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.worlds import cast


@pytest.fixture
def app(database_url, database, tmp_path):
    with database.writing() as session:
        cast.load(session)
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


def open_round(database):
    with database.writing() as session:
        round_ = session.scalars(select(Round)).one()
        rounds.open_round(session, round_, By("author author", cast.NOON))


@pytest.fixture
def opened(app, database):
    open_round(database)


def author_link(database, ago=timedelta(0)):
    with database.writing() as session:
        author = ensure_author(session, "author", cast.NOON)
        return issue_author_link(session, author, now() - ago)


# ---------- what a link says ----------


def test_opening_a_link_uses_nothing_up_and_signs_no_one_in(opened, visitor, database):
    token = arrivals.link(database)
    before = rows(database)

    for _ in range(3):
        visitor.get(f"/invitation/{token}")
        visitor.head(f"/invitation/{token}")

    assert rows(database) == before
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        assert TOKEN not in cookie
    refused = page_of(visitor.get("/answer/"))
    assert refused.one("h1").text == "Open your personal link"
    assert "just sent" not in refused.text


def test_a_link_says_what_is_asked_for_how_long_and_who_sees_it(opened, visitor, database):
    text = visitor.page(
        f"/invitation/{arrivals.link(database)}?language=en", follow_redirects=True
    ).text

    assert (
        "You are one of 3 experts invited to set weights for the 5 indicators of “Pilot”." in text
    )
    # 5 comparisons at 25 seconds each, rounded up.
    assert "5 questions, about 3 minutes." in text
    assert "The author sees your answers and reasons with your name" in text
    assert "Other experts never see your name" in text
    assert "author@example.org" in text
    assert "Until the author closes the round, every answer can be changed." in text
    assert "“Withdraw”" in text
    assert "They will be used to rank 2 cities, and published." in text


def test_who_hands_out_points_is_told_of_lists(opened, visitor, database):
    text = visitor.page(f"/invitation/{arrivals.link(database, 'BO')}").text

    # 7 lines at 10 seconds each, rounded up.
    assert "3 lists, about 2 minutes." in text


def test_a_link_speaks_the_language_of_its_expert(opened, visitor, database):
    page = visitor.page(f"/invitation/{arrivals.link(database)}", headers={"Accept-Language": "en"})

    assert page.one("html").attributes["lang"] == "zh-Hans"
    assert page.one("h1").text == "哪些应当计入，权重各多大？"
    assert "5 道题，约 3 分钟" in page.text


def test_a_link_of_an_expert_who_reads_from_the_right_is_written_so(opened, visitor, database):
    page = visitor.page(f"/invitation/{arrivals.link(database, 'CY')}")

    html = page.one("html").attributes
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    assert page.one("h1").text == "ما الذي ينبغي أن يُحتسب، وبأي وزن؟"
    assert "5 أسئلة، نحو 3 دقائق" in page.text


def test_who_speaks_what_is_not_offered_gets_english_and_is_told_so(opened, visitor, database):
    with database.writing() as session:
        cast.invitation(session, "CY").expert.language = "ko"

    page = visitor.page(f"/invitation/{arrivals.link(database, 'CY')}")

    assert page.one("html").attributes["lang"] == "en"
    assert "are not available in Korean yet" in page.text


def test_before_the_round_opens_a_link_says_so_and_offers_no_button(app, visitor, database):
    page = visitor.page(f"/invitation/{arrivals.link(database, 'BO')}")

    assert "The questions are not open yet." in page.text
    assert page.all("button") == []


def test_after_the_round_has_closed_a_link_says_so_and_leads_to_the_answers(
    opened, visitor, database
):
    arrivals.close(database)
    token = arrivals.link(database, "BO")

    page = visitor.page(f"/invitation/{token}")
    assert re.search(r"Round 1 closed on \d+ \w+ \d{4}, \d\d:\d\d UTC\.", page.text)
    assert page.one("button").text == "See my answers"

    visitor.send(f"/invitation/{token}", {})
    assert "This round has closed" in visitor.page("/answer/").text


# ---------- what its button does ----------


def test_the_button_exchanges_the_link_for_an_address_without_it(opened, visitor, database):
    token = arrivals.link(database)

    response = visitor.send(f"/invitation/{token}", {})

    assert (response.status_code, response.headers["Location"]) == (303, "/answer/")
    assert token not in visitor.get("/answer/").get_data(as_text=True)
    assert token not in str(rows(database))
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        assert cookie[TOKEN] not in str(rows(database))


def test_a_link_works_again_on_another_device(opened, app, database):
    token = arrivals.link(database)

    for _ in range(2):
        arrivals.press(app, token)

    assert len(rows(database, "sign_in")["sign_in"]) == 2


def test_a_browser_gets_a_new_session_and_the_old_one_ends(opened, visitor, database):
    visitor.send(f"/invitation/{arrivals.link(database)}", {})
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        first = cookie[TOKEN]
    visitor.send(f"/invitation/{arrivals.link(database, 'BO')}", {})

    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        assert cookie[TOKEN] != first
        cookie[TOKEN] = first
    assert visitor.get("/answer/").status_code == 403


def test_a_chosen_language_stays_after_signing_in(opened, app, database):
    client = arrivals.press(app, arrivals.link(database), language="en")

    assert client.page("/answer/").one("html").attributes["lang"] == "en"


@pytest.mark.parametrize("kind", ["unknown", "revoked"])
def test_links_that_do_not_work_give_one_answer(opened, visitor, database, kind):
    token = arrivals.link(database)
    page = visitor.page(f"/invitation/{token}")
    if kind == "revoked":
        arrivals.revoke(database)
    else:
        token = "x" * 43
    before = rows(database)

    shown = visitor.get(f"/invitation/{token}?language=en", follow_redirects=True)
    pressed = visitor.post(f"/invitation/{token}", data={"csrf_token": page.csrf_token})

    for response in (shown, pressed):
        assert response.status_code == 404
        assert page_of(response).one("h1").text == "This link does not work"
        assert "Pilot" not in response.get_data(as_text=True)
    assert rows(database) == before


def test_revoking_a_link_ends_its_sessions_at_once(opened, app, database):
    client = arrivals.press(app, arrivals.link(database))
    assert client.get("/answer/").status_code == 200

    arrivals.revoke(database)

    assert client.get("/answer/").status_code == 403


# ---------- the author ----------


def test_opening_a_sign_in_link_uses_nothing_up(app, visitor, database):
    token = author_link(database)
    before = rows(database)

    for _ in range(3):
        assert visitor.page(f"/sign-in/{token}").one("button").text in ("Sign in", "登录")

    assert rows(database) == before


def test_a_sign_in_link_works_once(app, visitor, database):
    token = author_link(database)

    first = visitor.send(f"/sign-in/{token}", {})
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        session = cookie[TOKEN]
    stored = rows(database, "sign_in")
    again = visitor.send(f"/sign-in/{token}", {}, seen_at="/sign-out")

    assert (first.status_code, first.headers["Location"]) == (303, "/author/")
    assert again.status_code == 404
    assert "nswers" not in page_of(again).text
    assert rows(database, "sign_in") == stored
    assert visitor.get(f"/sign-in/{token}").status_code == 404
    assert session not in str(rows(database))


def test_an_author_is_no_expert(opened, visitor, database):
    visitor.send(f"/sign-in/{author_link(database)}", {})

    assert visitor.get("/answer/").status_code == 403


# ---------- signing out ----------


def test_signing_out_ends_the_session_on_the_server_too(opened, app, database):
    client = arrivals.press(app, arrivals.link(database))
    with client.session_transaction(base_url=arrivals.SITE) as cookie:
        token = cookie[TOKEN]

    response = client.send("/sign-out", {})

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-out")
    assert client.page("/sign-out").one("h1").text == "You are signed out"
    with client.session_transaction(base_url=arrivals.SITE) as cookie:
        cookie[TOKEN] = token
    assert client.get("/answer/").status_code == 403


def test_a_sign_in_link_lasts_for_as_long_as_the_page_of_an_expired_one_says(
    app, visitor, database
):
    fresh, stale = (author_link(database, timedelta(hours=hours)) for hours in (23, 25))

    assert visitor.get(f"/sign-in/{fresh}").status_code == 200
    refused = visitor.get(f"/sign-in/{stale}", headers={"Accept-Language": "en"})
    assert refused.status_code == 404
    assert re.findall(r"\d+ hours", page_of(refused).text) == ["24 hours"]
