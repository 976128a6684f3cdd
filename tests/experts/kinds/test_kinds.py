"""An expert who may answer in another way than the panel says."""

import json

import pytest
from sqlalchemy import select

from survey import values
from survey.models import Invitation, Round
from survey.store.drafts import add_round
from survey.store.frameworks import load_criteria
from tests.clients import arrivals
from tests.clients.arrivals import answer, chosen, rows
from tests.clients.pages import page_of
from tests.worlds import cast

PAGE = "/answer/another-way"


@pytest.fixture
def offered(app, database):
    """Every way is offered."""

    def offer(*kinds: str) -> None:
        with database.writing() as session:
            session.query(Round).one().kinds = list(kinds)

    offer(*values.KINDS)
    return offer


def kind(database, expert="ANN"):
    with database.reading() as session:
        return cast.invitation(session, expert).kind


def loaded(database):
    with database.reading() as session:
        round_ = session.query(Round).one()
        return cast.load_as_if_closed(session, round_)


def offers(page):
    return [e.attributes["value"] for e in page.all("button", name="kind")]


def test_where_nothing_is_offered_nothing_is_said_and_nothing_changes(ann, database):
    assert "Answer another way" not in ann.page("/answer/").text
    assert ann.get(PAGE).headers["Location"] == "/answer/"
    before = rows(database)

    assert ann.send(PAGE, {"kind": "direct"}, seen_at="/answer/withdraw").status_code == 404
    assert rows(database) == before


@pytest.mark.usefixtures("offered")
def test_the_other_ways_are_offered_on_the_link_and_on_the_overview(ann, app, database):
    landing = app.test_client().page(
        f"/invitation/{arrivals.link(database)}?language=en", follow_redirects=True
    )

    assert "After you begin, you can switch to another way of answering: Divide 100" in landing.text
    assert ann.page("/answer/").all("a", href=PAGE)
    assert offers(ann.page(PAGE)) == ["direct", "best-worst", "rating"]


def test_an_expert_may_return_to_the_kind_of_the_panel(ann, offered, database):
    offered("rating")
    assert ann.send(PAGE, {"kind": "rating"}).headers["Location"] == "/answer/"

    assert kind(database) == "rating"
    assert offers(ann.page(PAGE)) == ["pairwise"]
    assert ann.send(PAGE, {"kind": "pairwise"}).status_code == 303
    assert kind(database) == "pairwise"


@pytest.mark.usefixtures("offered")
def test_answers_of_another_way_do_not_count_and_come_back(ann, database):
    answer(ann, arrivals.question(database), direction="first", strength="3", reason="so")
    with_pairs = loaded(database)

    ann.send(PAGE, {"kind": "direct"})
    points = {"points-wired": "50", "points-wireless": "30", "points-ai": "20"}
    assert "One answer you gave in another way is kept aside." in ann.page("/answer/").text
    answer(ann, "/answer/points/digital", **points, go="on")
    ann.send(PAGE, {"kind": "rating"})
    assert chosen(ann.page("/answer/ratings/digital")) == {}
    assert "4 answers you gave in another way are kept aside." in ann.page("/answer/").text
    answer(ann, "/answer/ratings/digital", **{"rating-ai": "2"}, go="later")
    assert (loaded(database).judgements, loaded(database).allocations) == ((), ())

    ann.send(PAGE, {"kind": "direct"})
    assert chosen(ann.page("/answer/points/digital")) == points
    assert [a.points for a in loaded(database).allocations] == [50, 30, 20]
    ann.send(PAGE, {"kind": "pairwise"})
    assert loaded(database) == with_pairs


@pytest.mark.usefixtures("offered")
def test_a_page_of_the_way_before_stores_nothing(ann, database):
    seen = ann.page(arrivals.question(database))
    ann.send(PAGE, {"kind": "direct"})
    before = rows(database)

    assert answer(ann, arrivals.question(database), seen, direction="same").status_code == 404
    assert rows(database) == before


@pytest.mark.usefixtures("offered")
def test_who_had_finished_has_not_in_the_new_way(ann, database):
    answer(ann, arrivals.question(database), direction="same")
    ann.send("/answer/finish", {})

    ann.send(PAGE, {"kind": "direct"})

    with database.reading() as session:
        assert cast.invitation(session).finished_at is None


@pytest.mark.usefixtures("offered")
def test_choosing_the_present_kind_changes_nothing(ann, database):
    seen = ann.page(PAGE)
    before = rows(database)

    response = ann.post(PAGE, data={"csrf_token": seen.csrf_token, "kind": "pairwise"})
    assert response.status_code == 303
    assert rows(database) == before


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("kind", ["", "guess", "PAIRWISE"])
def test_what_is_not_offered_is_not_chosen(ann, database, kind):
    before = rows(database)

    assert ann.send(PAGE, {"kind": kind}).status_code == 404
    assert rows(database) == before


@pytest.mark.usefixtures("offered")
def test_after_the_close_nothing_is_chosen(ann, database):
    seen = ann.page(PAGE)
    arrivals.close(database)
    before = rows(database)

    response = ann.post(PAGE, data={"csrf_token": seen.csrf_token, "kind": "direct"})

    assert response.status_code == 409
    assert "This round has closed" in page_of(response).text
    assert rows(database) == before


@pytest.mark.usefixtures("offered")
def test_the_journal_records_the_chosen_kind(ann, database):
    ann.send(PAGE, {"kind": "rating"})

    entry = rows(database, "journal_entry")["journal_entry"][-1]
    assert entry[4:6] == ("expert ANN", "way of answering chosen")
    assert json.loads(entry[6])["method"] == "rating"


@pytest.mark.usefixtures("offered")
def test_a_further_round_asks_as_the_panel_says(ann, database):
    ann.send(PAGE, {"kind": "rating"})

    arrivals.close(database)
    with database.writing() as session:
        ann_herself = cast.invitation(session).expert
        criteria = load_criteria(session, ann_herself.study.framework_id)
        add_round(session, ann_herself.study, criteria, [ann_herself])
        found = session.scalars(select(Invitation).where(Invitation.expert == ann_herself))
        assert [i.kind for i in found] == ["rating", "pairwise"]
