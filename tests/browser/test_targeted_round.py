"""A targeted round, from the author's press to the end of what it asks of one expert."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.models import Round
from survey.store.rounds import open_round
from survey.values import By
from tests.browser.test_author import press, sign_in, states
from tests.clients import arrivals
from tests.machinery import accessibility
from tests.worlds import cast, further

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

ROUND = "/author/studies/pilot/rounds"


@pytest.fixture
def _answered(database):
    """Store answers of all experts except Fay in the first round, which is open."""
    with database.writing() as session:
        study = cast.load(session, cast.study(panel=further.PANEL))
        open_round(session, study.rounds[0], By("author author", cast.NOON))
        further.answer(session, study.rounds[0], further.study())


def judged(database) -> list[tuple[int, int]]:
    """Return expert and step of every judgement of the second round, in the order asked."""
    with database.reading() as session:
        second = session.scalar(select(Round.id).where(Round.number == 2))
    found = [r for r in arrivals.rows(database, "judgement")["judgement"] if r[1] == second]
    return [(row[2], row[4]) for row in sorted(found, key=lambda row: row[3])]


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has([name={name}][value='{value}'])").click()


def act(page: Page, words: str) -> None:
    page.locator(".actions").get_by_text(words, exact=True).click()


def hold(page: Page, database) -> None:
    """Close the round as the author, read what a targeted one would ask, and open it."""
    page.goto(f"{ROUND}/1")
    press(page, "Close round 1")
    press(page, "Close round 1 for good")
    assert states(database) == ["closed"]
    press(page, "Start another round")
    choose(page, "asks", "targeted")
    press(page, "Prepare round 2")
    # Cy is far at two pairs, Dee and Eve at one, and Fay has answered none of five.
    expect(page.locator("main")).to_contain_text(
        "This round asks selected questions only: 4 experts, 9 questions in total, instead of 28."
    )
    expect(page.locator("main")).to_contain_text("2 more experts have no questions")
    assert states(database) == ["closed", "draft"]
    assert len(arrivals.rows(database, "asked")["asked"]) == 9
    press(page, "Open round 2")
    assert states(database) == ["closed", "draft"]
    press(page, "Open round 2")
    assert states(database) == ["closed", "open"]


@pytest.mark.usefixtures("_answered")
def test_the_author_opens_a_targeted_round_and_an_expert_answers_its_questions(visit, database):
    hold(sign_in(visit, database), database)
    with database.writing() as session:
        invited = further.invitation(session, "CY")
        link, cy = further.link(session, invited), invited.expert_id

    faults = {}
    page = visit(f"/invitation/{link}?language=ar", language="ar")
    expect(page.locator("main")).to_contain_text("سؤالان بدلًا من 5")
    page.locator("main form button").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    act(page, "عرض إجابات اللجنة")
    expect(page.locator("article input[type=radio]:checked")).to_have_count(0)
    faults["panel"] = accessibility.faults(page)
    act(page, "حفظ ومتابعة")
    expect(page).to_have_url(re.compile("/answer/comparisons/"))
    assert arrivals.rows(database, "reconsideration") == {"reconsideration": []}

    main = page.locator("main")
    expect(main).to_contain_text("أُعيد هذا السؤال لأن إجابتكم بعيدة عن إجابات معظم اللجنة.")
    expect(page.locator(".before")).to_contain_text("المياه")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    faults["question"] = accessibility.faults(page)
    choose(page, "direction", "second")
    choose(page, "strength", "5")
    act(page, "التالي")
    expect(page).to_have_url(re.compile("/answer/groups/civic"))
    assert judged(database) == [(cy, -4)]

    act(page, "متابعة")
    expect(page.locator(".before")).to_contain_text("المدنية")
    choose(page, "direction", "same")
    act(page, "التالي")
    expect(page).to_have_url(re.compile("/answer/groups/goal"))
    assert judged(database) == [(cy, -4), (cy, 0)]

    act(page, "متابعة")
    act(page, "إنهاء")
    act(page, "إنهاء")
    expect(page.locator("h1")).to_have_text("شكرًا لكم: حُفظت إجاباتكم")
    with database.reading() as session:
        assert further.invitation(session, "CY").finished_at is not None
    assert judged(database) == [(cy, -4), (cy, 0)]
    assert {name: found for name, found in faults.items() if found} == {}
