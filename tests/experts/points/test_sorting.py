"""A long list of points is sorted first, roughly; a short one is not."""

from dataclasses import replace

import pytest

from survey import values
from survey.store.rounds import close_round, open_round
from survey.values import By
from survey.web.current import now
from tests.clients import arrivals
from tests.clients.arrivals import answer, autosave, chosen, points, rows
from tests.clients.pages import page_of
from tests.worlds import cast

LIST = "/answer/points/many"
SORTING = f"{LIST}/sorting"

FRAMEWORK = values.Framework(
    (values.Group("many", {"en": "Many"}), values.Group("few", {"en": "Few"})),
    (
        *(values.Indicator(code, "many", {"en": code.upper()}, 2) for code in "abcdef"),
        *(values.Indicator(code, "few", {"en": code.upper()}, 2) for code in "uvwxy"),
    ),
)


@pytest.fixture
def come(app, database):
    """Bo, before a list of six and one of five; each call is another browser."""
    with database.writing() as session:
        study = cast.load(
            session, replace(cast.study("long"), framework=FRAMEWORK, units=(), tables=())
        )
        open_round(session, study.rounds[0], By("author author", cast.NOON))
    return lambda: arrivals.arrive(app, arrivals.link(database, "BO", "long"))


@pytest.fixture
def bo(come):
    return come()


def sorted_as(**buckets):
    return {f"bucket-{item}": bucket for item, bucket in buckets.items()}


def order(page):
    """Return the headings and the items of the list, from the top."""
    return [
        e.attributes.get("id", e.text).removeprefix("points-")
        for e in page.elements
        if (e.tag == "h2" and e.attributes.get("class") == "bucket")
        or (e.tag == "input" and e.attributes.get("type") == "text")
    ]


def test_six_items_are_sorted_first_and_five_are_not(bo):
    assert bo.get(LIST).headers["Location"] == SORTING
    assert chosen(bo.page(SORTING)) == {}
    assert order(bo.page("/answer/points/few")) == list("uvwxy")
    assert not bo.page("/answer/points/few").all("a", href="/answer/points/few/sorting")


def test_the_points_are_in_the_order_of_the_sorting_on_every_device(come, bo):
    buckets = sorted_as(a="low", b="high", c="middle", d="high", e="low")

    response = answer(bo, SORTING, **buckets, go="on")

    assert (response.status_code, response.headers["Location"]) == (303, LIST)
    page = come().page(LIST)
    assert order(page) == ["High", "b", "d", "Middle", "c", "Low", "a", "e", "Not sorted", "f"]
    assert page.all("a", href=SORTING)
    assert chosen(come().page(SORTING)) == buckets


def test_a_sorting_gives_no_points(bo, database):
    answer(bo, SORTING, **sorted_as(a="high"), go="on")

    assert points(database) == {}
    assert "not begun" in bo.page("/answer/").text


def test_who_skips_is_not_asked_again(come, bo):
    assert answer(bo, SORTING, **sorted_as(a="high"), go="skip").headers["Location"] == LIST

    assert order(come().page(LIST)) == list("abcdef")


def test_points_do_not_forget_the_sorting(bo, database):
    answer(bo, SORTING, **sorted_as(f="high"), go="on")
    answer(bo, LIST, **{"points-f": "60"}, go="later")

    assert points(database) == {"f": 60}
    assert order(bo.page(LIST))[:2] == ["High", "f"]


def test_every_choice_is_saved_as_it_is_made(come, bo):
    seen = bo.page(SORTING)
    saved = autosave(bo, SORTING, seen, **sorted_as(a="low"))
    base = str(saved.json["version"])
    autosave(bo, SORTING, seen, **sorted_as(a="low", b="high"), base=base)

    assert chosen(come().page(SORTING)) == sorted_as(a="low", b="high")


def test_a_stale_sorting_is_not_stored_and_said(come, bo, database):
    desk = come()
    seen = desk.page(SORTING)
    answer(bo, SORTING, **sorted_as(a="low"), go="on")
    before = rows(database)

    response = answer(desk, SORTING, seen, **sorted_as(a="high"), go="on")

    assert response.status_code == 409
    assert "What you sent was not saved" in page_of(response).text
    assert chosen(page_of(response)) == sorted_as(a="low")
    assert rows(database) == before


def test_what_its_page_cannot_have_sent_is_refused(bo, database):
    seen = bo.page(SORTING)
    before = rows(database)

    assert answer(bo, SORTING, seen, **sorted_as(a="top"), go="on").status_code == 400
    assert rows(database) == before


def test_after_the_close_nothing_is_sorted(bo, database):
    seen = bo.page(SORTING)
    with database.writing() as session:
        round_ = cast.invitation(session, "BO", "long").round
        close_round(session, round_, By("author author", now()))
    before = rows(database)

    assert answer(bo, SORTING, seen, **sorted_as(a="low"), go="on").status_code == 409
    assert rows(database) == before
    assert bo.get(SORTING).headers["Location"] == "/answer/groups/many"


def test_after_the_last_group_all_the_experts_weights_are_shown(bo):
    answer(bo, SORTING, go="skip")
    for group, items in (("many", "abcdef"), ("few", "uvwxy"), ("goal", ("many", "few"))):
        given = {f"points-{item}": "0" for item in items} | {f"points-{items[0]}": "100"}
        last = answer(bo, f"/answer/points/{group}", **given, zero=list(items), go="on")

    assert last.headers["Location"] == "/answer/weights"
