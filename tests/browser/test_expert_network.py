"""A network that comes and goes, and an expert on two devices at once."""

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.steps import follow
from tests.browser.test_expert import arrive, choose, press, saved
from tests.browser.test_expert_autosave import WAITS
from tests.clients import arrivals
from tests.clients.arrivals import judgements, points, rows
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

THEN_ON = "The next page opens when you are online again."

#: Everything a page can leave on a device, but for the cookie.
LEFT_ON_THE_DEVICE = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
  ...(await indexedDB.databases()).map(({name}) => name),
  ...await navigator.serviceWorker.getRegistrations(),
]"""


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


def status(page: Page):
    return page.locator("[role=status]")


def steps(database) -> dict[str, int]:
    """Return the stored steps, by the compared items."""
    return {f"{first} {second}": step for first, second, step, _ in judgements(database)}


def saves(database) -> int:
    return len(rows(database, "answer_revision")["answer_revision"])


def judge(page: Page, side: str, strength: str = "") -> None:
    choose(page, "direction", side)
    if strength:
        choose(page, "strength", strength)


def cut(page: Page) -> None:
    page.context.set_offline(True)


def mend(page: Page) -> None:
    page.context.set_offline(False)


def press_next(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def test_a_trip_goes_on_when_the_network_is_back(visit, database):
    page = arrive(visit, database, "ANN", network_fails=True)
    press(page, "Begin")
    judge(page, "first", "3")
    saved(page, "en")
    assert steps(database) == {"wired wireless": 2}

    # Saved, but the next page cannot be had.
    cut(page)
    press_next(page)
    expect(status(page)).to_contain_text(THEN_ON)
    with page.expect_navigation():
        mend(page)
    expect(page.locator("h2").nth(1)).to_have_text("Artificial intelligence")
    assert (steps(database), saves(database)) == ({"wired wireless": 2}, 1)

    # Answered, changed and sent on without a network.
    cut(page)
    judge(page, "second", "5")
    expect(status(page)).to_have_text(WAITS)
    judge(page, "first", "7")
    press_next(page)
    expect(status(page)).to_have_text(f"{WAITS} {THEN_ON}")
    assert steps(database) == {"wired wireless": 2}
    assert page.evaluate(LEFT_ON_THE_DEVICE) == []
    with page.expect_navigation():
        mend(page)
    expect(page.locator("h2").first).to_have_text("Wireless network")
    assert steps(database) == {"wired wireless": 2, "wired ai": 6}

    judge(page, "same")
    press(page, "Next")
    expect(page.locator("h1")).to_have_text("The weights from your answers")
    assert steps(database) == {"wired wireless": 2, "wired ai": 6, "wireless ai": 0}


def test_points_are_kept_in_the_page_and_spread_when_the_network_is_back(visit, database):
    page = arrive(visit, database, "BO", network_fails=True)
    press(page, "Begin")
    cut(page)
    page.locator("#points-wired").fill("60")
    # Pressed slowly: what is said of the save does not move the button away.
    page.get_by_role("button", name="Divide the rest evenly").hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(status(page)).to_have_text(f"{WAITS} {THEN_ON}")
    assert points(database) == {}

    with page.expect_navigation():
        mend(page)
    expect(page.locator("#points-ai")).to_have_value("20")
    assert points(database) == {"wired": 60, "wireless": 20, "ai": 20}


def test_without_a_script_one_answer_at_most_is_lost(visit, database):
    page = arrive(visit, database, "ANN", scripts=False)
    press(page, "Begin")
    judge(page, "first", "3")
    press(page, "Next")

    cut(page)
    judge(page, "same")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        press(page, "Next")
    assert steps(database) == {"wired wireless": 2}

    mend(page)
    page.goto("/answer/")
    press(page, "Continue")
    expect(page.locator("h2").nth(1)).to_have_text("Artificial intelligence")
    judge(page, "same")
    press(page, "Next")
    assert steps(database) == {"wired wireless": 2, "wired ai": 0}


def enter(visit, link: str, width: int) -> Page:
    page = visit(f"{link}?language=en", width=width)
    follow(page, "main form button")
    return page


def test_two_devices_answer_in_turns_and_neither_overwrites_the_other(visit, database):
    link = f"/invitation/{arrivals.link(database)}"
    phone, desk = enter(visit, link, 360), enter(visit, link, 1280)
    for page in (phone, desk):
        page.goto(arrivals.question(database))

    judge(phone, "first", "3")
    saved(phone, "en")
    assert steps(database) == {"wired wireless": 2}

    # The page at the desk does not know of it: the expert sees both, and keeps the phone's.
    judge(desk, "same")
    expect(desk.locator("h1")).to_have_text("This answer was changed elsewhere")
    expect(desk.locator("main")).to_contain_text("“Wired network” counts 3 times as much")
    expect(desk.locator("main")).to_contain_text("count the same")
    assert (steps(database), saves(database)) == ({"wired wireless": 2}, 1)
    follow(desk, desk.get_by_role("link", name="Keep this one"))
    assert (steps(database), saves(database)) == ({"wired wireless": 2}, 1)

    # Each goes on where the other has not been.
    judge(desk, "second", "5")
    saved(desk, "en")
    assert steps(database) == {"wired wireless": 2, "wired ai": -4}
    press(phone, "Next")
    expect(phone.locator("h2").first).to_have_text("Wireless network")
    judge(phone, "first", "7")
    saved(phone, "en")
    assert steps(database) == {"wired wireless": 2, "wired ai": -4, "wireless ai": 6}

    # The answer shown at the desk is changed on the phone; this time the desk's is kept.
    phone.goto(arrivals.question(database, "wired", "ai"))
    judge(phone, "same")
    saved(phone, "en")
    assert steps(database) == {"wired wireless": 2, "wired ai": 0, "wireless ai": 6}
    judge(desk, "second", "9")
    expect(desk.locator("h1")).to_have_text("This answer was changed elsewhere")
    assert steps(database) == {"wired wireless": 2, "wired ai": 0, "wireless ai": 6}
    follow(desk, desk.get_by_role("button", name="Save this one"))
    assert steps(database) == {"wired wireless": 2, "wired ai": -8, "wireless ai": 6}
    expect(desk.locator("h1")).to_have_text("The weights from your answers")
    assert saves(database) == 5


def test_each_question_of_a_page_waits_for_itself(visit, database):
    page = arrive(visit, database, "ANN", width=1280, network_fails=True)
    page.goto("/answer/groups/digital/questions")
    cards = page.locator(".stacked")

    def judge_card(number: int, side: str) -> None:
        cards.nth(number).locator(f"label:has([name=direction][value={side}])").click()

    cut(page)
    for number in (0, 2):
        judge_card(number, "same")
    waiting = page.locator("[role=status]").filter(has_text=WAITS)
    expect(waiting).to_have_count(2)
    assert steps(database) == {}

    mend(page)
    expect(page.locator("[role=status]").filter(has_text="Saved at")).to_have_count(2)
    expect(waiting).to_have_count(0)
    assert steps(database) == {"wired wireless": 0, "wireless ai": 0}
    assert saves(database) == 2
