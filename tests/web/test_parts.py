"""Parts of pages, shown together on one page for tests."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import StringField
from wtforms.validators import InputRequired

from survey.values import Indicator, Rung
from survey.values.published import (
    Publication,
    PublishedBand,
    PublishedTable,
    PublishedUnit,
    PublishedWeights,
)
from tests.clients.pages import PageClient

ENERGY = Indicator(
    "energy",
    "traditional",
    {"en": "Smart energy network", "zh": "智慧能源网", "ar": "شبكة الطاقة الذكية"},
    2,
    (Rung(1, {"en": "Smart meters", "zh": "智能电表"}), Rung(2, {"en": "An energy internet"})),
)
WATER = Indicator(
    "water",
    "traditional",
    {"en": "Water & <sponges>", "zh": "水生态系统"},
    1,
    (Rung(1, {"zh": "海绵城市"}),),
)
OTHER = Indicator("other", "traditional", {"ar": "أخرى"}, 1)
MARKS = [(0.05, "pairwise"), (0.14, "direct"), (0.145, "pairwise"), (0.147, "pairwise")]
CITIES = (
    PublishedUnit("doha", {"en": "Doha"}, "QA"),
    PublishedUnit("tunis", {"ar": "تونس"}, "TN"),
    PublishedUnit("aden", {"en": "Aden"}, "YE"),
)
TABLE = PublishedTable(
    "all",
    {"en": "All"},
    ("traditional",),
    3,
    (
        PublishedBand(0.5, 0, 50, {"en": "Top 50 %"}, {"en": ("doha",)}),
        PublishedBand(1.0, 50, 100, {"en": "Below 50 %"}, {"en": ("tunis",)}),
    ),
    {"en": ("aden",)},
)
PUBLISHED = Publication(
    "pilot",
    {},
    {},
    ("en",),
    CITIES,
    (TABLE,),
    (0.5, 1.0),
    "up",
    "0" * 64,
    "0" * 64,
    "0.1.0",
    weights=PublishedWeights("pilot", {"en": "Pilot"}, 2, None, {}),
)

OWN = Path(__file__).resolve().parent / "templates"
ROOT = OWN.parents[2]


class Named(FlaskForm):
    name = StringField("Name", validators=[InputRequired("Enter a name.")])
    hue = StringField("Hue", validators=[InputRequired("Write a hue.")])


@pytest.fixture
def gallery(app: Flask) -> Flask:
    own = FileSystemLoader(OWN)
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, own])  # type: ignore[list-item]

    @app.route("/gallery", methods=["GET", "POST"])
    def show() -> str:
        form = Named()
        form.validate_on_submit()
        return render_template(
            "gallery.html",
            energy=ENERGY,
            water=WATER,
            other=OTHER,
            marks=MARKS,
            content=PUBLISHED,
            table=TABLE,
            units={unit.code: unit for unit in CITIES},
            form=form,
        )

    return app


@pytest.fixture
def visitor(gallery: Flask) -> PageClient:
    client = gallery.test_client()
    assert isinstance(client, PageClient)
    return client


def test_the_list_names_every_part_as_it_is_called_and_the_gallery_shows_it() -> None:
    """Only the way through a study is not among them: every page of an author has it."""
    templates = ROOT / "templates"
    parts = [path.read_text("utf-8") for path in (templates / "parts").glob("*.html")]
    macros = {call for text in parts for call in re.findall(r"{% macro (\w+\(.*?\)) -?%}", text)}
    rows = (ROOT / "docs" / "pages.md").read_text("utf-8").partition("\n## Parts\n")[2]
    column = "\n".join(row.split("|")[2] for row in rows.splitlines() if row.startswith("|"))
    listed = set(re.findall(r"(\w+\([^`]*?\))(?:`| %})", column))
    pages = [p.read_text("utf-8") for p in templates.rglob("*.html") if p.parent.name != "parts"]
    called = {name for text in pages for name in _imported_parts(text)}

    assert listed <= macros
    assert {call.partition("(")[0] for call in listed} == called
    assert _imported_parts((OWN / "gallery.html").read_text("utf-8")) == called


def test_a_name_in_another_language_says_which(visitor: PageClient) -> None:
    page = visitor.page("/gallery", headers={"Accept-Language": "en"})

    assert {e.attributes["lang"] for e in page.all("bdi", dir="rtl")} == {"ar"}
    assert page.all("bdi", lang="zh-Hans")[0].text == "海绵城市"
    assert all("lang" not in e.attributes for e in page.all("bdi") if e.text.startswith("Smart"))


def test_a_name_never_becomes_markup(visitor: PageClient) -> None:
    html = visitor.get("/gallery", headers={"Accept-Language": "en"}).get_data(as_text=True)

    assert "<sponges>" not in html
    assert html.count("Water &amp; &lt;sponges&gt;") >= 4
    assert 'aria-label="5 points fewer: “Water &amp; &lt;sponges&gt;”"' in html


def test_nothing_is_chosen_that_was_not(visitor: PageClient) -> None:
    page = visitor.page("/gallery")

    chosen = {e.attributes["value"] for e in page.all("input") if "checked" in e.attributes}
    assert chosen == {"first", "3"}


def test_a_field_names_its_fault(visitor: PageClient) -> None:
    response = visitor.send("/gallery", {"name": ""})

    assert 'aria-describedby="name-hint name-errors" aria-invalid="true"' in response.text
    assert "Enter a name." in response.text


def test_charts_are_mirrored_where_one_reads_from_the_right(visitor: PageClient) -> None:
    left = visitor.get("/gallery?language=en", follow_redirects=True).get_data(as_text=True)
    right = visitor.get("/gallery?language=ar", follow_redirects=True).get_data(as_text=True)

    assert '<html lang="ar" dir="rtl">' in right
    there, here = _places(left), _places(right)
    assert len(there) > 50
    assert here == pytest.approx([100 - place for place in there])


def test_the_figures_of_an_axis_stay_inside_it(visitor: PageClient) -> None:
    first = re.compile(r'<text x="([\d.]+)%" y="12" text-anchor="(\w+)" direction="ltr">0<')

    left = visitor.get("/gallery?language=en", follow_redirects=True).get_data(as_text=True)
    right = visitor.get("/gallery?language=ar", follow_redirects=True).get_data(as_text=True)

    assert set(first.findall(left)) == {("0", "start")}
    assert set(first.findall(right)) == {("100", "end")}


def test_a_box_keeps_its_width_when_mirrored(visitor: PageClient) -> None:
    box = re.compile(r'<rect class="this" x="([\d.]+)%" y="26" width="([\d.]+)%"')

    left = visitor.get("/gallery?language=en", follow_redirects=True).get_data(as_text=True)
    right = visitor.get("/gallery?language=ar", follow_redirects=True).get_data(as_text=True)

    assert box.search(left).groups() == ("0", "75")  # type: ignore[union-attr]
    assert box.search(right).groups() == ("25", "75")  # type: ignore[union-attr]


def _imported_parts(template: str) -> set[str]:
    lists = re.findall(r'{% from "parts/\w+\.html" import (.+?)(?: with context)? %}', template)
    return {name for names in lists for name in names.split(", ")}


def _places(html: str) -> list[float]:
    """Return the positions of notches, marks and figures, in the order of the page."""
    drawn = re.findall(r'<(?:circle|line|text) [^>]*?\b(?:cx|x1|x)="([\d.]+)%"', html)
    return [float(place) for place in drawn]
