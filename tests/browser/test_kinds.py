"""An expert who answers best-worst, and one who rates: on a phone, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey import values
from survey.models import Round
from tests.clients import arrivals
from tests.clients.arrivals import judgements, points
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = pytest.mark.slow

WORDS = {
    "en": {"next": "Next", "on": "Continue", "finish": "Finish", "saved": re.compile("Saved at")},
    "zh": {"next": "下一题", "on": "继续", "finish": "完成", "saved": re.compile("已保存")},
}


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)
        session.scalars(select(Round)).one().kinds = list(values.KINDS)


def arrive(visit, database, kind: str, **how) -> Page:
    arrivals.answers_by(database, kind)
    link = arrivals.link(database, "CY")
    page = visit(f"/invitation/{link}?language={how.get('language', 'en')}", **how)
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/answer/$"))
    return page


def choose(page: Page, name: str, value: str) -> None:
    """Press a line or a number, as a finger does."""
    page.locator(f"label:has([name='{name}'][value='{value}'])").click()


def press(page: Page, words: str) -> None:
    page.locator(".actions").get_by_text(words, exact=True).click()


def pair(database, first: str, second: str) -> str:
    return f"pair-{arrivals.question(database, first, second).rsplit('/', 1)[1]}"


def finish(page: Page, words: dict) -> None:
    press(page, words["finish"])
    press(page, words["finish"])
    expect(page).to_have_url(re.compile("/answer/receipt$"))


def test_an_expert_chooses_the_best_and_the_worst_and_finishes(visit, database, language, scripts):
    words = WORDS[language]
    page = arrive(visit, database, values.BEST_WORST, language=language, scripts=scripts)
    page.locator("main a.button").click()
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)

    choose(page, "best", "wireless")
    choose(page, "worst", "wireless")
    press(page, words["next"])
    expect(page.locator("#worst-errors")).to_be_visible()
    assert arrivals.extremes(database) == {}
    choose(page, "worst", "ai")
    press(page, words["next"])
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    assert arrivals.extremes(database) == {"digital": ("wireless", "ai")}

    choose(page, pair(database, "wired", "wireless"), "3")
    if scripts:
        expect(page.locator("[role=status]")).to_have_text(words["saved"])
        assert [step for *_, step, _ in judgements(database)] == [-2]
    choose(page, pair(database, "wireless", "ai"), "9")
    press(page, words["on"])
    expect(page.locator("[role=alert]")).to_be_visible()
    assert [step for *_, step, _ in judgements(database)] == [-2, 8]
    page.locator(".toggle").click()
    choose(page, pair(database, "wired", "ai"), "2")
    press(page, words["on"])
    expect(page.locator(".weights")).to_be_visible()
    assert [step for *_, step, _ in judgements(database)] == [-2, 1, 8]

    for two in (("water", "health"), ("digital", "civic")):
        press(page, words["on"])
        expect(page).to_have_url(re.compile(arrivals.question(database, *two)))
        choose(page, "direction", "same")
        press(page, words["next"])
        expect(page.locator(".weights")).to_be_visible()
    press(page, words["on"])
    finish(page, words)
    assert [step for *_, step, _ in judgements(database)] == [-2, 1, 8, 0, 0]


def test_an_expert_rates_and_finishes(visit, database, language, scripts):
    words = WORDS[language]
    page = arrive(visit, database, values.RATING, language=language, scripts=scripts)
    page.locator("main a.button").click()
    expect(page.locator("input:checked")).to_have_count(0)

    choose(page, "rating-wired", "7")
    choose(page, "half", "wired")
    if scripts:
        expect(page.locator("[role=status]")).to_have_text(words["saved"])
    choose(page, "rating-wireless", "0")
    press(page, words["on"])
    expect(page.locator("[role=alert]")).to_be_visible()
    assert points(database) == {"wired": 7.5, "wireless": 0}
    choose(page, "rating-ai", "10")
    press(page, words["on"])
    choose(page, "zero", "wireless")
    press(page, words["on"])
    expect(page).to_have_url(re.compile("/ratings/civic$"))
    assert points(database) == {"wired": 7.5, "wireless": 0, "ai": 10}

    for item, number in (("water", "3"), ("health", "9")):
        choose(page, f"rating-{item}", number)
    press(page, words["on"])
    for item in ("digital", "civic"):
        choose(page, f"rating-{item}", "8")
    press(page, words["on"])
    expect(page).to_have_url(re.compile("/answer/weights$"))
    finish(page, words)
    assert sum(points(database).values()) == 45.5


@pytest.mark.usefixtures("sqlite_database")
def test_an_expert_answers_in_another_way_and_comes_back(visit, database):
    page = arrive(visit, database, values.PAIRWISE)
    page.goto(arrivals.question(database))
    choose(page, "direction", "same")
    press(page, "Next")
    page.goto("/answer/")
    page.get_by_text("Rate from 0 to 10").click()
    assert accessibility.faults(page) == []
    page.get_by_role("button", name="Rate from 0 to 10").click()
    expect(page.get_by_text("One answer you gave in another way is kept aside.")).to_be_visible()
    page.locator("main a.button").first.click()
    expect(page).to_have_url(re.compile("/ratings/digital$"))

    page.goto("/answer/another-way")
    page.get_by_role("button", name="Compare pairs").click()
    expect(page.locator(".progress-words")).to_contain_text("1 of 5 questions answered")
    with database.reading() as session:
        assert cast.invitation(session, "CY").kind == values.PAIRWISE


@pytest.mark.usefixtures("sqlite_database")
def test_a_keyboard_is_enough_for_a_star_and_for_ratings(visit, database):
    page = arrive(visit, database, values.BEST_WORST)
    page.goto("/answer/extremes/digital")
    page.locator("[name=best]").first.focus()
    page.keyboard.press("Space")
    page.locator("[name=worst][value=wired]").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/star/digital$"))
    assert arrivals.extremes(database) == {"digital": ("wired", "ai")}
    name = pair(database, "wired", "ai")
    page.locator(f"[name={name}]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"[name={name}][value='3']")).to_be_checked()
    assert accessibility.faults(page) == []

    page = arrive(visit, database, values.RATING)
    page.goto("/answer/ratings/digital")
    page.locator("[name=rating-wired]").first.focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[name=rating-wired][value='4']")).to_be_checked()
    expect(page.locator("[role=status]")).to_have_text(re.compile("Saved at"))
    assert accessibility.faults(page) == []


#: The number of words of the shown steps that take more than one line.
BROKEN = """() => [...document.querySelectorAll(".segments.five .segment > span > span:not(.sr)")]
  .flatMap((step) => {
    const [text] = step.childNodes;
    return [...text.data.matchAll(/\\S+/g)].map((word) => {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      return range.getClientRects().length > 1 ? word[0] : "";
    });
  }).filter(Boolean)"""


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("tongue", ["en", "zh", "ar", "ru", "tr", "fr"])
def test_no_word_of_a_step_is_broken_on_a_phone(visit, database, tongue):
    page = arrive(visit, database, values.BEST_WORST, language=tongue)
    page.goto("/answer/extremes/digital")
    choose(page, "best", "wired")
    choose(page, "worst", "ai")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/star/digital$"))

    assert page.evaluate(BROKEN) == []
