"""Answers that are saved as they are given, on a network that fails."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.steps import follow
from tests.browser.test_expert import arrive, choose, saved
from tests.clients import arrivals
from tests.clients.arrivals import judgements, points, rows
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

WAITS = "Not saved yet. Your answer waits on this page until you are online again."
BUSY = "Not saved yet. Trying again."


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


@pytest.fixture
def page(visit, database) -> Page:
    page = arrive(visit, database, "ANN", network_fails=True)
    page.goto(arrivals.question(database))
    return page


def steps(database) -> list[int]:
    return [step for *_, step, _ in judgements(database)]


def status(page: Page):
    return page.locator("[role=status]")


def test_each_change_is_saved_without_a_button(page, database):
    choose(page, "direction", "first")
    assert steps(database) == []
    choose(page, "strength", "9")
    saved(page, "en")
    assert steps(database) == [8]

    choose(page, "direction", "same")
    expect(page.locator("output")).to_have_text(
        "Your answer: “Wired network” and “Wireless network” count the same."
    )
    expect(page.locator("[name=base]")).to_have_value("2")
    assert steps(database) == [0]


def test_a_reason_is_saved_when_typing_pauses(page, database):
    choose(page, "direction", "same")
    saved(page, "en")
    page.locator("summary", has_text="Add a reason").click()
    page.locator("#reason").fill("because")

    expect(page.locator("[name=base]")).to_have_value("2")
    assert [reason for *_, reason in judgements(database)] == ["because"]


@pytest.fixture
def held(page) -> list[Route]:
    """The scripts of the next page, which do not come before they are let go."""
    held: list[Route] = []
    page.route(re.compile(r"/js/(autosave|readback|points)\.js"), lambda route: held.append(route))
    return held


def let_go(page: Page, held: list[Route], count: int = 1) -> None:
    """Let all that are held go on, once there are so many."""
    while len(held) < count:
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()


def test_what_is_chosen_before_the_scripts_come_is_read_back_and_saved(page, database, held):
    page.goto(arrivals.question(database))
    choose(page, "direction", "first")
    choose(page, "strength", "3")
    let_go(page, held, 2)

    saved(page, "en")
    expect(page.locator("output")).to_have_text(
        "Your answer: “Wired network” counts 3 times as much as “Wireless network”."
    )
    assert steps(database) == [2]


def test_who_pressed_next_before_the_scripts_came_saves_once(page, database, held):
    """The scripts come while the form is on its way: both send the same save."""
    page.goto(arrivals.question(database))
    forms: list[Route] = []

    def hold_form(route):
        if route.request.is_navigation_request():
            forms.append(route)
        else:
            route.continue_()

    page.route("**/comparisons/*", hold_form, times=2)
    choose(page, "direction", "same")
    page.get_by_role("button", name="Next").click(no_wait_after=True)
    let_go(page, held, 2)
    while steps(database) == []:
        page.wait_for_timeout(20)
    let_go(page, forms)

    expect(page).to_have_url(re.compile(arrivals.question(database, "wired", "ai")))
    assert len(rows(database, "answer_revision")["answer_revision"]) == 1


def test_points_handed_out_before_the_scripts_come_are_counted_and_saved(page, database, held):
    page.goto(f"/invitation/{arrivals.link(database, 'BO')}")
    follow(page, "main form button")
    page.goto("/answer/groups/digital")
    page.locator("#points-wired").fill("60")
    let_go(page, held, 2)

    saved(page, "en")
    expect(page.locator("output")).to_have_text("Left: 40 of 100")
    assert points(database) == {"wired": 60}


@pytest.mark.parametrize("failure", ["unreachable", "503", "429", "408"])
def test_what_could_not_be_saved_is_said_and_tried_again(page, database, failure):
    def fail(route):
        if route.request.method != "POST":
            route.continue_()
        elif failure == "unreachable":
            route.abort("connectionfailed")
        else:
            route.fulfill(status=int(failure), headers={"Retry-After": "1"})

    page.route("**/comparisons/*", fail)
    choose(page, "direction", "same")
    expect(status(page)).to_have_text(WAITS if failure == "unreachable" else BUSY)
    assert steps(database) == []

    page.unroute("**/comparisons/*")
    saved(page, "en")
    assert steps(database) == [0]


def test_a_save_whose_answer_was_lost_counts_once(page, database):
    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    page.route("**/comparisons/*", lose, times=1)
    choose(page, "direction", "same")
    saved(page, "en")

    assert len(rows(database, "answer_revision")["answer_revision"]) == 1


def test_next_waits_for_the_save_on_its_way(page, database):
    held = []
    page.route("**/comparisons/*", lambda route: held.append(route), times=1)
    choose(page, "direction", "same")
    expect(status(page)).to_have_text("Saving…")
    page.get_by_role("button", name="Next").click()
    let_go(page, held)

    expect(page).to_have_url(re.compile(arrivals.question(database, "wired", "ai")))
    assert len(rows(database, "answer_revision")["answer_revision"]) == 1


def test_who_leaves_with_an_unsaved_answer_is_asked(page, database):
    page.route("**/comparisons/*", lambda route: route.abort("connectionfailed"))
    choose(page, "direction", "same")
    expect(status(page)).to_have_text(WAITS)
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.evaluate("location.href = '/methods'")

    assert asked == ["beforeunload"]
    expect(page).to_have_url(re.compile(arrivals.question(database)))
    page.unroute("**/comparisons/*")
    saved(page, "en")


def test_an_answer_changed_elsewhere_is_shown_beside_the_one_on_the_page(page, visit, database):
    other = arrive(visit, database, "ANN")
    other.goto(arrivals.question(database))
    choose(other, "direction", "first")
    choose(other, "strength", "3")
    saved(other, "en")

    choose(page, "direction", "second")
    choose(page, "strength", "5")

    expect(page.locator("h1")).to_have_text("This answer was changed elsewhere")
    expect(page.locator("main")).to_contain_text("“Wired network” counts 3 times as much")
    expect(page.locator("main")).to_contain_text("“Wireless network” counts 5 times as much")
    assert steps(database) == [2]

    page.get_by_role("button", name="Save this one").click()
    expect(page).to_have_url(re.compile(arrivals.question(database, "wired", "ai")))
    assert steps(database) == [-4]


def test_a_round_that_closes_before_a_save_says_so(page, database):
    arrivals.close(database)

    choose(page, "direction", "same")

    expect(page.locator("h1")).to_have_text("This round has closed")
    assert steps(database) == []


def test_an_expert_signed_out_before_a_save_is_told_that_nothing_was_saved(page, database):
    arrivals.revoke(database)

    choose(page, "direction", "same")

    expect(status(page)).to_have_text("Not saved. Load the page again, or open your personal link.")
    assert steps(database) == []
