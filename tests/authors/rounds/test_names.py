"""A round does not open with empty names or titles."""

import pytest
from sqlalchemy import select

from survey.models import Criterion, Round, Study
from survey.store.rounds import StudyUntitled, open_round
from survey.values import By
from tests.worlds import cast

ROUND = "/author/studies/pilot/rounds/1"
OPEN = f"{ROUND}/open"


@pytest.fixture
def untitled(store):
    def load(titles):
        with store.writing() as session:
            cast.load(session, cast.study(titles=titles))

    return load


def state(store):
    with store.reading() as session:
        return session.scalars(select(Round.state)).one()


def test_a_study_without_a_title_is_not_opened(author, store, untitled):
    untitled({})

    asked = author.get(OPEN)
    assert asked.status_code == 409
    assert b'href="/author/studies/pilot/"' in asked.data
    assert author.send(OPEN, {}, seen_at=ROUND).status_code == 409
    assert state(store) == "draft"


@pytest.mark.parametrize("titles", [{}, {"en": " "}])
def test_a_title_of_blanks_is_none(store, untitled, titles):
    untitled(titles)

    with store.writing() as session, pytest.raises(StudyUntitled):
        open_round(session, session.scalars(select(Round)).one(), By("a", cast.NOON))
    assert state(store) == "draft"


def test_a_title_in_one_language_is_enough_and_the_page_says_who_reads_it(author, store, untitled):
    """The panel is asked in Chinese, English and Arabic."""
    untitled({"fr": "Pilote"})

    page = author.page(OPEN)
    assert page.one("p", id="untitled").text.endswith("French.")
    assert "Arabic" in page.one("p", id="untitled").text

    assert author.send(OPEN, {}).status_code == 303
    assert state(store) == "open"


def test_a_title_in_every_language_of_the_panel_needs_no_word(author, store, untitled):
    untitled({"en": "Pilot", "zh": "试点", "ar": "تجربة"})

    assert author.page(OPEN).all("p", id="untitled") == []


def test_an_indicator_without_a_name_is_refused_by_its_code(author, store, untitled):
    untitled({"en": "Pilot"})
    with store.writing() as session:
        session.scalars(select(Criterion).where(Criterion.code == "water")).one().names = {}

    answer = author.get(OPEN)

    assert answer.status_code == 409
    assert b"<code>water</code>" in answer.data
    with store.writing() as session, pytest.raises(StudyUntitled) as refusal:
        open_round(session, session.scalars(select(Study)).one().rounds[0], By("a", cast.NOON))
    assert refusal.value.codes == ("water",)


def test_a_round_that_was_opened_without_a_title_can_be_closed(author, store, untitled):
    """Earlier versions opened such rounds."""
    untitled({"en": "Pilot"})
    author.send(OPEN, {})
    with store.writing() as session:
        session.scalars(select(Study)).one().titles = {}

    assert author.send(f"{ROUND}/close", {}).status_code == 303
    assert state(store) == "closed"
