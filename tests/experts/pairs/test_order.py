"""Order of questions and sides of items for one expert, which do not change answers."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey import values
from survey.asking.questionnaire import Question, lot
from survey.asking.questions import load_questionnaire
from survey.experts.finish.queries import fingerprint
from survey.models import Invitation, Round
from tests.clients import arrivals
from tests.clients.arrivals import answer, chosen, judgements
from tests.clients.pages import page_of
from tests.worlds import cast

PAIRS = [("wired", "wireless"), ("wired", "ai"), ("wireless", "ai")]
NAMES = {"wired": "Wired network", "wireless": "Wireless network", "ai": "Artificial intelligence"}


def lots(seed):
    return {pair: lot(seed, "digital", *pair) for pair in PAIRS}


def order_of(seed):
    return sorted(PAIRS, key=lots(seed).get)


#: A seed for each order that three pairs can have, and one for each side of the first pair.
SEEDS = {tuple(order_of(seed)): seed for seed in range(200)}
SIDES = {lots(seed)[PAIRS[0]].swapped: seed for seed in range(20)}


@pytest.fixture
def drawn(app, database):
    """Let Ann's seed be this one, in a round that is asked at random."""

    def drawn(seed):
        with database.writing() as session:
            session.scalars(select(Round)).one().order = values.RANDOM
            invitation = cast.invitation(session)
            invitation.seed = seed

    return drawn


def in_parts(link):
    around = link.within("ul")
    return around is not None and around.attributes.get("class") == "parts"


def sides(page):
    """Return the names on the two cards, in the order of the page."""
    return [heading.text for heading in page.all("h2", class_="side-name")]


def test_every_order_is_drawn_by_some_seed_and_both_sides_are():
    assert set(SEEDS) == set(permutations(PAIRS))
    assert set(SIDES) == {True, False}


@given(st.integers(0, 2**31 - 1))
def test_what_a_pair_draws_does_not_depend_on_what_else_is_asked(seed):
    every = order_of(seed)

    for left_out in PAIRS:
        fewer = sorted((pair for pair in PAIRS if pair != left_out), key=lots(seed).get)
        assert fewer == [pair for pair in every if pair != left_out]


def test_over_many_experts_each_pair_comes_first_and_each_side_is_swapped_about_equally_often():
    firsts = [order_of(seed)[0] for seed in range(3000)]
    swaps = [lots(seed)[PAIRS[0]].swapped for seed in range(3000)]

    for pair in PAIRS:
        assert 900 < firsts.count(pair) < 1100
    assert 1400 < sum(swaps) < 1600


@given(st.integers(-8, 8), st.booleans())
def test_the_bar_gives_each_side_its_own_share_in_either_place(steps, swapped):
    question = Question(1, "goal", "a", "b", steps=steps, swapped=swapped)
    ratio = (abs(steps) + 1) if steps >= 0 else 1 / (abs(steps) + 1)

    left, right = question.share(steps), 1 - question.share(steps)

    of_a = right if swapped else left
    assert of_a == pytest.approx(ratio / (ratio + 1))
    assert [side for side, _code in question.shown] == (
        ["second", "first"] if swapped else ["first", "second"]
    )


@pytest.mark.parametrize("order", SEEDS)
def test_next_and_back_follow_the_experts_own_order(drawn, ann, database, order):
    drawn(SEEDS[order])
    first, second, third = (arrivals.question(database, *pair) for pair in order)

    assert ann.page("/answer/").one("a", class_="button").attributes["href"] == first
    assert answer(ann, first, direction="same").headers["Location"] == second
    assert answer(ann, third, direction="same").headers["Location"] == second
    assert answer(ann, second, direction="same").headers["Location"] == "/answer/groups/digital"
    page = ann.page(second)
    assert "question 2 of 3" in page.text
    assert first in [link.attributes["href"] for link in page.all("a") if link.text == "Back"]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("winner", ["first", "second"])
def test_the_chosen_card_wins_on_either_side(drawn, ann, database, swapped, winner):
    drawn(SIDES[swapped])
    path = arrivals.question(database)
    seen = ann.page(path)
    cards = sides(seen)
    assert cards == [NAMES["wireless"], NAMES["wired"]][:: 1 if swapped else -1]
    shown = [e.attributes["value"] for e in seen.all("input", name="direction")][:2]
    name = NAMES["wired" if winner == "first" else "wireless"]
    # The pressed card is the one with this item.
    assert shown[cards.index(name)] == winner

    answer(ann, path, seen, direction=winner, strength="3")

    step = 2 if winner == "first" else -2
    assert judgements(database) == [("wired", "wireless", step, "")]
    page = ann.page(path)
    assert chosen(page) == {"direction": winner, "strength": "3"}
    assert page.one("output").text.startswith(f"Your answer: “{name}” counts 3 times")
    # The first figure under the beam belongs to the first card.
    figures = [b.text for b in page.all("b", class_="num")]
    assert figures == (["75%", "25%"] if cards[0] == name else ["25%", "75%"])
    ahead = page.all("fieldset", class_="strength second-ahead")
    assert bool(ahead) is (cards[1] == name)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_stale_page_and_the_review_say_the_same_for_either_first_side(
    drawn, arrive, database, swapped
):
    drawn(SIDES[swapped])
    phone, desk = arrive("ANN"), arrive("ANN")
    path = arrivals.question(database)
    seen = desk.page(path)
    answer(phone, path, direction="first", strength="3")

    stale = page_of(answer(desk, path, seen, direction="second", strength="5"))

    assert "“Wired network” counts 3 times as much as “Wireless network”." in stale.text
    assert "“Wireless network” counts 5 times as much as “Wired network”." in stale.text
    review = desk.page("/answer/groups/digital").text
    assert "“Wired network” counts 3 times as much as “Wireless network”." in review


def test_a_receipts_fingerprint_does_not_depend_on_the_order_of_asking(drawn, ann, database):
    for pair, strength in zip(PAIRS, "357", strict=True):
        answer(ann, arrivals.question(database, *pair), direction="first", strength=strength)
    found = set()

    for seed in SEEDS.values():
        drawn(seed)
        with database.reading() as session:
            invitation = cast.invitation(session)
            found.add(fingerprint(invitation, load_questionnaire(session, invitation)))

    assert len(found) == 1


@pytest.mark.world("nothing")
def test_two_experts_of_a_new_round_have_seeds_of_their_own(database):
    with database.writing() as session:
        cast.load(session)
        seeds = session.scalars(select(Invitation.seed)).all()

    assert len(set(seeds)) == 3


@pytest.mark.world("nothing")
def test_a_study_that_brings_seeds_is_asked_in_the_order_it_had(database):
    panel = (cast.ANN, cast.BO, cast.CY)
    seeded = tuple(
        values.Expert(e.code, e.direction, e.language, e.kind, e.name, seed=7) for e in panel
    )
    with database.writing() as session:
        round_ = cast.load(session, cast.study(panel=seeded, **cast.answers())).rounds[0]

        assert round_.order == values.RANDOM
        assert set(session.scalars(select(Invitation.seed))) == {7}


@pytest.mark.world("nothing")
def test_of_a_study_that_brings_answers_without_seeds_no_order_is_claimed(database):
    with database.writing() as session:
        round_ = cast.load(session, cast.study(**cast.answers())).rounds[0]

        assert round_.order == values.FIXED


# ---------- all questions of a group on one page ----------


def test_a_groups_questions_are_in_the_experts_order_each_with_its_own_answer(drawn, ann, database):
    order = PAIRS[2], PAIRS[0], PAIRS[1]
    drawn(SEEDS[order])
    answer(ann, arrivals.question(database, *order[1]), direction="same", reason="equal here")

    page = ann.page("/answer/groups/digital/questions")

    actions = [
        form.attributes["action"] for form in page.all("form") if "action" in form.attributes
    ]
    assert actions == [arrivals.question(database, *pair) for pair in order]
    assert [e.attributes["value"] for e in page.all("input", name="base")] == ["0", "1", "0"]
    keys = [e.attributes["value"] for e in page.all("input", name="key")]
    assert len(set(keys)) == 3
    assert chosen(page) == {"direction": "same"}
    assert "equal here" in page.text


def test_an_answer_given_there_comes_back_there(ann, database):
    page = ann.page("/answer/groups/digital/questions")
    path = arrivals.question(database)
    key = page.all("input", name="key")[0].attributes["value"]

    response = ann.post(
        path,
        data={
            "csrf_token": page.csrf_token,
            "key": key,
            "base": "0",
            "stacked": "1",
            "direction": "same",
        },
    )

    following = arrivals.question(database, "wired", "ai").rpartition("/")[2]
    assert response.headers["Location"] == f"/answer/groups/digital/questions#q{following}"
    assert judgements(database) == [("wired", "wireless", 0, "")]


def test_a_group_that_is_not_asked_in_pairs_has_no_such_page(bo, ann, database):
    assert bo.get("/answer/groups/digital/questions").status_code == 404
    assert ann.get("/answer/groups/wired/questions").status_code == 404
    arrivals.close(database)
    assert ann.get("/answer/groups/digital/questions").status_code == 302


@pytest.mark.parametrize("path", ["question", "/answer/groups/digital/questions"])
def test_every_part_is_one_press_away_from_a_question(ann, database, path):
    page = ann.page(arrivals.question(database) if path == "question" else path)

    links = [link.attributes["href"] for link in page.all("a") if in_parts(link)]
    assert links == [
        arrivals.question(database),
        arrivals.question(database, "water", "health"),
        arrivals.question(database, "digital", "civic"),
        "/answer/",
    ]
