"""Every page that answers GET, as each of its readers sees it in the demo.

axe finds nothing, nothing is wider than the window, nothing is asked of
another host, and the console stays empty: in both languages, on a phone and a
desk, by day or night. The pages come from the routes themselves, so that a
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
from survey.commands import demonstration
from survey.config import Settings
from survey.current import now
from survey.db import Database
from survey.locale import LANGUAGES
from survey.models import Comparison, Expert, Invitation, Round, Study
from survey.store.authors import issue_author_link
from survey.store.invitations import issue_personal_link
from survey.store.loading import load_criteria
from survey.store.storing import add_round
from tests.browser.steps import follow
from tests.machinery import accessibility

pytestmark = pytest.mark.slow

STUDY = demonstration.EXAMPLE.name

#: Whose pages a blueprint's are; what is not here is everybody's.
READERS = {
    "allocating": ("points expert",),
    "answering": ("guest", "points expert"),
    "authoring": ("author",),
    "consensus": ("author",),
    "editions": ("author",),
    "finishing": ("guest", "points expert"),
    "reconsidering": ("guest", "points expert"),
    "reviewing": ("guest", "points expert"),
    "translating": ("author",),
    "inviting": ("author",),
    "rankings": ("author",),
    "rounds": ("author",),
}

#: Looked at through the links themselves, or no page.
ELSEWHERE = {"static", "accounts.invitation", "accounts.ask_to_decline", "accounts.sign_in"}

#: Who hands out points is not asked to compare.
NOT_ASKED = {
    ("points expert", "answering.comparison"),
    ("points expert", "answering.questions"),
}


@pytest.fixture
def links(sqlite_database: Database) -> dict[str, str]:
    """The demo with a second guest, who hands out points; a way in for each reader."""
    demonstration.prepare(sqlite_database)
    with sqlite_database.writing() as session:
        study = session.scalars(select(Study)).one()
        second = Expert(
            study_id=study.id,
            code="G2",
            name="",
            direction="digital",
            language="zh",
            method="direct",
        )
        session.add(second)
        session.flush()
        criteria = load_criteria(session, study.framework_id)
        third_round = add_round(session, study, criteria, [second])
        third_round.state, third_round.opened_at = "open", now()
        session.flush()
        ways = {
            "everybody": "/",
            "author": f"/sign-in/{issue_author_link(session, study.author, now())}",
        }
        for reader, code in (("guest", demonstration.GUEST), ("points expert", "G2")):
            invitation = session.scalars(
                select(Invitation).join(Expert).where(Expert.code == code)
            ).one()
            ways[reader] = (
                f"/invitation/{issue_personal_link(session, invitation, 'command', now())}"
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
    """The address of every page that is this reader's."""
    with database.reading() as session:
        round_number = {"guest": 2, "points expert": 3}.get(reader, 1)
        round_ = session.scalars(select(Round).where(Round.number == round_number)).one()
        comparison = session.scalars(
            select(Comparison.id).where(Comparison.round_id == round_.id)
        ).first()
    values = {
        "comparison_id": comparison,
        "number": 1,
        "code": "digital" if reader in READERS["answering"] else STUDY,
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
        and (reader, rule.endpoint) not in NOT_ASKED
        and reader in READERS.get(rule.endpoint.partition(".")[0], ("everybody",))
    )


def enter(page: Page, reader: str) -> None:
    if reader != "everybody":
        follow(page, page.locator("main form button").first)


def open_page(page: Page, path: str) -> Response | None:
    """Go to a page; nowhere when the path answers with a file."""
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


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reader", ["everybody", "author", "guest", "points expert"])
def test_nothing_is_wrong_on_any_page(
    app: Flask,
    sqlite_database: Database,
    links: dict[str, str],
    visit,
    reader: str,
    language: str,
) -> None:
    page = visit(links[reader] + f"?language={language}", language=language)
    found = {links[reader]: accessibility.faults(page)}
    enter(page, reader)
    for path in paths(app, sqlite_database, reader):
        shown = open_page(page, path)
        if shown is None:
            continue
        # 409 is a page too: why a round cannot be opened, or begun, just now.
        assert shown.status in (200, 409), f"{path}: {shown.status}"
        assert page.locator("html").get_attribute("lang").startswith(language)
        found[path] = accessibility.faults(page)

    assert len(found) > 2
    assert {path: faults for path, faults in found.items() if faults} == {}
