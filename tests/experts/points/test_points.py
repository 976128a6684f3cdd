"""100 points among the items of a group."""

from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from survey.experts.points.forms import NotANumber, read_points, scale_to_hundred, spread_rest
from tests.clients import arrivals
from tests.clients.arrivals import answer, chosen, points, rows
from tests.clients.pages import page_of

DIGITAL = "/answer/points/digital"


def handed_out(**given: str) -> dict[str, str]:
    return {f"points-{item}": text for item, text in given.items()}


def test_empty_is_not_zero(bo, database):
    assert chosen(bo.page(DIGITAL)) == handed_out(wired="", wireless="", ai="")

    answer(bo, DIGITAL, **handed_out(wired="0", wireless="40"), go="later")

    assert points(database) == {"wired": 0, "wireless": 40}
    assert chosen(bo.page(DIGITAL)) == handed_out(wired="0", wireless="40", ai="")


def test_points_of_any_sum_are_saved_and_the_expert_cannot_continue(bo, database):
    response = answer(bo, DIGITAL, **handed_out(wired="60", wireless="25"), go="on")

    assert response.status_code == 422
    assert points(database) == {"wired": 60, "wireless": 25}
    page = page_of(response)
    assert page.one("output").text == "Left: 15 of 100"
    assert "Divide the last 15 points to continue. Your entries are saved." in page.text


def test_too_many_points_are_saved_and_said(bo, database):
    response = answer(bo, DIGITAL, **handed_out(wired="60", wireless="45", ai="5"), go="on")

    assert response.status_code == 422
    assert sum(points(database).values()) == 110
    assert "Too many: 10" in page_of(response).text
    assert "Remove 10 points to continue." in page_of(response).text


def test_a_hundred_points_lead_on(bo, database):
    response = answer(bo, DIGITAL, **handed_out(wired="60", wireless="25", ai="15"), go="on")

    assert (response.status_code, response.headers["Location"]) == (303, "/answer/points/civic")


def test_a_zero_is_asked_about_before_the_expert_continues(bo, database):
    given = handed_out(wired="100", wireless="0", ai="0")
    asked = answer(bo, DIGITAL, **given, go="on")

    page = page_of(asked)
    assert asked.status_code == 422
    assert [e.attributes["value"] for e in page.all("input", name="zero")] == ["wireless", "ai"]
    assert points(database) == {"wired": 100, "wireless": 0, "ai": 0}
    assert "it counts as 0.5 points or less" in page.text

    half = bo.post(DIGITAL, data=arrivals.hidden(page) | given | {"go": "on", "zero": ["ai"]})
    assert half.status_code == 422
    meant = bo.post(
        DIGITAL,
        data=arrivals.hidden(page_of(half)) | given | {"go": "on", "zero": ["ai", "wireless"]},
    )
    assert meant.status_code == 303


def test_a_zero_is_said_to_have_the_weight_that_it_has(bo):
    answer(bo, DIGITAL, **handed_out(wired="100", wireless="0", ai="0"), go="later")

    said = bo.page("/answer/weights").text.replace("\xa0", " ")

    assert "Artificial intelligence 0.5%" in " ".join(said.split())
    assert "A 0 counts as 0.5 points" in said


def test_an_empty_line_must_be_filled_even_at_a_hundred(bo, database):
    response = answer(bo, DIGITAL, **handed_out(wired="60", wireless="40"), go="on")

    assert response.status_code == 422
    assert "Give every item a number to continue" in page_of(response).text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"wired": "10", "more": "points-wired"}, {"wired": 15}),
        ({"wired": "3", "less": "points-wired"}, {"wired": 0}),
        ({"wired": "98", "more": "points-wired"}, {"wired": 100}),
        ({"more": "points-ai"}, {"ai": 5}),
        ({"wired": "70", "go": "even"}, {"wired": 70, "wireless": 15, "ai": 15}),
        ({"wired": "10", "wireless": "20", "go": "scale"}, {"wired": 33.33, "wireless": 66.67}),
        ({"wired": "7", "go": "stay"}, {"wired": 7}),
    ],
)
def test_the_buttons_work_without_a_script(bo, database, typed, stored):
    fields = handed_out(**{k: v for k, v in typed.items() if k in ("wired", "wireless", "ai")})
    pressed = {k: v for k, v in typed.items() if k in ("more", "less", "go")}

    response = answer(bo, DIGITAL, **fields, **pressed)

    assert response.status_code == 303
    assert urlsplit(response.headers["Location"]).path == DIGITAL
    assert points(database) == stored


@pytest.mark.parametrize("typed", ["-1", "101", "x", "1e2", "٣٫٥٫٥", "1 2x", "１０１"])
def test_what_is_no_number_from_0_to_100_is_not_stored(bo, database, typed):
    answer(bo, DIGITAL, **handed_out(wired="40"), go="later")
    seen = bo.page(DIGITAL)
    before = rows(database)

    response = answer(bo, DIGITAL, seen, **handed_out(wired="50", ai=typed), go="on")

    assert response.status_code == 422
    page = page_of(response)
    assert chosen(page) == handed_out(wired="50", wireless="", ai=typed)
    assert page.one("input", id="points-ai").attributes["aria-invalid"] == "true"
    assert "Enter a number from 0 to 100." in page.text
    assert rows(database) == before


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("１２", "12"),
        ("٣٠", "30"),
        ("۳۰", "30"),
        ("12,5", "12.5"),
        ("١٢٫٥", "12.5"),
        (" 7 ", "7"),
        (".5", "0.5"),
        ("100", "100"),
    ],
)
def test_points_may_be_typed_in_any_digits(typed, number):
    assert read_points(typed) == Decimal(number)


def test_a_long_number_is_refused_not_computed():
    with pytest.raises(NotANumber):
        read_points("9" * 10_000)


@pytest.mark.parametrize("count", range(2, 12))
def test_spreading_and_scaling_come_to_a_hundred(count):
    items = [f"i{number}" for number in range(count)]

    spread = spread_rest({"i0": Decimal("7.35")}, items)
    scaled = scale_to_hundred({item: Decimal(place + 1) for place, item in enumerate(items)})

    assert sum(spread.values()) == 100
    assert max(spread[i] for i in items[1:]) - min(spread[i] for i in items[1:]) <= Decimal("0.01")
    assert spread["i0"] == Decimal("7.35")
    assert sum(scaled.values()) == 100
    assert list(scaled.values()) == sorted(scaled.values())


def test_nothing_can_be_made_of_zeros():
    assert scale_to_hundred({"a": Decimal(0)}) == {"a": Decimal(0)}


def test_a_stale_page_of_points_shows_both_to_choose_from(arrive, database):
    phone, desk = arrive("BO"), arrive("BO")
    seen = desk.page(DIGITAL)
    answer(phone, DIGITAL, **handed_out(wired="60"), go="later")
    stored = rows(database)

    response = answer(desk, DIGITAL, seen, **handed_out(wired="70", ai="30"), go="on")

    assert response.status_code == 409
    assert rows(database) == stored
    page = page_of(response)
    fields = arrivals.hidden(page)
    assert fields["points-wired"] == "70"
    assert desk.post(DIGITAL, data=fields | {"go": "stay"}).status_code == 303
    assert points(database) == {"wired": 70, "ai": 30}


def test_the_same_points_sent_twice_count_once(bo, database):
    seen = bo.page(DIGITAL)
    answer(bo, DIGITAL, seen, **handed_out(wired="60"), go="later")
    stored = rows(database)

    assert answer(bo, DIGITAL, seen, **handed_out(wired="60"), go="later").status_code == 303
    assert rows(database) == stored


def test_points_after_the_close_are_not_stored(bo, database):
    seen = bo.page(DIGITAL)
    arrivals.close(database)
    before = rows(database)

    response = answer(bo, DIGITAL, seen, **handed_out(wired="60"), go="on")

    assert response.status_code == 409
    assert "This round has closed" in page_of(response).text
    assert rows(database) == before


def test_who_judges_pairs_has_no_points_to_hand_out(ann, database):
    seen = ann.page(arrivals.question(database))
    before = rows(database)

    assert answer(ann, DIGITAL, seen, **handed_out(wired="60"), go="on").status_code == 404
    assert rows(database) == before


@pytest.mark.parametrize("code", ["wired", "nothing", "x" * 300])
def test_only_groups_take_points(bo, code):
    seen = bo.page(DIGITAL)

    assert bo.get(f"/answer/points/{code}").status_code == 404
    assert answer(bo, f"/answer/points/{code}", seen, go="on").status_code == 404


def test_a_group_of_another_study_is_out_of_reach(bo, database):
    """Codes are looked up in one's own study: the other's criteria stay as they are."""
    from tests.worlds import cast

    with database.writing() as session:
        cast.load_open(session, "elsewhere")
    answer(bo, DIGITAL, **handed_out(wired="60"), go="later")

    with database.reading() as session:
        hers = cast.comparison(session).first_id
    assert {row[3] for row in rows(database, "allocation")["allocation"]} == {hers}
