"""An expert meets a contradiction, changes one of the three answers, and sees it gone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_expert import arrive, choose, press, saved
from tests.clients import arrivals
from tests.clients.arrivals import judgements
from tests.experts.own_weights.test_reviews import PAIRS, again, reviews
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

CIRCLE = "Three of your answers contradict one another in a circle"


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


def say(page: Page, side: str, strength: str) -> None:
    choose(page, "direction", side)
    choose(page, "strength", strength)


def steps(database) -> list[int]:
    return [step for *_, step, _ in judgements(database)]


def heading(page: Page, words: str):
    return page.locator(".notice h2", has_text=words)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_contradiction_is_met_mended_and_gone(visit, database, scripts):
    page = arrive(visit, database, "ANN", scripts=scripts)
    press(page, "Begin")
    for side in ("first", "second", "first"):
        say(page, side, "9")
        press(page, "Next")

    expect(heading(page, CIRCLE)).to_be_visible()
    assert steps(database) == [8, -8, 8]
    assert reviews(database) == []
    if scripts:
        assert accessibility.faults(page) == []

    page.locator(".answer").nth(1).get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/answer/comparisons/\d+\?back=group$"))
    assert [review[2:] for review in reviews(database)] == [(["circle"], [8, -8, 8], None)]
    expect(heading(page, CIRCLE)).to_be_visible()
    if scripts:
        assert accessibility.faults(page) == []

    chosen = "first" if page.locator("[name=direction][value=second]").is_checked() else "second"
    choose(page, "direction", chosen)
    if scripts:
        saved(page.locator("form.judgement"), "en")
        expect(heading(page, CIRCLE)).to_have_count(0)
        expect(page.locator("#fit [role=status]")).to_contain_text("The largest value is")
    press(page, "Back to the group")

    expect(page).to_have_url(re.compile("/answer/groups/digital$"))
    expect(heading(page, CIRCLE)).to_have_count(0)
    assert steps(database) == [8, 8, 8]
    choose(page, "verdict", "looks-right")
    press(page, "Continue")
    expect(page).to_have_url(re.compile(arrivals.question(database, "water", "health")))
    assert reviews(database)[1] == (
        "looks-right",
        "",
        ["circle"],
        [8, -8, 8],
        [8, 8, 8],
    )

    page.goto("/answer/groups/digital")
    expect(page.locator(".decided")).to_contain_text("changed some")


def test_under_the_questions_of_a_group_each_answer_moves_what_they_come_to(visit, database):
    page = arrive(visit, database, "ANN", width=1280)
    page.goto("/answer/groups/digital/questions")
    expect(page.locator("#fit")).to_contain_text("No weights yet")

    for (first, second), side in ((PAIRS[0], "first"), (PAIRS[1], "first"), (PAIRS[2], "second")):
        number = again(database, (first, second))
        card = page.locator(f"#q{number}")
        card.locator(f"label:has([name=direction][value={side}])").click()
        card.locator("label:has([name=strength][value='9'])").click()
        expect(card.locator("[data-saved]")).to_contain_text("Saved at")

    expect(heading(page, CIRCLE)).to_be_visible()
    assert sorted(steps(database)) == [-8, 8, 8]
    card.locator("label:has([name=direction][value=same])").click()
    expect(heading(page, CIRCLE)).to_have_count(0)
    expect(heading(page, "Three of your answers are inconsistent")).to_be_visible()
    assert accessibility.faults(page) == []


def test_what_loads_the_fragment_loads_nothing_else(visit, database):
    """htmx is asked for where answers change what is shown, and on no other page."""
    asked: list[str] = []
    page = arrive(visit, database, "ANN")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(arrivals.question(database))
    say(page, "first", "3")
    saved(page, "en")

    assert [url for url in asked if "htmx" in url] == []
