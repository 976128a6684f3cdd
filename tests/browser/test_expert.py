"""New expert on a phone, from the link to the receipt, and the stored rows at each step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import follow
from tests.clients import arrivals
from tests.clients.arrivals import judgements, points, rows
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = pytest.mark.slow

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "begin": "Begin",
        "next": "Next",
        "on": "Continue",
        "finish": "Finish",
        "weights": "The weights from your answers",
        "all": "All your weights",
        "thanks": "Thank you. Your answers are saved",
        "left": "Left: 40 of 100",
        "saved": re.compile("Saved at"),
        "unsaved": "Not saved yet. Trying again.",
        "read back": "Your answer: “Wired network” counts 3 times as much as “Wireless network”.",
        "even": "Divide the rest evenly",
    },
    "zh": {
        "begin": "开始",
        "next": "下一题",
        "on": "继续",
        "finish": "完成",
        "weights": "按您的回答，权重如下",
        "all": "您的全部权重",
        "thanks": "谢谢，您的回答已保存",
        "left": "100 分中还剩 40 分",
        "saved": re.compile("已保存"),
        "unsaved": "尚未保存，正在重试。",
        "read back": "您的回答：“有线网”的权重是“无线网”的 3 倍。",
        "even": "余下的平均分",
    },
    "ar": {
        "begin": "البدء",
        "next": "التالي",
        "on": "متابعة",
        "finish": "إنهاء",
        "weights": "الأوزان بحسب إجاباتكم",
        "all": "أوزانكم كلها",
        "thanks": "شكرًا لكم: حُفظت إجاباتكم",
        "left": "الباقي: 40 من 100",
        "saved": re.compile("^حُفظ في الساعة [0-9]{2}:[0-9]{2}"),
        "read back": "إجابتكم: وزن «الشبكة السلكية» يساوي وزن «الشبكة اللاسلكية» مضروبًا في 3.",
        "even": "توزيع الباقي بالتساوي",
    },
    "ru": {
        "begin": "Начать",
        "next": "Далее",
        "on": "Продолжить",
        "finish": "Завершить",
        "weights": "Веса по вашим ответам",
        "all": "Все ваши веса",
        "thanks": "Спасибо. Ваши ответы сохранены",
        "saved": re.compile("Сохранено в"),
        "read back": "Ваш ответ: вес «Проводная сеть» в 3 раза больше веса «Беспроводная сеть».",
    },
    "tr": {
        "begin": "Başla",
        "next": "Sonraki",
        "on": "Devam et",
        "finish": "Bitir",
        "weights": "Yanıtlarınızın verdiği ağırlıklar",
        "all": "Bütün ağırlıklarınız",
        "thanks": "Teşekkürler. Yanıtlarınız kaydedildi",
    },
    "fr": {
        "begin": "Commencer",
        "next": "Suivant",
        "on": "Continuer",
        "finish": "Terminer",
        "weights": "Les poids issus de vos réponses",
        "all": "Tous vos poids",
        "thanks": "Merci. Vos réponses sont enregistrées",
        "left": "Reste\u00a0: 40 sur 100",
        "saved": re.compile("Enregistré à"),
        "read back": (
            "Votre réponse\u00a0: le poids de «\u00a0Réseau filaire\u00a0» est 3 fois "
            "celui de «\u00a0Réseau sans fil\u00a0»."
        ),
        "even": "Répartir le reste à parts égales",
    },
}

#: The expert who judges pairs and has this language; Ann is asked to choose it.
WHOSE = {"ar": "CY"}


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


def arrive(visit, database, expert: str, **how) -> Page:
    language = how.pop("language", "en")
    link = f"/invitation/{arrivals.link(database, expert)}"
    if WHOSE.get(language) == expert:
        page = visit(link, **how)
    else:
        page = visit(f"{link}?language={language}", language=language, **how)
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/answer/$"))
    return page


def choose(page: Page, name: str, value: str) -> None:
    """Press a line, as a finger does."""
    page.locator(f"label:has([name={name}][value='{value}'])").click()


def press(page: Page, words: str) -> None:
    follow(page, page.locator(".actions").get_by_text(words, exact=True))


def parted_at(page: Page) -> float:
    """Return the counterpoise's place on its beam, in reading direction."""
    beam = page.locator(".balance .beam").bounding_box()
    poise = page.locator(".balance .beam .poise").bounding_box()
    assert beam
    assert poise
    share = (poise["x"] + poise["width"] / 2 - beam["x"]) / beam["width"]
    return share if page.locator("html").get_attribute("dir") == "ltr" else 1 - share


def saved(page: Page, language: str) -> None:
    expect(page.locator("[role=status]")).to_have_text(WORDS[language]["saved"])


@pytest.mark.languages("ar", "fr", "ru", "tr", "zh", "en")
def test_an_expert_judges_every_pair_and_finishes(visit, database, language, scripts):
    words = WORDS[language]
    expert = WHOSE.get(language, "ANN")
    page = arrive(visit, database, expert, language=language, scripts=scripts)
    press(page, words["begin"])

    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    choose(page, "direction", "first")
    choose(page, "strength", "3")
    if scripts:
        saved(page, language)
        expect(page.locator("output")).to_have_text(words["read back"])
        assert parted_at(page) == pytest.approx(0.75, abs=0.01)
        assert [step for *_, step, _ in judgements(database)] == [2]
    press(page, words["next"])
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    assert [step for *_, step, _ in judgements(database)] == [2]
    assert len(rows(database, "answer_revision")["answer_revision"]) == 1

    choose(page, "direction", "second")
    page.locator(".toggle").click()
    choose(page, "strength", "4")
    press(page, words["next"])
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    assert [step for *_, step, _ in judgements(database)] == [2, -3]

    choose(page, "direction", "cannot")
    choose(page, "why", "both-unknown")
    press(page, words["next"])
    expect(page.locator("h1")).to_have_text(words["weights"])
    assert arrivals.abstentions(database) == [("digital", False, "both-unknown")]

    for pair in (("water", "health"), ("digital", "civic")):
        press(page, words["on"])
        expect(page).to_have_url(re.compile(arrivals.question(database, *pair)))
        choose(page, "direction", "same")
        press(page, words["next"])
        expect(page.locator("h1")).to_have_text(words["weights"])
    assert [step for *_, step, _ in judgements(database)] == [2, -3, 0, 0]

    press(page, words["on"])
    expect(page.locator("h1")).to_have_text(words["all"])
    press(page, words["finish"])
    press(page, words["finish"])
    expect(page.locator("h1")).to_have_text(words["thanks"])
    with database.reading() as session:
        assert cast.invitation(session, expert).finished_at is not None


@pytest.mark.languages("ar", "zh", "en", "fr")
def test_an_expert_hands_out_points_and_finishes(visit, database, language, scripts):
    words = WORDS[language]
    page = arrive(visit, database, "BO", language=language, scripts=scripts)
    press(page, words["begin"])

    page.locator("#points-wired").fill("٥٥")
    page.locator("#points-wired ~ button").click()
    expect(page.locator("output")).to_have_text(words["left"])
    saved(page, language)
    assert points(database) == {"wired": 60}
    press(page, words["on"])
    expect(page.locator("[role=alert]")).to_be_visible()
    press(page, words["even"])
    expect(page.locator("#points-ai")).to_have_value("20")
    assert points(database) == {"wired": 60, "wireless": 20, "ai": 20}

    press(page, words["on"])
    expect(page.locator("#points-water")).to_be_visible()
    page.locator("#points-water").fill("100")
    page.locator("#points-health").fill("0")
    press(page, words["on"])
    page.locator("[name=zero]").check()
    press(page, words["on"])
    expect(page.locator("#points-digital")).to_be_visible()
    page.locator("#points-digital").fill("50")
    page.locator("#points-civic").fill("50")
    press(page, words["on"])
    expect(page.locator("h1")).to_have_text(words["all"])
    assert sum(points(database).values()) == 300

    press(page, words["finish"])
    press(page, words["finish"])
    expect(page.locator("h1")).to_have_text(words["thanks"])


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_an_expert_is_accessible(visit, database, language):
    faults = {}

    def look(page: Page, name: str) -> None:
        expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
        faults[name] = accessibility.faults(page)

    page = visit(f"/invitation/{arrivals.link(database)}?language={language}")
    look(page, "landing")
    follow(page, "main form button")
    question = arrivals.question(database)
    page.goto(question)
    look(page, "nothing chosen")
    choose(page, "direction", "cannot")
    look(page, "cannot judge")
    choose(page, "direction", "second")
    page.locator(".toggle").click()
    choose(page, "strength", "4")
    saved(page, language)
    look(page, "a strength")
    page.goto(question)
    look(page, "an answer")
    page.goto("/answer/groups/digital")
    look(page, "a group without weights")
    for first, second in (("wired", "ai"), ("wireless", "ai")):
        page.goto(arrivals.question(database, first, second))
        choose(page, "direction", "same")
        saved(page, language)
    page.goto("/answer/groups/digital")
    look(page, "weights of a group")
    page.goto("/answer/finish")
    follow(page, "main form button")
    look(page, "receipt")
    page.goto("/sign-out")
    look(page, "sign out")
    page.goto("/invitation/unknown")
    look(page, "unknown link")

    page = arrive(visit, database, "BO", language=language)
    page.goto("/answer/points/digital")
    look(page, "points")
    page.locator("#points-wired").fill("100")
    page.locator("#points-wireless").fill("x")
    follow(page, page.locator(".actions .button").first)
    look(page, "no number")
    page.locator("#points-wireless").fill("0")
    page.locator("#points-ai").fill("0")
    follow(page, page.locator(".actions .button").first)
    look(page, "a zero")
    arrivals.close(database)
    follow(page, page.locator(".actions .button").first)
    look(page, "closed")
    page.goto("/answer/")
    look(page, "closed overview")

    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.usefixtures("sqlite_database")
def test_a_keyboard_is_enough(visit, database):
    page = arrive(visit, database, "ANN")
    page.goto(arrivals.question(database))
    page.locator("[name=direction]").first.focus()

    page.keyboard.press("Space")
    page.locator("[name=strength][value='3']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    saved(page, "en")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(arrivals.question(database, "wired", "ai")))
    assert [step for *_, step, _ in judgements(database)] == [4]
