"""A rating from 0 to 10 for each item of a group."""

import pytest

from survey import values
from survey.models import Round
from tests.clients import arrivals
from tests.clients.arrivals import answer, autosave, chosen, points, rows
from tests.clients.pages import page_of
from tests.worlds import cast

DIGITAL = "/answer/ratings/digital"


@pytest.fixture
def kim(arrive, database):
    """The browser of an expert who rates from 0 to 10."""
    arrivals.answers_by(database, values.RATING)
    return arrive("CY")


def rated(**given):
    return {f"rating-{item}": number for item, number in given.items()}


def reading_begins_at(page):
    """Return the first sentence where the page puts the focus."""
    [start] = [e for e in (*page.all("h1"), *page.all("p")) if "autofocus" in e.attributes]
    return start.text.split(".")[0] + "."


def test_nothing_is_chosen_before_the_expert_chooses(kim):
    page = kim.page(DIGITAL)

    assert chosen(page) == {}
    assert not [e for e in page.all("input", type="checkbox") if "checked" in e.attributes]


def test_ratings_need_not_sum_to_anything(kim, database):
    response = answer(kim, DIGITAL, **rated(wired="10", wireless="9", ai="7"), half="ai", go="on")

    assert (response.status_code, response.headers["Location"]) == (303, "/answer/ratings/civic")
    assert points(database) == {"wired": 10, "wireless": 9, "ai": 7.5}
    page = kim.page(DIGITAL)
    assert chosen(page) == rated(wired="10", wireless="9", ai="7")
    assert [
        e.attributes["value"] for e in page.all("input", name="half") if "checked" in e.attributes
    ] == ["ai"]


def test_a_half_beside_the_end_of_the_scale_adds_nothing(kim, database):
    answer(kim, DIGITAL, **rated(wired="10", ai="0"), half=["wired", "ai", "wireless"], go="later")

    assert points(database) == {"wired": 10, "ai": 0.5}


def test_what_is_there_is_saved_and_what_is_missing_is_said(kim, database):
    response = answer(kim, DIGITAL, **rated(wired="4"), go="on")

    assert response.status_code == 422
    assert points(database) == {"wired": 4}
    assert "2 items have no number yet" in page_of(response).text


def test_a_zero_is_asked_about_before_the_expert_continues(kim, database):
    given = rated(wired="4", wireless="0", ai="9")
    asked = answer(kim, DIGITAL, **given, go="on")

    assert asked.status_code == 422
    assert page_of(asked).one("input", name="zero").attributes["value"] == "wireless"
    assert "it counts as 0.5% of the list" in page_of(asked).text.replace("\xa0", " ")
    assert reading_begins_at(page_of(asked)) == "You gave 0 above."
    meant = kim.post(
        DIGITAL, data=arrivals.hidden(page_of(asked)) | given | {"zero": "wireless", "go": "on"}
    )
    assert meant.status_code == 303
    assert points(database)["wireless"] == 0


def test_nothing_but_zeros_is_no_answer(kim, database):
    given = rated(wired="0", wireless="0", ai="0")

    response = answer(kim, DIGITAL, **given, zero=["wired", "wireless", "ai"], go="on")

    assert response.status_code == 422
    assert "Every item has 0, so nothing would count." in page_of(response).text
    with database.reading() as session:
        round_ = session.query(Round).one()
        assert cast.load_as_if_closed(session, round_).allocations == ()


@pytest.mark.parametrize("number", ["11", "-1", "3.5", "x", "", "٣"])
def test_what_its_page_cannot_have_sent_is_refused(kim, database, number):
    seen = kim.page(DIGITAL)
    before = rows(database)

    assert answer(kim, DIGITAL, seen, **rated(wired=number), go="on").status_code == 400
    assert rows(database) == before


def test_every_rating_is_saved_as_it_is_given(kim, database):
    seen = kim.page(DIGITAL)
    saved = autosave(kim, DIGITAL, seen, **rated(wired="3"))
    autosave(kim, DIGITAL, seen, **rated(wired="3", ai="8"), base=str(saved.json["version"]))

    assert points(database) == {"wired": 3, "ai": 8}


def test_a_stale_page_of_ratings_shows_both_to_choose_from(arrive, kim, database):
    desk = arrive("CY")
    seen = desk.page(DIGITAL)
    answer(kim, DIGITAL, **rated(wired="6"), go="later")
    stored = rows(database)

    response = answer(desk, DIGITAL, seen, **rated(wired="7", ai="3"), half="ai", go="on")

    assert response.status_code == 409
    assert rows(database) == stored
    page = page_of(response)
    assert desk.post(DIGITAL, data=arrivals.hidden(page) | {"go": "stay"}).status_code == 303
    assert points(database) == {"wired": 7, "ai": 3.5}


def test_ratings_begun_and_not_finished_are_not_submitted(kim, database):
    answer(kim, DIGITAL, **rated(wired="4"), go="later")

    response = kim.send("/answer/finish", {})

    assert response.status_code == 422
    assert "every item needs a number" in page_of(response).text
    assert "1 of 3 rated" in page_of(response).text


def test_an_experts_weights_are_the_shares_of_their_ratings(kim):
    answer(kim, DIGITAL, **rated(wired="10", wireless="6", ai="4"), go="on")
    answer(kim, "/answer/ratings/civic", **rated(water="5", health="5"), go="on")
    last = answer(kim, "/answer/ratings/goal", **rated(digital="9", civic="3"), go="on")

    assert last.headers["Location"] == "/answer/weights"
    text = kim.page("/answer/weights").text
    for share in ("37.5", "22.5", "15.0", "12.5"):
        assert f"{share}%" in text


@pytest.mark.parametrize(("expert", "status"), [("BO", 404), ("ANN", 404)])
def test_who_answers_in_another_way_has_nothing_to_rate(arrive, expert, status):
    assert arrive(expert).get(DIGITAL).status_code == status


def test_points_and_ratings_stay_beside_one_another(arrive, database):
    bo = arrive("BO")
    answer(bo, "/answer/points/digital", **{"points-wired": "60", "points-ai": "40"}, go="later")
    arrivals.answers_by(database, values.RATING, "BO")
    answer(bo, DIGITAL, **rated(wired="2"), go="later")
    assert chosen(bo.page(DIGITAL)) == rated(wired="2")

    arrivals.answers_by(database, values.DIRECT, "BO")

    assert chosen(bo.page("/answer/points/digital")) == {
        "points-wired": "60",
        "points-wireless": "",
        "points-ai": "40",
    }
