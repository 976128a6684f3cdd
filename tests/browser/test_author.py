"""Author at a desk: from the sign-in link to a frozen weight set, and the stored rows."""

import io
import re
import zipfile
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.files.study_folder import study_files, zipped
from survey.files.weight_set import read_weight_set
from survey.models import Comparison, Invitation, Round, WeightSet
from survey.store.authors import ensure_author, issue_author_link
from survey.store.rounds import open_round
from survey.values import By
from survey.web.current import now
from tests.browser.steps import follow
from tests.machinery import accessibility
from tests.worlds import cast

pytestmark = pytest.mark.slow

DESK = 1280
NONE: list[str] = []
STUDY = "/author/studies/pilot"
PANEL = tuple(values.Expert(code, "digital", "en", values.PAIRWISE) for code in ("E1", "E2", "E3"))

WORDS = {
    "en": {
        "sign in": "Sign in",
        "who": "Who has answered",
        "close": "Close round 1",
        "for good": "Close round 1 for good",
        "see": "See the consensus",
        "agrees": "What the panel agrees on",
        "freeze": "Freeze the weight set",
        "json": "Download as JSON",
        "apply": "Apply to all invited experts",
        "store": "Check and save",
        "fault": "comparisons.csv",
    },
    "zh": {
        "sign in": "登录",
        "who": "谁已作答",
        "close": "结束第 1 轮",
        "for good": "永久结束第 1 轮",
        "see": "查看共识",
        "agrees": "专家组的共识",
        "freeze": "冻结权重集",
        "json": "下载 JSON",
        "apply": "用于所有受邀专家",
        "store": "检查并保存",
        "fault": "comparisons.csv",
    },
}


@pytest.fixture
def answered(database):
    """A study whose three experts have answered everything in a round that is open."""
    with database.writing() as session:
        round_ = cast.load(session, cast.study(panel=PANEL)).rounds[0]
        open_round(session, round_, By("author author", cast.NOON))
        steps = cycle((2, 0, -2, 4, 1))
        comparisons = session.scalars(select(Comparison).order_by(Comparison.position)).all()
        for invitation in session.scalars(select(Invitation)).all():
            for comparison in comparisons:
                save = Save(f"key-{comparison.id}", 0, cast.NOON)
                record_judgement(session, invitation, comparison, next(steps), "", save)


def sign_in(visit, database, language="en", **how) -> Page:
    """Sign in by a new sign-in link, in a wide window."""
    with database.writing() as session:
        link = issue_author_link(session, ensure_author(session, "author", now()), now())
    page = visit(f"/sign-in/{link}", width=DESK, language=language, **how)
    page.goto(f"{page.url}?language={language}")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/author/$"))
    return page


def press(page: Page, words: str) -> None:
    follow(page, page.locator("main").get_by_text(words, exact=True))


def pack(files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"pilot/{name}", content)
    return target.getvalue()


def states(database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Round.state).order_by(Round.number)))


@pytest.mark.usefixtures("answered")
def test_the_author_closes_the_round_and_freezes_the_consensus(
    visit, database, language, scripts, tmp_path
):
    words = WORDS[language]
    page = sign_in(visit, database, language, scripts=scripts)
    page.locator(".studies a").click()
    page.locator("nav a[href$='/rounds/1']").click()
    expect(page.locator("h1")).to_have_text(words["who"])

    press(page, words["close"])
    assert states(database) == ["open"]
    press(page, words["for good"])
    expect(page.locator("h1")).to_have_text(words["who"])
    assert states(database) == ["closed"]

    press(page, words["see"])
    expect(page.locator("h1")).to_have_text(words["agrees"])
    page.locator("[name=name]").fill("First")
    page.locator("[name=reason]").fill("Stopping rule met")
    press(page, words["freeze"])
    expect(page.locator("h1")).to_have_text("First")
    with page.expect_download() as download:
        page.locator("main").get_by_text(words["json"], exact=True).click()

    with database.reading() as session:
        row = session.scalars(select(WeightSet)).one()
    assert row.locked_at is not None
    content = download.value.path().read_bytes()
    assert content == row.document.encode()
    assert read_weight_set(content).panel.size == 3


@pytest.mark.usefixtures("sqlite_database", "answered")
def test_new_links_are_shown_once(visit, database):
    page = sign_in(visit, database)
    page.goto(f"{STUDY}/panel")
    press(page, WORDS["en"]["apply"])
    shown = page.locator("code.fresh").all_inner_texts()
    assert len(shown) == 3

    stranger = visit(shown[0])
    expect(stranger.locator("main form button")).to_be_visible()
    page.goto(f"{STUDY}/panel")

    assert shown[0].rsplit("/", 1)[-1] not in page.content()


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_with_faults_is_refused_and_the_mended_one_stored(
    visit, database, language, tmp_path
):
    page = sign_in(visit, database, language)
    faulty = study_files(cast.study(**cast.answers()))
    faulty["comparisons.csv"] = faulty["comparisons.csv"].replace(b"1/9", b"0")

    for content, name in ((pack(faulty), "faulty.zip"), (zipped(cast.study()), "pilot.zip")):
        (tmp_path / name).write_bytes(content)
        page.locator("[type=file]").set_input_files(tmp_path / name)
        press(page, WORDS[language]["store"])
        if name == "faulty.zip":
            expect(page.locator(".faults li")).to_have_count(1)
            expect(page.locator(".faults")).to_contain_text(WORDS[language]["fault"])
            assert accessibility.faults(page) == []

    expect(page).to_have_url(re.compile(r"/author/studies/pilot/$"))
    assert states(database) == ["draft"]


@pytest.mark.usefixtures("sqlite_database", "answered")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_console_is_accessible(visit, database, language):
    page = sign_in(visit, database, language)
    faults = {}

    def look(path: str, status: int = 200) -> None:
        response = page.goto(path)
        assert response is not None
        assert response.status == status, path
        faults[path, status] = accessibility.faults(page)

    for path in ("/panel", "/experts/E1", "/rounds/1", "/rounds/1/close"):
        look(f"{STUDY}{path}")
    look(f"{STUDY}/rounds/1/consensus", 409)
    page.goto(f"{STUDY}/panel")
    press(page, WORDS[language]["apply"])
    faults["new links", 200] = accessibility.faults(page)
    page.goto(f"{STUDY}/rounds/1/close")
    follow(page, "main form button")
    look(f"{STUDY}/rounds/1/consensus")
    page.locator("[name=reason]").fill("x")
    follow(page, "section.freeze button")
    look(f"{STUDY}/rounds")
    follow(page, "main form button")
    look(f"{STUDY}/rounds/2/open")

    assert faults == dict.fromkeys(faults, NONE)
    assert len(faults) == 9


#: The rows in which the text of two cells lies one over another.
COVERED = """
() => {
  const boxes = (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  };
  const meet = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return [...document.querySelectorAll(".grid-table tbody tr:not(.group)")]
    .filter((row) => {
      const seen = boxes(row.querySelector(".seen"));
      const others = [...row.children].filter((cell) => !cell.matches(".seen")).flatMap(boxes);
      return seen.some((box) => others.some((other) => meet(box, other)));
    })
    .map((row) => row.textContent.trim().slice(0, 40));
}
"""


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("language", ["ar", "en"])
def test_when_experts_were_seen_covers_nothing_on_a_phone(visit, database, language):
    """The longest: withdrew on a day, in the language of the longest names of languages."""
    with database.writing() as session:
        for invitation in session.scalars(select(Invitation)).all():
            invitation.withdrew_at = cast.NOON
            invitation.expert.name = "Professor Doctor Maximiliana"
    page = sign_in(visit, database, language)
    page.set_viewport_size({"width": 360, "height": 800})

    page.goto(f"{STUDY}/rounds/1")

    assert page.locator(".grid-table .seen").count() == 3
    assert page.evaluate(COVERED) == NONE
