"""The ranking as its author sees it, and publishes it."""

import io
import re
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from survey.authors.ranking.forms import in_percent, parsed_shares
from survey.cli import cli
from survey.models import Publication
from tests.clients import console
from tests.clients.pages import Page, page_of
from tests.worlds.rankable import EXAMPLE, freeze, load, small_study

RANKING = "/author/studies/small/ranking"
PUBLISH = "/author/studies/small/publish"


def rows(page: Page) -> list[str]:
    """Return the lines of the ranking's table, as they read."""
    return [
        " ".join(cell.text for cell in page.elements if cell.parents[-1:] == (row,))
        for row in page.all("tr")
        if row.within("tbody")
    ]


def test_exact_ties_share_a_rank_and_no_border_parts_them(author, small):
    """Cairo and Lima are tied: of three rated cities, half is only the first."""
    page = author.page(RANKING)

    assert rows(page)[:2] == [
        "Band 1 empty (nominal 10%)",
        "Band 2 empty (nominal 30%)",
    ]
    assert rows(page)[2] == "Band 3: 0%-33% 1 city, up to 33.3% (nominal 50%)"
    assert [re.sub(r" [0-9.]{5} .*", "", row) for row in rows(page)[-3:]] == [
        "Band 4: 33%-100% 2 cities, up to 100% (nominal 100%)",
        "=2 Cairo",
        "=2 Lima",
    ]
    assert page.all("h2")[0].text == "Not rated"
    assert not any("Oslo" in row for row in rows(page))
    assert "Oslo" in page.text


def test_a_table_is_chosen_by_its_address(author, small):
    assert any("Oslo" in row for row in rows(author.page(f"{RANKING}?table=air-only")))
    assert author.get(f"{RANKING}?table=nothing").status_code == 404


def test_the_settings_move_the_borders(author, small):
    page = author.page(f"{RANKING}?shares=40,70&ties=up")

    assert rows(page)[0].startswith("Band 1: top 33% 1 city")
    assert rows(page)[2].startswith("Band 2: 33%-100% 2 cities")
    assert page.one("input", name="shares").attributes["value"] == "40,70"
    assert "checked" in page.one("input", name="ties", value="up").attributes


@pytest.mark.parametrize(
    "shares", ["", "50 30", "0 10", "10 100", "ten", "nan", "1e999", "1e9999999", "-5 3"]
)
def test_shares_that_do_not_rise_are_refused_in_a_sentence(author, small, shares):
    answer = author.get(RANKING, query_string={"shares": shares})

    assert answer.status_code == 422
    page = page_of(answer)
    assert "rise between 0 and 100" in page.one("p", class_="wrong").text
    assert page.all("table") == []


def test_percentages_are_read_as_they_are_written():
    assert parsed_shares("12.5、33.3; 50 %") == (0.125, 0.333, 0.5)
    assert parsed_shares(in_percent((0.07, 0.29, 0.58))) == (0.07, 0.29, 0.58)


def test_the_newest_weight_set_is_used_unless_another_is_chosen(author, small, database):
    with database.writing() as session:
        newest = freeze(session, session.merge(small), number=2)

    options = author.page(RANKING).all("option")

    assert options[0].attributes["value"] == str(newest.id)
    assert ["selected" in option.attributes for option in options] == [True, False]


@pytest.mark.world("small_and_example")
def test_weights_of_another_framework_are_refused_in_a_sentence(author, small, example):
    other = author.page(RANKING).all("option")[1].attributes["value"]

    for path in (RANKING, PUBLISH):
        answer = author.get(f"{path}?weights={other}")
        page = page_of(answer)
        assert page.one("h1").text == "The ranking cannot be computed"
        assert "The weights are of another framework" in page.text
    assert author.get(f"{RANKING}/scores.csv?weights={other}").status_code == 404


def test_another_authors_weights_are_not_found(author, small, database, tmp_path):
    with database.writing() as session:
        theirs = freeze(
            session, load(session, small_study(tmp_path / "theirs", "theirs"), author="somebody")
        )

    assert author.get(f"{RANKING}?weights={theirs.id}").status_code == 404
    assert author.get(f"{PUBLISH}?weights={theirs.id}").status_code == 404


def test_without_a_frozen_weight_set_there_is_no_ranking(author, database, tmp_path):
    with database.writing() as session:
        load(session, small_study(tmp_path / "small"))

    for path in (RANKING, PUBLISH):
        assert author.page(path).one("h1").text == "No weights yet"
    assert author.get(f"{RANKING}/bands.csv").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_files_are_those_of_the_command(app, example, tmp_path, language):
    author = console.signed_in(app, language=language)
    with app.extensions["database"].reading() as session:
        from survey.authors.ranking.queries import load_weight_sets

        text = load_weight_sets(session, example)[0].document
    (tmp_path / "weights.json").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(
        cli,
        f"rank {EXAMPLE} --weights {tmp_path}/weights.json -o {tmp_path}/out --language {language}",
    )
    assert done.exit_code == 0, done.output

    for name in ("scores.csv", "bands.csv"):
        answer = author.get(f"/author/studies/arab-league-2024/ranking/{name}")
        assert answer.get_data() == (tmp_path / "out" / name).read_bytes()


def test_the_workbook_holds_scores_bands_and_what_is_illustrative(author, example):
    answer = author.get("/author/studies/arab-league-2024/ranking/ranking.xlsx")

    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with ZipFile(io.BytesIO(answer.get_data())) as book:
        names = re.findall(r'<sheet name="(\w+)"', book.read("xl/workbook.xml").decode())
        texts = book.read("xl/sharedStrings.xml").decode()
    assert names == ["scores", "bands", "settings"]
    assert "illustrative" in texts
    assert "Casablanca" in texts


def publications(database) -> list[Publication]:
    with database.reading() as session:
        return list(session.scalars(select(Publication).order_by(Publication.id)))


def test_what_is_shown_is_published(author, app, small, database):
    page = author.page(PUBLISH)
    assert "Nothing is public yet." in page.text
    assert publications(database) == []

    shown = page.one("input", name="shown").attributes["value"]
    action = page.all("form", class_="freeze")[0].attributes["action"]
    answer = author.post(action, data={"csrf_token": page.csrf_token, "shown": shown})

    assert answer.status_code == 303
    assert [row.digest for row in publications(database)] == [shown]
    assert console.written(app)[-1] == "ranking published"
    assert "Readers have seen this version" in author.page(answer.location).text
    assert author.page("/rankings/small").one("h1").text == "small"


def test_pressing_twice_publishes_once(author, small, database):
    page = author.page(PUBLISH)
    data = {
        "csrf_token": page.csrf_token,
        "shown": page.one("input", name="shown").attributes["value"],
    }

    assert author.post(PUBLISH, data=data).status_code == 303
    assert author.post(PUBLISH, data=data).status_code == 303
    assert len(publications(database)) == 1


def test_what_was_not_shown_is_not_published(author, app, small, database):
    answer = author.send(PUBLISH, {"shown": "0" * 64})

    assert answer.status_code == 409
    assert "Nothing was published" in page_of(answer).text
    assert publications(database) == []
    assert "ranking published" not in console.written(app)


def test_a_form_of_another_site_publishes_nothing(author, small, database):
    shown = author.page(PUBLISH).one("input", name="shown").attributes["value"]

    assert author.post(PUBLISH, data={"shown": shown}).status_code == 400
    assert publications(database) == []


def test_other_settings_would_replace_what_is_public(author, small, database):
    page = author.page(PUBLISH)
    shown = page.one("input", name="shown").attributes["value"]
    author.post(PUBLISH, data={"csrf_token": page.csrf_token, "shown": shown})

    page = author.page(f"{PUBLISH}?shares=40+70")

    assert "Publishing replaces it" in page.text
    shown = page.one("input", name="shown").attributes["value"]
    action = page.all("form", class_="freeze")[0].attributes["action"]
    author.post(action, data={"csrf_token": page.csrf_token, "shown": shown})
    assert len(publications(database)) == 2
    labels = [label.text for label in author.page("/rankings/small").all("span", class_="label")]
    assert labels == ["top 33%", "33%-100%"]


def test_the_pages_speak_chinese(app, example):
    author = console.signed_in(app, language="zh")

    assert "62 个城市" in author.page("/author/studies/arab-league-2024/cities").text
    ranked = author.page("/author/studies/arab-league-2024/ranking?table=traditional")
    assert rows(ranked)[0].startswith("第 1 档次：前 8%")
    published = author.page("/author/studies/arab-league-2024/publish")
    assert "阿布扎比" in published.text
