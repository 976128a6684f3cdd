"""End of a group: contradictions among the expert's answers, and the expert's review."""

import json

import pytest
from sqlalchemy import select

from survey.files.study_folder import read_zip, zipped
from survey.models import JournalEntry
from survey.store import journal
from survey.values import Contradiction, Review
from tests.clients import arrivals
from tests.clients.arrivals import answer, judgements, new_key, rows
from tests.clients.pages import page_of
from tests.worlds import cast

DIGITAL = "/answer/groups/digital"
PAIRS = (("wired", "wireless"), ("wireless", "ai"), ("wired", "ai"))

#: Wired over wireless over AI over wired.
CIRCLE = ("first 9", "first 9", "second 9")
#: Wired is twice each of the others, and AI nine times wireless.
STRENGTH = ("first 2", "second 9", "first 2")
FITS = ("first 2", "first 2", "first 4")
CHAIN = ("first 5", "first 5", "first 9")
SAME = ("same", "same", "same")


def say(client, database, pair, said, path="?"):
    """Answer one comparison; return the address of the redirect."""
    direction, _, strength = said.partition(" ")
    fields = {"direction": direction} | ({"strength": strength} if strength else {})
    response = answer(client, arrivals.question(database, *pair) + path, **fields)
    assert response.status_code == 303
    return response.headers["Location"]


def judge(client, database, said):
    for pair, each in zip(PAIRS, said, strict=True):
        say(client, database, pair, each)


def reviews(database):
    """Return (verdict, reason, kinds shown, before, after) of every save, in order."""
    return [
        (
            row[6],
            row[7],
            [shown["kind"] for shown in json.loads(row[8])],
            [step for *_, step in json.loads(row[9])],
            None if row[10] is None else [step for *_, step in json.loads(row[10])],
        )
        for row in rows(database, "review")["review"]
    ]


def notices(page):
    return [element.text for element in page.all("h2") if element.within("section")]


def again(database, pair):
    return arrivals.question(database, *pair).rpartition("/")[2]


# ---------- what is shown ----------


def test_nothing_is_chosen_for_the_expert_and_consistent_answers_are_left_alone(ann, database):
    judge(ann, database, FITS)

    page = ann.page(DIGITAL)

    assert notices(page) == []
    assert "Your answers are consistent." in page.text
    assert [e.attributes["value"] for e in page.all("input", name="verdict")] == [
        "looks-right",
        "off",
    ]
    assert [e for e in page.elements if "checked" in e.attributes] == []
    assert page.all("textarea") == []


def test_a_circle_is_told_with_three_equal_cards(ann, database):
    judge(ann, database, CIRCLE)

    page = ann.page(DIGITAL)

    assert notices(page) == ["Three of your answers contradict one another in a circle"]
    assert (
        "“Wireless network” counts 9 times as much as “Artificial intelligence”, "
        "“Artificial intelligence” counts 9 times as much as “Wired network”, "
        "and “Wired network” counts 9 times as much as “Wireless network”. "
        "These three cannot all be true." in page.text
    )
    assert len(page.all("div", class_="answer")) == 3
    assert len(page.all("button", name="again")) == 3
    assert "suggest" not in page.text
    for word in ("error", "CR", "inconsistent"):
        assert word not in page.text


def test_a_mismatch_of_strength_says_what_two_lead_to_and_what_was_answered(ann, database):
    judge(ann, database, STRENGTH)

    page = ann.page(DIGITAL)

    assert notices(page) == ["Three of your answers are inconsistent"]
    assert (
        "If “Wired network” counts 2 times as much as “Wireless network”, and 2 times as much as "
        "“Artificial intelligence”, then “Wireless network” and “Artificial intelligence” should "
        "count the same. Your answer: “Artificial intelligence” counts 9 times as much as "
        "“Wireless network”. "
        "You can change one of the three, or keep all three." in page.text
    )


def test_a_strong_chain_that_the_scale_cannot_say_is_accepted(ann, database):
    judge(ann, database, CHAIN)

    page = ann.page(DIGITAL)

    assert notices(page) == ["The largest value is reached"]
    assert "should count 25 times as much as “Artificial intelligence”" in page.text
    assert "The largest value is 9 times, and you already chose it." in page.text
    assert page.all("button", name="again") == []
    assert page.all("textarea") == []


def test_always_the_same_is_said_quietly(ann, database):
    judge(ann, database, SAME)

    page = ann.page(DIGITAL)

    assert "You answered “the same” every time." in page.text
    assert notices(page) == []


def test_who_hands_out_points_contradicts_nothing(bo, database):
    fields = {f"points-{item}": "50" for item in ("wired", "wireless")} | {"points-ai": "0"}
    answer(bo, "/answer/points/digital", **fields, zero="ai", go="on")

    assert bo.get(DIGITAL).headers["Location"] == "/answer/points/digital"
    seen = bo.page("/answer/points/digital")
    before = rows(database)
    assert answer(bo, DIGITAL, seen, answers="x").status_code == 404
    assert rows(database) == before


def test_an_unfinished_group_is_not_asked_about(ann, database):
    say(ann, database, PAIRS[0], "first 9")
    say(ann, database, PAIRS[1], "first 9")

    page = ann.page(DIGITAL)

    assert page.all("input", name="verdict") == []


# ---------- the expert's review ----------


def test_looks_right_is_stored_and_leads_on(ann, database):
    judge(ann, database, FITS)

    response = answer(ann, DIGITAL, verdict="looks-right")

    assert response.headers["Location"] == arrivals.question(database, "water", "health")
    assert reviews(database) == [("looks-right", "", [], [1, 3, 1], [1, 3, 1])]
    with database.reading() as session:
        study_id = cast.invitation(session).expert.study_id
        assert journal.find_fault(session, study_id) is None
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert (last.actor, last.action) == ("expert ANN", "review recorded")


def test_an_expert_may_continue_without_a_verdict(ann, database):
    judge(ann, database, CIRCLE)

    assert answer(ann, DIGITAL).status_code == 303
    assert [review[:3] for review in reviews(database)] == [("", "", ["circle"])]


def test_a_kept_contradiction_is_stored_with_its_reason_and_shown_quietly_afterwards(ann, database):
    judge(ann, database, CIRCLE)

    answer(ann, DIGITAL, reason="each beats the other\r\nin its own field ")

    kept = [8, -8, 8]
    assert reviews(database) == [
        ("", "each beats the other\nin its own field", ["circle"], kept, kept)
    ]
    assert [step for *_, step, _ in judgements(database)] == [8, -8, 8]
    page = ann.page(DIGITAL)
    assert notices(page) == []
    assert "You reviewed the inconsistent answers and kept them." in page.text
    assert "each beats the other" in page.text
    reopened = ann.page(page.one("a", href=f"{DIGITAL}?reopen=1").attributes["href"])
    assert notices(reopened) == ["Three of your answers contradict one another in a circle"]
    assert reopened.one("textarea", id="reason").text == "each beats the other in its own field"


def test_looking_again_at_one_leads_there_and_back_and_both_states_are_kept(ann, database):
    judge(ann, database, CIRCLE)
    number = again(database, PAIRS[2])

    response = answer(ann, DIGITAL, again=number, reason="wait")

    path = f"/answer/comparisons/{number}?back=group"
    assert response.headers["Location"] == path
    assert reviews(database) == [("", "wait", ["circle"], [8, -8, 8], None)]
    page = ann.page(path)
    assert "Back to the group" in [e.text for e in page.all("button")]
    assert say(ann, database, PAIRS[2], "same", "?back=group") == DIGITAL

    page = ann.page(DIGITAL)
    assert page.one("textarea", id="reason").text == "wait"
    answer(ann, DIGITAL, page, reason="", verdict="looks-right")
    assert reviews(database)[1] == ("looks-right", "", ["circle"], [8, -8, 8], [8, 0, 8])
    assert "and changed some" in ann.page(DIGITAL).text


def test_the_way_back_does_not_lead_to_the_next_open_question(ann, database):
    say(ann, database, PAIRS[0], "same")

    assert say(ann, database, PAIRS[0], "first 3", "?back=group") == DIGITAL
    assert say(ann, database, PAIRS[0], "first 2") != DIGITAL


def test_who_finds_something_off_chooses_two_and_gets_that_pair(ann, database):
    judge(ann, database, FITS)

    response = answer(ann, DIGITAL, verdict="off", one="ai", other="wireless", go="pair")

    assert response.headers["Location"] == (
        f"/answer/comparisons/{again(database, ('wireless', 'ai'))}?back=group"
    )
    assert [review[0] for review in reviews(database)] == ["off"]


@pytest.mark.parametrize(
    "two", [{}, {"one": "ai"}, {"one": "ai", "other": "ai"}, {"one": "ai", "other": "water"}]
)
def test_two_different_ones_are_asked_for(ann, database, two):
    judge(ann, database, FITS)
    seen = ann.page(DIGITAL)
    before = rows(database)

    response = answer(ann, DIGITAL, seen, verdict="off", go="pair", **two)

    assert response.status_code == 422
    assert "Choose two that you were asked to compare." in page_of(response).text
    assert rows(database) == before


def test_a_pass_shows_nothing_that_it_did_not_begin_with(ann, database):
    """With three items there is one triad: changed into another mismatch, it is shown still."""
    judge(ann, database, CIRCLE)
    answer(ann, DIGITAL, again=again(database, PAIRS[2]))
    say(ann, database, PAIRS[2], "first 3", "?back=group")

    assert notices(ann.page(DIGITAL)) == ["Three of your answers are inconsistent"]


def test_reviews_leave_with_the_study_and_come_back(ann, database):
    judge(ann, database, CIRCLE)
    answer(ann, DIGITAL, again=again(database, PAIRS[0]))
    answer(ann, DIGITAL, verdict="off", reason="=so be it")

    with database.reading() as session:
        round_ = cast.invitation(session).round
        study = cast.load_as_if_closed(session, round_)
    kept = (("wired", "wireless", 8), ("wired", "ai", -8), ("wireless", "ai", 8))
    shown = (Contradiction("circle", ("wired", "wireless", "ai")),)
    said = Review("ANN", "digital", "off", "=so be it", shown, kept, kept)
    assert study.reviews == (said,)
    assert read_zip(zipped(study), "any.zip").study.reviews == (said,)


# ---------- the save protocol ----------


def test_a_review_sent_twice_counts_once(ann, database):
    judge(ann, database, CIRCLE)
    seen = ann.page(DIGITAL)

    first = answer(ann, DIGITAL, seen, verdict="looks-right")
    stored = rows(database, "review", "journal_entry")
    second = answer(ann, DIGITAL, seen, verdict="looks-right")

    assert second.headers["Location"] == first.headers["Location"]
    assert rows(database, "review", "journal_entry") == stored


def test_a_stale_review_stores_nothing_and_shows_both(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    judge(phone, database, CIRCLE)
    seen = desk.page(DIGITAL)
    answer(phone, DIGITAL, reason="from the phone")
    stored = rows(database)

    response = answer(desk, DIGITAL, seen, reason="from the desk")

    assert response.status_code == 409
    page = page_of(response)
    assert "from the phone" in page.text
    assert page.one("textarea", id="reason").text == "from the desk"
    assert rows(database) == stored
    assert answer(desk, DIGITAL, page, reason="from the desk").status_code == 303
    assert [review[1] for review in reviews(database)] == ["from the phone", "from the desk"]


def test_a_verdict_on_weights_of_answers_that_changed_since_is_refused(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    judge(phone, database, FITS)
    seen = desk.page(DIGITAL)
    say(phone, database, PAIRS[0], "second 9")
    stored = rows(database)

    response = answer(desk, DIGITAL, seen, verdict="looks-right")

    assert response.status_code == 409
    assert "What you sent was not saved" in page_of(response).text
    assert rows(database) == stored


def test_one_key_is_one_save(ann, database):
    judge(ann, database, CIRCLE)
    seen = ann.page(DIGITAL)
    answer(ann, DIGITAL, seen, verdict="looks-right")

    assert answer(ann, DIGITAL, seen, verdict="off").status_code == 409
    assert len(reviews(database)) == 1


def test_after_the_close_nothing_is_said_and_what_was_said_stays(ann, database):
    judge(ann, database, CIRCLE)
    seen = ann.page(DIGITAL)
    answer(ann, DIGITAL, reason="so be it")
    arrivals.close(database)
    before = rows(database)

    assert answer(ann, DIGITAL, seen, key=new_key(), verdict="off").status_code == 409
    assert rows(database) == before
    assert "so be it" in ann.page(DIGITAL).text


def test_withdrawing_takes_it_back(ann, database):
    judge(ann, database, CIRCLE)
    answer(ann, DIGITAL, reason="mine")

    ann.send("/answer/withdraw", {})

    assert rows(database, "review")["review"] == []


@pytest.mark.parametrize(
    "damage",
    [{"key": ""}, {"base": "x"}, {"answers": ""}, {"verdict": "perhaps"}, {"again": "x"}],
)
def test_what_no_page_of_ours_sends_is_refused(ann, database, damage):
    judge(ann, database, CIRCLE)
    seen = ann.page(DIGITAL)
    before = rows(database)

    assert answer(ann, DIGITAL, seen, **damage).status_code == 400
    assert rows(database) == before


def test_an_answer_of_another_group_is_not_looked_at_from_here(ann, database):
    judge(ann, database, CIRCLE)
    elsewhere = arrivals.question(database, "water", "health").rpartition("/")[2]
    seen = ann.page(DIGITAL)
    before = rows(database)

    assert answer(ann, DIGITAL, seen, again=elsewhere).status_code == 404
    assert rows(database) == before


# ---------- the part that each answer moves ----------


def test_the_fragment_says_what_the_page_says(ann, database):
    judge(ann, database, CIRCLE)

    response = ann.get(f"{DIGITAL}/fit", headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "These three cannot all be true." in response.get_data(as_text=True)


def test_asked_for_as_a_page_it_is_the_groups_page(ann):
    assert ann.get(f"{DIGITAL}/fit").headers["Location"] == DIGITAL
