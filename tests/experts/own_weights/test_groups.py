"""Weights of a group, and abstaining in it."""

from dataclasses import replace

import pytest

from survey import values
from survey.reports.panel.own_weights import (
    weights_of_indicators,
    weights_of_judgements,
    weights_of_points,
)
from survey.store.rounds import open_round
from survey.values import By
from tests.clients import arrivals
from tests.clients.arrivals import answer, judgements, points, rows
from tests.clients.pages import page_of
from tests.worlds import cast

ITEMS = ("a", "b", "c")
DIGITAL = "/answer/groups/digital"
CANNOT = f"{DIGITAL}/cannot-judge"


def judge(client, database, first, second, **fields):
    assert answer(client, arrivals.question(database, first, second), **fields).status_code == 303


# ---------- the weights of one expert's answers ----------


def test_consistent_judgements_give_their_ratios_and_fit():
    given = weights_of_judgements(ITEMS, {("a", "b"): 1, ("b", "c"): 1, ("a", "c"): 3})

    assert given.weights == {"a": 4 / 7, "b": 2 / 7, "c": 1 / 7} or _close(
        given.weights, {"a": 4 / 7, "b": 2 / 7, "c": 1 / 7}
    )
    assert given.fits is True


def test_a_circle_does_not_fit_and_still_gives_weights():
    given = weights_of_judgements(ITEMS, {("a", "b"): 8, ("b", "c"): 8, ("a", "c"): -8})

    assert _close(given.weights, dict.fromkeys(ITEMS, 1 / 3))
    assert given.fits is False


def test_the_consistency_of_judgements_that_just_connect_is_unknown():
    given = weights_of_judgements(ITEMS, {("a", "b"): 1, ("b", "c"): 1})

    assert _close(given.weights, {"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})
    assert given.fits is None


def test_two_items_have_nothing_to_contradict():
    assert weights_of_judgements(("a", "b"), {("a", "b"): 8}).fits is None


def test_unconnected_judgements_give_no_weights():
    assert weights_of_judgements(ITEMS, {("a", "b"): 3}).weights is None


def test_points_give_weights_once_they_are_a_hundred_and_a_zero_counts_half_a_point():
    assert weights_of_points(ITEMS, {"a": 50, "b": 50}).weights is None
    assert weights_of_points(ITEMS, {"a": 50, "b": 40, "c": 9}).weights is None
    given = weights_of_points(ITEMS, {"a": 60, "b": 40, "c": 0}).weights
    assert _close(given, {"a": 0.597, "b": 0.398, "c": 0.005})


def test_an_indicator_weighs_its_groups_share_times_its_own():
    local = {
        "goal": {"digital": 0.25, "civic": 0.75},
        "digital": {"wired": 0.5, "wireless": 0.3, "ai": 0.2},
        "civic": {"water": 0.6, "health": 0.4},
    }
    whole = weights_of_indicators(cast.FRAMEWORK, local)

    wanted = {"wired": 0.125, "wireless": 0.075, "ai": 0.05, "water": 0.45, "health": 0.3}
    assert _close(whole, wanted)
    assert weights_of_indicators(cast.FRAMEWORK, local | {"civic": None}) is None


def _close(given, wanted):
    return given.keys() == wanted.keys() and all(
        abs(given[key] - wanted[key]) < 1e-12 for key in wanted
    )


# ---------- the page after the last pair ----------


def test_after_its_last_pair_a_group_shows_the_weights_heaviest_first(ann, database):
    judge(ann, database, "wired", "wireless", direction="second", strength="2")
    judge(ann, database, "wired", "ai", direction="first", strength="2")
    judge(ann, database, "wireless", "ai", direction="first", strength="4")

    page = ann.page(DIGITAL)

    assert page.one("h1").text == "The weights from your answers"
    names = [e.text for e in page.all("th")]
    shares = [e.text.replace("\xa0", " ") for e in page.all("td", class_="value num")]
    assert names == ["Wireless network", "Wired network", "Artificial intelligence"]
    assert shares == ["57.1%", "28.6%", "14.3%"]
    assert "Your answers are consistent." in page.text


def test_an_unfinished_group_says_what_is_missing(ann, database):
    judge(ann, database, "wired", "wireless", direction="same")
    assert "2 questions are still open" in ann.page(DIGITAL).text

    judge(ann, database, "wired", "ai", direction="same")
    text = ann.page(DIGITAL).text
    assert "One question in this group is not answered yet" in text
    assert "33.3" in text


def test_pairs_left_out_may_leave_a_gap_and_no_weights(ann, database):
    judge(ann, database, "wired", "wireless", direction="same")
    judge(ann, database, "wired", "ai", direction="cannot")
    judge(ann, database, "wireless", "ai", direction="cannot")

    page = ann.page(DIGITAL)

    assert page.one("h1").text == "Some items were never compared"
    assert page.all("table") == []


# ---------- a whole group ----------


def test_a_group_that_the_expert_cannot_judge_is_done_and_its_answers_kept_aside(ann, database):
    judge(ann, database, "wired", "wireless", direction="same")

    response = answer(ann, CANNOT, reason="not my field")

    assert response.status_code == 303
    assert response.headers["Location"] == arrivals.question(database, "water", "health")
    assert arrivals.abstentions(database) == [("digital", True, "not my field")]
    assert len(judgements(database)) == 1
    assert ann.get(DIGITAL).headers["Location"] == CANNOT
    assert ann.get(arrivals.question(database)).headers["Location"] == CANNOT


def test_the_expert_can_take_it_back_and_the_answers_count_again(ann, database):
    judge(ann, database, "wired", "wireless", direction="same")
    answer(ann, CANNOT)

    response = answer(ann, CANNOT, take_back="1")

    assert (response.status_code, response.headers["Location"]) == (303, DIGITAL)
    assert arrivals.abstentions(database) == []
    assert "2 questions are still open" in ann.page(DIGITAL).text


def test_who_hands_out_points_can_leave_a_group_too(bo, database):
    answer(bo, "/answer/points/digital", **{"points-wired": "30"}, go="later")

    answer(bo, CANNOT)
    assert arrivals.abstentions(database) == [("digital", True, "")]
    answer(bo, CANNOT, take_back="1")

    assert arrivals.abstentions(database) == []
    assert points(database) == {"wired": 30}


def test_a_stale_refusal_to_judge_stores_nothing(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    seen = desk.page(CANNOT)
    answer(phone, CANNOT, reason="from the phone")
    stored = rows(database)

    response = answer(desk, CANNOT, seen, reason="from the desk")

    assert response.status_code == 409
    assert "from the phone" in page_of(response).text
    assert rows(database) == stored


def test_after_the_close_no_group_can_be_left(ann, database):
    seen = ann.page(CANNOT)
    arrivals.close(database)
    before = rows(database)

    assert answer(ann, CANNOT, seen).status_code == 409
    assert rows(database) == before


def test_only_groups_can_be_left(ann, database):
    seen = ann.page(CANNOT)
    before = rows(database)

    for code in ("wired", "nothing"):
        assert ann.get(f"/answer/groups/{code}/cannot-judge").status_code == 404
        assert answer(ann, f"/answer/groups/{code}/cannot-judge", seen).status_code == 404
    assert rows(database) == before


@pytest.mark.world("nothing")
def test_a_group_of_one_is_not_asked_and_cannot_be_left(database, database_url, tmp_path):
    pilot = cast.study()
    framework = replace(
        pilot.framework,
        groups=(*pilot.framework.groups, values.Group("solo", {"en": "Solo"})),
        indicators=(
            *pilot.framework.indicators,
            replace(pilot.framework.indicators[1], code="only", group="solo"),
        ),
    )
    with database.writing() as session:
        study = cast.load(session, replace(pilot, framework=framework))
        open_round(session, study.rounds[0], By("author author", cast.NOON))
    app = arrivals.application(database_url, tmp_path)
    ann = arrivals.arrive(app, arrivals.link(database))
    seen = ann.page(CANNOT)
    before = rows(database)

    assert answer(ann, "/answer/groups/solo/cannot-judge", seen).status_code == 404
    assert rows(database) == before
    app.extensions["database"].close()
