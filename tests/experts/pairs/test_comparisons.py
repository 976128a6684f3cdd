"""One comparison per page: answered, changed, refused."""

import json

import pytest

from tests.clients import arrivals
from tests.clients.arrivals import answer, chosen, judgements, rows
from tests.clients.pages import page_of
from tests.worlds import cast


def test_nothing_is_chosen_before_the_expert_chooses(ann, database):
    page = ann.page(arrivals.question(database))

    assert chosen(page) == {}
    assert "hidden" in page.one("section", class_="balance").attributes


@pytest.mark.parametrize(
    ("fields", "step"),
    [
        ({"direction": "first", "strength": "2"}, 1),
        ({"direction": "first", "strength": "9"}, 8),
        ({"direction": "second", "strength": "3"}, -2),
        ({"direction": "second", "strength": "9"}, -8),
        ({"direction": "same"}, 0),
        ({"direction": "same", "strength": "7"}, 0),
    ],
)
def test_an_answer_is_stored_as_steps_toward_the_side_that_counts_more(ann, database, fields, step):
    response = answer(ann, arrivals.question(database), **fields, reason=" because\r\nof x ")

    assert response.status_code == 303
    assert judgements(database) == [("wired", "wireless", step, "because\nof x")]


def test_next_leads_to_the_next_open_question_and_then_to_what_the_group_comes_to(ann, database):
    wireless, ai = arrivals.question(database), arrivals.question(database, "wireless", "ai")
    middle = arrivals.question(database, "wired", "ai")

    assert answer(ann, middle, direction="same").headers["Location"] == ai
    assert answer(ann, ai, direction="same").headers["Location"] == wireless
    assert answer(ann, wireless, direction="same").headers["Location"] == "/answer/groups/digital"


def test_an_expert_who_comes_back_sees_their_answer_and_when_it_was_saved(ann, database):
    path = arrivals.question(database)
    answer(ann, path, direction="second", strength="4", reason="理由")

    page = ann.page(path)

    assert chosen(page) == {"direction": "second", "strength": "4"}
    assert page.one("textarea", id="reason").text == "理由"
    said = page.one("output").text
    assert said == "Your answer: “Wireless network” counts 4 times as much as “Wired network”."
    assert "Saved at" in page.one("span", role="status").text
    # 4 is a step between: it is shown without being asked for.
    assert [e.attributes for e in page.all("input", type="checkbox")] == [
        {"type": "checkbox", "checked": ""}
    ]


def test_a_side_without_a_strength_is_asked_how_much(ann, database):
    path = arrivals.question(database)
    seen = ann.page(path)
    before = rows(database)

    response = answer(ann, path, seen, direction="second", reason="kept")

    assert response.status_code == 422
    page = page_of(response)
    assert "Choose how much more." in page.text
    assert chosen(page) == {"direction": "second"}
    assert page.one("textarea", id="reason").text == "kept"
    assert (
        "second-ahead" in page.one("fieldset", class_="strength second-ahead").attributes["class"]
    )
    assert rows(database) == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"strength": "3"},
        {"direction": "third"},
        {"direction": "first", "strength": "1"},
        {"direction": "first", "strength": "10"},
        {"direction": "first", "strength": "x"},
        {"direction": "cannot", "why": "no such reason"},
        {"direction": "same", "reason": "x" * 2001},
    ],
)
def test_what_is_no_answer_is_not_stored(ann, database, fields):
    path = arrivals.question(database)
    seen = ann.page(path)
    before = rows(database)

    assert answer(ann, path, seen, **fields).status_code == 422
    assert rows(database) == before


@pytest.mark.parametrize(
    "damage", [{"key": ""}, {"key": "short"}, {"base": ""}, {"base": "-1"}, {"base": "9" * 400}]
)
def test_what_no_page_of_ours_sends_is_refused(ann, database, damage):
    path = arrivals.question(database)
    seen = ann.page(path)
    before = rows(database)

    assert answer(ann, path, seen, direction="same", **damage).status_code == 400
    assert rows(database) == before


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"why": "both-unknown"}, "both-unknown"),
        ({"why": "first-unknown", "reason": "我不熟悉"}, "我不熟悉"),
        ({}, ""),
    ],
)
def test_cannot_judge_is_an_answer(ann, database, fields, reason):
    path = arrivals.question(database)
    answer(ann, path, direction="same")

    response = answer(ann, path, direction="cannot", **fields)

    assert response.status_code == 303
    assert arrivals.abstentions(database) == [("digital", False, reason)]
    assert judgements(database) == []
    assert chosen(ann.page(path))["direction"] == "cannot"


def test_who_can_judge_after_all_leaves_no_abstention(ann, database):
    path = arrivals.question(database)
    answer(ann, path, direction="cannot", why="not-comparable")

    answer(ann, path, direction="first", strength="5")

    assert arrivals.abstentions(database) == []
    assert judgements(database) == [("wired", "wireless", 4, "")]


def test_the_same_save_sent_twice_counts_once(ann, database):
    path = arrivals.question(database)
    seen = ann.page(path)
    answer(ann, path, seen, direction="first", strength="3")
    stored = rows(database)

    again = answer(ann, path, seen, direction="first", strength="3")

    assert again.status_code == 303
    assert rows(database) == stored


def test_next_after_an_autosave_of_the_same_counts_once(ann, database):
    path = arrivals.question(database)
    fields = arrivals.hidden(ann.page(path)) | {"direction": "same"}

    saved = ann.post(path, data=fields, headers=arrivals.JSON)
    stored = rows(database)
    following = ann.post(path, data=fields)

    assert saved.status_code == 200
    assert saved.json["version"] == 1
    assert following.status_code == 303
    assert rows(database) == stored


def test_another_answer_under_the_same_key_is_not_lost(ann, database):
    """An expert who goes back in the browser, without a script, sends the old key again."""
    path = arrivals.question(database)
    seen = ann.page(path)
    answer(ann, path, seen, direction="first", strength="3")
    stored = rows(database)

    response = answer(ann, path, seen, direction="first", strength="7")

    assert response.status_code == 409
    text = page_of(response).text
    assert "counts 3 times as much" in text
    assert "counts 7 times as much" in text
    assert rows(database) == stored


def test_a_stale_page_shows_both_answers_to_choose_from(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    path = arrivals.question(database)
    seen = desk.page(path)
    answer(phone, path, direction="first", strength="3", reason="on the phone")
    stored = rows(database)

    response = answer(desk, path, seen, direction="second", strength="5", reason="at the desk")

    assert response.status_code == 409
    page = page_of(response)
    assert "“Wired network” counts 3 times as much as “Wireless network”." in page.text
    assert "“Wireless network” counts 5 times as much as “Wired network”." in page.text
    assert "on the phone" in page.text
    assert "at the desk" in page.text
    assert rows(database) == stored

    assert desk.post(path, data=arrivals.hidden(page)).status_code == 303
    assert judgements(database) == [("wired", "wireless", -4, "at the desk")]


def test_a_stale_autosave_is_refused(arrive, database):
    phone, desk = arrive("ANN"), arrive("ANN")
    path = arrivals.question(database)
    seen = desk.page(path)
    answer(phone, path, direction="first", strength="3")
    stored = rows(database)

    response = arrivals.autosave(desk, path, seen, direction="same")

    assert response.status_code == 409
    assert response.json == {"refused": "stale"}
    assert rows(database) == stored


def test_an_autosave_is_told_the_version_that_the_next_one_must_name(ann, database):
    path = arrivals.question(database)
    seen = ann.page(path)

    first = arrivals.autosave(ann, path, seen, direction="same").json
    second = arrivals.autosave(
        ann, path, seen, direction="first", strength="3", base=str(first["version"])
    ).json

    assert (first["version"], second["version"]) == (1, 2)
    assert first["saved_at"] < second["saved_at"]
    assert judgements(database) == [("wired", "wireless", 2, "")]


def test_an_answer_after_the_close_is_not_stored_and_the_expert_is_told_so(ann, database):
    path = arrivals.question(database)
    answer(ann, path, direction="same")
    seen = ann.page(arrivals.question(database, "wired", "ai"))
    arrivals.close(database)
    stored = rows(database)

    response = answer(ann, arrivals.question(database, "wired", "ai"), seen, direction="same")

    assert response.status_code == 409
    text = page_of(response).text
    assert "This round has closed" in text
    assert "Your one answer from before then is saved" in text
    assert "was not saved" in text
    assert arrivals.autosave(ann, path, seen, direction="same").json == {"refused": "round closed"}
    assert rows(database) == stored


def test_a_closed_question_leads_to_the_overview(ann, database):
    arrivals.close(database)

    response = ann.get(arrivals.question(database))

    assert (response.status_code, response.headers["Location"]) == (302, "/answer/")
    assert "This round has closed" in ann.page("/answer/").text


def test_a_question_of_another_study_is_not_found(ann, app, database):
    with database.writing() as session:
        cast.load_open(session, "elsewhere")
        elsewhere = cast.comparison(session, study_code="elsewhere").id
    path = f"/answer/comparisons/{elsewhere}"
    seen = ann.page(arrivals.question(database))
    before = rows(database)

    assert ann.get(path).status_code == 404
    assert answer(ann, path, seen, direction="same").status_code == 404
    assert rows(database) == before


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "9" * 40, "x", "-1"])
def test_a_number_that_no_question_has_is_not_found(ann, number):
    assert ann.get(f"/answer/comparisons/{number}").status_code == 404


def test_a_revoked_link_stores_nothing_from_then_on(ann, database):
    path = arrivals.question(database)
    seen = ann.page(path)
    arrivals.revoke(database)
    before = rows(database)

    response = answer(ann, path, seen, direction="same")

    assert response.status_code == 403
    assert "Open your personal link" in page_of(response).text
    assert arrivals.autosave(ann, path, seen, direction="same").status_code == 403
    assert rows(database) == before


def test_without_the_token_of_its_page_a_form_stores_nothing(ann, database):
    path = arrivals.question(database)
    seen = ann.page(path)
    before = rows(database)

    response = answer(ann, path, seen, direction="same", csrf_token="")

    assert response.status_code == 400
    assert "Go back, load the page again" in page_of(response).text
    assert rows(database) == before


def test_each_save_leaves_a_revision_and_a_journal_entry_without_the_answer(ann, database):
    path = arrivals.question(database)
    answer(ann, path, direction="first", strength="3", reason="secret")
    answer(ann, path, direction="same")

    found = rows(database, "answer_revision", "journal_entry")

    contents = [json.loads(row[7]) for row in found["answer_revision"]]
    assert contents == [{"step": 2, "reason": "secret"}, {"step": 0, "reason": ""}]
    entries = [row for row in found["journal_entry"] if "judgement recorded" in row]
    assert len(entries) == 2
    assert "secret" not in str(entries)


def test_a_group_is_shown_with_what_it_is_made_of(ann, database):
    page = ann.page(arrivals.question(database, "digital", "civic"))

    assert "Artificial intelligence" in page.text
    assert "Health" in page.text


def test_a_question_reads_in_chinese(arrive, database):
    page = arrive("ANN", language="zh").page(arrivals.question(database))

    assert page.one("html").attributes["lang"] == "zh-Hans"
    assert page.one("h1").text == "在排名中，哪一项的权重应当更大？"
    assert "“有线网”权重更大" in page.text
    assert "千兆" in page.text
    for english in ("counts", "judge", "Next", "rungs", "Wired"):
        assert english not in page.text
