"""An expert at a desk: with the keyboard alone, and with a group's questions on one page."""

import re

import pytest
from playwright.sync_api import Page, expect

from survey import values
from tests.browser.test_expert import arrive, saved
from tests.clients import arrivals
from tests.clients.arrivals import judgements
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

DESK = 1280

#: More presses of Tab than a way to anything takes.
LOST = 25


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


def focused(page: Page) -> str:
    """Return the focused element: an option by its value, any other by its text."""
    return page.evaluate(
        "() => { const at = document.activeElement;"
        " return at.type === 'radio' ? `${at.name} ${at.value}` : at.textContent.trim(); }"
    )


def tab_to(page: Page, what: str) -> None:
    for _ in range(LOST):
        if focused(page).startswith(what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keyboard to {what}, only to {focused(page)}")


def go(page: Page, what: str) -> None:
    tab_to(page, what)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer(page: Page, *presses: str) -> None:
    """Choose a side by these key presses, then press Enter on the focused element."""
    assert page.evaluate("document.activeElement.tagName") == "H1"
    tab_to(page, "direction")
    for press in presses:
        page.keyboard.press(press)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_whole_trip_goes_by_keyboard(visit, database):
    page = visit(f"/invitation/{arrivals.link(database)}?language=en", width=DESK)
    go(page, "Begin")
    go(page, "Begin")

    # The first card, and the third of the shown strengths.
    answer(page, "Space", "Tab", "Space", "ArrowDown", "ArrowDown")
    answer(page, "ArrowDown", "Tab", "Space")
    answer(page, "ArrowDown", "ArrowDown")
    assert page.locator("h1").inner_text() == "The weights from your answers"
    go(page, "Continue")
    answer(page, "ArrowUp")
    go(page, "Continue")
    answer(page, "ArrowUp", "ArrowUp")
    go(page, "Continue")
    go(page, "Finish")
    go(page, "Finish")

    expect(page.locator("h1")).to_have_text("Thank you. Your answers are saved")
    assert [(first, second, step) for first, second, step, _ in judgements(database)] == [
        ("wired", "wireless", 6),
        ("wired", "ai", -2),
        ("wireless", "ai", 0),
        ("digital", "civic", 0),
    ]
    assert arrivals.abstentions(database) == [("civic", False, "")]


def test_a_groups_questions_are_answered_on_one_page(visit, database):
    page = arrive(visit, database, "ANN", width=DESK)
    page.goto(arrivals.question(database))
    page.get_by_role("link", name="All questions of this group on one page").click()
    cards = page.locator(".stacked")
    expect(cards).to_have_count(3)

    for number, side in ((0, "first"), (2, "same")):
        card = cards.nth(number)
        card.locator(f"label:has([name=direction][value={side}])").click()
        if side == "first":
            card.locator("label:has([name=strength][value='5'])").click()
        expect(card.locator("[role=status]")).to_have_text(re.compile("Saved at"))

    assert [step for *_, step, _ in judgements(database)] == [4, 0]
    page.reload()
    assert cards.nth(0).locator("[name=strength][value='5']").is_checked()
    assert cards.nth(1).locator("input[type=radio]:checked").count() == 0
    expect(cards.nth(0).locator("output")).to_have_text(
        "Your answer: “Wired network” counts 5 times as much as “Wireless network”."
    )
    assert accessibility.faults(page) == []


def test_without_script_no_page_holds_answers_that_another_button_loses(visit, database):
    page = arrive(visit, database, "ANN", width=DESK, scripts=False)
    page.goto(arrivals.question(database))
    every = page.get_by_role("link", name="All questions of this group on one page")
    expect(every).to_have_count(0)

    page.goto("/answer/groups/digital/questions")

    expect(page.get_by_role("radio")).to_have_count(0)
    page.get_by_role("main").get_by_role("link", name="One question at a time").first.click()
    expect(page).to_have_url(re.compile(r"/comparisons/\d+$"))


def test_a_strength_that_was_missing_is_no_longer_asked_for_once_it_is_chosen(visit, database):
    page = arrive(visit, database, "ANN", width=DESK)
    page.goto(arrivals.question(database))
    expect(page.locator("form[data-started]")).to_have_count(1)
    page.locator("label:has([name=direction][value=first])").click()
    page.get_by_role("button", name="Next").click()
    missing = page.get_by_text("Choose how much more.")
    expect(missing).to_be_visible()

    page.locator("label:has([name=strength][value='3'])").click()

    expect(missing).to_have_count(0)
    saved(page, "en")


def test_in_points_the_focus_stays_in_its_field(visit, database):
    page = arrive(visit, database, "BO", width=DESK)
    page.goto("/answer/points/digital")
    field = page.locator("#points-wired")
    expect(page.locator("form[data-started]")).to_have_count(1)
    field.fill("60")
    field.press("Enter")
    saved(page, "en")
    expect(field).to_be_focused()

    page.get_by_role("button", name="Divide the rest evenly").click()

    expect(page.locator("#points-ai")).to_have_value("20")
    expect(page.get_by_role("button", name="Divide the rest evenly")).to_be_focused()


def test_the_side_shown_first_wins_on_the_page_as_it_does_in_the_store(visit, database):
    """The sentence, the bar and the store agree on each side of the comparison."""
    with database.writing() as session:
        invitation = cast.invitation(session)
        session.refresh(invitation.round, with_for_update=True)
        invitation.round.order = values.RANDOM
        invitation.seed = 1
    page = arrive(visit, database, "ANN", width=DESK)
    page.goto(arrivals.question(database))
    swapped = page.locator(".side").first.locator("h2").inner_text() == "Wireless network"
    assert swapped

    page.locator(".side-this .choice").click()
    page.locator("label:has([name=strength][value='3'])").click()
    saved(page, "en")

    expect(page.locator("output")).to_have_text(
        "Your answer: “Wireless network” counts 3 times as much as “Wired network”."
    )
    expect(page.locator(".balance .num")).to_have_text(["75%", "25%"])
    assert page.locator(".step:not(.between) .if-first").first.is_visible()
    assert not page.locator(".step:not(.between) .if-second").first.is_visible()
    assert [step for *_, step, _ in judgements(database)] == [-2]
    page.reload()
    expect(page.locator(".balance .num")).to_have_text(["75%", "25%"])
    assert page.locator("input[name=direction]:checked").get_attribute("value") == "second"
