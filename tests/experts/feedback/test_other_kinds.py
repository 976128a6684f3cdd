"""Another round of experts who answer whole groups at once, or in another way than before."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.models import Round
from survey.values import DIRECT, PAIRWISE, RATING, Judgement
from tests.clients import arrivals
from tests.clients.arrivals import answer, chosen, hidden
from tests.experts.feedback.steps import AGAIN, PANEL, again, decide, question, said_now
from tests.worlds import cast, further
from tests.worlds.mixed import mixed

pytestmark = pytest.mark.world("nothing")


@pytest.fixture
def content():
    return mixed()


@pytest.fixture
def app(database_url, database, tmp_path, content):
    with database.writing() as session:
        further.ask_again(session, cast.load(session, content))
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


def steps_now(database):
    """Return step and reason of every judgement of the open round, as asked."""
    return [row[4:6] for row in sorted(said_now(database, "judgement"), key=lambda row: row[3])]


def points_now(database):
    """Return method and number of every line of the open round, as asked."""
    rows = sorted(said_now(database, "allocation"), key=lambda row: row[3])
    return [row[4:6] for row in rows]


def ends_now(database):
    return len(said_now(database, "extremes"))


# ---------- the best and the worst ----------


def test_in_one_press_a_star_is_said_again_with_its_ends_and_reasons(arrive, database):
    wil = arrive("WIL")
    # The two ends, three lines, and the pairs of the two groups of two.
    assert "Keep my earlier answers to 6 questions" in wil.page(AGAIN).text

    again(wil)

    assert arrivals.extremes(database) == {"digital": ("wireless", "ai")}
    assert ends_now(database) == 1
    assert steps_now(database) == [(-3, "why"), (1, ""), (7, ""), (-2, ""), (0, "")]
    assert wil.page("/answer/").one("h1").text == "Everything is answered"


def test_the_pages_of_a_star_show_what_was_said_and_choose_nothing(arrive, database):
    wil = arrive("WIL")
    ends = wil.page("/answer/extremes/digital")
    assert (
        "Your answer in round 1: “Wireless network” counts most and "
        "“Artificial intelligence” counts least." in ends.text
    )
    assert chosen(ends) == {}
    answer(wil, "/answer/extremes/digital", best="wireless", worst="ai")

    lines = wil.page("/answer/star/digital")

    assert chosen(lines) == {}
    assert (
        "Your answer in round 1: “Wireless network” counts 4 times as much as “Wired network”."
        in lines.text
    )
    assert steps_now(database) == []


def test_one_press_on_its_page_says_a_star_again(arrive, database):
    wil = arrive("WIL")

    answer(wil, "/answer/extremes/digital", go="again")

    assert ends_now(database) == 1
    assert steps_now(database) == [(-3, "why"), (1, ""), (7, "")]
    assert "Keep my earlier answer" not in wil.page("/answer/extremes/digital").text


class TestOfAPanelWhoseFiguresMayBeShown:
    @pytest.fixture
    def content(self):
        """The panel with Cy's answers: three others than Wil have weights of everything."""
        whole = mixed()
        framework = whole.framework
        cys = tuple(
            Judgement("CY", parent, first, second, 2)
            for parent in framework.parents
            for first, second in framework.pairs(parent)
        )
        return replace(whole, judgements=(*whole.judgements, *cys))

    def test_a_star_that_is_looked_at_again_is_asked_whole(self, arrive, database):
        wil = arrive("WIL")
        decide(wil, **{"decision-wired": "reconsider"})

        page = wil.page(AGAIN)
        assert "Keep my earlier answers to 2 questions" in page.text
        assert "/answer/extremes/digital" in [e.attributes["href"] for e in page.all("a")]
        again(wil)

        assert (ends_now(database), steps_now(database)) == (0, [(-2, ""), (0, "")])


class TestOfAStarWithOnlyOneLine:
    @pytest.fixture
    def content(self):
        whole = mixed()
        return replace(
            whole,
            judgements=tuple(
                j
                for j in whole.judgements
                if (j.expert, j.parent) != ("WIL", "digital") or j.second == "wireless"
            ),
        )

    def test_one_press_says_again_what_there_is_and_the_rest_stays_open(self, arrive, database):
        wil = arrive("WIL")
        assert "Keep my earlier answers to 4 questions" in wil.page(AGAIN).text

        response = again(wil)

        assert (ends_now(database), steps_now(database)) == (1, [(-3, "why"), (-2, ""), (0, "")])
        assert response.headers["Location"] == "/answer/star/digital"


class TestOfAStarWithItsEndsAlone:
    @pytest.fixture
    def content(self):
        whole = mixed()
        return replace(whole, judgements=tuple(j for j in whole.judgements if j.expert != "WIL"))

    def test_one_press_says_the_ends_again(self, arrive, database):
        wil = arrive("WIL")
        assert "Keep my earlier answer to 1 question" in wil.page(AGAIN).text

        response = again(wil)

        assert (ends_now(database), steps_now(database)) == (1, [])
        assert response.headers["Location"] == "/answer/star/digital"


# ---------- ratings ----------


def test_in_one_press_ratings_are_said_again(arrive, database):
    kim = arrive("KIM")
    assert "Keep my earlier answers to 7 questions" in kim.page(AGAIN).text

    again(kim)

    given = (9, 3.5, 0, 6, 10, 8, 8)
    assert sorted(points_now(database)) == sorted((RATING, number) for number in given)
    assert kim.page("/answer/").one("h1").text == "Everything is answered"


def test_the_page_of_ratings_shows_what_was_said_and_chooses_nothing(arrive, database):
    kim = arrive("KIM")
    page = kim.page("/answer/ratings/digital")
    assert "Your ratings in round 1:" in page.text
    (before,) = page.all("ul", class_="plain-lines")
    assert [b.text for b in page.all("b", class_="num") if b.within("ul") is before] == [
        "9",
        "3.5",
        "0",
    ]
    assert set(chosen(page).values()) <= {""}

    answer(kim, "/answer/ratings/digital", go="again")

    assert [number for _, number in points_now(database)] == [9, 3.5, 0]


# ---------- another way than before ----------


class TestWhoAnswersInAnotherWayNow:
    """Bo divided points in the first round and may now choose another way."""

    @pytest.fixture
    def content(self):
        return further.study()

    @pytest.fixture
    def bo(self, arrive, database):
        with database.writing() as session:
            session.scalars(select(Round).where(Round.number == 2)).one().kinds = [PAIRWISE, DIRECT]
            further.invitation(session, "BO").kind = PAIRWISE
        return arrive("BO")

    def test_is_shown_no_former_answer_that_was_about_something_else(self, bo, database):
        page = bo.page(question(database))

        assert "in round 1" not in page.text
        assert "Keep my earlier answer" not in page.text
        assert chosen(page) == {}
        assert bo.page(AGAIN).one("h1").text == "No earlier answers left to keep"
        assert bo.post(AGAIN, data=hidden(bo.page(PANEL))).status_code == 303
        assert (steps_now(database), points_now(database)) == ([], [])

    def test_still_sees_the_weights_that_the_answers_gave(self, bo):
        # Bo: 60 points of 100 for the civic group, 60 of these for water.
        assert "yours 36.0%" in bo.page(PANEL).one("article", id="water").text.replace("\xa0", " ")

    def test_finds_them_again_after_a_return_to_it(self, bo, database):
        bo.post(
            "/answer/another-way", data=hidden(bo.page("/answer/another-way")) | {"kind": DIRECT}
        )

        assert "Your points in round 1:" in bo.page("/answer/points/civic").text
        again(bo)

        assert sorted(points_now(database)) == [
            (DIRECT, number) for number in (20, 30, 40, 40, 50, 60, 60)
        ]
