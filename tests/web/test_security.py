"""Checks of every request, and headers of every response."""

import gzip
import hashlib
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask, Response, abort, request, send_file, session
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.db import DatabaseBusy
from survey.web.config import ROOT
from survey.web.security import HEADERS
from tests.clients.pages import PageClient

HTTPS = "https://weights.example.org"
OWN = "http://127.0.0.1:8000"
TOKEN = "Zm9vYmFyYmF6cXV1eA"


@pytest.fixture
def busy_app(serve: Callable[..., Flask]) -> Flask:
    return with_pages(serve())


@pytest.fixture
def visitor(busy_app: Flask) -> PageClient:
    return client_of(busy_app)


def client_of(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


def with_pages(app: Flask) -> Flask:
    """Add a page for each way an answer can come about."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    stored: list[str] = app.extensions.setdefault("stored", [])

    @app.get("/form")
    def form() -> str:
        from flask import render_template_string

        return render_template_string(
            '{% extends "base.html" %}{% from "parts/forms.html" import csrf %}'
            "{% block title %}Form{% endblock %}{% block main %}<h1>Form</h1>"
            '<form method="post" action="/store">{{ csrf() }}<button>Send</button></form>'
            "{% endblock %}"
        )

    @app.post("/store")
    def store() -> Response:
        stored.append(request.form.get("text", ""))
        return Response("stored", mimetype="text/plain")

    @app.get("/file")
    def file() -> Response:
        session["seen"] = True
        return send_file(__file__, as_attachment=True)

    @app.get("/public")
    def public() -> Response:
        response = Response("for everybody", mimetype="text/plain")
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    @app.get("/stop/<int:status>")
    def stop(status: int) -> str:
        abort(status)

    @app.get("/busy")
    def busy() -> str:
        raise DatabaseBusy

    @app.get("/invitation/<token>/fails")
    def invitation(token: str) -> str:
        raise RuntimeError("broken")

    return app


# ---------- headers ----------


def answers(client: PageClient) -> dict[str, TestResponse]:
    """Yield one answer of each kind."""
    kept = client.get("/static/css/base.css")
    return {
        "page": client.get("/methods"),
        "redirect": client.get("/methods?language=zh"),
        "head": client.head("/methods"),
        "options": client.options("/methods"),
        "trace": client.open("/methods", method="TRACE"),
        "download": client.get("/file"),
        "static": kept,
        "not modified": client.get(
            "/static/css/base.css", headers={"If-None-Match": kept.headers["ETag"]}
        ),
        "missing static": client.get("/static/css/none.css"),
        "not found": client.get("/nowhere"),
        "not allowed": client.post("/methods"),
        "no token": client.post("/store"),
        "too large": client.post("/store", data=b"x" * (6 * 1024 * 1024)),
        "unknown host": client.get("/methods", base_url="http://evil.example"),
        "broken": client.get("/invitation/x/fails"),
        "busy": client.get("/busy"),
    }


STATUSES = {
    "page": 200,
    "redirect": 303,
    "head": 200,
    "options": 200,
    "trace": 405,
    "download": 200,
    "static": 200,
    "not modified": 304,
    "missing static": 404,
    "not found": 404,
    "not allowed": 405,
    "no token": 400,
    "too large": 413,
    "unknown host": 400,
    "broken": 500,
    "busy": 503,
}


def test_every_answer_carries_the_headers(visitor: PageClient) -> None:
    given = answers(visitor)

    assert {kind: answer.status_code for kind, answer in given.items()} == STATUSES
    for kind, answer in given.items():
        for name, value in HEADERS.items():
            assert answer.headers.get_all(name) == [value], (kind, name)
        assert "Strict-Transport-Security" not in answer.headers, kind


def test_the_policy_is_the_decided_one() -> None:
    assert HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def test_under_https_every_answer_asks_for_https(serve: Callable[..., Flask]) -> None:
    client = client_of(with_pages(serve(site_url=HTTPS)))

    for kind, answer in answers(client).items():
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000", kind


def test_what_a_session_sees_is_never_kept(visitor: PageClient) -> None:
    for kind, answer in answers(visitor).items():
        if "static" in kind or kind == "not modified":
            continue
        assert answer.headers["Cache-Control"] == "no-store", kind
        assert {"Cookie", "Accept-Language"} <= set(answer.vary), kind


def test_a_public_page_may_be_kept_by_those_without_a_session(visitor: PageClient) -> None:
    assert visitor.get("/public").headers["Cache-Control"] == "public, max-age=60"

    visitor.get("/public?language=zh")

    assert visitor.get("/public").headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_under_the_address_of_its_content(visitor: PageClient) -> None:
    address = visitor.page("/methods").all("link", rel="stylesheet")[-1].attributes["href"]

    named = visitor.get(address)
    digest = hashlib.sha256(named.get_data()).hexdigest()[:16]

    assert address == f"/static/css/base.css?v={digest}"
    assert "immutable" in named.headers["Cache-Control"]
    assert "Set-Cookie" not in named.headers
    assert visitor.get("/static/css/base.css?v=0").headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/css/base.css").headers["Cache-Control"] == "no-cache"


# ---------- hosts ----------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:8001",
        "127.0.0.1:8000.evil.example",
        "127.0.0.1:8000@evil.example",
        "evil.example:8000",
        "evil.example/127.0.0.1:8000",
        "localhost.evil.example:8000",
        "127.0.0.1:8000,evil.example",
        "127.0.0.1:8000 ",
        "127.0.0.1:08000",
        "0.0.0.0:8000",
        "2130706433:8000",
        "[::ffff:127.0.0.1]:8000",
        "\u0131ocalhost:8000",
        "",
    ],
)
def test_a_host_that_is_not_ours_is_refused(visitor: PageClient, host: str) -> None:
    for path in ("/methods", "/nowhere", "/methods?language=zh", "/static/css/base.css"):
        response = visitor.get(path, environ_overrides={"HTTP_HOST": host})

        assert response.status_code == 400, path
        assert "evil" not in response.text
        assert "Location" not in response.headers
        assert "Set-Cookie" not in response.headers


def test_a_request_without_a_host_is_refused(busy_app: Flask) -> None:
    environ = {"wsgi.url_scheme": "http", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"}
    statuses: list[str] = []

    list(
        busy_app.wsgi_app(
            {**environ, "REQUEST_METHOD": "GET", "PATH_INFO": "/methods"},
            lambda status, _headers: statuses.append(status),  # type: ignore[arg-type]
        )
    )

    assert statuses == ["400 BAD REQUEST"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000"]
)
def test_ones_own_machine_may_be_called_by_each_of_its_names(
    visitor: PageClient, host: str
) -> None:
    assert visitor.get("/methods", base_url=f"http://{host}").status_code == 200


@pytest.mark.parametrize("host", ["weights.example.org", "weights.example.org:443"])
def test_a_site_is_called_with_or_without_its_standard_port(
    serve: Callable[..., Flask], host: str
) -> None:
    client = client_of(serve(site_url=HTTPS))

    answer = client.get("/methods", environ_overrides={"HTTP_HOST": host})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "Forwarded", "X-Original-Host"]
)
def test_what_is_forwarded_is_nobodys_word(visitor: PageClient, header: str) -> None:
    value = "host=evil.example" if header == "Forwarded" else "evil.example"

    response = visitor.get("/methods", headers={header: value, "X-Forwarded-Proto": "https"})

    assert response.status_code == 200
    assert "evil" not in response.text + str(response.headers)


def test_a_trusted_proxy_may_say_which_host_was_asked(serve: Callable[..., Flask]) -> None:
    client = client_of(serve(site_url=HTTPS, trusted_proxies=1))

    def ask(forwarded: str) -> int:
        return client.get(
            "/methods", base_url="http://10.0.0.2:8000", headers={"X-Forwarded-Host": forwarded}
        ).status_code

    assert ask("weights.example.org") == 200
    assert ask("evil.example") == 400
    # The last hop is the trusted proxy; the hops before it come from outside.
    assert ask("evil.example, weights.example.org") == 200
    assert ask("weights.example.org, evil.example") == 400


# ---------- forms ----------


def token_of(client: PageClient) -> str:
    return client.page("/form").csrf_token


def test_a_form_of_ours_is_taken(busy_app: Flask, visitor: PageClient) -> None:
    response = visitor.send("/store", {"text": "mine"}, seen_at="/form")

    assert response.status_code == 200
    assert busy_app.extensions["stored"] == ["mine"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("token", [None, "", "x", "foreign"])
def test_a_form_without_its_token_is_refused(
    busy_app: Flask, visitor: PageClient, method: str, token: str | None
) -> None:
    busy_app.add_url_rule("/any", "any", busy_app.view_functions["store"], methods=[method])
    if token == "foreign":
        token = token_of(client_of(busy_app))
    visitor.page("/form")

    response = visitor.open("/any", method=method, data={"csrf_token": token} if token else {})

    assert response.status_code == 400
    assert "This form is no longer valid" in response.text
    assert busy_app.extensions["stored"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
        {"Sec-Fetch-Site": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://127.0.0.1:8000.evil.example"},
        {"Origin": "null, http://127.0.0.1:8000"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    busy_app: Flask, visitor: PageClient, headers: dict[str, str]
) -> None:
    token = token_of(visitor)

    response = visitor.post("/store", data={"csrf_token": token, "text": "x"}, headers=headers)

    assert response.status_code == 403
    assert "This form came from another site" in response.text
    assert busy_app.extensions["stored"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OWN},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
        {},
    ],
)
def test_our_own_form_is_taken_from_old_and_new_browsers(
    busy_app: Flask, visitor: PageClient, headers: dict[str, str]
) -> None:
    token = token_of(visitor)

    response = visitor.post("/store", data={"csrf_token": token, "text": "x"}, headers=headers)

    assert response.status_code == 200
    assert busy_app.extensions["stored"] == ["x"]


def test_a_form_is_taken_under_https_without_a_referrer(serve: Callable[..., Flask]) -> None:
    app = with_pages(serve(site_url=HTTPS))

    assert client_of(app).send("/store", {"text": "x"}, seen_at="/form").status_code == 200
    assert app.extensions["stored"] == ["x"]


def test_a_form_with_too_many_fields_is_refused(busy_app: Flask, visitor: PageClient) -> None:
    many: dict[str, Any] = {f"field-{count}": "x" for count in range(1000)}

    response = visitor.post(
        "/store", data={**many, "csrf_token": token_of(visitor)}, content_type="multipart/form-data"
    )

    assert response.status_code == 413
    assert busy_app.extensions["stored"] == []


@pytest.mark.parametrize("body", [b"text=\xff\xfe", b"\x00=\x00", b"text=%ff&csrf_token=%ff"])
def test_a_garbled_form_is_refused(busy_app: Flask, visitor: PageClient, body: bytes) -> None:
    visitor.page("/form")

    response = visitor.post("/store", data=body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert busy_app.extensions["stored"] == []


def test_a_text_beyond_all_use_is_refused(busy_app: Flask, visitor: PageClient) -> None:
    token, text = token_of(visitor).encode(), b"x" * 600_000
    parts = [
        b'--end\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field
        for field in ((b"csrf_token", token), (b"text", text))
    ]

    plain = visitor.post(
        "/store",
        data=b"csrf_token=" + token + b"&text=" + text,
        content_type="application/x-www-form-urlencoded",
    )
    in_parts = visitor.post(
        "/store",
        data=b"".join(parts) + b"--end--\r\n",
        content_type="multipart/form-data; boundary=end",
    )

    assert (plain.status_code, in_parts.status_code) == (413, 413)
    assert busy_app.extensions["stored"] == []


# ---------- the session ----------


def cookie_of(client: PageClient) -> dict[str, Any]:
    """Return the cookie that choosing a language sets, with its flags."""
    cookies: SimpleCookie = SimpleCookie(client.get("/methods?language=zh").headers["Set-Cookie"])
    assert len(cookies) == 1
    [(name, morsel)] = cookies.items()
    return {"name": name, **{flag: value for flag, value in morsel.items() if value}}


def test_the_session_is_one_cookie_that_no_script_reads(visitor: PageClient) -> None:
    assert cookie_of(visitor) == {
        "name": "steelyard",
        "path": "/",
        "httponly": True,
        "samesite": "Lax",
    }


def test_under_https_the_cookie_belongs_to_this_host_alone(serve: Callable[..., Flask]) -> None:
    assert cookie_of(client_of(serve(site_url=HTTPS))) == {
        "name": "__Host-steelyard",
        "path": "/",
        "httponly": True,
        "samesite": "Lax",
        "secure": True,
    }


def test_a_cookie_signed_with_another_secret_is_no_session(
    serve: Callable[..., Flask], visitor: PageClient
) -> None:
    visitor.get("/methods?language=zh")
    forged = visitor.get_cookie("steelyard", domain="127.0.0.1")
    assert forged is not None
    other = client_of(serve(secret_key="another secret, which is just as long"))
    other.set_cookie("steelyard", forged.value, domain="127.0.0.1")

    assert visitor.page("/methods").one("html").attributes["lang"] == "zh-Hans"
    assert other.page("/methods").one("html").attributes["lang"] == "en"


def test_a_reader_without_a_form_gets_no_cookie(visitor: PageClient) -> None:
    assert "Set-Cookie" not in visitor.get("/methods").headers


# ---------- the log ----------


def test_no_token_reaches_a_log(visitor: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        visitor.get(f"/invitation/{TOKEN}/fails?language=zh")
        visitor.get(f"/invitation/{TOKEN}/fails")
        visitor.get(f"/sign-in/{TOKEN}/more?x={TOKEN}")
        visitor.get(f"/methods?token={TOKEN}")

    written = caplog.text
    assert "GET /invitation/... 500" in written
    assert "GET /sign-in/... 404" in written
    assert "GET /methods 200" in written
    assert TOKEN not in written


def test_the_log_is_one_line_per_request_in_utc() -> None:
    script = (
        "import survey.web.logs as l, survey.web.security as s; l.write_log(); "
        "s.requests_log.info('GET /methods 200 3 ms')"
    )

    written = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stderr

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO GET /methods 200 3 ms\n", written)


def test_a_failure_is_logged_under_the_number_its_page_shows(
    visitor: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    page = visitor.get("/invitation/x/fails")

    failure = next(r.getMessage() for r in caplog.records if "failure" in r.getMessage())
    assert failure.split()[1] in page.text
    assert "RuntimeError" in caplog.text
    assert "RuntimeError" not in page.text
    assert "broken" not in page.text


def test_what_is_missing_among_the_files_is_said_in_each_readers_language(
    app: Flask,
) -> None:
    client = FlaskClient(app, app.response_class)  # one that looks at bytes

    def missing(language: str) -> TestResponse:
        headers = {"Accept-Language": language, "Accept-Encoding": "gzip"}
        return client.get("/static/missing.css", base_url=OWN, headers=headers)

    for language in ("zh-Hans", "en"):
        response = missing(language)
        assert response.headers["Content-Encoding"] == "gzip"
        assert f'lang="{language}"' in gzip.decompress(response.data).decode()
        assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(response.vary)


def test_a_file_is_packed_and_remembered_once_whatever_address_it_is_asked_for_by(
    app: Flask,
) -> None:
    client = FlaskClient(app, app.response_class)
    packed = {"Accept-Encoding": "gzip"}
    client.get("/static/css/base.css?v=1", base_url=OWN, headers=packed).close()
    known = app.extensions["compressed"], app.extensions["digests"]
    before = [len(found) for found in known]
    for folder in ("a", "b", "c"):
        address = f"/static/{folder}/../css/base.css?v=1"
        with client.get(address, base_url=OWN, headers=packed) as around:
            assert around.status_code == 200
    assert [len(found) for found in known] == before
