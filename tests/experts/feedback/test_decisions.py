"""Decisions of an expert to keep or reconsider their weights."""

import pytest

from tests.clients import arrivals
from tests.clients.arrivals import hidden, rows
from tests.clients.pages import page_of
from tests.experts.feedback.steps import AGAIN, PANEL, card, decide


def decisions(database):
    return [row[3:6] for row in rows(database, "reconsideration")["reconsideration"]]


def test_a_decision_is_stored_with_its_revision_and_journal_entry(ann, database):
    before = rows(database)

    response = decide(
        ann,
        **{"decision-ai": "keep", "reason-ai": " 理由 ", "decision-health": "reconsider"},
    )

    assert (response.status_code, response.headers["Location"]) == (303, AGAIN)
    assert [(d, r) for _, d, r in decisions(database)] == [("keep", "理由"), ("reconsider", "")]
    after = rows(database)
    assert len(after["answer_revision"]) == len(before["answer_revision"]) + 2
    assert len(after["journal_entry"]) == len(before["journal_entry"]) + 2
    page = ann.page(PANEL)
    assert arrivals.chosen(page) == {"decision-ai": "keep", "decision-health": "reconsider"}
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

    response = decide(
        desk,
        seen,
        **{"decision-health": "keep", "reason-health": "why not", "decision-ai": "reconsider"},
    )

    assert response.status_code == 409
    page = page_of(response)
    assert arrivals.chosen(page) == {"decision-ai": "keep", "decision-health": "keep"}
    assert "What you sent, not saved: Reconsider its 2 comparisons" in card(page, "ai")
    assert "What you sent, not saved: Keep" in card(page, "health")
    assert "why not" in card(page, "health")
    assert "not saved:" not in card(page, "water")
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
    arrivals.close(database)
    before = rows(database)

    assert decide(ann, seen, **{"decision-ai": "keep"}).status_code == 409
    assert rows(database) == before
    assert ann.get(PANEL).headers["Location"] == "/answer/"


def test_withdrawing_deletes_the_decisions(ann, database):
    decide(ann, **{"decision-ai": "keep", "reason-ai": "mine"})
    page = ann.page("/answer/withdraw")

    assert ann.post("/answer/withdraw", data=hidden(page)).status_code == 303
    assert decisions(database) == []
    assert "mine" not in str(rows(database))
