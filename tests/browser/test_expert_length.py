"""Number of steps of an expert through the Arab League study."""

import pytest
from playwright.sync_api import Page, expect

from survey import values
from survey.commands import demonstration
from survey.files.study_folder import read_folder
from survey.store.rounds import open_round
from survey.values import By
from tests.browser.steps import follow
from tests.browser.test_expert import choose, press, saved
from tests.clients import arrivals
from tests.clients.arrivals import judgements
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

COMPARISONS = 22


@pytest.fixture
def link(database) -> str:
    framework = read_folder(demonstration.EXAMPLE).study.framework
    content = values.Study("example", framework, panel=(cast.ANN,), titles={"en": "Example"})
    with database.writing() as session:
        round_ = cast.load(session, content).rounds[0]
        open_round(session, round_, By("author author", cast.NOON))
    return f"/invitation/{arrivals.link(database, study='example')}?language=en"


def test_no_more_than_ten_pages_are_not_questions(visit, database, link):
    """22 comparisons, two reasons, one contradiction: looked at again, and mended."""
    page = visit(link)
    changes: list[str] = []
    page.on("framenavigated", lambda frame: changes.append(frame.url))

    follow(page, "main form button")
    press(page, "Begin")
    mended = False
    while "/answer/weights" not in page.url:
        if "/comparisons/" in page.url:
            answer(page, len(judgements(database)))
        elif not mended:
            mend(page)
            mended = True
        else:
            press(page, "Continue")
    press(page, "Finish")
    press(page, "Finish")

    expect(page.locator("h1")).to_have_text("Thank you. Your answers are saved")
    stored = judgements(database)
    assert len(stored) == COMPARISONS
    assert sum(bool(reason) for *_, reason in stored) == 2
    assert mended
    assert len(changes) <= COMPARISONS + 10, "\n".join(changes)


def answer(page: Page, number: int) -> None:
    """Answer all; the second answer contradicts its neighbours, two have a reason."""
    if number == 1:
        choose(page, "direction", "first")
        choose(page, "strength", "9")
    else:
        choose(page, "direction", "same")
    if number in (4, 9):
        page.locator("summary", has_text="Add a reason").click()
        page.locator("#reason").fill("It moves the others.")
        expect(page.locator("[name=base]")).to_have_value("2")
    saved(page, "en")
    press(page, "Next")


def mend(page: Page) -> None:
    expect(page.locator(".notice h2").first).to_contain_text("Three of your answers")
    follow(page, page.locator(".answer", has_text="9 times").get_by_role("button").first)
    choose(page, "direction", "same")
    expect(page.locator("[name=base]")).to_have_value("2")
    press(page, "Back to the group")
