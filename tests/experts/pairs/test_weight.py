"""Answers travel small: to browsers that unpack them, and with their secrets kept."""

import gzip

import pytest
from flask.testing import FlaskClient

from tests.clients import arrivals

GZIP = {"Accept-Encoding": "gzip, deflate, br"}

#: The greatest size of a question of which nothing is cached, in bytes.
MOST = 60 * 1024


@pytest.fixture
def raw(app, ann):
    """Ann's browser as the wire sees it: nothing of what comes is unpacked."""
    client = FlaskClient(app, app.response_class)
    cookie = ann.get_cookie("steelyard", domain="127.0.0.1")
    client.set_cookie("steelyard", cookie.value, domain="127.0.0.1")
    return client


@pytest.fixture
def browser(raw):
    """Return the page's size with gzip, and without."""

    def get(path):
        where = {"path": path, "base_url": arrivals.SITE, "buffered": True}
        return raw.get(**where, headers=GZIP), raw.get(**where)

    return get


def resources(page):
    """Return the files that a browser fetches for a page: styles, mark, scripts, imports."""
    found = [e.attributes["href"] for e in page.all("link")]
    found += [e.attributes["src"] for e in page.all("script")]
    modules = {name for e in page.elements for name in e.attributes.get("data-module", "").split()}
    return found + [f"/static/js/{name}.js" for name in sorted(modules)]


@pytest.mark.parametrize(
    ("first", "second"), [("wired", "wireless"), ("wireless", "ai"), ("digital", "civic")]
)
def test_a_question_weighs_little_on_a_cold_cache(browser, ann, sqlite_database, first, second):
    path = arrivals.question(sqlite_database, first, second)
    fetched = resources(ann.page(path))
    assert len(fetched) >= 7

    weight = 0
    for address in (path, *fetched):
        packed, _ = browser(address)
        assert packed.status_code == 200, address
        weight += len(packed.data) + len(str(packed.headers))

    assert weight < MOST


def test_what_is_unpacked_is_what_was_sent(browser, ann, sqlite_database):
    for path in (resources(ann.page("/methods"))[1], "/methods"):
        packed, plain = browser(path)

        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
        assert gzip.decompress(packed.data) == plain.data


def test_who_does_not_take_it_does_not_get_it(ann, sqlite_database):
    for header in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}):
        response = ann.get("/methods", headers=header)

        assert "Content-Encoding" not in response.headers
        assert b"</html>" in response.data


def test_a_small_answer_and_one_without_a_body_stay_as_they_are(ann, sqlite_database):
    path = arrivals.question(sqlite_database)
    seen = ann.page(path)
    fields = arrivals.hidden(seen) | {"direction": "same"}

    saved = ann.post(path, data=fields, headers=arrivals.JSON | GZIP)
    asked = ann.head("/methods", headers=GZIP)

    assert saved.json["version"] == 1
    assert "Content-Encoding" not in saved.headers
    assert asked.data == b""


def test_the_size_of_a_page_tells_nothing_of_what_is_in_it(browser, sqlite_database):
    sizes = {len(browser("/methods")[0].data) for _ in range(12)}

    assert len(sizes) > 1


def test_an_unchanged_file_is_not_sent_again(browser, ann, sqlite_database):
    address = resources(ann.page("/methods"))[1].partition("?")[0]
    packed, plain = browser(address)
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"

    for first in (packed, plain):
        again = ann.get(address, headers=GZIP | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_the_file(ann, sqlite_database):
    address = resources(ann.page("/methods"))[1]

    part = ann.get(address, headers=GZIP | {"Range": "bytes=0-999"})

    assert (part.status_code, len(part.data)) == (206, 1000)
    assert "Content-Encoding" not in part.headers
