"""Rounds: who has answered how much, opening, closing for good, and asking again."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from survey import values
from survey.asking.best_worst import record_extremes, record_star
from survey.asking.kinds import offered_kinds
from survey.asking.pairs import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.points import record_allocation
from survey.asking.saves import RoundClosed, Save
from survey.authors.panel.operations import add_expert
from survey.authors.rounds.operations import start_round
from survey.authors.rounds.queries import load_progress
from survey.experts.finish.operations import finish
from survey.models import Comparison, Criterion, Invitation, Round
from survey.store.invitations import invite, issue_personal_link, load_invitations
from survey.store.rounds import close_round
from survey.values import By
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds import cast
from tests.worlds.mixed import WIL

STUDY = "/author/studies/pilot"


@pytest.fixture
def opened(store):
    with store.writing() as session:
        return cast.load_open(session).id


def save(number):
    return Save(f"key-{number}", 0, cast.NOON)


def parent(session, code):
    return session.scalars(select(Criterion).where(Criterion.code == code)).one()


def states(store):
    with store.reading() as session:
        return session.scalars(select(Round.state).order_by(Round.number)).all()


def rows(page):
    """Return the grid's rows: each expert's cells, as read aloud."""
    return {
        row.text.split()[0]: [cell.text for cell in page.all("td") if cell.parents[-1] is row]
        for row in page.all("tr")
        if row.parents[-1].tag == "tbody" and "class" not in row.attributes
    }


def test_the_grid_shows_who_has_answered_how_much_and_what_only_after_the_close(
    author, opened, store
):
    with store.writing() as session:
        ann = cast.invitation(session, "ANN")
        record_judgement(session, ann, cast.comparison(session), 2, "", save(1))
        record_cannot_judge(session, ann, cast.comparison(session, "wired", "ai"), "", save(2))
        record_group_abstention(session, ann, parent(session, "civic"), "", save(3))
        bo = cast.invitation(session, "BO")
        wired = parent(session, "wired")
        record_allocation(session, bo, parent(session, "digital"), {wired.id: 62.5}, save(4))

    page = author.page(f"{STUDY}/rounds/1")

    assert rows(page) == {
        "ANN": ["2 of 3", "1 of 1", "0 of 1", "not opened"],
        "BO": ["1 of 3", "0 of 2", "0 of 2", "not opened"],
        "CY": ["0 of 3", "0 of 1", "0 of 1", "not opened"],
    }
    assert [e.text for e in page.all("dd")] == ["0", "2", "1"]
    assert page.text.index("Invited for Digital") < page.text.index("Invited for Civic")

    author.send(f"{STUDY}/rounds/1/close", {})
    after = rows(author.page(f"{STUDY}/rounds/1"))
    assert after["ANN"][:3] == ["2 of 3", "cannot judge", "0 of 1"]
    assert after["BO"][:3] == ["62.5 of 100", "0 of 100", "0 of 100"]


@pytest.mark.parametrize(("points", "whole"), [((50, 30, 20), True), ((50, 30, 10), False)])
def test_a_list_whose_points_are_not_100_in_sum_is_not_whole(opened, store, points, whole):
    with store.writing() as session:
        bo, digital = cast.invitation(session, "BO"), parent(session, "digital")
        ids = [parent(session, code).id for code in ("wired", "wireless", "ai")]
        record_allocation(session, bo, digital, dict(zip(ids, points, strict=True)), save(1))
        progress = load_progress(session, bo.round.study, bo.round)
    [cell] = [seat.cells[0] for seat in progress.experts if seat.member.expert.code == "BO"]

    assert (cell.given, cell.asked, cell.is_whole) == (3, 3, whole)


def test_who_gave_up_a_group_and_took_it_back_by_judging_is_no_abstainer(author, opened, store):
    with store.writing() as session:
        ann = cast.invitation(session, "ANN")
        record_judgement(session, ann, cast.comparison(session), 2, "", save(1))
        record_group_abstention(session, ann, parent(session, "digital"), "", save(2))
    assert rows(author.page(f"{STUDY}/rounds/1"))["ANN"][0] == "3 of 3"


def test_an_expert_who_finished_is_counted(author, opened, store):
    with store.writing() as session:
        invitation = cast.invitation(session, "CY")
        finish(session, invitation, {}, cast.NOON)

    page = author.page(f"{STUDY}/rounds/1")

    assert "experts who have finished: 1 of 3." in page.text
    assert rows(page)["CY"][-1] == "finished, 6 August 2024"


def test_a_round_is_opened_and_closed_by_a_button_each(app, author, pilot, store):
    page = author.page(f"{STUDY}/rounds/1/open")
    assert "From then on 3 experts can answer" in page.text
    assert states(store) == ["draft"]

    assert author.send(f"{STUDY}/rounds/1/open", {}).location == f"{STUDY}/rounds/1"
    assert states(store) == ["open"]

    page = author.page(f"{STUDY}/rounds/1/close")
    assert "3 experts have not finished." in page.text
    assert states(store) == ["open"]

    assert author.send(f"{STUDY}/rounds/1/close", {}).status_code == 303
    assert states(store) == ["closed"]
    assert console.written(app)[-2:] == ["round opened", "round closed"]


def test_no_answer_counts_after_the_close(author, opened, store):
    author.send(f"{STUDY}/rounds/1/close", {})

    with pytest.raises(RoundClosed), store.writing() as session:
        record_judgement(
            session, cast.invitation(session), cast.comparison(session), 2, "", save(1)
        )


@pytest.mark.parametrize(
    ("state", "turn"), [("open", "open"), ("closed", "close"), ("closed", "open")]
)
def test_a_round_that_has_moved_on_is_left_as_it_is(app, author, store, state, turn):
    with store.writing() as session:
        (cast.load_open if state == "open" else cast.load_closed)(session)
    before = console.written(app)

    response = author.send(f"{STUDY}/rounds/1/{turn}", {}, seen_at="/author/")

    assert response.status_code == 409
    assert author.get(f"{STUDY}/rounds/1/{turn}").status_code == 409
    assert states(store) == [state]
    assert console.written(app) == before


def test_a_round_without_invitations_is_not_opened(author, pilot, store):
    with store.writing() as session:
        for invitation in session.scalars(select(Invitation)):
            session.delete(invitation)

    response = author.send(f"{STUDY}/rounds/1/open", {})

    assert response.status_code == 409
    assert "No experts invited" in response.get_data(as_text=True)
    assert states(store) == ["draft"]


def test_a_further_round_asks_those_who_were_chosen(app, author, store):
    with store.writing() as session:
        cast.load_closed(session)
    page = author.page(f"{STUDY}/rounds")
    assert [
        box.attributes["value"] for box in page.all("input", type="checkbox", name="experts")
    ] == [
        "ANN",
        "BO",
        "CY",
    ]

    response = author.send(f"{STUDY}/rounds", {"experts": ["ANN", "BO"]})

    assert response.location == f"{STUDY}/rounds/2"
    assert list(rows(author.page(response.location))) == ["ANN", "BO"]
    assert states(store) == ["closed", "draft"]
    assert console.written(app)[-1] == "round added"


@pytest.mark.parametrize("chosen", [{}, {"experts": ["NOBODY"]}])
def test_another_round_needs_an_expert_of_the_panel(author, store, chosen):
    with store.writing() as session:
        cast.load_closed(session)

    response = author.send(f"{STUDY}/rounds", chosen)

    assert response.status_code == 422
    assert "Choose at least one expert." in page_of(response).text
    assert states(store) == ["closed"]


def test_a_further_round_waits_for_the_close_of_the_last(author, opened, store):
    response = author.send(f"{STUDY}/rounds", {"experts": ["ANN"]}, seen_at="/author/")

    assert response.status_code == 409
    assert author.get(f"{STUDY}/rounds").status_code == 409
    assert states(store) == ["open"]


@pytest.mark.parametrize("path", ["/rounds", "/rounds/1", "/rounds/1/open", "/rounds/1/close"])
def test_another_authors_round_is_not_found(app, pilot, store, path):
    other = console.signed_in(app, "other")

    assert other.get(f"{STUDY}{path}").status_code == 404
    if path != "/rounds/1":
        assert (
            other.send(f"{STUDY}{path}", {"experts": "ANN"}, seen_at="/author/").status_code == 404
        )
    assert states(store) == ["draft"]


def test_a_round_that_is_not_there_is_not_found(author, pilot):
    assert author.get(f"{STUDY}/rounds/2").status_code == 404
    assert author.get(f"{STUDY}/rounds/99999999999").status_code == 404


def test_the_grid_counts_what_belongs_to_how_each_expert_answers(author, opened, store):
    """A star is its ends and its judgements; what a new best sets aside is not counted."""
    with store.writing() as session:
        cy, bo = cast.invitation(session, "CY"), cast.invitation(session, "BO")
        cy.kind, bo.kind = "best-worst", "rating"
        digital = parent(session, "digital")
        ids = {code: parent(session, code).id for code in ("wired", "wireless", "ai")}
        pairs = [cast.comparison(session, "wired", other).id for other in ("wireless", "ai")]
        record_extremes(session, cy, digital, ids["wired"], ids["ai"], save(1))
        record_star(session, cy, digital, dict.fromkeys(pairs, 3), Save("star", 1, cast.NOON))
        record_allocation(session, bo, digital, {ids["ai"]: 9.5, ids["wired"]: 0}, save(2))
    assert rows(author.page(f"{STUDY}/rounds/1"))["CY"] == [
        "3 of 4",
        "0 of 1",
        "0 of 1",
        "not opened",
    ]
    assert rows(author.page(f"{STUDY}/rounds/1"))["BO"] == [
        "2 of 3",
        "0 of 2",
        "0 of 2",
        "not opened",
    ]
    assert "CY Arabic, best-worst" in author.page(f"{STUDY}/rounds/1").text

    with store.writing() as session:
        cy = cast.invitation(session, "CY")
        digital = parent(session, "digital")
        ends = ids["wireless"], ids["ai"]
        record_extremes(session, cy, digital, *ends, Save("again", 2, cast.NOON))

    assert rows(author.page(f"{STUDY}/rounds/1"))["CY"][0] == "2 of 4"


# ---------- how it is asked ----------


def prepare(author, number=1, **fields):
    return author.send(f"{STUDY}/rounds/{number}", fields)


def asked(store):
    """Return (parent, first, second) of every pair of the last round, in order of asking."""
    with store.reading() as session:
        rows = session.scalars(select(Comparison).order_by(Comparison.position))
        return [(row.parent.code, row.first.code, row.second.code) for row in rows]


def settings(store):
    with store.reading() as session:
        round_ = session.scalars(select(Round)).one()
        return round_.form, round_.order, round_.closes_at


@pytest.fixture
def large(store):
    """A draft whose digital group has six indicators."""
    more = tuple(
        values.Indicator(f"more{number}", "digital", {"en": f"More {number}"}, 2)
        for number in range(3)
    )
    framework = replace(cast.FRAMEWORK, indicators=cast.FRAMEWORK.indicators + more)
    with store.writing() as session:
        cast.load(session, replace(cast.study(), framework=framework))
    return framework


def test_a_short_form_asks_some_pairs_of_a_large_group_and_every_pair_of_a_small_one(
    author, large, store
):
    every = asked(store)
    assert len(every) == 15 + 1 + 1

    assert prepare(author, form="short", order="fixed").status_code == 303

    short = asked(store)
    assert set(short) < set(every)
    digital = [(first, second) for parent, first, second in short if parent == "digital"]
    assert len(digital) == 9
    times = Counter(item for pair in digital for item in pair)
    assert set(times) == set(large.children("digital"))
    assert set(times.values()) == {3}
    assert [pair for pair in short if pair[0] != "digital"] == every[15:]
    assert "11 pairs are asked" in author.page(f"{STUDY}/rounds/1").text

    prepare(author, form="full", order="fixed")
    assert asked(store) == every
    assert console.written(author.application)[-2:] == ["round prepared"] * 2


def test_experts_of_a_short_form_are_told_its_number(author, large, store):
    prepare(author, form="short", order="random")
    author.send(f"{STUDY}/rounds/1/open", {})
    with store.writing() as session:
        link = issue_personal_link(session, cast.invitation(session), By("command", cast.NOON))

    page = author.page(f"/invitation/{link}")

    # 11 questions at 25 seconds each, rounded up.
    assert "11 questions, about 5 minutes." in page.text


def test_after_how_many_rounds_it_stops_is_said_before_the_first(author, large, store):
    prepare(author, form="full", order="fixed", planned="2")
    assert console.written(author.application)[-1] == "rounds planned"
    author.send(f"{STUDY}/rounds/1/open", {})
    with store.writing() as session:
        link = issue_personal_link(session, cast.invitation(session), By("command", cast.NOON))

    assert "This is round 1 of 2." in author.page(f"/invitation/{link}").text
    # What was promised stays while the round is open.
    page = author.page(f"{STUDY}/rounds/1")
    assert page.all("input", name="planned") == []
    prepare(author, planned="5")
    assert "This is round 1 of 2." in author.page(f"/invitation/{link}").text


def test_order_and_form_are_settled_once_a_round_is_open_and_the_planned_end_is_not(
    author, opened, store
):
    before = asked(store)

    page = author.page(f"{STUDY}/rounds/1")
    assert page.all("input", name="form") == page.all("input", name="order") == []
    assert prepare(author, form="short").status_code == 409
    assert prepare(author, order="random").status_code == 409
    assert prepare(author, closes_at="2024-08-12T23:59").status_code == 303

    assert asked(store) == before
    end = datetime(2024, 8, 12, 23, 59, tzinfo=UTC)
    assert settings(store) == ("full", "fixed", end)
    assert author.page(f"{STUDY}/rounds/1").one("input", name="closes_at").attributes["value"] == (
        "2024-08-12T23:59"
    )
    assert console.written(author.application)[-1] == "close planned"


def test_a_planned_end_can_be_taken_back_and_closes_nothing(author, opened, store):
    prepare(author, closes_at="2024-08-12T23:59")
    prepare(author, closes_at="")

    assert settings(store)[2] is None
    assert states(store) == ["open"]


def test_a_closed_round_has_no_plans(author, opened, store):
    with store.writing() as session:
        cast.close_round(session, session.get_one(Round, opened), By("author author", cast.NOON))

    assert "How it is asked" not in author.page(f"{STUDY}/rounds/1").text
    response = author.send(
        f"{STUDY}/rounds/1", {"closes_at": "2024-08-12T23:59"}, seen_at=f"{STUDY}/"
    )
    assert response.status_code == 409


def test_the_settings_say_that_they_are_saved_where_one_changed(author, large):
    said = []
    for _time in "first", "again":
        prepare(author, form="full", order="fixed", closes_at="2026-11-24T17:00")
        page = author.page(f"{STUDY}/rounds/1")
        said.append([e.text for e in page.all("p", role="status")])

    assert said == [["Saved."], []]


@pytest.mark.parametrize(
    "fields", [{"form": "long"}, {"order": "alphabetical"}, {"closes_at": "tomorrow"}]
)
def test_what_is_no_setting_is_not_stored(author, large, store, fields):
    before = settings(store), asked(store)

    assert prepare(author, **fields).status_code == 422
    assert (settings(store), asked(store)) == before


def test_an_expert_who_cannot_take_part_or_lost_their_link_is_named(author, opened, store):
    with store.writing() as session:
        ann, bo = cast.invitation(session, "ANN"), cast.invitation(session, "BO")
        ann.declined_at, ann.decline_reason, ann.suggestion = cast.NOON, "No time", "Di, di@x.org"
        bo.link_asked_at = cast.NOON

    page = author.page(f"{STUDY}/rounds/1")

    assert rows(page)["ANN"][-1] == "cannot take part"
    voices = {li.text.split()[0]: li.text for li in page.all("li") if li.within("ul")}
    assert "No time" in voices["ANN"]
    assert "Could be asked instead: Di, di@x.org" in voices["ANN"]
    assert "asks for a new link" in voices["BO"]
    panel = author.page(f"{STUDY}/panel").text
    assert "cannot take part" in panel
    assert "asks for a new link" in panel
    assert "Di, di@x.org" in author.page(f"{STUDY}/experts/ANN").text

    # Once the expert has begun after all, the colleague is not needed.
    with store.writing() as session:
        cast.invitation(session, "ANN").declined_at = None
    assert "Could be asked too: Di" in author.page(f"{STUDY}/experts/ANN").text


def test_an_expert_who_declined_and_whose_file_was_brought_in_is_counted_once(
    author, opened, store
):
    with store.writing() as session:
        ann = cast.invitation(session, "ANN")
        ann.declined_at = cast.NOON
        record_judgement(session, ann, cast.comparison(session), 2, "", save(1))

    page = author.page(f"{STUDY}/rounds/1")

    counts = {dt.text: dd.text for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)}
    assert counts == {"Finished": "0", "Under way": "1", "Not begun": "2"}


def test_a_new_link_answers_who_asked_for_one(author, opened, store):
    with store.writing() as session:
        cast.invitation(session, "BO").link_asked_at = cast.NOON

    with store.writing() as session:
        issue_personal_link(session, cast.invitation(session, "BO"), By("author author", cast.NOON))

    assert "asks for a new link" not in author.page(f"{STUDY}/panel").text


# ---------- in which ways it may be answered ----------


def kinds(store):
    with store.reading() as session:
        return session.scalars(select(Round.kinds).order_by(Round.number)).all()


def test_an_author_sets_the_kinds_among_which_experts_may_choose(author, opened, store):
    assert prepare(author, kinds=["rating", "direct"]).status_code == 303

    assert kinds(store) == [["direct", "rating"]]
    assert console.written(author.application)[-1] == "ways of answering offered"
    page = author.page(f"{STUDY}/rounds/1")
    checked = [e for e in page.all("input", name="kinds") if "checked" in e.attributes]
    assert [e.attributes["value"] for e in checked] == ["direct", "rating"]
    prepare(author)
    assert kinds(store) == [[]]


def test_a_way_that_does_not_exist_is_not_offered(author, opened, store):
    assert prepare(author, kinds="guess").status_code == 422
    assert kinds(store) == [[]]


def test_a_closed_round_keeps_its_ways_and_hands_them_on(author, opened, store):
    prepare(author, kinds=["rating"])
    with store.writing() as session:
        close_round(session, session.get_one(Round, opened), By("author author", cast.NOON))

    assert not author.page(f"{STUDY}/rounds/1").all("input", name="kinds")
    fields = {"kinds": ["direct"]}
    assert author.send(f"{STUDY}/rounds/1", fields, seen_at=f"{STUDY}/panel").status_code == 409
    author.send(f"{STUDY}/rounds", {"experts": ["ANN"]})
    assert kinds(store) == [["rating"], ["rating"]]


def test_in_a_short_form_who_would_choose_the_best_and_the_worst_compares_in_pairs(
    author, large, store
):
    """A short form has not every pair with the best or the worst in it."""

    def kind():
        with store.reading() as session:
            return cast.invitation(session).kind

    with store.writing() as session:
        ann = cast.invitation(session)
        ann.expert.kind = ann.kind = "best-worst"
    prepare(author, form="short", order="fixed", kinds=["best-worst", "rating"])

    assert kind() == "pairwise"
    with store.reading() as session:
        assert offered_kinds(cast.invitation(session)) == ["rating"]
    prepare(author, form="full", order="fixed", kinds=["best-worst", "rating"])
    assert kind() == "best-worst"


def test_a_best_worst_expert_invited_to_a_short_form_compares_in_pairs(author, large, store):
    prepare(author, form="short", order="fixed")
    with store.writing() as session:
        ann = cast.invitation(session)
        round_, study = ann.round, ann.expert.study
        wil = add_expert(session, study, WIL, By("author author", cast.NOON))
        assert invite(session, wil, round_, By("author author", cast.NOON)).kind == "pairwise"


def test_who_is_new_to_a_targeted_round_after_a_short_form_compares_in_pairs_too(
    author, large, store
):
    prepare(author, form="short", order="fixed")
    author.send(f"{STUDY}/rounds/1/open", {})
    author.send(f"{STUDY}/rounds/1/close", {})
    with store.writing() as session:
        study = cast.invitation(session).expert.study
        wil = add_expert(session, study, WIL, By("author author", cast.NOON))
        second = start_round(session, study, [wil], By("author author", cast.NOON), {})

        assert [i.kind for i in load_invitations(session, second)] == ["pairwise"]
