"""Consensus page: when there is one, its content, and the reasons why there may be none."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.authors.consensus.queries import TooFewExperts, load_consensus
from survey.models import Expert, Round, Study
from survey.store.rounds import open_round
from survey.values import By
from tests.authors.consensus.conftest import CONSENSUS, STUDY, answered, judgements_of, panel_of
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds import cast
from tests.worlds.mixed import mixed


def refused(author, path=CONSENSUS):
    response = author.get(path)
    assert response.status_code == 409
    return page_of(response).one("main").text


def rows(page):
    """Return the cells of every row, as read aloud."""
    return [
        [
            cell.text
            for cell in page.elements
            if cell.tag in ("td", "th") and cell.parents[-1] is row
        ]
        for row in page.all("tr")
    ]


def weights_said(page):
    """Return the bold figures of the tables: first overall weights, then those in groups."""
    return [float(cell.text) for cell in page.all("b") if cell.within("td")]


def test_before_the_close_there_is_no_consensus(author, store):
    with store.writing() as session:
        round_ = cast.load(session, cast.study(panel=panel_of("E1", "E2", "E3"))).rounds[0]
        open_round(session, round_, By("author author", cast.NOON))
        for expert in ("E1", "E2", "E3"):
            record_judgement(
                session,
                cast.invitation(session, expert),
                cast.comparison(session),
                2,
                "",
                Save("key", 0, cast.NOON),
            )

    assert "The consensus appears after the round closes" in refused(author)
    assert "consensus" not in [a.attributes["href"].split("/")[-1] for a in links(author)]


def links(author):
    return [a for a in author.page(f"{STUDY}/").all("a") if a.within("nav")]


@pytest.mark.parametrize("experts", [(), ("E1",), ("E1", "E2")])
def test_fewer_than_three_experts_give_no_consensus(author, load, experts):
    content = answered(*experts)
    if not experts:
        content = cast.study(abstentions=(values.Abstention("ANN", "digital"),))
    load(content)

    said = refused(author)

    assert "A consensus of fewer than three experts would reveal their answers." in said
    assert "%" not in said


def test_who_was_invited_and_said_nothing_is_not_counted(author, load, store):
    row = load(cast.study(panel=panel_of("E1", "E2", "E3"), judgements=judgements_of("E1", "E2")))
    with store.reading() as session, pytest.raises(TooFewExperts) as error:
        study = session.get_one(Study, row.id)
        load_consensus(session, study, study.rounds[0])
    assert error.value.count == 2


def test_the_panels_weights_are_beside_every_experts(author, load):
    """Three experts of one mind: the panel's weights are theirs, by hand 1/2, 1/4, 1/4."""
    one_mind = tuple(
        values.Judgement(expert, parent, first, second, steps)
        for expert in ("E1", "E2", "E3")
        for parent, first, second, steps in (
            ("digital", "wired", "wireless", 1),
            ("digital", "wired", "ai", 1),
            ("digital", "wireless", "ai", 0),
            ("civic", "water", "health", 3),
            ("goal", "digital", "civic", 0),
        )
    )
    load(cast.study(panel=panel_of("E1", "E2", "E3"), judgements=one_mind))

    page = author.page(CONSENSUS)

    whole = [25.0, 12.5, 12.5, 40.0, 10.0]
    inside = [50.0, 25.0, 25.0, 80.0, 20.0, 50.0, 50.0]
    assert weights_said(page) == whole + inside
    assert "“Water” has the largest weight: 40.0% of the total" in page.text
    assert ["E1", "50.0", "25.0", "25.0", "0.00", "0.00"] in rows(page)
    assert len(page.all("svg", role="img")) == len(whole + inside)


def test_no_interval_of_a_share_passes_the_whole(author, load):
    """Three who differ much: on the log-odds both ends stay inside."""
    load(answered("E1", "E2", "E3", without={("E2", "wired", "ai")}))

    page = author.page(CONSENSUS)

    ends = [row[3].split("–") for row in rows(page) if len(row) == 4 and "–" in row[3]]
    assert len(ends) == 5 + 2 + 7
    assert all(0 < float(low) < float(high) < 100 for low, high in ends)


def test_every_expert_has_a_mark_in_every_row(author, load):
    load(answered("E1", "E2", "E3", "E4"))

    page = author.page(CONSENSUS)

    rings = [e for e in page.all("circle", class_="dot") if e.within("td")]
    assert len(rings) == 4 * (5 + 7)


def test_an_inconsistent_expert_is_shown_beside_the_others(author, load):
    """A beats B, B beats C, and C beats A, all ninefold."""
    circle = (8, -8, 8, 0, 0)
    others = judgements_of("E2", "E3")
    hers = tuple(
        replace(judgement, steps=steps)
        for judgement, steps in zip(judgements_of("E1"), circle, strict=True)
    )
    load(cast.study(panel=panel_of("E1", "E2", "E3"), judgements=hers + others))

    page = author.page(CONSENSUS)

    over = [e.text for e in page.all("span", class_="num over")]
    assert len(over) == 1
    assert float(over[0]) > 1


def test_an_abstention_is_named_and_counts_elsewhere(author, load):
    load(
        answered(
            "E1",
            "E2",
            "E3",
            "E4",
            without={("E1", "digital")},
            abstentions=(values.Abstention("E1", "digital"),),
        )
    )

    page = author.page(CONSENSUS)

    assert ["E1", "Digital", "Cannot judge it, and counts in the other groups."] in rows(page)
    assert ["Digital", "", "3 experts"] in rows(page)
    assert ["Civic", "", "4 experts"] in rows(page)


def test_unfinished_answers_are_named_and_count_as_they_are(author, load):
    load(answered("E1", "E2", "E3", without={("E2", "wired", "ai")}))

    found = rows(author.page(CONSENSUS))

    assert ["E2", "Digital", "Answered 2 of 3 pairs; what there is counts."] in found
    [(*_weights, ratio, index)] = [row for row in found if row[0] == "E2" and len(row) == 6]
    assert (ratio, float(index)) == ("–", 0), "two pairs of three cannot contradict one another"


def test_a_zero_among_points_is_counted_and_said(author, load):
    points = tuple(
        values.Allocation("BO", parent, item, share)
        for parent, shares in {
            "digital": {"wired": 60.0, "wireless": 40.0, "ai": 0.0},
            "civic": {"water": 50.0, "health": 50.0},
            "goal": {"digital": 50.0, "civic": 50.0},
        }.items()
        for item, share in shares.items()
    )
    load(
        cast.study(
            panel=(*panel_of("E1", "E2"), cast.BO),
            judgements=judgements_of("E1", "E2"),
            allocations=points,
        )
    )

    page = author.page(CONSENSUS)

    assert "1 zero among the points and ratings counts as 0.005 of its group" in page.text
    assert "divided points (1)" in page.text


def test_a_group_that_no_expert_judged_is_refused_by_name(author, load):
    load(answered("E1", "E2", "E3", without={(e, "civic") for e in ("E1", "E2", "E3")}))

    said = refused(author)

    assert "No expert judged the group “Civic”, so it has no weights." in said
    assert "Start another round" in said


FOUR = values.Framework(
    groups=cast.FRAMEWORK.groups,
    indicators=(*cast.FRAMEWORK.indicators, values.Indicator("data", "digital", {"en": "Data"}, 2)),
)


@pytest.fixture
def in_parts(load):
    """E1 compared wired with wireless and ai with data, and nothing across."""
    hers = (
        values.Judgement("E1", "digital", "wired", "wireless", 2),
        values.Judgement("E1", "digital", "ai", "data", 2),
    )
    theirs = tuple(
        values.Judgement(expert, "digital", first, second, 1)
        for expert in ("E2", "E3", "E4")
        for first, second in FOUR.pairs("digital")
    )
    rest = tuple(j for j in judgements_of("E1", "E2", "E3", "E4") if j.parent != "digital")
    row = load(
        values.Study(
            code="pilot",
            framework=FOUR,
            panel=panel_of("E1", "E2", "E3", "E4"),
            judgements=hers + theirs + rest,
            titles={"en": "Pilot"},
        )
    )
    return row.id


def test_a_disconnected_expert_is_refused_with_the_parts_named(author, in_parts):
    said = refused(author)

    parts = "Wired network, Wireless network | Artificial intelligence, Data"
    assert f"Expert E1 never compared across {parts} in the group “Digital”" in said
    assert "Leave these answers out" in said


def test_a_disconnected_experts_answers_can_be_left_out_of_that_group(author, in_parts):
    page = author.page(f"{CONSENSUS}?disconnected=leave-out")

    assert "Answers that fall into unconnected parts are left out of their group." in page.text
    assert ["Digital", "", "3 experts"] in rows(page)
    assert ["Civic", "", "4 experts"] in rows(page)
    left_out = "Left out: the comparisons fall into parts that nothing connects"
    assert (
        f"{left_out} (Wired network, Wireless network | Artificial intelligence, Data)."
        in page.text
    )
    assert page.one("input", name="disconnected").attributes["value"] == "leave-out"


def test_a_setting_that_does_not_exist_is_not_found(author, load):
    load(answered("E1", "E2", "E3"))

    assert author.get(f"{CONSENSUS}?disconnected=guess").status_code == 404


def test_another_authors_consensus_is_not_found(app, load):
    load(answered("E1", "E2", "E3"))
    other = console.signed_in(app, "other")

    assert other.get(CONSENSUS).status_code == 404
    assert other.get(f"{STUDY}/study.zip").status_code == 404
    assert app.test_client().get(CONSENSUS).status_code == 403


def test_what_is_refused_is_said_in_chinese(app, load):
    load(answered("E1", "E2", "E3", without={(e, "civic") for e in ("E1", "E2", "E3")}))

    response = console.signed_in(app, language="zh").get(CONSENSUS)

    assert "“公共”" in response.get_data(as_text=True)


def test_each_round_has_its_own_consensus(author, load, store):
    load(answered("E1", "E2", "E3"))
    author.send(f"{STUDY}/rounds", {"experts": ["E1", "E2"]}, seen_at=f"{STUDY}/rounds")
    with store.writing() as session:
        second = session.scalars(select(Round).where(Round.number == 2)).one()
        open_round(session, second, By("author author", cast.NOON))
    author.send(f"{STUDY}/rounds/2/close", {})

    assert "fewer than three" in refused(author, f"{STUDY}/rounds/2/consensus")
    assert author.get(CONSENSUS).status_code == 200
    with store.reading() as session:
        assert session.scalars(select(Expert.code)).all() == ["E1", "E2", "E3"]


def test_a_mixed_panel_is_shown_with_each_expert_in_their_own_way(author, load):
    """Cy, who is asked in pairs, has answered nothing and has no mark."""
    load(mixed())

    page = author.page(CONSENSUS)

    assert "answered in pairs (1)" in page.text
    assert "divided points (1)" in page.text
    assert "chose the best and the worst (1)" in page.text
    assert "rated (1)" in page.text
    cells = {row[0]: row[1:] for row in rows(page) if row}
    # Wireless over wired over ai: 4 x 2 of 8, as answered.
    assert cells["WIL"][0] == "0.00 input-based 0.00, up to 0.13"
    assert "KIM" not in [row[0] for row in rows(page) if len(row) == 2]
    assert "1 zero among the points and ratings" in page.text


def test_the_page_says_which_round_and_its_key_counts_the_marks(author, load):
    """Bo divides points in only one group and has no mark on the plot of overall weights."""
    points = tuple(
        values.Allocation("BO", "civic", item, share)
        for item, share in {"water": 60.0, "health": 40.0}.items()
    )
    load(
        cast.study(
            panel=(*panel_of("E1", "E2", "E3"), cast.BO),
            judgements=judgements_of("E1", "E2", "E3"),
            allocations=points,
        )
    )

    page = author.page(CONSENSUS)

    assert page.one("p", id="which-round").text.startswith("Round 1, closed ")
    whole, inside = [key.text for key in page.all("p", class_="legend")]
    assert "answered in pairs (3)" in whole
    assert "divided points" not in whole
    assert "answered in pairs (3)" in inside
    assert "divided points (1)" in inside
