"""Every route for every role: one table has the expected answers.

A route that is missing from the table fails. A refused reader learns nothing:
neither the answers nor the name of the expert they belong to.
"""

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.commands import demonstration
from survey.db import Database
from survey.experts.landing.operations import exchange_personal_link
from survey.models import Comparison, Round
from survey.sign_in.operations import exchange_author_link
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.invitations import issue_personal_link, revoke_personal_links
from survey.store.rounds import close_round
from survey.values import By
from survey.web.current import TOKEN, now
from tests.clients.applications import application
from tests.clients.pages import Page, PageClient
from tests.worlds import cast

ROLES = ("nobody", "expert", "stranger", "revoked", "author", "other author")

#: Texts that only the expert and the author may see.
CANARY = "a reason that nobody else may read"
MAY_SEE = {"expert", "author"}

EVERYBODY = (200,) * 6

#: (method, endpoint) -> the statuses that ROLES get, in their order.
EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "static"): EVERYBODY,
    ("GET", "rankings.rankings"): EVERYBODY,
    ("GET", "rankings.ranking"): EVERYBODY,
    ("GET", "rankings.bands"): EVERYBODY,
    ("GET", "rankings.weights"): EVERYBODY,
    ("GET", "rankings.document"): EVERYBODY,
    ("GET", "methods.methods"): EVERYBODY,
    ("GET", "methods.privacy"): EVERYBODY,
    ("GET", "seal.seal"): EVERYBODY,
    ("GET", "health.health"): EVERYBODY,
    # Any holder of a link may look at its page and exchange it.
    ("GET", "landing.invitation"): EVERYBODY,
    ("POST", "landing.begin"): (303,) * 6,
    ("GET", "decline.ask_to_decline"): (303,) * 6,  # the expert has begun
    ("POST", "decline.decline"): (303,) * 6,
    ("POST", "landing.ask_for_link"): (303,) * 6,
    ("GET", "landing.link_asked_for"): EVERYBODY,
    ("GET", "sign_in.sign_in"): EVERYBODY,
    ("POST", "sign_in.enter"): (303,) * 6,
    ("GET", "sign_in.leave"): EVERYBODY,
    ("POST", "sign_in.sign_out"): (303,) * 6,
    # The expert's own pages.
    ("GET", "pairs.overview"): (403, 200, 200, 403, 403, 403),
    ("GET", "pairs.comparison"): (403, 200, 404, 403, 403, 403),
    # No page sends an empty form: it is refused before the expert is looked up.
    ("POST", "pairs.judge"): (400,) * 6,
    ("GET", "own_weights.group"): (403, 200, 200, 403, 403, 403),
    ("POST", "own_weights.review"): (400,) * 6,
    # Asked for as a page, it is the group's page.
    ("GET", "own_weights.fit"): (302,) * 6,
    ("GET", "points.points"): (403, 404, 404, 403, 403, 403),
    ("POST", "points.allocate"): (403, 404, 404, 403, 403, 403),
    ("GET", "pairs.questions"): (403, 200, 200, 403, 403, 403),
    ("GET", "points.sorting"): (403, 404, 404, 403, 403, 403),
    ("POST", "points.sort"): (403, 404, 404, 403, 403, 403),
    ("GET", "points.ratings"): (403, 404, 404, 403, 403, 403),
    ("POST", "points.rate"): (403, 404, 404, 403, 403, 403),
    ("GET", "best_worst.extremes"): (403, 404, 404, 403, 403, 403),
    ("POST", "best_worst.choose"): (403, 404, 404, 403, 403, 403),
    ("GET", "best_worst.star"): (403, 404, 404, 403, 403, 403),
    ("POST", "best_worst.judge"): (403, 404, 404, 403, 403, 403),
    ("GET", "kinds.kinds"): (403, 302, 302, 403, 403, 403),
    ("POST", "kinds.choose"): (403, 404, 404, 403, 403, 403),
    ("GET", "pairs.cannot_judge"): (403, 200, 200, 403, 403, 403),
    ("POST", "pairs.abstain"): (400,) * 6,
    # A study's first round has nothing to show of a round before.
    ("GET", "feedback.panel"): (403, 404, 404, 403, 403, 403),
    ("POST", "feedback.decide"): (403, 404, 404, 403, 403, 403),
    ("GET", "feedback.again"): (403, 404, 404, 403, 403, 403),
    ("POST", "feedback.same_again"): (400,) * 6,
    ("GET", "own_weights.weights"): (403, 200, 200, 403, 403, 403),
    ("GET", "finish.finish"): (403, 200, 200, 403, 403, 403),
    ("POST", "finish.finished"): (403, 303, 303, 403, 403, 403),
    ("GET", "finish.receipt"): (403, 302, 302, 403, 403, 403),
    ("GET", "finish.withdraw"): (403, 200, 200, 403, 403, 403),
    ("POST", "finish.withdrawn"): (403, 303, 303, 403, 403, 403),
    ("GET", "devices.devices"): (403, 200, 200, 403, 403, 403),
    ("POST", "devices.close"): (403, 303, 404, 403, 403, 403),
    ("GET", "offline.questionnaire"): (403, 200, 200, 403, 403, 403),
    ("GET", "offline.workbook"): (403, 200, 200, 403, 403, 403),
    ("POST", "offline.upload"): (403, 422, 422, 403, 403, 403),
    ("GET", "offline.undecided"): (303,) * 6,
    ("POST", "offline.decided"): (403, 422, 422, 403, 403, 403),
    # The author's console: another author's study is not there.
    ("GET", "studies.studies"): (403, 403, 403, 403, 200, 200),
    ("POST", "studies.create"): (403, 403, 403, 403, 422, 422),
    ("GET", "studies.study"): (403, 403, 403, 403, 200, 404),
    ("POST", "studies.describe"): (403, 403, 403, 403, 303, 404),
    ("GET", "panel.panel"): (403, 403, 403, 403, 200, 404),
    ("POST", "panel.add"): (403, 403, 403, 403, 422, 404),
    # Asked for again, new links are not shown a second time: back to where they are issued.
    ("GET", "panel.links"): (303,) * 6,
    ("POST", "panel.change_links"): (403, 403, 403, 403, 200, 404),
    ("GET", "panel.expert"): (403, 403, 403, 403, 200, 404),
    ("GET", "panel.expert_links"): (303,) * 6,
    ("POST", "panel.change_expert_links"): (403, 403, 403, 403, 200, 404),
    ("POST", "panel.invite"): (403, 403, 403, 403, 303, 404),
    ("POST", "panel.close_device"): (403, 403, 403, 403, 303, 404),
    ("GET", "questionnaire.questionnaire"): (403, 403, 403, 403, 200, 404),
    ("GET", "questionnaire.workbook"): (403, 403, 403, 403, 200, 404),
    ("POST", "questionnaire.upload"): (403, 403, 403, 403, 422, 404),
    ("GET", "questionnaire.undecided"): (303,) * 6,
    ("POST", "questionnaire.decided"): (403, 403, 403, 403, 422, 404),
    ("GET", "scale.scale"): (403, 403, 403, 403, 200, 404),
    ("POST", "scale.word"): (403, 403, 403, 403, 422, 404),
    ("GET", "unit_words.unit"): (403, 403, 403, 403, 200, 404),
    ("POST", "unit_words.name"): (403, 403, 403, 403, 303, 404),
    ("GET", "rounds.new_round"): (403, 403, 403, 403, 409, 404),
    ("POST", "rounds.start"): (403, 403, 403, 403, 409, 404),
    ("POST", "rounds.prepare"): (403, 403, 403, 403, 303, 404),
    ("GET", "rounds.round_"): (403, 403, 403, 403, 200, 404),
    ("GET", "rounds.ask_to_open"): (403, 403, 403, 403, 409, 404),
    ("POST", "rounds.open_"): (403, 403, 403, 403, 409, 404),
    ("GET", "rounds.ask_to_close"): (403, 403, 403, 403, 200, 404),
    ("POST", "rounds.close"): (403, 403, 403, 403, 303, 404),
    # The page of one language has the reasons.
    ("GET", "reasons.reasons"): (403, 403, 403, 403, 302, 404),
    ("GET", "reasons.into"): (403, 403, 403, 403, 409, 404),
    ("POST", "reasons.translate"): (403, 403, 403, 403, 409, 404),
    ("GET", "consensus.consensus"): (403, 403, 403, 403, 200, 404),
    ("POST", "consensus.freeze"): (403, 403, 403, 403, 422, 404),
    ("GET", "consensus.weights"): (403, 403, 403, 403, 200, 404),
    ("GET", "consensus.weights_csv"): (403, 403, 403, 403, 200, 404),
    ("GET", "consensus.weights_json"): (403, 403, 403, 403, 200, 404),
    ("GET", "consensus.weights_xlsx"): (403, 403, 403, 403, 200, 404),
    ("GET", "consensus.folder"): (403, 403, 403, 403, 200, 404),
    ("GET", "cities.cities"): (403, 403, 403, 403, 200, 404),
    ("POST", "cities.check"): (403, 403, 403, 403, 422, 404),
    ("GET", "cities.loaded"): (303,) * 6,
    ("POST", "cities.load"): (403, 403, 403, 403, 422, 404),
    ("GET", "ranking.ranking"): (403, 403, 403, 403, 200, 404),
    ("GET", "ranking.scores_file"): (403, 403, 403, 403, 200, 404),
    ("GET", "ranking.bands_file"): (403, 403, 403, 403, 200, 404),
    ("GET", "ranking.workbook_file"): (403, 403, 403, 403, 200, 404),
    ("GET", "ranking.publication"): (403, 403, 403, 403, 200, 404),
    ("POST", "ranking.publish_it"): (403, 403, 403, 403, 409, 404),
}


@dataclass(frozen=True)
class World:
    """A study with an answer in it, another author's study, and a browser for each role."""

    #: Its place; in a test, the application on a copy of it.
    place: Any
    values: dict[str, object]
    sessions: dict[str, str | None]
    link: str

    def client(self, role: str) -> PageClient:
        client = self.place.test_client()
        assert isinstance(client, PageClient)
        if (token := self.sessions[role]) is not None:
            with client.session_transaction(base_url=SITE) as cookie:
                cookie[TOKEN] = token
        return client


SITE = "https://weights.example.org"

#: The ``code`` in the address of a blueprint's pages; for the others, a study under way.
CODES = {
    "points": "digital",
    "pairs": "digital",
    "consensus": demonstration.EXAMPLE.name,
    "best_worst": "digital",
    "cities": demonstration.EXAMPLE.name,
    "rankings": demonstration.EXAMPLE.name,
    "own_weights": "digital",
    "ranking": demonstration.EXAMPLE.name,
}


@pytest.fixture(scope="module")
def prepared(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world without its application, in a database that every test gets a copy of."""
    path = tmp_path_factory.mktemp("world") / "steelyard.sqlite3"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    demonstration.prepare(database)
    with database.writing() as session:
        cast.load_open(session, "pilot", DEFAULT_AUTHOR)
        cast.load_open(session, "elsewhere", "other author")
    with database.writing() as session:
        ann, asked = cast.invitation(session, "ANN", "pilot"), cast.comparison(session)
        record_judgement(session, ann, asked, 2, CANARY, Save("k" * 16, 0, now()))
        values = {"comparison_id": asked.id, "filename": "css/base.css", "number": 1}
        values |= {"expert_code": "ANN", "sign_in_id": 1, "into": "en"}
    entered: dict[str, str | None] = {"nobody": None}
    with database.writing() as session:
        link = issue_personal_link(session, cast.invitation(session, "ANN", "pilot"), By("", now()))
    with database.writing() as session:
        entered["expert"] = exchange_personal_link(session, link, "", now())
    for role, place in (("stranger", ("ANN", "elsewhere")), ("revoked", ("CY", "pilot"))):
        with database.writing() as session:
            entered[role] = _enter(session, cast.invitation(session, *place))
    for role, name in (("author", DEFAULT_AUTHOR), ("other author", "other author")):
        with database.writing() as session:
            entered[role] = _sign_in(session, name)
    with database.writing() as session:
        revoke_personal_links(
            session, cast.invitation(session, "CY", "pilot"), By("command", now())
        )
    database.close()
    return World(path, values, entered, link)


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> Iterator[World]:
    path = shutil.copy(prepared.place, tmp_path)
    app = application(f"sqlite:///{path}", tmp_path, SITE)
    yield replace(prepared, place=app)
    app.extensions["database"].close()


def _enter(session, invitation) -> str:
    link = issue_personal_link(session, invitation, By("command", now()))
    return exchange_personal_link(session, link, "", now())


def _sign_in(session, author: str) -> str:
    link = issue_author_link(session, ensure_author(session, author, now()), now())
    return exchange_author_link(session, link, "", now())


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def path_of(world: World, endpoint: str, sign_in: str) -> str:
    token = sign_in if endpoint in ("sign_in.sign_in", "sign_in.enter") else world.link
    code = CODES.get(endpoint.partition(".")[0], "pilot")
    values = {**world.values, "token": token, "code": code}
    rule = next(rule for rule in world.place.url_map.iter_rules() if rule.endpoint == endpoint)
    adapter = world.place.url_map.bind("")
    return adapter.build(endpoint, {name: values[name] for name in rule.arguments})


def ask(world: World, role: str, method: str, endpoint: str):
    """Return the answer to ``role`` for an empty, but properly sent, request."""
    client = world.client(role)
    with world.place.extensions["database"].writing() as session:
        sign_in = issue_author_link(session, ensure_author(session, "third", now()), now())
    path = path_of(world, endpoint, sign_in)
    if method == "GET":
        return client.get(path)
    page = Page(client.get(f"/sign-in/{sign_in}").get_data(as_text=True))
    return client.post(path, data={"csrf_token": page.csrf_token})


def body_of(response) -> bytes:
    """Return the content of an answer; of a workbook, its unpacked parts."""
    body: bytes = response.get_data()
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_every_route_is_in_the_table(world):
    assert routes(world.place) == set(EXPECTED)


@pytest.mark.parametrize(("method", "endpoint"), EXPECTED)
def test_every_visitor_gets_what_the_table_says(world, method, endpoint):
    got = {}
    for role in ROLES:
        response = ask(world, role, method, endpoint)
        got[role] = response.status_code
        if role not in MAY_SEE:
            assert CANARY.encode() not in body_of(response)

    assert got == dict(zip(ROLES, EXPECTED[method, endpoint], strict=True))


def test_a_round_that_closed_keeps_its_experts_out_of_its_questions(world):
    with world.place.extensions["database"].writing() as session:
        asked = session.get_one(Comparison, world.values["comparison_id"])
        close_round(session, session.get_one(Round, asked.round_id), By("command", now()))

    response = ask(world, "expert", "GET", "pairs.comparison")
    assert response.status_code in (302, 303)
