"""Every page that answers GET, as each of its readers sees it in the demo.

Nothing is wider than the window, nothing is asked of another host, and the console
stays empty: in every language once, on a phone, a tablet and a desk, by day and by
night. axe finds nothing in two of these looks, in all of them with
``--every-combination``. The pages come from the routes themselves, so that a
new page is looked at without being named here.
"""

from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, Response
from sqlalchemy import select

from survey import create_app
from survey.asking.best_worst import record_extremes
from survey.asking.saves import Save
from survey.commands import demonstration
from survey.db import Database
from survey.models import Comparison, Criterion, Expert, Invitation, Round, Study
from survey.store.authors import issue_author_link
from survey.store.drafts import add_round
from survey.store.frameworks import load_criteria
from survey.store.invitations import issue_personal_link
from survey.values import By
from survey.web.config import Settings
from survey.web.current import now
from survey.web.locale import LANGUAGES, Language
from tests.browser.steps import follow
from tests.machinery import accessibility

pytestmark = pytest.mark.slow

STUDY = demonstration.EXAMPLE.name

#: The reader of a blueprint's pages; pages of other blueprints are public.
READERS = {
    "points": ("points expert",),
    "points.ratings": ("rating expert",),
    "pairs": ("guest", "points expert"),
    "pairs.comparison": ("guest",),
    "pairs.questions": ("guest",),
    "pairs.overview": ("guest", "points expert", "rating expert"),
    "studies": ("author",),
    "kinds": ("best-worst expert",),
    "consensus": ("author",),
    "best_worst": ("best-worst expert",),
    "devices": ("guest",),
    "cities": ("author",),
    "finish": ("guest", "points expert"),
    "feedback": ("guest", "points expert"),
    "own_weights": ("guest", "points expert", "best-worst expert"),
    "reasons": ("author",),
    "unit_words": ("author",),
    "panel": ("author",),
    "offline": ("guest", "points expert"),
    "questionnaire": ("author",),
    "ranking": ("author",),
    "rounds": ("author",),
    "scale": ("author",),
}

#: Looked at through the links themselves, or no page.
ELSEWHERE = {"static", "landing.invitation", "decline.ask_to_decline", "sign_in.sign_in"}

#: The experts beside the guest, by code, and how each of them answers.
OTHERS = {
    "points expert": ("G2", "direct"),
    "best-worst expert": ("G3", "best-worst"),
    "rating expert": ("G4", "rating"),
}


@pytest.fixture
def links(sqlite_database: Database) -> dict[str, str]:
    """The demo with guests who do not answer in pairs; a way in for each reader."""
    demonstration.prepare(sqlite_database)
    with sqlite_database.writing() as session:
        study = session.scalars(select(Study)).one()
        guests = [
            Expert(
                study_id=study.id,
                code=code,
                name="",
                direction="digital",
                language="zh",
                kind=kind,
            )
            for code, kind in OTHERS.values()
        ]
        session.add_all(guests)
        session.flush()
        criteria = load_criteria(session, study.framework_id)
        third_round = add_round(session, study, criteria, guests)
        third_round.state, third_round.opened_at = "open", now()
        third_round.kinds = ["pairwise", "direct", "best-worst", "rating"]
        session.flush()
        ways = {
            "everybody": "/",
            "author": f"/sign-in/{issue_author_link(session, study.author, now())}",
        }
        codes = {"guest": demonstration.GUEST} | {name: code for name, (code, _) in OTHERS.items()}
        for reader, code in codes.items():
            invitation = session.scalars(
                select(Invitation).join(Expert).where(Expert.code == code)
            ).one()
            if invitation.kind == "best-worst":
                digital, wired, ai = (criteria[c].id for c in ("digital", "wired", "ai"))
                parent = session.get_one(Criterion, digital)
                record_extremes(session, invitation, parent, wired, ai, Save("k" * 16, 0, now()))
            ways[reader] = (
                f"/invitation/{issue_personal_link(session, invitation, By('command', now()))}"
            )
    return ways


@pytest.fixture
def app(sqlite_database: Database, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(
        Settings(tmp_path, "http://127.0.0.1", database_url, "a secret for tests " * 2)
    )
    yield app
    app.extensions["database"].close()


def paths(app: Flask, database: Database, reader: str) -> list[str]:
    """Return the address of every page of this reader."""
    with database.reading() as session:
        round_number = 2 if reader == "guest" else 3 if reader in OTHERS else 1
        round_ = session.scalars(select(Round).where(Round.number == round_number)).one()
        comparison = session.scalars(
            select(Comparison.id).where(Comparison.round_id == round_.id)
        ).first()
    values = {
        "comparison_id": comparison,
        "number": 1,
        "code": "digital" if reader == "guest" or reader in OTHERS else STUDY,
        "expert_code": "E01",
        "into": "zh",
        "filename": "",
    }
    adapter = app.url_map.bind("")
    return sorted(
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint not in ELSEWHERE
        and reader in readers_of(rule.endpoint)
    )


def readers_of(endpoint: str) -> tuple[str, ...]:
    everybody = READERS.get(endpoint.partition(".")[0], ("everybody",))
    return READERS.get(endpoint, everybody)


def enter(page: Page, reader: str) -> None:
    if reader != "everybody":
        follow(page, page.locator("main form button").first)


def open_page(page: Page, path: str) -> Response | None:
    """Open a page; do nothing if the path answers with a file."""
    try:
        shown = page.goto(path)
    except Error as fault:
        if "Download is starting" not in fault.message:
            raise
        return None
    assert shown is not None
    return shown if shown.headers["content-type"].startswith("text/html") else None


def test_every_pair_of_language_width_and_scheme_is_examined() -> None:
    factors = ([one.tag for one in LANGUAGES], accessibility.WIDTHS, accessibility.SCHEMES)
    seen = [(tag, *look) for tag in factors[0] for look in accessibility.looks(tag)]

    for a, b in combinations(range(len(factors)), 2):
        assert {(one[a], one[b]) for one in seen} == set(product(factors[a], factors[b]))


def test_six_languages_see_a_page_in_every_width_and_scheme() -> None:
    for page in range(6):
        seen = {accessibility.look(place + page) for place in range(6)}
        assert seen == set(product(accessibility.WIDTHS, accessibility.SCHEMES))


def test_axe_sees_a_page_on_a_phone_and_a_desk_by_day_and_by_night() -> None:
    for page in range(6):
        turns = [turn for turn in range(page, page + 6) if accessibility.is_examined(turn, page)]
        looks = {accessibility.look(turn) for turn in turns}
        assert looks in ({(360, "dark"), (1280, "light")}, {(360, "light"), (1280, "dark")})


#: Three languages at a time; all six together see each page in each look.
PARTS = {"the first three": LANGUAGES[:3], "the other three": LANGUAGES[3:]}
ASKED = ("everybody", "author", "guest", "points expert", "best-worst expert", "rating expert")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("reader", ASKED)
def test_nothing_is_wrong_on_any_page(
    app: Flask,
    sqlite_database: Database,
    links: dict[str, str],
    visit,
    reader: str,
    part: str,
) -> None:
    page = visit(links[reader])
    found: dict[str, list[str]] = {}

    def examine(path: str, language: Language, number: int) -> None:
        assert page.locator("html").get_attribute("lang") == language.tag
        turn = LANGUAGES.index(language) + number
        examined = accessibility.is_examined(turn, number)
        measure = accessibility.faults if examined else accessibility.overhang
        found[f"{path} {language.code}"] = measure(page, accessibility.look(turn))

    for language in PARTS[part]:
        page.goto(f"{links[reader]}?language={language.code}")
        examine(links[reader], language, 0)
    enter(page, reader)
    for language in PARTS[part]:
        page.goto(f"/methods?language={language.code}")
        for number, path in enumerate(paths(app, sqlite_database, reader), 1):
            shown = open_page(page, path)
            if shown is None:
                continue
            # 409 is a page too: why a round cannot be opened, or begun, just now.
            assert shown.status in (200, 409), f"{path}: {shown.status}"
            examine(path, language, number)

    assert len(found) > 6
    assert {page: faults for page, faults in found.items() if faults} == {}
