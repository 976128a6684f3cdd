"""Uploads by an author for an expert, which reveal no answer before the close."""

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text

from survey import values
from survey.asking.pairs import record_cannot_judge, record_group_abstention
from survey.asking.points import record_allocation
from survey.asking.questions import find_parent, load_item_ids, load_questionnaire
from survey.asking.saves import Save
from survey.files.questionnaire import cells
from tests.clients import arrivals, console
from tests.clients.pages import page_of
from tests.desk.files import download, filled, judge, sides, upload
from tests.worlds import cast, further


@pytest.fixture
def author(app):
    """The author of the study, at the address that its experts use."""
    client = console.signed_in(app)
    with client.session_transaction(base_url=console.SITE) as cookie:
        signed_in = dict(cookie)
    with client.session_transaction(base_url=arrivals.SITE) as cookie:
        cookie.update(signed_in)
    return client


def address(expert):
    return f"/author/studies/pilot/experts/{expert}/questionnaire"


def shown(author, expert):
    """Return everything the author sees of an expert's questionnaire: page and file's cells."""
    content = download(author, address(expert))
    return author.page(address(expert)).text, list(cells.cells_of(content))


def save(key, base=0):
    return Save(key.ljust(16, key[0]), base, cast.NOON)


def group(session, invitation, code="digital"):
    found = find_parent(session, invitation, code)
    assert found is not None
    return found


def test_the_authors_file_is_the_same_before_and_after_an_expert_judged(author, database):
    before = shown(author, "ANN")
    judge(database, -4, "a", 0)
    with database.writing() as session:
        ann, pair = cast.invitation(session), cast.comparison(session, "wired", "ai")
        record_cannot_judge(session, ann, pair, "CANARY of a pair", save("b"))
        record_group_abstention(session, ann, group(session, ann, "civic"), "CANARY", save("c"))

    assert shown(author, "ANN") == before


@pytest.mark.parametrize(
    ("kind", "given"), [(values.DIRECT, (50, 30, 20)), (values.RATING, (9.5, 3, 2))]
)
def test_the_authors_file_is_the_same_before_and_after_an_expert_filled_a_list(
    author, database, kind, given
):
    arrivals.answers_by(database, kind, "BO")
    before = shown(author, "BO")
    with database.writing() as session:
        bo = cast.invitation(session, "BO")
        digital = group(session, bo)
        ids = load_item_ids(session, digital).values()
        record_allocation(session, bo, digital, dict(zip(ids, given, strict=True)), save("a"))

    assert shown(author, "BO") == before


@pytest.mark.world("nothing")
def test_questions_that_an_expert_looks_at_again_are_not_in_the_authors_file(database):
    with database.writing() as session:
        study = further.load(session)
        round_ = further.ask_some_again(
            session, study, {"EVE": {("civic", "water", "health"): "far"}}
        )
        eve = further.invitation(session, "EVE")
        before = load_questionnaire(session, eve, blank=True)
        hers = load_questionnaire(session, eve)
        session.execute(
            text(
                "INSERT INTO reconsideration"
                " (round_id, expert_id, criterion_id, decision, reason, decided_at)"
                " SELECT :round, :expert, id, 'reconsider', '', '2024-08-06 12:00:00'"
                " FROM criterion WHERE code = 'wired'"
            ),
            {"round": round_.id, "expert": eve.expert_id},
        )

        assert load_questionnaire(session, eve, blank=True) == before
        assert load_questionnaire(session, eve) != hers


def handed_in(author, database, stored):
    """Upload a file that says 3 times as the author, when this step is stored."""
    content = filled(
        download(author, address("ANN")),
        ("数字", sides(database, "wired", "wireless", language="zh"), ["有线网", "3"]),
    )
    judge(database, stored, "a", 0)
    response = upload(author, content, address("ANN"))
    return response.status_code, page_of(response)


@pytest.mark.parametrize("stored", [2, -4])
def test_what_becomes_of_the_authors_file_does_not_tell_whether_the_expert_said_the_same(
    author, database, stored
):
    status, page = handed_in(author, database, stored)

    assert status == 409
    assert len(page.all("dd")) == 1  # what the file says, and nothing beside it
    assert "3 times" in page.text
    assert "5 times" not in page.text


@pytest.mark.parametrize("stored", [2, -4])
@pytest.mark.parametrize(("store", "step"), [("all", 2), ("others", None)])
def test_the_author_decides_without_seeing_it(author, database, stored, store, step):
    _status, page = handed_in(author, database, stored)

    response = author.post(
        f"{address('ANN')}/decide", data=arrivals.hidden(page) | {"store": store}
    )

    assert response.status_code == 303
    kept = stored if step is None else step
    assert arrivals.judgements(database) == [("wired", "wireless", kept, "")]
    read = author.page(address("ANN")).text
    assert ("one new answer was saved" in read) is (store == "all")
    assert ("No answer was saved from it." in read) is (store == "others")


@pytest.mark.parametrize("left", [True, False])
def test_nor_whether_the_expert_left_a_group_or_answered_in_it(author, database, left):
    leaving = ["整组我都无法判断", ""]
    content = filled(download(author, address("ANN")), ("公共", leaving, ["是"]))
    with database.writing() as session:
        ann, pair = cast.invitation(session), cast.comparison(session, "water", "health")
        if left:
            record_group_abstention(session, ann, group(session, ann, "civic"), "", save("a"))
        else:
            record_cannot_judge(session, ann, pair, "", save("a"))
    response = upload(author, content, address("ANN"))
    page = page_of(response)

    assert response.status_code == 409
    assert len(page.all("dd")) == 1
    # What waits in the form is signed, not hidden.
    _, waiting = URLSafeTimedSerializer("").loads_unsafe(arrivals.hidden(page)["waiting"])
    assert waiting["shown"] == [["civic", 1]]

    author.post(f"{address('ANN')}/decide", data=arrivals.hidden(page) | {"store": "all"})
    assert ("civic", True, "") in arrivals.abstentions(database)
