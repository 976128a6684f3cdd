"""A request that costs much more to parse than to send is refused before it is parsed."""

import pytest
import werkzeug.formparser
import werkzeug.sansio.multipart

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def parsed(monkeypatch):
    """The forms that werkzeug parses."""
    forms = []
    parse = werkzeug.formparser.parse_qsl

    def parse_qsl(text, *arguments, **options):
        forms.append(text)
        return parse(text, *arguments, **options)

    monkeypatch.setattr(werkzeug.formparser, "parse_qsl", parse_qsl)
    return forms


def test_a_form_of_many_fields_is_not_parsed(client, parsed):
    response = client.post("/sign-out", data="a=&" * 160_000, content_type=FORM)

    assert response.status_code == 413
    assert parsed == []


@pytest.mark.parametrize(("fields", "status"), [(4000, 400), (4001, 413)])
def test_how_many_fields_a_form_may_have(client, fields, status):
    """400: its token is missing, which is found in what was parsed."""
    body = "&".join(["a="] * fields)

    assert client.post("/sign-out", data=body, content_type=FORM).status_code == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("&".join(["a=1"] * 100), 200),
        ("&".join(["a=1"] * 101), 414),
        ("a=" + "1" * 4000, 200),
        ("a=" + "1" * 5000, 414),
    ],
)
def test_how_long_a_query_may_be(client, query, status):
    assert client.get("/methods", query_string=query).status_code == status


def cookies_of(count):
    return "; ".join(f"a{number}=1" for number in range(count))


@pytest.mark.parametrize(
    ("cookies", "status"),
    [(cookies_of(30), 200), (cookies_of(100), 431), ("a=" + "1" * 9000, 431)],
)
def test_how_many_cookies_a_browser_may_send(app, cookies, status):
    client = app.test_client(use_cookies=False)  # else it sends those it keeps itself

    assert client.get("/methods", headers={"Cookie": cookies}).status_code == status


def test_how_long_all_headers_may_be(client):
    headers = {f"X-{number}": "1" * 4000 for number in range(9)}

    assert client.get("/methods", headers=headers).status_code == 431


def test_a_browser_that_asks_for_a_thousand_languages_gets_english(client):
    asked = {"Accept-Language": "fr," + "de," * 1000}

    page = client.get("/methods", headers=asked)

    assert page.status_code == 200
    assert '<html lang="en"' in page.get_data(as_text=True)


FILES = "multipart/form-data; boundary=b"


@pytest.fixture
def heads_parsed(monkeypatch):
    """The heads of parts that werkzeug parses."""
    heads = []
    parse = werkzeug.sansio.multipart.parse_options_header

    def parse_options_header(text):
        heads.append(text)
        return parse(text)

    monkeypatch.setattr(werkzeug.sansio.multipart, "parse_options_header", parse_options_header)
    return heads


def part(more="", lines="\r\n"):
    head = f'Content-Disposition: form-data; name="a"; filename="f"{more}'
    return f"--b\r\n{head}{lines}{lines}x\r\n"


@pytest.mark.parametrize(
    "body",
    [
        part('; a=""' * 4000) * 190,
        part('; a=""' * 50),
        part("a" * 3000),
        part('; a=""' * 50, "\n"),
        part('; a=""' * 50, "\r"),
        # An empty line first is no end of a head; nor is a boundary within it.
        part('; a=""' * 50).replace("--b", "--b\r\n", 1),
        part("; --b--" + '; a=""' * 50),
        part() * 202,
    ],
)
def test_a_form_with_files_whose_heads_are_long_is_not_parsed(client, heads_parsed, body):
    response = client.post("/sign-out", data=body + "--b--\r\n", content_type=FILES)

    assert response.status_code == 413
    assert heads_parsed == []


def test_a_form_with_as_many_files_as_may_be_is_parsed(client, heads_parsed):
    """400: its token is missing, which is found in what was parsed."""
    body = part('; filename="a;b;c;d"') * 200 + "--b--\r\n"

    assert client.post("/sign-out", data=body, content_type=FILES).status_code == 400
    assert len(heads_parsed) == 200


def test_a_form_parted_by_a_long_line_is_not_parsed(client, heads_parsed):
    longest = "b" * 101
    body = part().replace("--b", f"--{longest}") + f"--{longest}--\r\n"

    response = client.post("/sign-out", data=body, content_type=f"{FILES[:-1]}{longest}")

    assert response.status_code == 400
    assert heads_parsed == []
