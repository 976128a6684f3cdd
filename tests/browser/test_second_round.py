"""An expert in a second round: what the panel said, one weight looked at again, and the end."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.models import Round
from tests.clients import arrivals
from tests.machinery import accessibility
from tests.worlds import further

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

WORDS = {
    "ar": {
        "see": "عرض إجابات اللجنة",
        "save": "حفظ ومتابعة",
        "same": "الإبقاء على إجاباتي السابقة عن 3 أسئلة",
        "before": (
            "إجابتكم في الجولة 1: وزن «الشبكة السلكية» يساوي وزن «الذكاء الاصطناعي» مضروبًا في 5."
        ),
        "next": "التالي",
        "on": "متابعة",
        "finish": "إنهاء",
        "thanks": "شكرًا لكم: حُفظت إجاباتكم",
    },
    "zh": {
        "see": "查看专家组的回答",
        "save": "保存并继续",
        "same": "保留我对 3 道题的原回答",
        "before": "您在第 1 轮的回答：“有线网”的权重是“人工智能”的 5 倍。",
        "next": "下一题",
        "on": "继续",
        "finish": "完成",
        "thanks": "谢谢，您的回答已保存",
    },
}


@pytest.fixture
def link(database) -> str:
    with database.writing() as session:
        further.ask_again(session, further.load(session))
        return further.link(session, further.invitation(session, "ANN"))


def press(page: Page, words: str) -> None:
    page.locator(".actions").get_by_text(words, exact=True).click()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has([name={name}][value='{value}'])").click()


def said(database) -> list[int]:
    """Return the steps of the second round, in the order asked."""
    with database.reading() as session:
        second = session.scalar(select(Round.id).where(Round.number == 2))
    found = [r for r in arrivals.rows(database, "judgement")["judgement"] if r[1] == second]
    return [row[4] for row in sorted(found, key=lambda row: row[3])]


@pytest.mark.parametrize("way", [("ar", True), ("zh", False)])
def test_an_expert_reconsiders_one_weight_and_keeps_the_other_answers(visit, database, link, way):
    language, scripts = way
    words, faults = WORDS[language], {}

    def look(name: str) -> None:
        if scripts:
            faults[name] = accessibility.faults(page)

    page = visit(f"/invitation/{link}?language={language}", language=language, scripts=scripts)
    page.locator("main form button").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    look("overview")
    press(page, words["see"])
    expect(page.locator("article input[type=radio]:checked")).to_have_count(0)
    expect(page.locator("#reason-health")).to_be_hidden()
    choose(page, "decision-health", "keep")
    page.locator("#reason-health").fill("健康是根本。")
    choose(page, "decision-ai", "reconsider")
    look("panel")
    assert arrivals.rows(database, "reconsideration") == {"reconsideration": []}
    press(page, words["save"])
    decided = arrivals.rows(database, "reconsideration")["reconsideration"]
    assert sorted(row[4:6] for row in decided) == [("keep", "健康是根本。"), ("reconsider", "")]
    look("again")
    assert said(database) == []

    page.get_by_role("button", name=words["same"]).click()
    expect(page.locator("h1")).to_be_visible()
    assert said(database) == [2, 0, 0]
    expect(page.locator(".before")).to_have_text(re.compile(words["before"]))
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    look("question")
    choose(page, "direction", "first")
    choose(page, "strength", "3")
    press(page, words["next"])
    choose(page, "direction", "same")
    press(page, words["next"])
    expect(page).to_have_url(re.compile("/answer/groups/digital"))
    assert said(database) == [2, 2, 0, 0, 0]

    press(page, words["on"])
    press(page, words["finish"])
    press(page, words["finish"])
    expect(page.locator("h1")).to_have_text(words["thanks"])
    with database.reading() as session:
        assert further.invitation(session, "ANN").finished_at is not None
    assert {name: found for name, found in faults.items() if found} == {}
