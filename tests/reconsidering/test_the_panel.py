"""What an expert sees of the round before, and what nobody is shown."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.accounts.operations import exchange_personal_link
from survey.current import TOKEN, now
from survey.models import Comparison, Expert, Invitation, Round
from survey.rounds.operations import start_round
from tests import cast, experts, further
from tests.experts import answer, hidden, page_of, rows

PANEL = "/answer/panel"


def card(page, code):
    """The text of one indicator's card."""
    return page.one("article", id=code).text.replace("\xa0", " ")


def test_a_card_shows_her_weight_on_the_panels_median_and_middle_half(ann):
    # Ann: 0.5 of the digital group, 25 and 5 to 1 within it; everybody's weights by hand below.
    text = card(ann.page(PANEL), "ai")

    assert "yours 5.2 %" in text
    assert "panel median 8.1 %" in text
    assert "middle half 8.0 % to 8.3 %" in text
    assert "Yours is below the middle half" in text
    assert "Your rank 5, the panel’s 5." in text


def test_the_figures_are_those_of_the_experts_own_weights(ann):
    # Water, of the civic group: Ann 1/2 · 1/2, Bo 0.6 · 0.6, Cy 3/4 · 3/4, Dee 1/4 · 1/2,
    # Eve 1/3 · 1/3. Sorted: 0.111, 0.125, 0.25, 0.36, 0.5625.
    text = card(ann.page(PANEL), "water")

    assert "panel median 25.0 %" in text
    assert "middle half 12.5 % to 36.0 %" in text
    assert "middle half of 5 experts" in ann.page(PANEL).text


def test_a_field_of_fewer_than_three_experts_has_no_median(ann):
    # Ann, Dee and Eve were invited for the digital field; Bo and Cy, who answered, for the civic.
    text = card(ann.page(PANEL), "water")

    assert "Median by field: Digital 12.5 %." in text
    assert "Civic" not in text.partition("Median by field")[2]


def test_where_she_is_within_the_middle_half_the_card_is_folded_away(ann):
    page = ann.page(PANEL)

    folded = [e.attributes["id"] for e in page.all("article") if e.within("details")]
    assert set(folded) == {"wired", "wireless", "water"}
    assert "3 indicators where you are within the middle half" in page.text


def test_nothing_is_chosen_before_she_chooses(ann):
    assert experts.chosen(ann.page(PANEL)) == {}


def test_a_reason_is_read_without_who_wrote_it(arrive):
    text = card(arrive("CY").page(PANEL), "wired")

    assert "CANARY of Ann" in text
    assert "Wired network / Wireless network" in text


@pytest.mark.parametrize("expert", ["ANN", "BO", "CY", "EVE"])
def test_no_page_of_the_round_names_another_expert(arrive, expert):
    client = arrive(expert)

    for path in (PANEL, "/answer/again", "/answer/"):
        html = client.get(path).get_data(as_text=True)
        for other in further.PANEL:
            if other.code != expert:
                assert other.name not in html
                assert not re.search(rf"\b{other.code}\b", html)


def test_her_own_reason_is_not_told_her_as_somebody_elses(ann):
    assert "CANARY" not in ann.page(PANEL).text


def test_a_reason_about_groups_stands_once_below_the_cards(ann):
    page = ann.page(PANEL)

    assert page.text.count("A reason about the groups.") == 1
    assert all("A reason about" not in e.text for e in page.all("article"))


def test_reasons_stand_in_an_order_that_tells_nothing_of_their_writers(database, app):
    # By text: Dee's comes first, though Ann was invited before her.
    judgements = tuple(
        replace(j, reason={"ANN": "zebra", "DEE": "aardvark"}.get(j.expert, ""))
        for j in further.study().judgements
    )
    with database.writing() as session:
        study = cast.load(session, further.study(code="zoo", judgements=judgements))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="zoo"))

    text = card(experts.arrive(app, token).page(PANEL), "water")

    assert text.index("aardvark") < text.index("zebra")


def test_where_a_study_promised_names_a_reason_stands_with_its_writers(database, app):
    with database.writing() as session:
        study = cast.load(session, further.study(code="open", anonymity="named"))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="open"))

    page = experts.arrive(app, token).page(PANEL)

    assert "Ann Example" in card(page, "wired")
    assert "Bo Example" not in page.text


# ---------- nothing before her own ----------


def test_who_said_nothing_in_the_round_before_sees_nothing_of_it_before_she_has_answered(arrive):
    page = arrive("FAY").page(PANEL)

    assert page.one("h1").text == "Your own answers come first"
    assert "CANARY" not in page.text
    assert "%" not in page.text
    assert page.all("article") == []


def test_once_she_has_answered_she_sees_it_beside_what_she_answered(arrive, database):
    fay = arrive("FAY")
    for _parent, first, second in further.PAIRS:
        path = question(database, first, second)
        assert page_of(fay.get(PANEL)).all("article") == []
        answer(fay, path, direction="same")
    page = fay.page(PANEL)

    assert "CANARY of Ann" in page.text
    assert "yours are what you have just answered" in page.text
    assert "yours 25.0 %" in card(page, "water")


def test_of_fewer_than_three_experts_nothing_is_shown(database, app):
    # Of the three that a second study invited, one left out a group.
    with database.writing() as session:
        said = further.study(code="small", panel=further.PANEL[:3])
        few = [j for j in said.judgements if j.expert in ("ANN", "CY")]
        few = [j for j in few if (j.expert, j.parent) != ("CY", "goal")]
        study = cast.load(
            session, further.study(code="small", panel=further.PANEL[:3], judgements=tuple(few))
        )
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "ANN", study="small"))
    page = experts.arrive(app, token).page(PANEL)

    assert page.one("h1").text == "Too few answered to show what the panel said"
    assert "%" not in page.text
    assert page.all("article") == []


# ---------- only closed rounds ----------


def test_the_first_round_has_no_page_of_the_panel(database, app):
    with database.writing() as session:
        cast.load_open(session, "first")
    client = experts.arrive(app, experts.link(database, study="first"))

    assert client.get(PANEL).status_code == 404
    assert client.get("/answer/again").status_code == 404
    assert "panel said" not in client.page("/answer/").text


def test_answers_of_the_round_under_way_are_told_nobody(arrive, database):
    eve = arrive("EVE")
    before = card(arrive("CY").page(PANEL), "wired")
    answer(eve, question(database), direction="second", strength="9", reason="SECOND CANARY")

    page = arrive("CY").page(PANEL)

    assert card(page, "wired") == before
    assert "SECOND CANARY" not in page.text


def test_a_draft_shows_nothing(database, app):
    with database.writing() as session:
        study = cast.load(session, further.study(code="waiting"))
        panel = session.scalars(select(Expert).where(Expert.study_id == study.id)).all()
        round_ = start_round(session, study, panel, "author author", cast.NOON)
        invited = session.scalars(select(Invitation).where(Invitation.round_id == round_.id))
        link = further.link(session, invited.first())
        token, _ = exchange_personal_link(session, link, "a browser", now())
    client = app.test_client()
    with client.session_transaction(base_url=experts.SITE) as cookie:
        cookie[TOKEN] = token

    assert client.get(PANEL).headers["Location"] == "/answer/"
    assert "CANARY" not in client.page("/answer/").text


# ---------- keep, reconsider ----------


def decide(client, seen=None, **fields):
    return client.post(PANEL, data=hidden(seen or client.page(PANEL)) | fields)


def decisions(database):
    return [row[3:6] for row in rows(database, "reconsideration")["reconsideration"]]


def test_what_she_decides_is_stored_with_its_revision_and_journal_entry(ann, database):
    before = rows(database)

    response = decide(
        ann,
        **{"decision-ai": "keep", "reason-ai": " 理由 ", "decision-health": "reconsider"},
    )

    assert (response.status_code, response.headers["Location"]) == (303, "/answer/again")
    assert [(d, r) for _, d, r in decisions(database)] == [("keep", "理由"), ("reconsider", "")]
    after = rows(database)
    assert len(after["answer_revision"]) == len(before["answer_revision"]) + 2
    assert len(after["journal_entry"]) == len(before["journal_entry"]) + 2
    page = ann.page(PANEL)
    assert experts.chosen(page) == {"decision-ai": "keep", "decision-health": "reconsider"}
    assert page.one("textarea", id="reason-ai").text == "理由"


def test_the_same_page_sent_twice_counts_once(ann, database):
    seen = ann.page(PANEL)
    decide(ann, seen, **{"decision-ai": "keep"})
    stored = rows(database)

    assert decide(ann, seen, **{"decision-ai": "keep"}).status_code == 303
    assert rows(database) == stored


def test_a_stale_page_overwrites_nothing(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    seen = desk.page(PANEL)
    decide(phone, **{"decision-ai": "keep", "decision-health": "keep"})
    stored = rows(database)

    response = decide(desk, seen, **{"decision-water": "keep", "decision-ai": "reconsider"})

    assert response.status_code == 409
    assert experts.chosen(page_of(response)) == {
        "decision-ai": "keep",
        "decision-health": "keep",
    }
    assert rows(database) == stored


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"decision-ai": "perhaps"}, 400),
        ({"decision-ai": "keep", "base-ai": "x"}, 400),
        ({"decision-ai": "keep", "key": "short"}, 400),
        ({"decision-ai": "keep", "reason-ai": "x" * 2001}, 422),
    ],
)
def test_what_is_no_decision_is_not_stored(ann, database, fields, status):
    seen = ann.page(PANEL)
    before = rows(database)

    assert decide(ann, seen, **fields).status_code == status
    assert rows(database) == before


def test_after_the_close_nothing_is_decided(ann, database):
    seen = ann.page(PANEL)
    experts.close(database)
    before = rows(database)

    assert decide(ann, seen, **{"decision-ai": "keep"}).status_code == 409
    assert rows(database) == before
    assert ann.get(PANEL).headers["Location"] == "/answer/"


def test_withdrawing_deletes_what_she_decided(ann, database):
    decide(ann, **{"decision-ai": "keep", "reason-ai": "mine"})
    page = ann.page("/answer/withdraw")

    assert ann.post("/answer/withdraw", data=hidden(page)).status_code == 303
    assert decisions(database) == []
    assert "mine" not in str(rows(database))


# ---------- looking again, saying the same again ----------


def question(database, first="wired", second="wireless"):
    """The address of a comparison of the round under way."""
    with database.reading() as session:
        found = session.scalars(
            select(Comparison)
            .join(Round, Round.id == Comparison.round_id)
            .where(Round.state == "open")
        )
        return next(
            f"/answer/comparisons/{row.id}"
            for row in found
            if (row.first.code, row.second.code) == (first, second)
        )


def again(client):
    page = client.page("/answer/again")
    return client.post("/answer/again", data=hidden(page))


def said_now(database):
    """(expert id, comparison, step, reason) of every judgement in the open round."""
    with database.reading() as session:
        number = session.scalar(select(Round.id).where(Round.state == "open"))
    return [row[3:6] for row in rows(database, "judgement")["judgement"] if row[1] == number]


def test_only_the_comparisons_that_move_it_are_looked_at_again(ann, database):
    decide(ann, **{"decision-ai": "reconsider"})

    page = ann.page("/answer/again")

    links = [e.attributes["href"] for e in page.all("a") if "comparisons" in e.attributes["href"]]
    wanted = {question(database, "wired", "ai"), question(database, "wireless", "ai")}
    assert set(links[-2:]) == wanted
    assert "Say the same again to 3 questions" in page.text


def test_one_press_says_the_same_again_to_all_others_and_only_those_are_left(ann, database):
    decide(ann, **{"decision-ai": "reconsider"})
    assert said_now(database) == []

    response = again(ann)

    assert [(step, reason) for _, step, reason in said_now(database)] == [
        (2, "CANARY of Ann"),
        (0, ""),
        (0, ""),
    ]
    assert response.headers["Location"] == question(database, "wired", "ai")
    answer(ann, question(database, "wired", "ai"), direction="same")
    answer(ann, question(database, "wireless", "ai"), direction="same")
    assert ann.page("/answer/").one("h1").text == "Everything is answered"


def test_who_hands_out_points_says_the_same_again_too(bo, database):
    decide(bo, **{"decision-water": "reconsider"})

    response = again(bo)

    with database.reading() as session:
        number = session.scalar(select(Round.id).where(Round.state == "open"))
    given = [r[5] for r in rows(database, "allocation")["allocation"] if r[1] == number]
    assert sorted(given) == [20, 30, 40, 50, 60]
    assert response.headers["Location"] == "/answer/points/civic"


def test_a_question_shows_the_former_answer_and_chooses_nothing(ann, database):
    page = ann.page(question(database, "wired", "ai"))

    assert experts.chosen(page) == {}
    assert (
        "In round 1 you said: Wired network counts 5 times as much as Artificial intelligence."
        in page.text
    )


def test_one_press_on_a_question_says_the_same_again(ann, database):
    path = question(database)

    response = answer(ann, path, again="1", direction="second", strength="9")

    assert response.headers["Location"] == question(database, "wired", "ai")
    assert [(step, reason) for _, step, reason in said_now(database)] == [(2, "CANARY of Ann")]
    assert "Say the same again" not in ann.page(path).text


def test_one_press_on_a_list_hands_out_the_same_points(bo, database):
    page = bo.page("/answer/points/civic")
    assert "In round 1 you handed out:" in page.text
    assert experts.chosen(page) == {"points-water": "", "points-health": ""}

    answer(bo, "/answer/points/civic", go="again")

    with database.reading() as session:
        number = session.scalar(select(Round.id).where(Round.state == "open"))
    given = [r[5] for r in rows(database, "allocation")["allocation"] if r[1] == number]
    assert given == [60, 40]


def test_nobody_says_again_what_she_never_said(arrive, database):
    fay = arrive("FAY")
    path = question(database)
    seen = fay.page(path)
    before = rows(database)

    assert "Say the same again" not in seen.text
    assert answer(fay, path, seen, again="1").status_code == 404
    assert rows(database) == before


def test_after_the_close_nothing_is_said_again(ann, database):
    seen = ann.page("/answer/again")
    experts.close(database)
    before = rows(database)

    assert ann.post("/answer/again", data=hidden(seen)).status_code == 409
    assert rows(database) == before
