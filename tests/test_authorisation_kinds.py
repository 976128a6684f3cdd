"""Every kind of expert and round: each route that needs one succeeds only for that kind.

The table of `test_authorisation.py` sends empty forms as one kind of expert. Here each form is
filled in, and sent by every role: one succeeds, the others are refused and change nothing.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.asking.best_worst import record_extremes
from survey.asking.pairs import record_judgement
from survey.asking.questions import find_parent
from survey.asking.saves import Save
from survey.db import Database
from survey.experts.finish.operations import finish
from survey.files.study_folder import zipped
from survey.models import Comparison, Judgement, Round, Study
from survey.store.authors import DEFAULT_AUTHOR, ensure_author, issue_author_link
from survey.store.rounds import open_round
from survey.values import By
from survey.web.current import now
from tests.clients import arrivals
from tests.clients.applications import application
from tests.clients.pages import Page, PageClient, page_of
from tests.desk.files import download, judge, sides
from tests.desk.files import filled as filled_in
from tests.experts.points.test_sorting import FRAMEWORK as LONG
from tests.test_authorisation import EXPECTED, SITE, World, _enter, _sign_in, body_of
from tests.worlds import cast, further, rankable, watched

CANARY = "CANARY of an expert"
PANEL = (
    values.Expert("PAT", "digital", "en", values.PAIRWISE),
    values.Expert("PAL", "digital", "en", values.PAIRWISE),
    values.Expert("POI", "civic", "en", values.DIRECT),
    values.Expert("RAT", "civic", "en", values.RATING),
    values.Expert("WOR", "digital", "en", values.BEST_WORST),
    values.Expert("WES", "digital", "en", values.BEST_WORST),
)
AIMED: further.Asked = {"ANN": {("digital", "wired", "ai"): "far"}}
PICKED: further.Asked = {code: {("digital",): "far"} for code in ("RAT", "WOR")}

#: Experts of the author's studies, in a first round, a further one and a targeted one.
EXPERTS = {code: ("kinds", code, 1) for code in ("PAT", "PAL", "POI", "RAT", "WOR", "WES")} | {
    "further": ("again", "ANN", 2),
    "targeted": ("aimed", "ANN", 2),
    "sorting": ("long", "BO", 1),
    "further ratings": ("rated", "RAT", 2),
    "further best-worst": ("rated", "WOR", 2),
    "targeted ratings": ("picked", "RAT", 2),
    "targeted best-worst": ("picked", "WOR", 2),
}
OTHER_RATINGS = {"rating-wired": "10", "rating-wireless": "9", "rating-ai": "7", "go": "on"}
OTHER_ENDS = {"best": "ai", "worst": "wired"}
JUDGEMENT = {"direction": "first", "strength": "3"}
DECISION = {"decision-wired": "keep"}
OUTSIDE = ("nobody", "stranger", "author", "other author")

Fields = dict[str, str]
Files = dict[str, object]
File = tuple[str, Callable[[PageClient], bytes]]
ENDINGS = {"study": "zip", "questionnaire": "xlsx", "levels": "csv"}
LEVELS = b"city,wired,wireless,ai,water,health\ndoha,1,3,0,2,1\ntunis,0,1,4,1,0\n"


@dataclass(frozen=True)
class Case:
    """A request that succeeds for one role; its form is that of the page it is seen on."""

    role: str
    path: str
    status: int = 303
    seen: str = ""
    fields: Fields = field(default_factory=dict)
    headers: Fields = field(default_factory=dict)
    file: File | None = None
    #: If the form is on the answer to another form: the request for that page.
    led: "Callable[[World, PageClient], Page] | None" = None
    #: Who else may do the same, for themselves.
    also: tuple[str, ...] = ()
    stores: bool = True


def author(path: str, status: int = 303, **more: Any) -> Case:
    return Case("author", f"/author/studies/{path}", status, **more)


PATS = "/author/studies/kinds/experts/PAT/questionnaire"


def sheet(client: PageClient) -> bytes:
    return download(client, PATS)


def differing(address: str) -> Callable[[World, PageClient], Page]:
    """Upload a file at this address that differs from Pat's newer answer."""

    def differ(world: World, client: PageClient) -> Page:
        database = world.place.extensions["database"]
        pair = sides(database, "wired", "wireless", "PAT", study="kinds")
        content = filled_in(download(client, address), ("Digital", pair, ["Wired network", "5"]))
        judge(database, -4, "p", 0, expert="PAT", study="kinds")
        return handed_in(client, address, ("questionnaire", lambda _: content), 409)

    return differ


def checking(study: str) -> Callable[[World, PageClient], Page]:
    """Upload levels; return the answer, with the form that loads them."""
    address = f"/author/studies/{study}/cities"
    return lambda _, client: handed_in(client, address, ("levels", lambda _: LEVELS), 200)


def handed_in(client: PageClient, address: str, file: File, status: int) -> Page:
    token = {"csrf_token": client.page(address).csrf_token}
    answer = client.post(address, data=token | uploaded(file, client))
    assert answer.status_code == status
    return page_of(answer)


CASES: dict[tuple[str, str], Case] = {
    ("POST", "pairs.judge"): Case("PAT", "/answer/comparisons/{pair}", fields=JUDGEMENT),
    ("POST", "pairs.abstain"): Case("PAT", "/answer/groups/civic/cannot-judge"),
    ("GET", "kinds.kinds"): Case("PAT", "/answer/another-way", 200),
    ("POST", "kinds.choose"): Case("PAT", "/answer/another-way", fields={"kind": "direct"}),
    ("POST", "own_weights.review"): Case(
        "PAL", "/answer/groups/digital", fields={"verdict": "looks-right"}
    ),
    ("GET", "own_weights.fit"): Case(
        "PAL", "/answer/groups/digital/fit", 200, headers={"HX-Request": "true"}
    ),
    ("GET", "finish.receipt"): Case("PAL", "/answer/receipt", 200),
    ("POST", "offline.upload"): Case(
        "PAT",
        "/answer/questionnaire",
        file=("questionnaire", lambda client: client.get("/answer/questionnaire.xlsx").data),
    ),
    ("GET", "points.points"): Case("POI", "/answer/points/digital", 200),
    ("POST", "points.allocate"): Case(
        "POI",
        "/answer/points/digital",
        fields={"points-wired": "60", "points-wireless": "25", "points-ai": "15", "go": "on"},
    ),
    ("GET", "points.ratings"): Case("RAT", "/answer/ratings/digital", 200),
    ("POST", "points.rate"): Case(
        "RAT",
        "/answer/ratings/digital",
        fields=OTHER_RATINGS,
    ),
    ("GET", "best_worst.extremes"): Case("WOR", "/answer/extremes/digital", 200),
    ("POST", "best_worst.choose"): Case(
        "WOR", "/answer/extremes/digital", fields={"best": "wired", "worst": "ai"}
    ),
    ("GET", "best_worst.star"): Case("WES", "/answer/star/digital", 200),
    ("POST", "best_worst.judge"): Case(
        "WES",
        "/answer/star/digital",
        fields={"pair-{pair}": "3", "pair-{second}": "7", "pair-{third}": "2", "go": "on"},
    ),
    ("GET", "feedback.panel"): Case("further", "/answer/panel", 200),
    ("POST", "feedback.decide"): Case(
        "further", "/answer/panel", fields={"decision-wired": "keep"}
    ),
    ("GET", "feedback.again"): Case("further", "/answer/again", 200),
    ("POST", "feedback.same_again"): Case("further", "/answer/again"),
    ("GET", "pairs.comparison"): Case("targeted", "/answer/comparisons/{aimed}", 200),
    ("POST", "studies.create"): Case(
        "author",
        "/author/",
        file=("study", lambda client: zipped(cast.study("fresh"))),
        also=("other author",),
    ),
    ("POST", "panel.add"): author(
        "draft/panel",
        fields={"code": "NEW", "name": "", "direction": "civic", "language": "en"}
        | {"kind": "pairwise"},
    ),
    ("GET", "rounds.new_round"): author("over/rounds", 200),
    ("POST", "rounds.start"): author(
        "over/rounds", fields={"experts": "ANN", "asks": "everything"}
    ),
    ("GET", "rounds.ask_to_open"): author("draft/rounds/1/open", 200),
    ("POST", "rounds.open_"): author("draft/rounds/1/open"),
    ("GET", "reasons.into"): author("over/rounds/1/reasons/en", 200),
    ("POST", "reasons.translate"): author(
        "over/rounds/1/reasons/en", fields={"text-judgement-{reason}": "In English."}
    ),
    ("POST", "consensus.freeze"): author(
        "over/rounds/1/consensus", fields={"name": "first", "reason": "enough"}
    ),
    ("POST", "questionnaire.upload"): author(
        "kinds/experts/PAT/questionnaire", file=("questionnaire", sheet)
    ),
    ("GET", "points.sorting"): Case("sorting", "/answer/points/many/sorting", 200),
    ("POST", "points.sort"): Case(
        "sorting", "/answer/points/many/sorting", fields={"bucket-a": "low", "go": "on"}
    ),
    ("POST", "offline.decided"): Case(
        "PAT",
        "/answer/questionnaire/decide",
        led=differing("/answer/questionnaire"),
        fields={"store": "all"},
    ),
    ("POST", "questionnaire.decided"): author(
        "kinds/experts/PAT/questionnaire/decide", led=differing(PATS), fields={"store": "all"}
    ),
    ("POST", "scale.word"): author("draft/scale", fields={"word_en_3": "somewhat more"}),
    ("POST", "cities.check"): author(
        "draft/cities", 200, file=("levels", lambda client: LEVELS), stores=False
    ),
    ("POST", "cities.load"): author("draft/cities/load", led=checking("draft")),
    ("POST", "ranking.publish_it"): author("adopted/publish"),
    ("GET", "reasons.reasons"): author("over/rounds/1/reasons", 302),
}


#: Experts who rate or name a best and a worst, asked again: everything, or what is far off.
AGAIN: tuple[tuple[tuple[str, str], Case], ...] = (
    (
        ("POST", "points.rate"),
        Case("further ratings", "/answer/ratings/digital", fields=OTHER_RATINGS),
    ),
    (
        ("POST", "points.rate"),
        Case("targeted ratings", "/answer/ratings/digital", fields=OTHER_RATINGS),
    ),
    (("POST", "feedback.decide"), Case("further ratings", "/answer/panel", fields=DECISION)),
    (
        ("POST", "feedback.decide"),
        Case("further best-worst", "/answer/panel", fields=DECISION),
    ),
    (("POST", "feedback.same_again"), Case("further best-worst", "/answer/again")),
    (
        ("POST", "best_worst.choose"),
        Case("further best-worst", "/answer/extremes/digital", fields=OTHER_ENDS),
    ),
    (
        ("POST", "best_worst.choose"),
        Case("targeted best-worst", "/answer/extremes/digital", fields=OTHER_ENDS),
    ),
)
ROWS = [*CASES.items(), *AGAIN]


def load_studies(session: Session) -> None:
    """Store a study for each kind of round, and one of another author."""
    kinds = cast.load(session, cast.study("kinds", panel=PANEL)).rounds[0]
    kinds.kinds = list(values.KINDS)
    session.flush()
    open_round(session, kinds, By("author author", now()))
    further.ask_again(session, further.load(session, further.study("again")))
    further.ask_some_again(session, further.load(session, further.study("aimed")), AIMED)
    further.ask_again(session, cast.load(session, watched.study("rated")))
    further.ask_some_again(session, cast.load(session, watched.study("picked")), PICKED)
    cast.load(session, cast.study("draft"))
    further.load(session, further.study("over"))
    rankable.freeze(session, further.load(session, further.study("adopted")))
    long = cast.load(session, cast.study("long", framework=LONG, units=(), tables=()))
    open_round(session, long.rounds[0], By("author author", now()))
    cast.load_open(session, "elsewhere", "other author")


def ids(session: Session) -> dict[str, int]:
    """Return the ids in the addresses of CASES for comparisons and a reason."""
    pairs = {"pair": ("wired", "wireless"), "second": ("wired", "ai"), "third": ("wireless", "ai")}
    found = {
        name: cast.comparison(session, *pair, study_code="kinds").id for name, pair in pairs.items()
    }
    aimed = further.invitation(session, "ANN", 2, "aimed").round_id
    found["aimed"] = watched.comparisons(session, aimed)["wired", "ai"].id
    found["reason"] = session.scalars(
        select(Judgement.id)
        .join(Round, Round.id == Judgement.round_id)
        .join(Study, Study.id == Round.study_id)
        .where(Study.code == "over", Judgement.reason == further.REASONS["ANN", 0])
    ).one()
    return found


def answer(session: Session, asked: list[Comparison]) -> None:
    """Let Pal finish, and Wes name a best and a worst."""
    pal, wes = (further.invitation(session, code, 1, "kinds") for code in ("PAL", "WES"))
    for number, comparison in enumerate(asked):
        save = Save(f"k{number}" * 8, 0, now())
        record_judgement(session, pal, comparison, 2 + number, CANARY, save)
    finish(session, pal, (), now())
    digital = find_parent(session, wes, "digital")
    assert digital is not None
    ends = asked[1].first_id, asked[1].second_id
    record_extremes(session, wes, digital, *ends, Save("w" * 16, 0, now()))


@pytest.fixture(scope="module")
def prepared(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    path = tmp_path_factory.mktemp("kinds") / "steelyard.sqlite3"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        load_studies(session)
        found = ids(session)
        names = ("pair", "second", "third")
        answer(session, [session.get_one(Comparison, found[name]) for name in names])
    places = {**EXPERTS, "stranger": ("elsewhere", "ANN", 1)}
    sessions: dict[str, str | None] = {"nobody": None}
    for role, (study, code, number) in places.items():
        with database.writing() as session:
            sessions[role] = _enter(session, further.invitation(session, code, number, study))
    for role, name in (("author", DEFAULT_AUTHOR), ("other author", "other author")):
        with database.writing() as session:
            sessions[role] = _sign_in(session, name)
    database.close()
    return World(path, dict(found), sessions, "")


@pytest.fixture
def world(prepared: World, tmp_path: Path) -> Iterator[World]:
    path = shutil.copy(prepared.place, tmp_path)
    app = application(f"sqlite:///{path}", tmp_path, SITE)
    yield replace(prepared, place=app)
    app.extensions["database"].close()


def filled(world: World, case: Case, page: Page, client: PageClient) -> dict[str, object]:
    """Return the fields of the page's form, filled in."""
    data: dict[str, object] = {
        **arrivals.hidden(page),
        **arrivals.chosen(page),
        **{name.format(**world.values): said for name, said in case.fields.items()},
    }
    return data | (uploaded(case.file, client) if case.file else {})


def uploaded(file: File, client: PageClient) -> Files:
    """Return the field of a file with its content, and a name with its ending."""
    name, content = file
    return {name: (io.BytesIO(content(client)), f"file.{ENDINGS[name]}")}


def token_of(world: World, client: PageClient) -> str:
    """Return a token that protects forms, for a client that sees none."""
    with world.place.extensions["database"].writing() as session:
        link = issue_author_link(session, ensure_author(session, "third", now()), now())
    return Page(client.get(f"/sign-in/{link}").get_data(as_text=True)).csrf_token


def stored(world: World) -> dict[str, list[tuple[object, ...]]]:
    tables = [name for name in arrivals.EVERYTHING if name not in ("author", "author_link")]
    found = arrivals.rows(world.place.extensions["database"], *tables)
    found["sign_in"] = [(row[0], row[6]) for row in found["sign_in"]]
    return found


@pytest.mark.parametrize(("row", "case"), ROWS, ids=[f"{row[1]}, {c.role}" for row, c in ROWS])
def test_it_succeeds_for_one_role_and_changes_nothing_for_any_other(world, row, case):
    path = case.path.format(**world.values)
    owner = world.client(case.role)
    data: dict[str, object] = {}
    if row[0] == "POST":
        page = case.led(world, owner) if case.led else owner.page(case.seen or path)
        data = filled(world, case, page, owner)
    before = stored(world)

    for role in OUTSIDE:
        if role in (case.role, *case.also):
            continue
        client = world.client(role)
        if row[0] == "GET":
            answer = client.get(path, headers=case.headers)
        else:
            sent = data | {"csrf_token": token_of(world, client)}
            sent |= uploaded(case.file, owner) if case.file else {}
            answer = client.post(path, data=sent)
        assert CANARY.encode() not in body_of(answer)
        # Another expert may have a page of their own at this address, but not this one's.
        if role != "stranger" or case.role == "author":
            assert answer.status_code in (403, 404)
        assert of_others(stored(world)) == of_others(before)

    if row[0] == "GET":
        answer = owner.get(path, headers=case.headers)
    else:
        answer = owner.post(path, data=data)
    assert answer.status_code == case.status
    if row[0] == "POST":
        assert (stored(world) != before) is case.stores


def of_others(rows: dict[str, list[tuple[object, ...]]]) -> object:
    """Return all answers and studies except those of the stranger, who has their own study."""
    [elsewhere] = [row[0] for row in rows["study"] if row[1] == "elsewhere"]
    strangers = {row[0] for row in rows["expert"] if row[1] == elsewhere}
    answers = {name: [r for r in rows[name] if r[2] not in strangers] for name in arrivals.ANSWERS}
    kept = ("study", "expert", "round", "comparison", "weight_set", "translation", "criterion")
    return answers | {name: rows[name] for name in kept}


def test_every_row_succeeds_for_one_visitor():
    hollow = {row for row, got in EXPECTED.items() if not {200, 201, 303} & set(got)}

    assert hollow <= CASES.keys()
