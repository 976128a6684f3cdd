"""The address a request is answered under: the site's own host, scheme and root."""

import logging
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, render_template_string, request

from survey.web.query_keys import QUERY, READ
from tests.clients.pages import Page, PageClient

OWN = "http://127.0.0.1:8000"


def links(page: Page) -> set[str]:
    return {str(link.attributes["href"]) for link in page.all("a") + page.all("link")}


def test_a_root_that_a_server_was_told_of_moves_no_address(client: PageClient) -> None:
    usual = client.page("/methods")

    told = client.get("/", environ_overrides={"SCRIPT_NAME": "/methods", "PATH_INFO": ""})

    assert told.status_code == 200
    assert links(Page(told.text)) == links(usual)
    assert all(link.startswith(("/static/", "/methods", "/privacy", "#")) for link in links(usual))


def test_what_a_server_cut_off_an_address_is_part_of_it(client: PageClient) -> None:
    """A cache keeps a page by its whole address: /methods/privacy must not show /privacy."""
    cut = client.get("/", environ_overrides={"SCRIPT_NAME": "/methods", "PATH_INFO": "/privacy"})
    whole = client.get("/", environ_overrides={"SCRIPT_NAME": "/meth", "PATH_INFO": "ods"})

    assert cut.status_code == 404
    assert whole.status_code == 200
    assert links(Page(whole.text)) == links(client.page("/methods"))


def test_the_scheme_is_the_sites_whatever_a_proxy_says(
    app: Flask, serve: Callable[..., Flask]
) -> None:
    for made in (app, serve(trusted_proxies=1)):
        made.add_url_rule(
            "/scheme", "scheme", lambda: Response(request.scheme, 200, mimetype="text/plain")
        )
        answer = made.test_client().get(
            "/scheme", headers={"X-Forwarded-Proto": "https"}, base_url=OWN
        )
        assert answer.text == "http"


def test_a_wrong_host_says_what_to_set_on_the_page_and_once_in_the_log(
    client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "steelyard"):
        pages = [
            client.get("/methods", environ_overrides={"HTTP_HOST": host})
            for host in ("weights.example.org", "weights.example.org", "a\nb.example")
        ]

    said = Page(pages[0].text)
    assert [page.status_code for page in pages] == [400, 400, 400]
    assert [code.text for code in said.all("code")] == ["STEELYARD_SITE_URL", "Host"]
    assert said.one("a", **{"class": "button"}).attributes["href"] == OWN
    assert "weights.example.org" not in pages[0].text
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 2
    assert "weights.example.org" in warnings[0]
    assert f"STEELYARD_SITE_URL is {OWN}" in warnings[0]
    assert "\n" not in warnings[1]


def test_of_a_scanners_many_hosts_the_log_names_a_few(
    client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "steelyard"):
        for number in range(50):
            client.get("/methods", environ_overrides={"HTTP_HOST": f"host-{number}.example"})

    assert len(caplog.records) == 20


def test_a_page_repeats_no_text_of_an_address_that_is_not_ours(client: PageClient) -> None:
    """Compressed, it would grow by what the text has in common with what else is there."""
    asked = "guess=secret-a&table=secret.b&at=secret.c&entry=7&entry=8&page=7"
    for path, kept in (("/methods", {}), ("/nowhere", {}), ("/seal", {"entry": ["7"]})):
        page = Page(client.get(f"{path}?{asked}").text)

        assert "secret" not in page.text + str(links(page))
        queries = [parse_qs(urlsplit(link).query) for link in links(page) if "language=" in link]
        assert len(queries) == 5
        for query in queries:
            del query["language"]
            assert query == kept


def test_the_keys_that_pages_read_are_of_pages_and_have_their_values(app: Flask) -> None:
    assert set(READ) <= set(app.view_functions)
    assert {key for keys in READ.values() for key in keys} == set(QUERY)


def test_a_text_with_nul_is_refused_not_mended(app: Flask, client: PageClient) -> None:
    stored: list[str] = []

    @app.get("/form")
    def form() -> str:
        return render_template_string(
            '{% extends "base.html" %}{% from "parts/forms.html" import csrf %}'
            "{% block title %}Form{% endblock %}{% block main %}<h1>Form</h1>"
            '<form method="post">{{ csrf() }}<button>Send</button></form>{% endblock %}'
        )

    @app.post("/form")
    def store() -> str:
        stored.append("stored")
        return "stored"

    token = client.page("/form").csrf_token
    for fields in ({"text": "a\0b"}, {"te\0xt": "a"}, {"text": "\0"}):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            sent = {**fields, "csrf_token": token}
            refused = client.post("/form", data=sent, content_type=kind)
            assert refused.status_code == 422
            assert "U+0000" in refused.text

    assert stored == []
    assert client.get("/methods?table=a%00b").status_code == 400
