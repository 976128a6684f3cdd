import pytest
from flask import Flask, abort, redirect

from survey.web.errors import PAGES
from tests.clients.pages import Page, PageClient


@pytest.fixture
def stopping(app: Flask) -> PageClient:
    @app.get("/stop/<int:status>")
    def stop(status: int) -> str:
        abort(status)

    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize("status", sorted(PAGES))
def test_a_refusal_says_what_happened_and_what_to_do_in_both_languages(
    stopping: PageClient, status: int
) -> None:
    english = stopping.get(f"/stop/{status}", headers={"Accept-Language": "en"})
    chinese = stopping.get(f"/stop/{status}", headers={"Accept-Language": "zh"})

    assert (english.status_code, chinese.status_code) == (status, status)
    said = Page(english.text)
    assert said.one("h1").text == said.one("title").text
    assert len([p for p in said.all("p") if p.within("main") and p.text]) >= 2
    assert "。" in Page(chinese.text).one("main").text
    assert said.one("main").text != Page(chinese.text).one("main").text


@pytest.mark.parametrize(("status", "like"), [(418, 400), (410, 400), (501, 500), (504, 500)])
def test_a_rare_refusal_gets_the_words_of_its_family(
    stopping: PageClient, status: int, like: int
) -> None:
    rare, usual = stopping.get(f"/stop/{status}"), stopping.get(f"/stop/{like}")

    assert rare.status_code == status
    assert Page(rare.text).one("h1").text == Page(usual.text).one("h1").text


def test_a_busy_service_says_when_to_come_back(stopping: PageClient) -> None:
    assert stopping.get("/stop/503").headers["Retry-After"] == "5"


def test_a_wrong_method_says_which_are_right(stopping: PageClient) -> None:
    assert "GET" in stopping.post("/methods").headers["Allow"]


def test_a_redirect_is_no_refusal(app: Flask) -> None:
    @app.get("/folder/")
    def folder() -> str:
        abort(redirect("/methods", 303))

    client = app.test_client()

    assert client.get("/folder").status_code == 308
    assert client.get("/folder/").headers["Location"] == "/methods"
