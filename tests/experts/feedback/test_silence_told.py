"""The rule for silence of another round, read by experts before they answer and at the end."""

import pytest

from tests.clients import arrivals
from tests.clients.arrivals import answer
from tests.experts.feedback.steps import AGAIN, question
from tests.worlds import further

pytestmark = pytest.mark.world("nothing")


@pytest.fixture(params=["keep", "leave-out"])
def silence(request):
    return request.param


@pytest.fixture
def app(database, database_url, silence, tmp_path):
    with database.writing() as session:
        study = further.load(session)
        further.ask_again(session, study, silence=silence)
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def token(database):
    def token(expert):
        with database.writing() as session:
            return further.link(session, further.invitation(session, expert))

    return token


def told(page):
    """Return the rules that a page names; if answers count, with their round."""
    shown = [e for e in page.elements if e.attributes.get("id") == "silence"]
    assert all("1" in e.text or e.attributes.get("data-counts") == "nothing" for e in shown)
    return [e.attributes["data-silence"] for e in shown]


def test_it_is_on_every_page_that_comes_before_an_answer(app, token, silence):
    link = token("ANN")
    visitor = app.test_client()
    assert told(visitor.page(f"/invitation/{link}")) == [silence]
    assert told(visitor.page(f"/invitation/{link}/decline")) == [silence]

    ann = arrivals.arrive(app, link)
    assert told(ann.page("/answer/")) == [silence]
    assert told(ann.page(AGAIN)) == [silence]


def test_it_is_on_the_page_of_finishing_while_something_is_open(app, database, token, silence):
    ann = arrivals.arrive(app, token("ANN"))
    assert told(ann.page("/answer/finish")) == [silence]

    for first, second in (
        ("wired", "wireless"),
        ("wired", "ai"),
        ("wireless", "ai"),
        ("water", "health"),
        ("digital", "civic"),
    ):
        answer(ann, question(database, first, second), direction="same")
    assert told(ann.page("/answer/finish")) == []


@pytest.mark.parametrize("silence", ["keep"])
def test_the_two_rules_have_two_sentences_in_every_language(app, database, token):
    with database.writing() as session:
        study = further.load(session, further.study("other"))
        further.ask_again(session, study, silence="leave-out")
    with database.writing() as session:
        there = further.link(session, further.invitation(session, "ANN", 2, "other"))
    visitor = app.test_client()
    sentences = {
        visitor.page(f"/invitation/{link}?language={language}", follow_redirects=True)
        .one("dd", id="silence")
        .text
        for link in (token("ANN"), there)
        for language in ("en", "zh", "ar", "ru", "tr", "fr")
    }
    assert len(sentences) == 12


def test_an_expert_who_has_said_nothing_before_reads_of_no_rule(app, token):
    link = token("FAY")
    visitor = app.test_client()
    assert told(visitor.page(f"/invitation/{link}")) == []
    assert told(visitor.page(f"/invitation/{link}/decline")) == []
    fay = arrivals.arrive(app, link)
    assert told(fay.page("/answer/")) == []
    assert told(fay.page("/answer/finish")) == []


@pytest.mark.parametrize("silence", ["keep"])
def test_before_declining_they_read_whether_their_former_answers_count(app, database, token):
    """By leave-out nothing counts, unless a targeted round asks nothing of the expert."""
    asked = {"ANN": {("digital", "wired", "ai"): "far"}}
    with database.writing() as session:
        everything = further.load(session, further.study("everything"))
        further.ask_again(session, everything, silence="leave-out")
        some = further.load(session, further.study("some"))
        further.ask_some_again(session, some, asked, "leave-out")

    def counts(expert, study):
        with database.writing() as session:
            link = further.link(session, further.invitation(session, expert, 2, study))
        page = app.test_client().page(f"/invitation/{link}/decline")
        return page.one("p", id="silence").attributes["data-counts"]

    assert counts("ANN", "pilot") == "all"
    assert counts("ANN", "everything") == "nothing"
    assert counts("ANN", "some") == "nothing"
    assert counts("EVE", "some") == "all"
