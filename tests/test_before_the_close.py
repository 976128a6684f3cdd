"""The column "before the close" of the table of routes: what an author gets while a round is open.

Every route of the console is asked by the author of a study whose experts are answering. Their
answers appear nowhere, and the author gets the same for any answers.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.asking.questions import load_questionnaire
from survey.db import Database
from survey.files.study_folder import zipped
from survey.models import SignIn
from survey.store.authors import DEFAULT_AUTHOR
from tests.clients.applications import application
from tests.clients.pages import PageClient
from tests.desk.files import download
from tests.desk.files import filled as filled_in
from tests.test_authorisation import SITE, World, _enter, _sign_in, body_of, routes
from tests.test_authorisation_kinds import LEVELS, Case, author, checking, filled, handed_in
from tests.worlds import cast, watched

Content = Callable[[PageClient], bytes]

PANEL, PAT = "/author/studies/watched/panel", "/author/studies/watched/experts/PAT"
ON_SHEETS = (watched.PAIRWISE, watched.POINTS, watched.RATING)
WORDS = {"base_en": "0"} | {f"word_en_{ratio}": f"word {ratio}" for ratio in range(2, 10)}
NEW = Case("author", "/author/", file=("study", lambda _: zipped(cast.study("fresh"))))
OPEN = "watched/rounds/2"
SHEET = "watched/experts/{}/questionnaire"

#: The status of each GET, of each expert and each round or weight set, 1 and 2: first in the study
#: whose second round is open, then in that whose first is.
PAGES: dict[str, list[int]] = {
    "studies.studies": [200],
    "studies.study": [200, 200],
    "consensus.consensus": [200, 409, 409, 404],
    "consensus.folder": [200, 200],
    "consensus.weights": [200, 404, 404, 404],
    "consensus.weights_csv": [200, 404, 404, 404],
    "consensus.weights_json": [200, 404, 404, 404],
    "consensus.weights_xlsx": [200, 404, 404, 404],
    "cities.cities": [200, 200],
    "cities.loaded": [303, 303],
    "panel.expert": [200, 200, 200, 200] * 2,
    "panel.expert_links": [303, 303, 303, 303] * 2,
    "panel.links": [303, 303],
    "panel.panel": [200, 200],
    "questionnaire.questionnaire": [200, 200, 200, 200] * 2,
    "questionnaire.undecided": [303, 303, 303, 303] * 2,
    "questionnaire.workbook": [200, 200, 200, 302] * 2,
    "ranking.bands_file": [200, 200],
    "ranking.publication": [200, 200],
    "ranking.ranking": [200, 200],
    "ranking.scores_file": [200, 200],
    "ranking.workbook_file": [200, 200],
    "rounds.ask_to_close": [409, 200, 200, 404],
    "rounds.ask_to_open": [409, 409, 409, 404],
    "rounds.new_round": [409, 409],
    "rounds.round_": [200, 200, 200, 404],
    "scale.scale": [200, 200],
    "reasons.into": [200, 409, 409, 404],
    "reasons.reasons": [302, 302, 302, 302],
    "unit_words.unit": [200, 200],
}


def saying(expert: str) -> Content:
    """Return a file by the author for an expert who has answered already."""

    def content(client: PageClient) -> bytes:
        empty = download(client, f"/author/studies/{SHEET.format(expert)}")
        if expert == watched.PAIRWISE:
            database = client.application.extensions["database"]
            return filled_in(empty, ("Digital", pair_of(database, expert), ["Wired network", "5"]))
        return filled_in(empty, ("Digital", ["Wired network"], [7.5]))

    return content


def handing(expert: str, status: int = 409, content: Content | None = None, seen: str = "") -> Case:
    file = ("questionnaire", content or saying(expert))
    return author(SHEET.format(expert), status, file=file, seen=seen)


def deciding(expert: str) -> Case:
    """Choose between the file and the stored answers, which the author does not see."""
    address = f"/author/studies/{SHEET.format(expert)}"
    return author(
        f"{SHEET.format(expert)}/decide",
        led=lambda _, client: handed_in(client, address, ("questionnaire", saying(expert)), 409),
        fields={"store": "others"},
    )


def pair_of(database: Database, expert: str) -> list[str]:
    """Return wired and wireless as the expert's sheet shows them."""
    with database.reading() as session:
        asked = load_questionnaire(session, watched.invitation(session, expert), blank=True)
        question = next(q for q in asked.questions if {q.first, q.second} == {"wired", "wireless"})
        return [asked.names(code)["en"] for _side, code in question.shown]


#: POST routes with their forms filled in, in the order they are sent; the last one ends the round.
FORMS: tuple[tuple[str, Case], ...] = (
    ("studies.create", NEW),
    ("studies.describe", author("watched/")),
    (
        "panel.add",
        author(
            "watched/panel",
            fields={"code": "NEW", "name": "", "direction": "civic", "language": "en"}
            | {"kind": "pairwise"},
        ),
    ),
    ("panel.change_links", author("watched/panel/links", 200, seen=PANEL)),
    ("panel.change_expert_links", author("watched/experts/PAT/links", 200, seen=PAT)),
    ("panel.invite", author("watched/experts/PAT/invitation", seen=PAT)),
    ("panel.close_device", author("watched/experts/PAT/devices/{sign_in_id}", seen=PAT)),
    *(("questionnaire.upload", handing(expert)) for expert in ON_SHEETS),
    # A best-worst expert answers on pages only.
    ("questionnaire.upload", handing(watched.BEST_WORST, 409, saying(watched.PAIRWISE), PANEL)),
    ("questionnaire.upload", handing(watched.PAIRWISE, 422, lambda _: b"no workbook")),
    *(("questionnaire.decided", deciding(expert)) for expert in ON_SHEETS),
    ("scale.word", author("watched/scale", 409, seen=PANEL, fields=WORDS)),
    ("unit_words.name", author("watched/unit")),
    ("rounds.start", author("watched/rounds", 409, seen=PANEL)),
    ("rounds.prepare", author(OPEN)),
    ("rounds.open_", author(f"{OPEN}/open", 409, seen=PANEL)),
    ("reasons.translate", author(f"{OPEN}/reasons/en", 409, seen=PANEL)),
    ("consensus.freeze", author(f"{OPEN}/consensus", 409, seen=PANEL)),
    ("cities.check", author("watched/cities", 200, file=("levels", lambda _: LEVELS))),
    ("cities.load", author("watched/cities/load", led=checking(watched.CODE))),
    ("ranking.publish_it", author("watched/publish")),
    ("rounds.close", author(f"{OPEN}/close")),
)


def world_of(database: Database, url: str, folder: Path) -> World:
    """Store the study with its second round open and not answered; sign the author in."""
    sessions: dict[str, str | None] = {}
    with database.writing() as session:
        watched.prepare(session)
    with database.writing() as session:
        sessions["expert"] = _enter(session, watched.invitation(session, watched.PAIRWISE))
        found: dict[str, object] = {"sign_in_id": session.scalars(select(SignIn.id)).one()}
    with database.writing() as session:
        sessions["author"] = _sign_in(session, DEFAULT_AUTHOR)
    return World(application(url, folder, SITE), found, sessions, "")


def addresses(world: World, endpoint: str) -> Iterator[str]:
    rule = next(
        rule
        for rule in world.place.url_map.iter_rules()
        if rule.endpoint == endpoint and "GET" in (rule.methods or ())
    )
    choices: dict[str, tuple[object, ...]] = {
        "code": tuple(watched.OPEN),
        "expert_code": watched.EXPERTS,
        "number": (1, 2),
        "into": ("en",),
    }
    adapter = world.place.url_map.bind("")
    names = sorted(rule.arguments)
    for chosen in product(*(choices[name] for name in names)):
        yield adapter.build(endpoint, dict(zip(names, chosen, strict=True)))


def everything(world: World) -> Iterator[tuple[str, str, TestResponse]]:
    """Yield all answers to the author: (endpoint, address, answer)."""
    client = world.client("author")
    for endpoint in PAGES:
        for path in addresses(world, endpoint):
            yield endpoint, path, client.get(path)
    for endpoint, case in FORMS:
        path = case.path.format(**world.values)
        page = case.led(world, client) if case.led else client.page(case.seen or path)
        answer = client.post(path, data=filled(world, case, page, client))
        assert answer.status_code == case.status, path
        yield endpoint, path, answer
        if answer.status_code == 303 and (endpoint, case) != FORMS[-1]:
            onward = answer.headers["Location"]
            yield f"{endpoint}, then", onward, client.get(onward)


#: Texts that appear only with an expert's answer: reasons, points, ratings.
CANARY = re.compile(
    r"CANARY|(?<![\d.,])(61[.,]37|21[.,]41|17[.,]22|9[.,]13|3[.,]71|2[.,]29"
    r"|13[.,]57|42[.,]83|1[.,]67|8[.,]53|7[.,]91|6[.,]83|4[.,]37)(?!\d)"
)

#: Texts that differ between requests or days, with the same answers.
PASSING = re.compile(
    r"[0-9a-f]{12,}|[\w-]{32,}|\d{1,2}:\d\d(:\d\d)?|\d{4}-\d\d-\d\d|\d{1,2} \w+ \d{4}"
)
SIGNED = re.compile(r"\.?[\w-]{8,}\.[\w-]{6}\.[\w-]{27}")


def shown(answer: TestResponse) -> str:
    """Return the content of an answer, with that of its signed fields."""
    head = [str(answer.status_code), answer.headers.get("Location", "")]
    body = "\n".join([*head, body_of(answer).decode("utf-8", "replace")])
    return SIGNED.sub(lambda token: opened(token[0]), body)


def opened(token: str) -> str:
    """Return the content of a signed field: it is signed, not hidden."""
    _, content = URLSafeTimedSerializer("").loads_unsafe(token)
    return token if content is None else repr(content)


def heard(world: World, said: watched.Said) -> list[tuple[str, str, str]]:
    """Return all answers to the author for these answers of experts: (endpoint, address, text).

    Each text is free of canaries, and as it lasts.
    """
    database = world.place.extensions["database"]
    watched.answer(database, said)
    texts = [(name, path, shown(answer)) for name, path, answer in everything(world)]
    database.close()
    assert {(name, path) for name, path, text in texts if CANARY.search(text)} == set()
    return [(name, path, PASSING.sub("#", text)) for name, path, text in texts]


def statuses(texts: list[tuple[str, str, str]]) -> dict[str, list[int]]:
    return {
        page: [int(text.partition("\n")[0]) for name, _, text in texts if name == page]
        for page in PAGES
    }


def test_every_route_of_the_console_is_in_the_table(migrated_file, tmp_path):
    app = application(f"sqlite:///{migrated_file}", tmp_path, SITE)
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    console = {(method, name) for method, name in routes(app) if rules[name].startswith("/author")}
    app.extensions["database"].close()

    listed = {("GET", name) for name in PAGES} | {("POST", name) for name, _ in FORMS}
    assert console == listed


def test_what_the_author_gets_is_the_same_whatever_the_experts_said(
    migrated_file, tmp_path, monkeypatch
):
    # The salt of a checksum is drawn at random, and would differ whatever they said.
    monkeypatch.setattr("survey.authors.consensus.operations.token_hex", lambda size: "5a" * size)
    one, other = (
        heard(stored(migrated_file, tmp_path / name), said)
        for name, said in (("one", watched.ONE), ("other", watched.OTHER))
    )

    assert statuses(one) == PAGES
    assert [a[:2] for a, b in zip(one, other, strict=True) if a != b] == []


def test_nothing_that_the_experts_said_is_heard_on_postgresql(
    postgresql_database, database_url, tmp_path
):
    world = world_of(postgresql_database, database_url, tmp_path)

    assert statuses(heard(world, watched.ONE)) == PAGES


def stored(migrated_file: Path, folder: Path) -> World:
    folder.mkdir()
    path = shutil.copy(migrated_file, folder / "steelyard.sqlite3")
    database = Database(f"sqlite:///{path}")
    try:
        return world_of(database, f"sqlite:///{path}", folder)
    finally:
        database.close()
