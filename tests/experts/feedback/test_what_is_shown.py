"""Figures of the round before that an expert sees, and those that no expert sees."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from survey.authors.rounds.operations import start_round
from survey.experts.landing.operations import exchange_personal_link
from survey.models import Expert, Invitation, Round
from survey.values import DIRECT, By, Judgement
from survey.web.current import TOKEN, now
from tests.clients import arrivals
from tests.clients.arrivals import answer
from tests.clients.pages import page_of
from tests.experts.feedback.steps import AGAIN, PANEL, card, question
from tests.worlds import cast, further


@pytest.fixture
def ann_of_six(database, app):
    """Ann in a panel in which Fay, too, judged every group: five others have weights."""
    steps = zip(further.PAIRS, (0, 0, 0, 2, 0), strict=True)
    fays = tuple(Judgement("FAY", *pair, step) for pair, step in steps)
    with database.writing() as session:
        said = further.study(code="six", judgements=(*further.study().judgements, *fays))
        further.ask_again(session, cast.load(session, said))
        token = further.link(session, further.invitation(session, "ANN", study="six"))
    return arrivals.arrive(app, token)


def test_a_card_shows_the_experts_weight_on_the_panels_median_and_middle_half(ann_of_six):
    # Sorted: Ann 0.0524, Bo 0.08, Eve 0.0813, Cy 1/4 · 1/3, Dee 3/4 · 1/5, Fay 1/2 · 1/3.
    text = card(ann_of_six.page(PANEL), "ai")

    assert "yours 5.2%" in text
    assert "panel median 8.2%" in text
    assert "middle 50% 8.0% to 13.3%" in text
    assert "Your weight is below the middle 50%" in text
    assert "Your rank: 5; panel rank: 5." in text


def test_the_figures_are_those_of_the_experts_own_weights(ann_of_six):
    # Water, of the civic group: Ann 1/2 · 1/2, Bo 0.6 · 0.6, Cy 3/4 · 3/4, Dee 1/4 · 1/2,
    # Eve 1/3 · 1/3, Fay 1/2 · 3/4. Sorted: 0.111, 0.125, 0.25, 0.36, 0.375, 0.5625.
    page = ann_of_six.page(PANEL)

    assert "panel median 30.5%" in card(page, "water")
    assert "middle 50% 15.6% to 37.1%" in card(page, "water")
    assert "middle 50% of 6 experts" in page.text
    assert len([r for r in page.all("rect") if r.attributes.get("class") == "half"]) == 6


def test_beside_four_others_only_the_median_is_shown(ann):
    """Three figures of each indicator and the own weight would give the four others'."""
    page = ann.page(PANEL)

    assert "panel median 25.0%" in card(page, "water")
    assert "middle 50%" not in page.text
    assert [r for r in page.all("rect") if r.attributes.get("class") == "half"] == []
    said = {e.attributes.get("aria-label") for e in page.all("svg")}
    assert "Your weight 25.0%, panel median 25.0%" in said
    assert [e for e in page.all("article") if e.within("details")] == []


def test_a_field_of_fewer_than_three_others_has_no_median(ann, bo):
    # Ann, Dee and Eve were invited for the digital field; Bo and Cy, who answered, for the civic.
    bos = card(bo.page(PANEL), "water")

    assert "Median by field: Digital 12.5%." in bos
    assert "Civic" not in bos.partition("Median by field")[2]
    assert "Median by field" not in card(ann.page(PANEL), "water")


def test_the_card_of_a_weight_within_the_middle_half_is_folded_away(ann_of_six):
    page = ann_of_six.page(PANEL)

    folded = [e.attributes["id"] for e in page.all("article") if e.within("details")]
    assert set(folded) == {"wireless", "water"}
    assert "2 indicators where your weight is within the middle 50%" in page.text


def test_the_deadline_is_shown_with_the_round_if_it_is_planned(ann, database):
    assert "plans to close" not in ann.page(PANEL).text

    with database.writing() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        round_.closes_at = datetime(2024, 9, 9, 12, tzinfo=UTC)

    text = ann.page(PANEL).text
    assert "The author plans to close round 2 on 9 September 2024, 12:00 UTC." in text


def test_nothing_is_chosen_before_the_expert_chooses(ann):
    assert arrivals.chosen(ann.page(PANEL)) == {}


def test_a_reason_is_read_without_who_wrote_it(arrive):
    text = card(arrive("CY").page(PANEL), "wired")

    assert "CANARY of Ann" in text
    assert "Wired network / Wireless network" in text


@pytest.mark.parametrize("expert", ["ANN", "BO", "CY", "EVE"])
def test_no_page_of_the_round_names_another_expert(arrive, expert):
    client = arrive(expert)

    for path in (PANEL, AGAIN, "/answer/"):
        html = client.get(path).get_data(as_text=True)
        for other in further.PANEL:
            if other.code != expert:
                assert other.name not in html
                assert not re.search(rf"\b{other.code}\b", html)


def test_an_experts_own_reason_is_not_shown_as_that_of_another(ann):
    assert "CANARY" not in ann.page(PANEL).text


def test_a_reason_about_groups_is_once_below_the_cards(ann):
    page = ann.page(PANEL)

    assert page.text.count("A reason about the groups.") == 1
    assert all("A reason about" not in e.text for e in page.all("article"))


def test_reasons_are_in_an_order_that_reveals_nothing_of_their_writers(database, app):
    # By text: Dee's comes first, though Ann was invited before Dee.
    judgements = tuple(
        replace(j, reason={"ANN": "zebra", "DEE": "aardvark"}.get(j.expert, ""))
        for j in further.study().judgements
    )
    with database.writing() as session:
        study = cast.load(session, further.study(code="zoo", judgements=judgements))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="zoo"))

    text = card(arrivals.arrive(app, token).page(PANEL), "water")

    assert text.index("aardvark") < text.index("zebra")


def test_after_a_targeted_round_the_reasons_of_carried_answers_are_still_read(database, app):
    said = replace(
        further.study(),
        judgements=(Judgement("EVE", "digital", "wired", "ai", 3, "EVE SAYS IT ANEW"),),
        allocations=(),
    )
    asked = {
        "DEE": {("digital", "wired", "ai"): "far"},
        "EVE": {("digital", "wired", "ai"): "far"},
    }
    with database.writing() as session:
        study = cast.load(session, further.study(code="third"))
        further.answer_again(session, further.ask_some_again(session, study, asked), said)
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", 3, study="third"))

    page = arrivals.arrive(app, token).page(PANEL)

    assert "CANARY of Ann" in card(page, "wired")
    assert "EVE SAYS IT ANEW" in card(page, "wired")
    assert "A reason about the groups." in page.text
    # Dee was asked again and did not answer: the earlier answer counts, with its reason.
    assert "Bir hizmeti" in page.text


def test_what_is_kept_aside_gives_no_reasons(database, app):
    """Ann judged pairs, then answered with points: no judgement of Ann counts."""
    with database.writing() as session:
        panel = (replace(further.PANEL[0], kind=DIRECT), *further.PANEL[1:])
        study = cast.load(session, further.study(code="aside", panel=panel))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="aside"))

    page = arrivals.arrive(app, token).page(PANEL)

    assert "Bir hizmeti" in page.text
    assert "CANARY" not in page.text


def test_in_a_study_with_names_a_reason_is_shown_with_its_writers(database, app):
    with database.writing() as session:
        study = cast.load(session, further.study(code="open", anonymity="named"))
        further.ask_again(session, study)
        token = further.link(session, further.invitation(session, "CY", study="open"))

    page = arrivals.arrive(app, token).page(PANEL)

    assert "Ann Example" in card(page, "wired")
    assert "Bo Example" not in page.text


# ---------- nothing before the own answers ----------


def test_an_expert_silent_in_the_round_before_sees_nothing_of_it_before_answering(arrive):
    page = arrive("FAY").page(PANEL)

    assert page.one("h1").text == "Please answer first"
    assert "CANARY" not in page.text
    assert "%" not in page.text
    assert page.all("article") == []


def test_abstaining_from_everything_shows_nothing_of_the_panel(arrive):
    fay = arrive("FAY")
    for group in ("digital", "civic", "goal"):
        answer(fay, f"/answer/groups/{group}/cannot-judge", reason="")

    page = fay.page(PANEL)

    assert page.all("article") == []
    assert "CANARY" not in page.text


def test_after_answering_the_expert_sees_it_beside_their_answers(arrive, database):
    fay = arrive("FAY")
    for _parent, first, second in further.PAIRS:
        path = question(database, first, second)
        assert page_of(fay.get(PANEL)).all("article") == []
        answer(fay, path, direction="same")
    page = fay.page(PANEL)

    assert "CANARY of Ann" in page.text
    assert "yours are from your latest answers" in page.text
    assert "yours 25.0%" in card(page, "water")


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
    page = arrivals.arrive(app, token).page(PANEL)

    assert page.one("h1").text == "Too few answers to show the panel’s answers"
    assert "%" not in page.text
    assert page.all("article") == []


# ---------- only closed rounds ----------


def test_the_first_round_has_no_page_of_the_panel(database, app):
    with database.writing() as session:
        cast.load_open(session, "first")
    client = arrivals.arrive(app, arrivals.link(database, study="first"))

    assert client.get(PANEL).status_code == 404
    assert client.get(AGAIN).status_code == 404
    assert "panel’s answers" not in client.page("/answer/").text


def test_answers_of_the_open_round_are_not_revealed(arrive, database):
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
        round_ = start_round(session, study, panel, By("author author", cast.NOON))
        invited = session.scalars(select(Invitation).where(Invitation.round_id == round_.id))
        link = further.link(session, invited.first())
        token = exchange_personal_link(session, link, "a browser", now())
    client = app.test_client()
    with client.session_transaction(base_url=arrivals.SITE) as cookie:
        cookie[TOKEN] = token

    assert client.get(PANEL).headers["Location"] == "/answer/"
    assert "CANARY" not in client.page("/answer/").text
