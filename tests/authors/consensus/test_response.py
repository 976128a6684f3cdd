"""Response to another round: on the consensus page, in the weight set, at a freeze."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.experts.decline.operations import decline
from survey.experts.finish.operations import withdraw
from survey.models import JournalEntry, Round, WeightSet
from survey.store.rounds import close_round
from survey.values import By
from tests.authors.consensus.conftest import STUDY
from tests.clients.pages import page_of
from tests.worlds import cast, further

CONSENSUS = f"{STUDY}/rounds/2/consensus"
FREEZE = {"name": "Second", "reason": "Rule met", "disconnected": "refuse", "after": "0"}


def seven():
    """Return the panel of six, and Gus, with the same answers as Eve."""
    content = further.study()
    eve = [j for j in content.judgements if j.expert == "EVE"]
    return replace(
        content,
        panel=(*content.panel, replace(content.panel[4], code="GUS", name="Gus Example")),
        judgements=(*content.judgements, *(replace(j, expert="GUS", reason="") for j in eve)),
    )


@pytest.fixture
def second(store):
    """Close a second round of seven, of whom Fay has never answered.

    Ann and Eve say the same again and Dee something else in one pair; Bo is
    silent, Cy cannot take part, Gus withdraws.
    """

    def second(silence, least=3):
        with store.writing() as session:
            study = cast.load(session, seven())
            round_ = further.ask_again(session, study, silence=silence, least_response=least)
            said = [j for j in further.study().judgements if j.expert in ("ANN", "DEE", "EVE")]
            changed = [
                replace(j, steps=0) if (j.expert, j.parent) == ("DEE", "goal") else j for j in said
            ]
            again = further.study(judgements=tuple(changed), allocations=())
            further.answer(session, round_, again)
            token = further.link(session, further.invitation(session, "CY"))
        with store.writing() as session:
            decline(session, token, "", "", cast.NOON)
        with store.writing() as session:
            withdraw(session, further.invitation(session, "GUS"), cast.NOON)
        with store.writing() as session:
            round_ = session.scalars(select(Round).where(Round.number == 2)).one()
            close_round(session, round_, By("author a", cast.NOON))

    return second


KEPT = {
    "invited": 7,
    "answered": 3,
    "kept_by_word": 2,
    "kept_by_silence": 1,
    "kept_declining": 1,
    "left_out": 0,
    "withdrew": 1,
    "without_answers": 1,
}
LEFT_OUT = KEPT | {"kept_by_silence": 0, "left_out": 1, "declined": 1}
del LEFT_OUT["kept_declining"]

#: What a set stated before decision 81: every count, and of those who declined none that counts.
EARLIER = {
    "round": 2,
    "silence": "keep",
    "least": 3,
    "invited": 7,
    "answered": 3,
    "kept_by_silence": 2,
    "not_asked": 0,
    "left_out": 0,
    "declined": 0,
    "withdrew": 1,
    "without_answers": 1,
    "kept_by_word": 2,
}


@pytest.mark.parametrize(("silence", "expected"), [("keep", KEPT), ("leave-out", LEFT_OUT)])
def test_the_page_of_the_consensus_counts_every_expert_once(author, second, silence, expected):
    second(silence)

    page = author.page(CONSENSUS)

    counts = {
        e.attributes["data-count"]: int(e.text)
        for e in page.all("dd")
        if "data-count" in e.attributes
    }
    assert counts == expected
    rule = page.one("p", id="silence").attributes
    assert (rule["data-silence"], rule["data-least"]) == (silence, "3")
    # Those who answered both rounds are Ann, Dee and Eve, and Dee alone has changed.
    stability = page.one("p", id="stability").attributes
    assert (stability["data-count"], stability["data-changed"]) == ("3", "1")


@pytest.mark.parametrize(
    ("silence", "numbers"),
    # The round, answered, of these kept by word, kept by silence, left.
    [("keep", [2, 3, 2, 2, 1]), ("leave-out", [2, 3, 2, 0, 3])],
)
def test_the_page_of_the_weight_set_says_how_many(author, second, silence, numbers):
    second(silence)

    frozen = author.send(CONSENSUS, FREEZE).headers["Location"]

    shown = author.page(frozen).one("dd", id="response").text
    assert [int(found) for found in re.findall(r"\d+", shown)] == numbers


@pytest.mark.parametrize("silence", ["keep", "leave-out"])
def test_the_file_of_the_weight_set_tells_no_count_of_one_or_two(author, second, silence):
    # Two kept every answer and one changed some; four others did one thing or another.
    second(silence)

    frozen = author.send(CONSENSUS, FREEZE).headers["Location"]

    assert response_in(author.get(f"{frozen}.json").get_data()) == {
        "response_round": 2,
        "response_silence": silence,
        "response_least": 3,
        "response_invited": 7,
        "response_answered": 3,
    }


FIRST = f"{STUDY}/rounds/1/consensus"


def moved(page):
    """Return the groups in which an earlier set reveals one or two experts, and the set."""
    told = [p.attributes for p in page.all("p") if "data-moved" in p.attributes]
    return [(attributes["data-moved"], attributes["data-since"]) for attributes in told]


def test_a_second_set_that_tells_one_experts_answers_needs_a_reason(author, second, store):
    """Gus left every group, Dee changed one answer on the groups; all others count as before."""
    second("keep")
    assert moved(author.page(FIRST)) == []
    assert author.send(FIRST, FREEZE).status_code == 303

    page = author.page(CONSENSUS)
    assert moved(page) == [("digital", "1"), ("civic", "1"), ("goal", "1")]
    again = FREEZE | {"after": "1"}
    refused = author.send(CONSENSUS, again)
    assert refused.status_code == 422
    assert "Write why weights of so few experts may be published." in refused.get_data(as_text=True)

    frozen = author.send(CONSENSUS, again | {"thin": "Gus agreed."}).headers["Location"]

    parameters = json.loads(author.get(f"{frozen}.json").get_data())["parameters"]
    assert parameters["response_thin_groups"] == "Gus agreed."
    with store.reading() as session:
        details = session.scalars(select(JournalEntry.detail)).all()
    assert any("Gus agreed." in str(detail) for detail in details)
    # The same answers once more: no expert has changed since the second set, as since the first.
    assert {since for _parent, since in moved(author.page(CONSENSUS))} == {"1"}


def test_a_second_set_from_which_three_have_left_needs_none(author, second):
    """Bo, Cy and Gus left every group: their answers cannot be told apart."""
    second("leave-out")
    assert author.send(FIRST, FREEZE).status_code == 303

    assert moved(author.page(CONSENSUS)) == []
    assert author.send(CONSENSUS, FREEZE | {"after": "1"}).status_code == 303


def response_in(document):
    parameters = json.loads(document)["parameters"]
    return {name: value for name, value in parameters.items() if name.startswith("response_")}


@pytest.mark.parametrize(("silence", "status"), [("keep", 200), ("leave-out", 409)])
def test_a_set_frozen_with_every_count_is_verified(
    author, second, store, monkeypatch, silence, status
):
    """As sets were frozen before counts of one or two were withheld; of another round, not."""
    second(silence)
    stated = {f"response_{name}": count for name, count in EARLIER.items()}
    with monkeypatch.context() as earlier:
        earlier.setattr("survey.reports.panel.weight_sets.told", lambda _response: stated)
        frozen = author.send(CONSENSUS, FREEZE).headers["Location"]

    document = author.get(f"{frozen}.json")

    assert document.status_code == status
    if status == 200:
        assert response_in(document.get_data()) == stated


def test_a_first_round_that_no_expert_left_counts_who_answered(author, store):
    with store.writing() as session:
        cast.load(session, further.study())

    page = author.page(f"{STUDY}/rounds/1/consensus")

    counts = {
        e.attributes["data-count"]: e.text for e in page.all("dd") if "data-count" in e.attributes
    }
    assert counts == {"invited": "6", "answered": "5", "without_answers": "1"}
    assert page.all("p", id="stability") == []
    # No rule: there is nothing to keep. Nor a reason: five are not fewer than three.
    assert page.all("input", name="below") == []


def sets(store):
    with store.reading() as session:
        return session.scalars(select(WeightSet)).all()


def test_below_the_minimum_a_reason_is_asked_and_without_one_nothing_is_frozen(
    author, second, store
):
    second("keep", least=5)
    page = author.page(CONSENSUS)
    assert page.one("input", name="below").attributes["type"] == "text"
    # How many answered, and how many were wanted.
    assert re.findall(r"\d+", page.one("p", id="below-hint").text) == ["3", "5"]

    for below in ({}, {"below": ""}, {"below": "  "}):
        response = author.send(CONSENSUS, FREEZE | below)

        assert response.status_code == 422
        page = page_of(response)
        assert page.one("p", id="below-errors").text
        assert page.one("input", name="below").attributes["aria-invalid"] == "true"
        assert page.one("input", name="name").attributes["value"] == "Second"
        assert sets(store) == []


def test_the_reason_is_kept_in_the_weight_set_and_in_the_journal(author, second, store):
    second("keep", least=5)
    reason = "Four were on a field trip <until May>"

    response = author.send(CONSENSUS, FREEZE | {"below": f" {reason} "})

    assert response.status_code == 303
    frozen = response.headers["Location"]
    parameters = json.loads(author.get(f"{frozen}.json").get_data())["parameters"]
    assert parameters["response_below_least"] == reason
    assert parameters["response_least"] == 5
    assert author.page(frozen).one("dd", id="below-least").text == reason
    with store.reading() as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry.action == "weight set frozen"
        assert json.loads(entry.detail)["below_least_response"] == reason


def test_with_enough_answers_no_reason_is_asked(author, second, store):
    second("keep", least=3)
    assert author.page(CONSENSUS).all("input", name="below") == []

    frozen = author.send(CONSENSUS, FREEZE | {"below": "none is needed"}).headers["Location"]

    assert "none is needed" not in sets(store)[0].document
    assert author.page(frozen).all("dd", id="below-least") == []
