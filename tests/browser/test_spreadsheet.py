"""Download, filling in and upload of an expert's questionnaire in Arabic."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from survey.db import Database
from tests.browser.steps import follow
from tests.clients import arrivals
from tests.clients.arrivals import judgements, rows
from tests.desk.files import XLSX, filled, judge, sides
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.languages("ar")]

WIRED, WIRELESS, AI = (name["ar"] for name in (cast.WIRED, cast.WIRELESS, cast.AI))
FAR, LITTLE = "أكبر بفارق هائل", "أكبر قليلًا"


@pytest.fixture
def page(visit, database: Database, language: str, scripts: bool) -> Page:
    """The spreadsheet page of Cy, who is asked in Arabic, on a phone."""
    with database.writing() as session:
        cast.load_open(session)
    page: Page = visit(
        f"/invitation/{arrivals.link(database, 'CY')}", language=language, scripts=scripts
    )
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/answer/$"))
    follow(page, page.get_by_text("الإجابة في جدول بيانات", exact=True))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    return page


def download(page: Page) -> bytes:
    with page.expect_download() as download:
        page.locator("a[href$='.xlsx']").click()
    assert download.value.suggested_filename == "pilot-CY.xlsx"
    return Path(download.value.path()).read_bytes()


def hand_in(page: Page, content: bytes) -> None:
    page.locator("[type=file]").set_input_files(
        FilePayload(name="filled.xlsx", mimeType=XLSX, buffer=content)
    )
    follow(page, page.get_by_role("button", name="رفع"))


def test_an_expert_fills_in_a_file_and_brings_it_back(page, database, language, scripts):
    first, second = (
        sides(database, "wired", other, "CY", language) for other in ("wireless", "ai")
    )
    empty, stored = download(page), rows(database, *arrivals.ANSWERS)
    expect(page.locator("[type=file]")).to_have_count(1)
    if scripts:
        assert accessibility.faults(page) == []

    hand_in(page, b"no workbook")
    expect(page.locator(".cell-faults li")).to_have_count(1)
    assert rows(database, *arrivals.ANSWERS) == stored

    wrong = filled(empty, ("الرقمية", first, [WIRED, LITTLE]), ("الرقمية", second, [AI, "?"]))
    hand_in(page, wrong)
    expect(page.locator("h1")).to_have_text("لم يُقرأ الملف")
    expect(page.locator(".where")).to_have_text(
        re.compile("«\u20681 الرقمية\u2069».*\u2068D6\u2069")
    )
    expect(page.locator(".cell-faults li")).to_contain_text("?")
    assert rows(database, *arrivals.ANSWERS) == stored
    if scripts:
        assert accessibility.faults(page) == []

    right = filled(
        empty, ("الرقمية", first, [WIRED, LITTLE, "سبب"]), ("الرقمية", second, [AI, FAR])
    )
    hand_in(page, right)
    expect(page.locator(".lead")).to_contain_text("إجابتان جديدتان")
    assert sorted(judgements(database)) == [
        ("wired", "ai", -8, ""),
        ("wired", "wireless", 2, "سبب"),
    ]

    stored = rows(database, *arrivals.ANSWERS)
    hand_in(page, right)
    expect(page.locator(".lead")).not_to_contain_text("إجابتان جديدتان")
    assert rows(database, *arrivals.ANSWERS) == stored


def test_a_file_that_is_older_than_an_answer_waits_for_a_decision(page, database, language):
    pair = sides(database, "wired", "wireless", "CY", language)
    content = filled(download(page), ("الرقمية", pair, [WIRED, LITTLE]))
    judge(database, -4, "elsewhere", 0, expert="CY")
    stored = rows(database, *arrivals.ANSWERS)

    hand_in(page, content)
    expect(page.locator(".differing > li")).to_have_count(1)
    assert rows(database, *arrivals.ANSWERS) == stored

    follow(page, page.locator("button[name=store][value=all]"))
    expect(page).to_have_url(re.compile("/answer/questionnaire$"))
    assert judgements(database) == [("wired", "wireless", 2, "")]
