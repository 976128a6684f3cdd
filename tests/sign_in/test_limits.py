"""Too many wrong links from one address, too many writes of one session."""

import pytest

from survey import create_app
from survey.tokens import digest, new_token
from survey.web.config import Settings
from survey.web.current import TOKEN
from survey.web.rates import Limiter
from tests.clients import arrivals
from tests.clients.applications import SECRET
from tests.clients.pages import PageClient


def wrong(client, count, path="/invitation/", **environ):
    return [
        client.get(f"{path}{new_token()}", environ_overrides=environ).status_code
        for _ in range(count)
    ]


def test_the_twentieth_wrong_link_of_a_minute_is_asked_to_wait(visitor, database):
    assert wrong(visitor, 10) + wrong(visitor, 9, "/sign-in/") == [404] * 19

    refused = visitor.get(f"/invitation/{new_token()}")

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"
    # A correct link still works, and so does another address.
    assert visitor.get(f"/invitation/{arrivals.link(database)}").status_code == 200
    assert wrong(visitor, 1, REMOTE_ADDR="192.0.2.7") == [404]


def test_who_asks_again_and_again_for_a_link_is_asked_to_wait(visitor, database):
    page = f"/invitation/{arrivals.link(database)}"

    said = [
        visitor.send(f"/invitation/{new_token()}/new-link", {}, seen_at=page).status_code
        for _ in range(20)
    ]

    assert said == [303] * 19 + [429]


def test_an_address_of_six_parts_is_counted_by_its_network(visitor):
    for host in range(19):
        assert wrong(visitor, 1, REMOTE_ADDR=f"2001:db8::{host}") == [404]

    assert wrong(visitor, 1, REMOTE_ADDR="2001:db8::99") == [429]
    assert wrong(visitor, 1, REMOTE_ADDR="2001:db8:0:1::99") == [404]


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 404)])
def test_behind_a_trusted_proxy_the_address_is_the_clients(database_url, tmp_path, proxies, status):
    app = create_app(Settings(tmp_path, arrivals.SITE, database_url, SECRET, proxies))
    app.test_client_class = PageClient
    client = app.test_client()
    try:
        said = [
            client.get(
                f"/invitation/{new_token()}",
                base_url=arrivals.SITE,
                headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.{number}"},
            ).status_code
            for number in range(20)
        ]
    finally:
        app.extensions["database"].close()

    assert said == [404] * 19 + [status]


def test_writes_that_no_person_makes_are_refused_and_nothing_is_stored(app, visitor, database):
    token = arrivals.link(database)
    visitor.send(f"/invitation/{token}", {})
    with visitor.session_transaction(base_url=arrivals.SITE) as cookie:
        session = digest(cookie[TOKEN])
    writes = app.extensions["limits"].writes
    assert [writes.count(session) for _ in range(298)] == [0] * 298
    asked = arrivals.question(database)

    taken = arrivals.answer(visitor, asked, direction="first", strength="3")
    before = arrivals.rows(database)
    refused = arrivals.answer(visitor, asked, direction="first", strength="5")

    assert taken.status_code == 303
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert arrivals.rows(database) == before
    assert visitor.get(asked).status_code == 200


def test_one_link_is_not_opened_without_end(app, visitor, database):
    token = arrivals.link(database)
    visitor.send(f"/invitation/{token}", {})
    writes = app.extensions["limits"].writes
    for _ in range(298):
        writes.count(digest(token))
    other = app.test_client()

    assert other.send(f"/invitation/{token}", {}).status_code == 429
    assert other.send(f"/invitation/{arrivals.link(database)}", {}).status_code == 303


def test_a_minute_later_it_is_forgotten_and_memory_is_bounded():
    at = [0.0]
    limiter = Limiter(3, clock=lambda: at[0])

    assert [limiter.count("a") for _ in range(3)] == [0, 0, 60]
    at[0] = 45.5
    assert limiter.count("a") == 15
    assert limiter.count("b") == 0
    at[0] = 120.0
    assert limiter.count("a") == 0
    for number in range(20_000):
        limiter.count(str(number))
    assert len(limiter) == 10_000
