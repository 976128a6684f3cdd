"""The best and the worst of a group, and all others against them."""

import json

import pytest

from survey import values
from survey.models import Round
from tests.clients import arrivals
from tests.clients.arrivals import answer, autosave, chosen, judgements, rows
from tests.clients.pages import page_of
from tests.worlds import cast, further

ENDS = "/answer/extremes/digital"
STAR = "/answer/star/digital"
GROUP = "/answer/groups/digital"


def pair(database, first, second):
    with database.reading() as session:
        return f"pair-{cast.comparison(session, first, second).id}"


def strengths(database, **given):
    """Return the form's strengths; ``wired_ai="3"`` is that of the heavier of the two."""
    return {pair(database, *names.split("_")): ratio for names, ratio in given.items()}


def loaded(database):
    with database.reading() as session:
        round_ = session.query(Round).one()
        return cast.load_as_if_closed(session, round_)


def reading_begins_at(page):
    [start] = [e for e in (*page.all("h1"), *page.all("p")) if "autofocus" in e.attributes]
    return start.text


def test_nothing_is_chosen_before_the_expert_chooses(cy, database):
    assert chosen(cy.page(ENDS)) == {}
    answer(cy, ENDS, best="wired", worst="ai")
    assert chosen(cy.page(STAR)) == {}


def test_the_way_leads_from_the_ends_to_the_star_to_what_the_group_comes_to(cy, database):
    assert cy.page("/answer/").all("a", href=ENDS)
    assert cy.get(STAR).headers["Location"] == ENDS

    chose = answer(cy, ENDS, best="wireless", worst="ai")
    assert (chose.status_code, chose.headers["Location"]) == (303, STAR)
    assert arrivals.extremes(database) == {"digital": ("wireless", "ai")}

    given = strengths(database, wired_wireless="3", wireless_ai="7", wired_ai="2")
    done = answer(cy, STAR, **given, go="on")
    assert (done.status_code, done.headers["Location"]) == (303, GROUP)
    assert judgements(database) == [
        ("wired", "wireless", -2, ""),
        ("wired", "ai", 1, ""),
        ("wireless", "ai", 6, ""),
    ]
    page = cy.page(GROUP)
    assert "The weights from your answers" in page.text
    assert (
        "Your answer: “Wireless network” counts most and “Artificial intelligence” counts least."
        in page.text
    )
    assert not page.all("a", href=arrivals.question(database, "wired", "ai"))
    onward = answer(cy, GROUP, page).headers["Location"]
    assert onward == arrivals.question(database, "water", "health")


def test_of_two_items_the_expert_judges_the_one_pair(cy, database):
    assert cy.get("/answer/extremes/civic").status_code == 404
    path = arrivals.question(database, "water", "health")

    assert answer(cy, path, direction="second", strength="4").status_code == 303
    assert judgements(database) == [("water", "health", -3, "")]


def test_a_pair_of_the_star_has_no_page_of_its_own(cy, database):
    path = arrivals.question(database, "wired", "ai")
    seen = cy.page(arrivals.question(database, "water", "health"))
    before = rows(database)

    assert cy.get(path).status_code == 404
    assert answer(cy, path, seen, direction="same").status_code == 404
    assert rows(database) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose the one that counts most. "),
        ({"best": "wired"}, "Choose the one that counts least."),
        ({"best": "wired", "worst": "wired"}, "One item cannot count both most and least"),
        ({"best": "wired", "worst": "water"}, ""),
        ({"best": "digital", "worst": "wired"}, ""),
    ],
)
def test_two_different_items_of_the_group_are_the_ends(cy, database, fields, said):
    seen = cy.page(ENDS)
    before = rows(database)

    response = answer(cy, ENDS, seen, **fields)

    assert response.status_code == 422
    assert said in page_of(response).text
    assert reading_begins_at(page_of(response)).startswith(said.strip() or "Invalid value")
    assert (
        chosen(page_of(response)) == {k: v for k, v in fields.items() if v != "water"} or not said
    )
    assert rows(database) == before


def test_what_is_open_is_said_and_may_be_left_open(cy, database):
    answer(cy, ENDS, best="wired", worst="ai")

    response = answer(cy, STAR, **strengths(database, wired_ai="9"), go="on")
    assert response.status_code == 422
    assert (
        reading_begins_at(page_of(response))
        == "2 items have no answer yet. Your entries are saved."
    )
    assert judgements(database) == [("wired", "ai", 8, "")]

    left = answer(cy, STAR, **strengths(database, wired_ai="9"), go="open")
    assert left.headers["Location"] == GROUP


def test_every_answer_is_saved_as_it_is_given(cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    seen = cy.page(STAR)

    saved = autosave(cy, STAR, seen, **strengths(database, wired_ai="1"))
    again = {"base": str(saved.json["version"])}
    autosave(cy, STAR, seen, **strengths(database, wired_ai="1", wired_wireless="4"), **again)

    assert judgements(database) == [("wired", "wireless", 3, ""), ("wired", "ai", 0, "")]


@pytest.mark.parametrize("damage", [{"pair-1": "0"}, {"pair-1": "10"}, {"pair-99": "3"}])
def test_what_its_page_cannot_have_sent_is_refused(cy, database, damage):
    answer(cy, ENDS, best="wired", worst="ai")
    seen = cy.page(STAR)
    before = rows(database)

    assert answer(cy, STAR, seen, **damage).status_code == 400
    assert rows(database) == before


def judged(cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    given = strengths(database, wired_wireless="3", wired_ai="7", wireless_ai="2")
    answer(cy, STAR, **given, go="on")


def test_another_best_keeps_what_still_belongs_and_sets_the_rest_aside(cy, database):
    """That wired counts 3 times as much as wireless cannot be said with wireless as the best."""
    judged(cy, database)
    stored = judgements(database)

    answer(cy, ENDS, best="wireless", worst="ai")

    assert judgements(database) == stored
    page = cy.page(STAR)
    assert "One answer you gave about other pairs is kept, but does not count" in page.text
    assert chosen(page) == strengths(database, wired_ai="7", wireless_ai="2")
    content = loaded(database)
    assert [(j.first, j.second) for j in content.judgements] == [
        ("wired", "ai"),
        ("wireless", "ai"),
    ]
    assert content.extremes == (values.Extremes("CY", "digital", "wireless", "ai"),)


def test_choosing_the_earlier_best_brings_its_answers_back(cy, database):
    judged(cy, database)
    before = loaded(database)
    answer(cy, ENDS, best="ai", worst="wired")
    assert loaded(database).judgements == ()

    answer(cy, ENDS, best="wired", worst="ai")

    assert loaded(database) == before
    assert "does not count" not in cy.page(STAR).text


def test_a_judgement_that_is_said_again_keeps_its_reason(cy, database):
    arrivals.answers_by(database, values.PAIRWISE)
    answer(
        cy, arrivals.question(database, "wired", "ai"), direction="first", strength="5", reason="so"
    )
    arrivals.answers_by(database, values.BEST_WORST)
    answer(cy, ENDS, best="wired", worst="ai")

    answer(cy, STAR, **strengths(database, wired_ai="5", wired_wireless="2"), go="on")
    assert judgements(database) == [("wired", "wireless", 1, ""), ("wired", "ai", 4, "so")]
    answer(cy, STAR, **strengths(database, wired_ai="6", wired_wireless="2"), go="on")
    assert judgements(database) == [("wired", "wireless", 1, ""), ("wired", "ai", 5, "")]


def reasons(database, **given):
    return {
        pair(database, *names.split("_")).replace("pair", "reason"): why
        for names, why in given.items()
    }


def test_each_judgement_has_a_reason_that_can_be_changed(cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    given = strengths(database, wired_wireless="3", wired_ai="7", wireless_ai="2")

    answer(cy, STAR, **given, **reasons(database, wired_ai=" 理由 ", wireless_ai=""), go="on")
    assert judgements(database) == [
        ("wired", "wireless", 2, ""),
        ("wired", "ai", 6, "理由"),
        ("wireless", "ai", 1, ""),
    ]
    assert loaded(database).judgements[1].reason == "理由"
    written = {e.attributes["id"]: e.text for e in cy.page(STAR).all("textarea")}
    assert written == reasons(database, wired_wireless="", wired_ai="理由", wireless_ai="")

    answer(cy, STAR, **given, **reasons(database, wired_ai="", wireless_ai="so"), go="on")
    assert [reason for *_, reason in judgements(database)] == ["", "", "so"]


def test_a_reason_without_its_judgement_waits_on_the_page(cy, database):
    answer(cy, ENDS, best="wired", worst="ai")

    response = answer(
        cy,
        STAR,
        **strengths(database, wired_ai="7"),
        **reasons(database, wireless_ai="so"),
        go="on",
    )

    assert response.status_code == 422
    assert judgements(database) == [("wired", "ai", 6, "")]
    assert "so" in [e.text for e in page_of(response).all("textarea")]


def test_a_reason_is_seen_on_a_stale_page_and_stored_with_the_choice(arrive, cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    desk = arrive("CY")
    seen = desk.page(STAR)
    here = {**strengths(database, wired_ai="3"), **reasons(database, wired_ai="stored")}
    answer(cy, STAR, **here, go="open")

    there = {**strengths(database, wired_ai="5"), **reasons(database, wired_ai="unstored")}
    stale = answer(desk, STAR, seen, **there, go="on")

    page = page_of(stale)
    assert stale.status_code == 409
    said = [e.text for e in page.all("p", dir="auto")]
    assert said == ["stored", "unstored"]
    desk.post(STAR, data=arrivals.hidden(page))
    assert judgements(database) == [("wired", "ai", 4, "unstored")]


def test_answers_kept_in_another_round_are_kept_with_their_reasons(app, cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    said = {**strengths(database, wired_ai="5"), **reasons(database, wired_ai="so")}
    answer(cy, STAR, **said, go="open")
    arrivals.close(database)
    with database.writing() as session:
        study = cast.invitation(session, "CY").expert.study
        further.ask_again(session, study)
        invitation = further.invitation(session, "CY")
        invitation.kind = values.BEST_WORST
        token = further.link(session, invitation)
    client = arrivals.arrive(app, token)

    client.post(ENDS, data=arrivals.hidden(client.page(ENDS)) | {"go": "again"})

    assert judgements(database) == [("wired", "ai", 4, "so")] * 2


@pytest.mark.parametrize("damage", [{"reason-99": "so"}, {"reason": "x" * 2001}])
def test_a_reason_that_its_page_cannot_have_sent_is_refused(cy, database, damage):
    answer(cy, ENDS, best="wired", worst="ai")
    seen = cy.page(STAR)
    before = rows(database)
    if "reason" in damage:
        damage = reasons(database, wired_ai=damage["reason"])

    sent = {**strengths(database, wired_ai="5"), **damage}
    assert answer(cy, STAR, seen, **sent).status_code == 400
    assert rows(database) == before


def test_a_pair_that_could_not_be_judged_is_judged_in_the_star(cy, database):
    arrivals.answers_by(database, values.PAIRWISE)
    answer(cy, arrivals.question(database, "wired", "ai"), direction="cannot")
    arrivals.answers_by(database, values.BEST_WORST)
    answer(cy, ENDS, best="wired", worst="ai")
    assert loaded(database).abstentions == ()

    answer(cy, STAR, **strengths(database, wired_ai="5"), go="on")

    assert rows(database, "abstention")["abstention"] == []


def test_a_star_of_another_best_does_not_overwrite(arrive, cy, database):
    """Exchanged ends ask the same pairs the other way round: nothing is read the wrong way."""
    answer(cy, ENDS, best="wired", worst="ai")
    desk = arrive("CY")
    seen = desk.page(STAR)
    answer(cy, ENDS, best="ai", worst="wired")
    stored = rows(database)

    response = answer(desk, STAR, seen, **strengths(database, wired_ai="5"), go="on")

    assert response.status_code == 409
    assert "Another item was chosen to count most or least" in page_of(response).text
    assert rows(database) == stored


def test_a_stale_star_shows_both_to_choose_from(arrive, cy, database):
    answer(cy, ENDS, best="wired", worst="ai")
    desk = arrive("CY")
    seen = desk.page(STAR)
    answer(cy, STAR, **strengths(database, wired_ai="3"), go="open")
    stored = rows(database)

    response = answer(desk, STAR, seen, **strengths(database, wired_ai="5"), go="on")

    assert response.status_code == 409
    assert rows(database) == stored
    page = page_of(response)
    assert "“Wired network” counts 3 times as much as “Artificial intelligence”." in page.text
    assert "“Wired network” counts 5 times as much as “Artificial intelligence”." in page.text
    assert desk.post(STAR, data=arrivals.hidden(page)).status_code == 303
    assert judgements(database) == [("wired", "ai", 4, "")]


def test_stale_ends_show_both_to_choose_from(arrive, cy, database):
    desk = arrive("CY")
    seen = desk.page(ENDS)
    answer(cy, ENDS, best="wired", worst="ai")

    response = answer(desk, ENDS, seen, best="ai", worst="wireless")

    assert response.status_code == 409
    page = page_of(response)
    assert "counts most Wired network" in page.text
    assert "counts most Artificial intelligence" in page.text
    assert desk.post(ENDS, data=arrivals.hidden(page)).headers["Location"] == STAR
    assert arrivals.extremes(database) == {"digital": ("ai", "wireless")}


@pytest.mark.parametrize("path", [ENDS, STAR])
def test_after_the_close_nothing_is_stored(cy, database, path):
    answer(cy, ENDS, best="wired", worst="ai")
    seen = cy.page(path)
    arrivals.close(database)
    before = rows(database)

    response = answer(cy, path, seen, best="wired", worst="ai")

    assert response.status_code == 409
    assert "This round has closed" in page_of(response).text
    assert rows(database) == before
    assert cy.get(path).headers["Location"] == GROUP


@pytest.mark.parametrize("path", [ENDS, STAR])
def test_the_same_save_counts_once(cy, database, path):
    answer(cy, ENDS, best="wired", worst="ai")
    seen = cy.page(path)
    fields = {"best": "wired", "worst": "ai"} | (
        strengths(database, wired_ai="3") if path == STAR else {}
    )
    answer(cy, path, seen, **fields)
    stored = rows(database)

    assert answer(cy, path, seen, **fields).status_code == 303
    assert rows(database) == stored


def test_a_group_that_cannot_be_judged_counts_neither_ends_nor_star(cy, database):
    judged(cy, database)
    answer(cy, "/answer/groups/digital/cannot-judge")

    content = loaded(database)
    assert (content.extremes, content.judgements) == ((), ())
    assert cy.get(ENDS).headers["Location"] == "/answer/groups/digital/cannot-judge"


def test_who_looks_at_a_judgement_again_finds_the_star(cy, database):
    """Three answers that do not fit together: each is shown again where it was given."""
    answer(cy, ENDS, best="wired", worst="ai")
    given = strengths(database, wired_wireless="9", wireless_ai="9", wired_ai="2")
    answer(cy, STAR, **given, go="on")

    page = cy.page(GROUP)
    assert page.all("a", href=STAR)
    assert page.all("a", href=ENDS)
    again = page.all("button", name="again")[0].attributes["value"]
    assert answer(cy, GROUP, page, again=again).headers["Location"] == STAR


def test_withdrawing_deletes_the_ends(cy, database):
    judged(cy, database)
    cy.send("/answer/withdraw", {})

    assert all(not found for found in rows(database, *arrivals.ANSWERS).values())


def test_the_journal_says_that_and_not_what(cy, database):
    judged(cy, database)
    entries = rows(database, "journal_entry")["journal_entry"][-2:]

    assert [row[5] for row in entries] == ["best and worst recorded", "star recorded"]
    assert all(
        set(json.loads(row[6])) == {"comparison", "parent", "round", "version"} for row in entries
    )


def test_an_experts_checksum_changes_with_their_ends(cy, database):
    judged(cy, database)
    cy.send("/answer/finish", {})
    before = cy.page("/answer/receipt").one("code", class_="digest").text
    answer(cy, ENDS, best="wired", worst="wireless")

    assert cy.page("/answer/receipt").one("code", class_="digest").text != before


def test_who_answers_in_another_way_has_no_star(bo, database):
    assert bo.get(ENDS).status_code == bo.get(STAR).status_code == 404
