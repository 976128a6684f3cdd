"""The page checks find what they are there to find."""

import pytest
from flask import Flask

from survey import create_app
from survey.web.config import Settings
from tests.clients.pages import Page, faults_of

FRAME = (
    '<!doctype html><html lang="en" dir="ltr"><head><title>T</title></head>'
    "<body><main><h1>H</h1>{}</main></body></html>"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("pages")
    url = f"sqlite:///{folder / 'steelyard.sqlite3'}"
    return create_app(Settings(folder, "http://127.0.0.1:8000", url, "a secret for tests " * 3))


def faults(app: Flask, html: str) -> str:
    return "; ".join(faults_of(Page(html), app))


def test_a_good_page_has_no_fault(app: Flask) -> None:
    good = (
        '<form method="post"><input type="hidden" name="csrf_token" value="x">'
        '<label for="a">A</label><input id="a"><label><input type="radio"> B</label>'
        '<button>Send</button></form><a href="/methods#x">M</a><a href="https://doi.org/1">D</a>'
    )

    assert faults(app, FRAME.format(good)) == ""


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<h1>again</h1>", "2 h1"),
        ('<p id="a"></p><p id="a"></p>', "id twice"),
        ('<p aria-describedby="b"></p>', "aria-describedby of what is not there"),
        ("<p><b></p></b>", "closes what is not open"),
        ("<p>", "not closed"),
        ('<p class="a" class="b"></p>', "an attribute twice"),
        ('<p style="color: red"></p>', "inline style"),
        ("<style></style>", "inline style"),
        ("<script>1</script>", "inline script"),
        ('<p onclick="x()"></p>', "handler"),
        ('<a href=" JavaScript:x()">a</a>', "script in href"),
        ("<input>", "no label"),
        ('<label for="a"></label><input id="a">', "no label"),
        ("<label><select></select></label>", "no label"),
        ("<button></button>", "no words"),
        ('<form method="post"></form>', "a form without a token"),
        ('<form method="POST"><input type="hidden" name="csrf_token" value=""></form>', "token"),
        ('<a href="/nowhere">a</a>', "leads to 404"),
        ('<form action="/nowhere"></form>', "leads to 404"),
        ('<form action="/methods" method="post"></form>', "POST /methods leads to 405"),
        ('<a href="#nowhere">a</a>', "link to no part"),
        ('<table class="data storeys"></table>', "<table> of a table that becomes blocks"),
        ('<table role="table" class="public"><tr></tr></table>', "<tr> of a table"),
    ],
)
def test_a_fault_is_found(app: Flask, inside: str, fault: str) -> None:
    assert fault in faults(app, FRAME.format(inside))


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (FRAME.format("").replace('lang="en"', ""), "html without lang or dir"),
        (FRAME.format("").replace('dir="ltr"', 'dir="up"'), "html without lang or dir"),
        (FRAME.format("").replace("<title>T<", "<title><"), "an empty title"),
        (FRAME.format("").replace("main>", "div>"), "not in main"),
    ],
)
def test_a_fault_of_the_frame_is_found(app: Flask, html: str, fault: str) -> None:
    assert fault in faults(app, html)
