"""Answers that an expert reconsiders, and keeping all others at once."""

from tests.clients import arrivals
from tests.clients.arrivals import answer, hidden, rows
from tests.clients.pages import page_of
from tests.experts.feedback.steps import AGAIN, again, decide, question, said_now


def steps_now(database):
    """Return step and reason of every judgement of the open round."""
    return [row[4:6] for row in said_now(database)]


def of_list(database, *pair):
    return f"{question(database, *pair)}?back=list"


def links_of(page):
    """Return the targets of the list's links, in order."""
    return [a.attributes["href"] for a in page.all("a") if "back=list" in a.attributes["href"]]


def points_now(database):
    return [row[5] for row in said_now(database, "allocation")]


def test_only_the_comparisons_that_move_it_are_looked_at_again(ann, database):
    decide(ann, **{"decision-ai": "reconsider"})

    page = ann.page(AGAIN)

    links = [e.attributes["href"] for e in page.all("a") if "comparisons" in e.attributes["href"]]
    wanted = {of_list(database, "wired", "ai"), of_list(database, "wireless", "ai")}
    assert set(links[-2:]) == wanted
    assert "Keep my earlier answers to 3 questions" in page.text


def test_the_list_leads_from_one_to_the_next_until_all_are_looked_at(ann, database):
    first, second = of_list(database, "wired", "ai"), of_list(database, "wireless", "ai")
    for pair in (("wired", "ai"), ("wireless", "ai"), ("wired", "wireless")):
        answer(ann, question(database, *pair), direction="same")
    assert "To reconsider" not in ann.page("/answer/").text
    decide(ann, **{"decision-ai": "reconsider"})
    assert ann.page("/answer/").one("a", href=AGAIN).text == "To reconsider"
    assert "answered since" not in ann.page(AGAIN).text

    [opened, other] = links_of(ann.page(AGAIN))
    following = answer(ann, opened, direction="first", strength="3").headers["Location"]

    assert {opened, other} == {first, second}
    assert following == other
    page = ann.page(AGAIN)
    assert page.text.count("answered since") == 1
    back = [link.text for link in ann.page(other).all("a", href=AGAIN)]
    assert back == ["Back"]
    assert answer(ann, other, again="1").headers["Location"] == AGAIN
    assert links_of(ann.page(AGAIN)) == [opened, other]
    assert ann.page(AGAIN).text.count("answered since") == 2


def test_until_all_is_said_the_overview_offers_to_say_it_again_in_one_press(ann, database):
    offer = "Keep my earlier answers"
    assert ann.page("/answer/").one("a", href=AGAIN).text == offer

    again(ann)

    assert ann.page("/answer/").all("a", href=AGAIN) == []


def test_a_list_that_is_looked_at_again_leads_back_to_what_else_is(bo):
    again(bo)
    decide(bo, **{"decision-water": "reconsider"})
    [path] = [
        a.attributes["href"] for a in bo.page(AGAIN).all("a") if "points" in a.attributes["href"]
    ]

    given = {"points-water": "70", "points-health": "30"}
    response = answer(bo, path, **given, go="on")

    assert response.headers["Location"] == AGAIN
    assert bo.page(AGAIN).text.count("answered since") == 1
    assert "To reconsider" not in bo.page("/answer/").text


def test_one_press_says_the_same_again_to_all_others_and_only_those_are_left(ann, database):
    decide(ann, **{"decision-ai": "reconsider"})
    assert steps_now(database) == []

    response = again(ann)

    assert steps_now(database) == [
        (2, "CANARY of Ann"),
        (0, ""),
        (0, ""),
    ]
    assert response.headers["Location"] == question(database, "wired", "ai")
    answer(ann, question(database, "wired", "ai"), direction="same")
    answer(ann, question(database, "wireless", "ai"), direction="same")
    assert ann.page("/answer/").one("h1").text == "Everything is answered"


def test_a_press_stores_no_more_than_its_button_said(arrive, database):
    ann, elsewhere = arrive("ANN"), arrive("ANN")
    decide(ann, **{"decision-wired": "reconsider", "decision-wireless": "reconsider"})
    seen = ann.page(AGAIN)
    assert "Keep my earlier answers to 2 questions" in seen.text
    decide(elsewhere, **{"decision-wired": "keep", "decision-wireless": "keep"})

    ann.post(AGAIN, data=hidden(seen))

    assert [row[4] for row in said_now(database)] == [0, 0]


def test_who_hands_out_points_says_the_same_again_too(bo, database):
    decide(bo, **{"decision-water": "reconsider"})

    response = again(bo)

    assert sorted(points_now(database)) == [20, 30, 40, 50, 60]
    assert response.headers["Location"] == "/answer/points/civic"


def test_a_question_shows_the_former_answer_and_chooses_nothing(ann, database):
    page = ann.page(question(database, "wired", "ai"))

    assert arrivals.chosen(page) == {}
    assert (
        "Your answer in round 1: “Wired network” counts 5 times as much as "
        "“Artificial intelligence”." in page.text
    )


def test_one_press_on_a_question_says_the_same_again(ann, database):
    path = question(database)

    response = answer(ann, path, again="1", direction="second", strength="9")

    assert response.headers["Location"] == question(database, "wired", "ai")
    assert steps_now(database) == [(2, "CANARY of Ann")]
    assert "Keep my earlier answer" not in ann.page(path).text


def test_a_typed_reason_replaces_the_earlier_one(ann, database):
    path = question(database)
    seen = ann.page(path)

    too_long = answer(ann, path, seen, again="1", reason="x" * 2001)
    assert too_long.status_code == 422
    assert "Choose one of the four answers." not in page_of(too_long).text
    assert steps_now(database) == []
    answer(ann, path, seen, again="1", reason="Typed now")

    assert steps_now(database) == [(2, "Typed now")]


def test_one_press_on_a_list_hands_out_the_same_points(bo, database):
    page = bo.page("/answer/points/civic")
    assert "Your points in round 1:" in page.text
    assert arrivals.chosen(page) == {"points-water": "", "points-health": ""}

    answer(bo, "/answer/points/civic", go="again")

    assert points_now(database) == [60, 40]


def test_no_expert_keeps_an_answer_that_was_never_given(arrive, database):
    fay = arrive("FAY")
    path = question(database)
    seen = fay.page(path)
    before = rows(database)

    assert "Keep my earlier answer" not in seen.text
    assert answer(fay, path, seen, again="1").status_code == 404
    assert rows(database) == before


def test_after_the_close_nothing_is_said_again(ann, database):
    seen = ann.page(AGAIN)
    arrivals.close(database)
    before = rows(database)

    assert ann.post(AGAIN, data=hidden(seen)).status_code == 409
    assert rows(database) == before
