import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from flask import Flask, g, render_template_string, session
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from survey.experts.pairs.forms import JudgementForm
from survey.web import locale
from tests.clients.pages import PageClient

CLOSE = datetime(2024, 8, 12, 23, 59, tzinfo=UTC)


def language_of(client: PageClient, accept: str) -> str:
    return (
        client.page("/methods", headers={"Accept-Language": accept}).one("html").attributes["lang"]
    )


@pytest.mark.parametrize(
    ("accept", "tag"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("ko,zh;q=0.5", "zh-Hans"),
        ("ar-EG", "ar"),
        ("fr-CA,fr;q=0.8", "fr"),
        ("zh;q=0", "en"),
        ("ko", "en"),
        ("*", "en"),
        ("", "en"),
        ("x" * 500 + ";q=abc,,;;", "en"),
    ],
)
def test_the_browser_says_which_language_it_prefers(
    client: PageClient, accept: str, tag: str
) -> None:
    assert language_of(client, accept) == tag


def test_a_choice_goes_before_the_browsers_wish_and_stays(client: PageClient) -> None:
    client.get("/methods?language=zh")

    assert language_of(client, "en") == "zh-Hans"
    assert client.page("/privacy").one("html").attributes["lang"] == "zh-Hans"

    client.get("/methods?language=en")

    assert language_of(client, "zh") == "en"


def test_the_menu_of_each_page_leads_to_the_same_page(client: PageClient) -> None:
    page = client.page("/seal?entry=57&entry=58&table=air", headers={"Accept-Language": "en"})
    link = page.one("a", hreflang="zh-Hans")

    response = client.get(link.attributes["href"])

    assert link.text == "中文"
    assert response.status_code == 303
    assert response.headers["Location"] == "/seal?entry=57"
    assert client.page("/privacy").one("h1").text == "隐私"


def test_a_missing_page_too_can_be_read_in_another_language(client: PageClient) -> None:
    response = client.get("/nowhere?language=zh")

    assert response.headers["Location"] == "/nowhere"
    assert "找不到页面" in client.get("/nowhere").text


@pytest.mark.parametrize("asked", ["ko", "ZH", "zh-Hans", "", "../zh", "x" * 3000])
def test_an_unknown_language_changes_nothing(client: PageClient, asked: str) -> None:
    response = client.get("/methods", query_string={"language": asked})

    assert response.headers["Location"] == "/methods"
    assert "Set-Cookie" not in response.headers


def test_a_form_does_not_change_the_language(app: Flask, client: PageClient) -> None:
    response = client.post("/methods?language=zh")

    assert response.status_code == 405
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "////evil.example/x",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "//evil.example/%2e%2e",
        "/%2f/evil.example",
        "/%2fevil.example",
        "/%5cevil.example",
        "/%5c%5cevil.example",
        "/%09/evil.example",
        "/%0a/evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "/http://evil.example",
        "/https:evil.example",
        "/javascript:alert(1)",
        "/@evil.example",
        "/.evil.example",
        "/%E3%80%82evil.example",
        "/%C2%A0//evil.example",
        "/;//evil.example",
        "/?next=https://evil.example",
        "/methods?next=//evil.example",
        "/methods/..//evil.example",
    ],
)
def test_choosing_a_language_never_leaves_the_site(app: Flask, path: str) -> None:
    path, _, query = path.partition("?")

    response = app.test_client().get(
        "/",
        environ_overrides={
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": f"{query}&language=zh",
        },
    )

    location = response.headers["Location"]
    assert response.status_code == 303
    assert location.startswith("/")
    assert not location.startswith("//")
    assert urlsplit(location).netloc == ""
    assert not set(location) & set("\\\t\r\n\0")


# ---------- an expert's own language ----------


@pytest.fixture
def expert_pages(app: Flask) -> Flask:
    @app.get("/as/<code>")
    def as_expert(code: str) -> str:
        locale.prefer_language(code)
        return render_template_string(
            '{% extends "base.html" %}{% block title %}x{% endblock %}'
            "{% block main %}<h1>x</h1>{% endblock %}"
        )

    return app


def own(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize(
    ("code", "tag"),
    [("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("en", "en"), ("ar", "ar"), ("fr-BE", "fr")],
)
def test_an_expert_is_addressed_in_their_own_language(
    expert_pages: Flask, code: str, tag: str
) -> None:
    page = own(expert_pages).page(f"/as/{code}", headers={"Accept-Language": "ko"})

    assert page.one("html").attributes["lang"] == tag
    assert "yet" not in page.one("main").text


def test_an_expert_whose_language_is_not_there_gets_english_and_is_told(
    expert_pages: Flask,
) -> None:
    page = own(expert_pages).page("/as/ko", headers={"Accept-Language": "zh"})

    assert page.one("html").attributes["lang"] == "en"
    assert "are not available in Korean yet" in page.one("main").text


def test_an_expert_who_has_chosen_is_not_told_again(expert_pages: Flask) -> None:
    client = own(expert_pages)
    client.get("/as/ko?language=zh")

    page = client.page("/as/ko")

    assert page.one("html").attributes["lang"] == "zh-Hans"
    assert page.all("p", class_="made-up") == []


def test_an_unknown_language_is_named_by_its_code(expert_pages: Flask) -> None:
    assert "are not available in qqq yet" in own(expert_pages).page("/as/qqq").text


# ---------- writing ----------


@pytest.fixture
def speaking(app: Flask) -> Callable[..., str]:
    def write(code: str, template: str, **values: object) -> str:
        with app.test_request_context("/", base_url="http://127.0.0.1:8000"):
            session["language"] = code
            g.pop("language", None)
            return render_template_string(template, **values)

    return write


@pytest.mark.parametrize(
    ("code", "template", "value", "written"),
    [
        ("en", "{{ value|percent }}", 0.4557, "45.6%"),
        ("zh", "{{ value|percent }}", 0.4557, "45.6%"),
        ("en", "{{ value|percent(0) }}", 0.4557, "46%"),
        ("en", "{{ value|percent }}", 0, "0.0%"),
        ("en", "{{ value|number(3) }}", 2.7136, "2.714"),
        ("en", "{{ value|number }}", 2000, "2,000"),
        ("en", "{{ value|moment }}", CLOSE, "12 August 2024, 23:59 UTC"),
        ("zh", "{{ value|moment }}", CLOSE, "2024 年 8 月 12 日 23:59（UTC）"),
        ("en", "{{ value|day }}", CLOSE, "12 August 2024"),
        ("zh", "{{ value|day }}", CLOSE, "2024 年 8 月 12 日"),
        ("zh", "{{ value|clock }}", CLOSE, "23:59"),
        ("ar", "{{ value|percent }}", 0.4557, "\u206645.6%\u2069"),
        ("ar", "{{ value|number(1) }}", -0.5, "\u2066-0.5\u2069"),
        ("ar", "{{ value|number(3) }}", 2.7136, "2.714"),
        ("ar", "{{ value|typed }}", 12.5, "12.5"),
        ("ar", "{{ value|day }}", CLOSE, "12 أغسطس 2024"),
        ("ar", "{{ value|moment }}", CLOSE, "12 أغسطس 2024، 23:59 بتوقيت UTC"),
        ("ar", "{{ value|country }}", "PS", "فلسطين"),
        ("fr", "{{ value|percent }}", 0.4557, "45,6\u00a0%"),
        ("fr", "{{ value|number }}", 2000, "2\u202f000"),
        ("fr", "{{ value|typed }}", 1250.5, "1250,5"),
        ("fr", "{{ value|typed }}", 20, "20"),
        ("fr", "{{ value|day }}", CLOSE, "12 août 2024"),
        ("fr", "{{ value|day }}", CLOSE.replace(day=1), "1er août 2024"),
        ("fr", "{{ value|moment }}", CLOSE, "12 août 2024 à 23:59 UTC"),
    ],
)
def test_figures_are_written_as_the_language_writes_them(
    speaking: Callable[..., str], code: str, template: str, value: object, written: str
) -> None:
    assert speaking(code, template, value=value) == written


@pytest.mark.parametrize(
    ("texts", "english"),
    [
        ({"en": "Water", "zh": "水"}, "<bdi>Water</bdi>"),
        ({"zh": "水", "ar": "ماء"}, '<bdi lang="zh-Hans" dir="ltr">水</bdi>'),
        ({"ar": "ماء"}, '<bdi lang="ar" dir="rtl">ماء</bdi>'),
        ({"en": "", "tr": "Su"}, '<bdi lang="tr" dir="ltr">Su</bdi>'),
        ({"en": "<b>&"}, "<bdi>&lt;b&gt;&amp;</bdi>"),
        ({'"><script>': "x"}, '<bdi lang="&#34;&gt;&lt;script&gt;" dir="ltr">x</bdi>'),
        ({}, "<bdi></bdi>"),
    ],
)
def test_a_text_of_the_study_falls_back_and_says_its_language(
    speaking: Callable[..., str], texts: dict[str, str], english: str
) -> None:
    assert speaking("en", "{{ value|said }}", value=texts) == english


def test_plurals_follow_the_language(speaking: Callable[..., str]) -> None:
    template = '{% from "parts/strength.html" import times %}{{ times(1) }}, {{ times(3) }}'

    assert speaking("en", template) == "1 time, 3 times"
    assert speaking("zh", template) == "1 倍, 3 倍"


def test_arabic_has_a_dual_and_two_plurals(speaking: Callable[..., str]) -> None:
    counts = (0, 1, 2, 3, 10, 11, 99, 100, 102)
    said = [speaking("ar", "{{ {}|counted(value) }}", value=count) for count in counts]

    assert said == [
        "0 مدينة",
        "1 مدينة",
        "مدينتان",
        "3 مدن",
        "10 مدن",
        "11 مدينة",
        "99 مدينة",
        "100 مدينة",
        "102 مدينة",
    ]


def test_a_percentage_in_arabic_keeps_its_sign_behind_the_figure(
    speaking: Callable[..., str],
) -> None:
    """A band's label is stored plain; on a page its figures are isolated."""
    labels = {"ar": "من 10% إلى 29%", "en": "10%-29%"}

    arabic = speaking("ar", "{{ value|upright|said }}", value=labels)
    english = speaking("en", "{{ value|upright|said }}", value=labels)

    assert arabic == "<bdi>من \u206610%\u2069 إلى \u206629%\u2069</bdi>"
    assert english == "<bdi>10%-29%</bdi>"


@pytest.mark.parametrize(
    ("language", "share", "figure", "percentage"),
    [
        ("en", 1e-9, "&lt;0.1", "&lt;0.1%"),
        ("en", 0.0006, "0.1", "0.1%"),
        ("en", 0.9994, "99.9", "99.9%"),
        ("fr", 1 - 1e-12, "&gt;99,9", "&gt;99,9\u00a0%"),
        ("ar", 1e-9, "\u2066&lt;0.1\u2069", "\u2066&lt;\u20660.1%\u2069\u2069"),
        ("en", 1.0, "100.0", "100.0%"),
    ],
)
def test_the_end_of_an_interval_inside_0_and_1_never_reads_0_or_100(
    speaking: Callable[..., str], language: str, share: float, figure: str, percentage: str
) -> None:
    assert speaking(language, "{{ value|inside }}", value=share) == figure
    assert speaking(language, "{{ value|inside_percent }}", value=share) == percentage


def test_a_translation_is_taken_as_text_and_its_values_are_escaped(
    speaking: Callable[..., str],
) -> None:
    template = "{% trans name=value %}“{{ name }}” counts more{% endtrans %}"

    assert speaking("zh", template, value="<i>") == "“&lt;i&gt;”权重更大"
    assert speaking("zh", template, value=Markup("<b>水</b>")) == "“<b>水</b>”权重更大"


@pytest.mark.parametrize("language", ["zh", "ar", "ru"])
def test_the_library_of_forms_speaks_the_language_of_the_page(app: Flask, language: str) -> None:
    with app.test_request_context("/", base_url="http://127.0.0.1:8000"):
        session["language"] = language
        form = JudgementForm(MultiDict({"direction": "upwards", "strength": "x"}))
        assert not form.validate()

    said = " ".join(str(error) for errors in form.errors.values() for error in errors)
    assert len(form.errors) > 3
    assert set(re.findall("[A-Za-z]{2,}", said)) <= {"first", "second", "same", "cannot"}


def test_every_language_offered_has_its_catalogue_and_its_name() -> None:
    for language in locale.LANGUAGES:
        assert language.name
        assert language.direction in ("ltr", "rtl")
        if language.code != locale.SOURCE:
            assert locale.read_catalogue(language.code).gettext("Privacy") != "Privacy"
