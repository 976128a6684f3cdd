"""Publishing by an author and reading of the three tables, in a real browser."""

import csv

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from survey.authors.ranking.operations import RankingSettings, prepare, publish
from survey.authors.ranking.queries import load_weight_sets
from survey.files.publication import publication_digest, publication_text
from survey.models import Publication
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.studies import load_ranked
from survey.values import By
from survey.web.current import now
from tests.browser.steps import follow
from tests.machinery import accessibility
from tests.worlds.cast import NOON
from tests.worlds.rankable import EXAMPLE

pytestmark = pytest.mark.slow

STUDY = "/author/studies/arab-league-2024"
RANKING = "/rankings/arab-league-2024"


@pytest.fixture
def author(database, example, visit):
    """Come in by an author's sign-in link, as ``visit`` is told."""

    def come_in(**manner: object) -> Page:
        with database.writing() as session:
            link = issue_author_link(session, ensure_author(session, DEFAULT_AUTHOR, now()), now())
        page = visit(f"/sign-in/{link}", **manner)
        follow(page, "main button")
        return page

    return come_in


@pytest.fixture
def published(database, example):
    settings = RankingSettings((0.1, 0.3, 0.5), "down", ("zh", "en"))
    with database.writing() as session:
        weights = load_weight_sets(session, example)[0]
        shown = publication_digest(publication_text(prepare(session, example, weights, settings)))
        publish(session, example, weights, settings, shown, By("author author", NOON))


def names(page: Page) -> list[str]:
    return page.locator("table.public .name").all_inner_texts()


def printed(table: str) -> list[str]:
    with (EXAMPLE / "published-bands.csv").open(encoding="utf-8", newline="") as file:
        return [row["name_zh"] for row in csv.DictReader(file) if row["table"] == table]


def test_an_author_ranks_and_publishes_and_the_public_reads(
    author, visit, database, language, scripts
):
    width = 360 if scripts else 1280
    page = author(language=language, scripts=scripts, width=width)
    page.goto(f"{STUDY}/ranking")
    assert page.locator("table.scores tbody tr:not(.group)").count() == 62
    follow(page, "main a.button")
    follow(page, "form.freeze button")
    follow(page, "main a.button")

    with database.reading() as session:
        assert len(session.scalars(select(Publication)).all()) == 1
    reader = visit(RANKING, language="zh", width=width, scripts=scripts)
    assert names(reader) == printed("total")
    follow(reader, reader.get_by_role("link", name="数字和制度基础设施排名"))
    assert names(reader) == printed("digital-institutional")
    follow(reader, reader.get_by_role("link", name="传统基础设施排名"))
    assert sorted(names(reader)) == sorted(printed("traditional"))


@pytest.mark.parametrize("scripts", [True, False])
def test_an_author_loads_levels_from_a_file(author, database, example, tmp_path, scripts):
    content = (EXAMPLE / "levels.csv").read_text(encoding="utf-8")
    head, first, *others = content.splitlines()
    file = tmp_path / "levels.csv"
    page = author(scripts=scripts)
    page.goto(f"{STUDY}/cities")

    file.write_text("\n".join([head, first[:-1] + "9", *others]), encoding="utf-8")
    page.set_input_files("input[name=levels]", file)
    follow(page, "form[enctype] button")
    assert page.locator("h1").inner_text() == "levels.csv was not loaded"
    assert page.locator("td.fault").inner_text() == "9"

    file.write_text("\n".join([head, first[:-1] + "2", *others]), encoding="utf-8")
    page.set_input_files("input[name=levels]", file)
    follow(page, "form[enctype] button")
    follow(page, "main form button")

    assert page.url.endswith("/cities")
    with database.reading() as session:
        assert load_ranked(session, example).units[0].levels["society"] == 2


@pytest.mark.usefixtures("sqlite_database", "published")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_of_the_published_ranking_is_accessible(visit, language):
    page = visit(f"{RANKING}?table=traditional", language=language)

    assert accessibility.faults(page) == []


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_author_can_use_the_pages_of_the_ranking(author, tmp_path, language):
    page = author(language=language)
    found = {}
    for path in ("ranking?shares=50+30", "publish"):
        page.goto(f"{STUDY}/{path}")
        found[path] = accessibility.faults(page)
    levels = (EXAMPLE / "levels.csv").read_text(encoding="utf-8")
    for state, content in (
        ("ol.faults", levels.replace("abha,", "abba,")),
        ("table.changes", levels.replace("abha,1", "abha,2")),
    ):
        (tmp_path / "levels.csv").write_text(content, encoding="utf-8")
        page.goto(f"{STUDY}/cities")
        page.set_input_files("input[name=levels]", tmp_path / "levels.csv")
        follow(page, "form[enctype] button")
        assert page.locator(state).is_visible()
        found[state] = accessibility.faults(page)

    assert {path: faults for path, faults in found.items() if faults} == {}
