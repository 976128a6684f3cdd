"""Levels come in as files: checked, shown, then loaded, or not at all."""

from dataclasses import replace
from io import BytesIO

import pytest

from survey.web.charts import shades_key
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds.rankable import load, small_study, units_of

CITIES = "/author/studies/small/cities"
LOAD = "/author/studies/small/cities/load"

LEVELS = "city,dust,ozone,soot,lead\nlyon,2,1,1,5\ncairo,1,0,0,2\noslo,2,3,1,4\nlima,1,0,0,2\n"


def hand_in(author, **files: str | bytes):
    """Upload files by their fields; what comes back is the answer."""
    return author.send(
        CITIES,
        {
            field: (BytesIO(text.encode() if isinstance(text, str) else text), f"{field}.csv")
            for field, text in files.items()
        },
    )


def agree(author, answer):
    """Press the button under the preview."""
    page = page_of(answer)
    loading = page.one("input", name="loading").attributes["value"]
    return author.post(LOAD, data={"csrf_token": page.csrf_token, "loading": loading})


def test_the_levels_of_every_city_are_shown(author, small):
    page = author.page(CITIES)

    cells = [cell.text for cell in page.all("td") if cell.within("tbody")]
    heads = [head.text for head in page.all("th", scope="row")]
    assert heads == ["Lyon", "Cairo", "Oslo", "Lima"]
    assert cells[:4] == ["2", "1", "1", "5"]
    assert cells[8:12] == ["2", "3", "1", "–not known"]
    assert "Levels not known" in page.text


def test_what_would_change_is_shown_before_it_is_stored(author, small, database):
    before = units_of(database, small)

    answer = hand_in(author, levels=LEVELS)

    assert answer.status_code == 200
    page = page_of(answer)
    assert page.one("p", class_="lead").text == "Levels that change: 1, in 1 city."
    cells = [cell.text for cell in page.elements if cell.tag in ("th", "td")]
    assert cells[-4:] == ["Oslo", "Lead", "–not known", "4"]
    assert units_of(database, small) == before
    assert console.written(author.application).count("levels replaced") == 0


def test_what_was_agreed_to_is_stored(author, small, database):
    answer = agree(author, hand_in(author, levels=LEVELS))

    assert (answer.status_code, answer.location) == (303, CITIES)
    assert units_of(database, small)[2].levels == {"dust": 2, "ozone": 3, "soot": 1, "lead": 4}
    assert console.written(author.application)[-1] == "levels replaced"
    assert "Levels loaded" in author.page(CITIES).text


def test_a_city_that_the_file_leaves_out_is_not_rated(author, small, database):
    without_lima = LEVELS.replace("lima,1,0,0,2\n", "")
    answer = hand_in(author, levels=without_lima)

    assert "Levels not known" in page_of(answer).text
    agree(author, answer)
    assert units_of(database, small)[3].levels == {}


def test_every_fault_is_said_at_once_and_nothing_is_stored(author, small, database):
    before = units_of(database, small)
    faulty = LEVELS.replace("lyon,2,1,1,5", "lyon,2,4,1,5").replace("cairo,1", "cairo,x")

    answer = hand_in(author, levels=faulty.replace("oslo", "osol"))

    assert answer.status_code == 422
    page = page_of(answer)
    assert page.one("h1").text == "levels.csv was not loaded"
    assert page.one("p", class_="lead").text == "3 problems. Nothing was changed."
    places = [place.text for place in page.all("span", class_="where")]
    assert places == ["line 2 ozone", "line 3 dust", "line 4 city"]
    assert [cell.text for cell in page.all("td", class_="fault")] == ["4", "x", "osol"]
    assert units_of(database, small) == before


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfe\x00\x80", id="no text"),
        pytest.param("city|dust|ozone|soot|lead\nlyon|2|1|1|5\n", id="bars"),
        pytest.param("city;dust;ozone;soot;lead\nlyon,2,1,1,5\n", id="a mix"),
        pytest.param("city,name_fr\nlyon,Évry été\n".encode("cp1252"), id="Windows-1252"),
        pytest.param("", id="empty"),
        pytest.param("city,dust\nlyon,2\n", id="columns missing"),
        pytest.param(LEVELS + "lyon,1,1,1,1\n", id="a city twice"),
        pytest.param(LEVELS.replace(",5\n", ",4.5\n"), id="half a level"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(author, small, database, content):
    before = units_of(database, small)

    answer = hand_in(author, levels=content)

    assert answer.status_code == 422
    assert "Nothing was changed." in page_of(answer).text
    assert units_of(database, small) == before


def test_a_form_without_a_file_is_shown_again(author, small):
    answer = author.send(CITIES, {})

    assert answer.status_code == 422
    assert "Choose a file." in page_of(answer).text


def test_new_cities_keep_the_levels_of_the_old(author, small, database):
    cities = "city,name_en\nlyon,Lyons\ncairo,Cairo\nlagos,Lagos\n"

    answer = hand_in(author, cities=cities)

    headings = [heading.text for heading in page_of(answer).all("h2")]
    assert headings[:3] == [
        "To be added",
        "To be removed, with their levels",
        "With changed details",
    ]
    agree(author, answer)
    stored = {unit.code: unit for unit in units_of(database, small)}
    assert list(stored) == ["lyon", "cairo", "lagos"]
    assert stored["lyon"].levels == {"dust": 2, "ozone": 1, "soot": 1, "lead": 5}
    assert stored["lyon"].names == {"en": "Lyons"}
    assert stored["lagos"].levels == {}


def test_the_same_files_again_change_nothing(author, small):
    agree(author, hand_in(author, levels=LEVELS))

    page = page_of(hand_in(author, levels=LEVELS))

    assert page.one("h1").text == "Nothing will change"
    assert page.all("input", name="loading") == []


def test_levels_that_changed_since_they_were_shown_are_shown_again(author, small, database):
    first = hand_in(author, levels=LEVELS)
    agree(author, hand_in(author, levels=LEVELS.replace("lima,1,0,0,2", "lima,2,3,1,5")))

    answer = agree(author, first)

    assert answer.status_code == 409
    assert "Nothing was changed" in page_of(answer).text
    assert units_of(database, small)[3].levels == {"dust": 2, "ozone": 3, "soot": 1, "lead": 5}
    assert agree(author, answer).status_code == 303
    assert units_of(database, small)[3].levels == {"dust": 1, "ozone": 0, "soot": 0, "lead": 2}


def test_what_was_not_checked_here_is_not_loaded(author, small, database, tmp_path):
    with database.writing() as session:
        load(session, replace(small_study(tmp_path / "other"), code="other"))
    elsewhere = page_of(
        author.send(
            "/author/studies/other/cities", {"levels": (BytesIO(LEVELS.encode()), "levels.csv")}
        )
    )
    before = units_of(database, small)

    for loading in ("", "made up", elsewhere.one("input", name="loading").attributes["value"]):
        answer = author.send(LOAD, {"loading": loading}, seen_at=CITIES)
        assert answer.status_code == 422
    assert units_of(database, small) == before


def test_a_study_without_cities_needs_them_first(author, database, tmp_path):
    content = small_study(tmp_path / "small")
    with database.writing() as session:
        study = load(session, replace(content, units=()))

    answer = hand_in(author, levels=LEVELS)
    assert answer.status_code == 422
    assert "cities.csv is needed too" in page_of(answer).text

    cities = "city,name_en\nlyon,Lyon\ncairo,Cairo\noslo,Oslo\nlima,Lima\n"
    assert agree(author, hand_in(author, levels=LEVELS, cities=cities)).status_code == 303
    assert len(units_of(database, study)) == 4
    assert author.get(LOAD).location == CITIES


@pytest.mark.parametrize(
    "path",
    [
        "cities",
        "ranking",
        "ranking/scores.csv",
        "ranking/bands.csv",
        "ranking/ranking.xlsx",
        "publish",
    ],
)
def test_another_authors_study_is_not_found(app, small, path):
    stranger = console.signed_in(app, author="somebody")

    assert stranger.get(f"/author/studies/small/{path}").status_code == 404


@pytest.mark.parametrize("path", ["cities", "cities/load", "publish"])
def test_another_authors_study_takes_nothing(app, small, database, path):
    stranger = console.signed_in(app, author="somebody")
    before = units_of(database, small), console.written(app)

    data = {"levels": (BytesIO(LEVELS.encode()), "levels.csv"), "shown": "0", "loading": "0"}
    answer = stranger.send(f"/author/studies/small/{path}", data, seen_at="/author/")

    assert answer.status_code == 404
    assert (units_of(database, small), console.written(app)) == before


@pytest.mark.parametrize(
    "path", ["cities", "ranking", "ranking/scores.csv", "ranking/ranking.xlsx", "publish"]
)
def test_who_is_not_signed_in_sees_nothing(app, small, path):
    answer = app.test_client().get(f"/author/studies/small/{path}")

    assert answer.status_code == 403
    assert b"Lyon" not in answer.get_data()


def test_the_shades_follow_the_height_of_each_ladder(author, small):
    """Dust has 2 rungs, ozone 3, soot 1, lead 5: Lyon has the levels 2, 1, 1 and 5."""
    page = author.page(CITIES)

    cells = [cell.attributes["class"].split() for cell in page.all("td") if cell.within("tbody")]
    assert [classes[0] for classes in cells[:4]] == ["l4", "l1", "l4", "l4"]
    key = [e.attributes["class"] for e in page.all("rect") if e.within("p")]
    assert key == ["w0", "w1", "w2", "w3", "w4"]
    assert "75%" in page.html


def test_the_key_shows_every_rung_where_all_ladders_are_of_one_height(app):
    with app.test_request_context():
        assert shades_key([2, 2]) == [("0", 0), ("1", 2), ("2", 4)]
        assert [rung for rung, _shade in shades_key([6])] == ["0", "1", "2", "3", "4", "5", "6"]
        assert [shade for _rung, shade in shades_key([6])] == [0, 1, 1, 2, 3, 3, 4]
        assert len(shades_key([99])) == 5
