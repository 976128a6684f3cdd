"""All weights, finishing, the receipt, withdrawing."""

import threading

import pytest

from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.experts.finish.operations import withdraw
from survey.experts.landing.operations import exchange_personal_link
from survey.store import journal
from survey.store.seats import hold_seat
from survey.tokens import digest
from tests.clients import arrivals
from tests.clients.arrivals import answer, rows
from tests.clients.pages import page_of
from tests.worlds import cast

PAIRS = (
    ("wired", "wireless"),
    ("wired", "ai"),
    ("wireless", "ai"),
    ("water", "health"),
    ("digital", "civic"),
)


@pytest.fixture
def done(ann, database):
    """Ann has answered everything."""
    for first, second in PAIRS:
        answer(ann, arrivals.question(database, first, second), direction="same")
    return ann


def finished_at(database):
    with database.reading() as session:
        return cast.invitation(session).finished_at


def test_all_weights_are_shown_once_every_group_has_some(ann, done, database):
    page = done.page("/answer/weights")

    assert page.one("h1").text == "All your weights"
    shares = [e.text.replace("\xa0", " ") for e in page.all("td", class_="value num")[:5]]
    assert shares == ["25.0%", "25.0%", "16.7%", "16.7%", "16.7%"]


def test_until_then_the_groups_that_have_some(ann, database):
    answer(ann, arrivals.question(database, "water", "health"), direction="same")

    page = ann.page("/answer/weights")

    assert page.one("h1").text == "Your weights so far"
    assert [e.text for e in page.all("th")] == ["Water", "Health"]


def test_the_overview_leads_to_the_first_open_question(ann, database):
    answer(ann, arrivals.question(database), direction="same")

    page = ann.page("/answer/")

    assert "1 of 5 questions answered" in page.text
    [button] = page.all("a", class_="button")
    assert button.attributes["href"] == arrivals.question(database, "wired", "ai")


def test_finishing_gives_a_receipt_that_the_journal_bears_out(done, app, database):
    response = done.send("/answer/finish", {})

    assert (response.status_code, response.headers["Location"]) == (303, "/answer/receipt")
    text = done.page("/answer/receipt").text
    entry = rows(database, "journal_entry")["journal_entry"][-1]
    head = entry[-1]
    assert "answers finished" in entry
    assert journal.seal(head, app.config["SECRET_KEY"].encode()) in text
    assert f"entry {entry[2]}," in text
    for said in ("Pilot", "ANN", "Digital: 3 of 3", "UTC"):
        assert said in text


def test_who_leaves_questions_open_may_finish_and_is_told_what_is_missing(ann, database):
    answer(ann, arrivals.question(database), direction="same")

    page = ann.page("/answer/finish")
    assert page.one("h1").text == "Finish with unanswered questions?"
    assert "1 of 3" in page.text

    assert ann.send("/answer/finish", {}).status_code == 303
    assert finished_at(database) is not None


def test_points_short_of_a_hundred_cannot_be_submitted_and_stay_saved(bo, database):
    answer(bo, "/answer/points/digital", **{"points-wired": "60"}, go="later")
    before = rows(database)

    response = bo.send("/answer/finish", {})

    assert response.status_code == 422
    page = page_of(response)
    assert "must add up to 100" in page.text
    assert "60 of 100 points" in page.text
    assert rows(database) == before


def test_a_zero_is_named_before_the_end_with_what_it_counts_as(bo):
    given = {"points-wired": "100", "points-wireless": "0", "points-ai": "0"}
    assert "You gave 0" not in bo.page("/answer/finish").text
    answer(bo, "/answer/points/digital", **given, go="later")

    page = bo.page("/answer/finish")

    links = [link.text for link in page.all("a", href="/answer/points/digital")]
    assert links == ["Wireless network", "Artificial intelligence"]
    assert "A 0 counts as 0.5 points" in page.text


def test_groups_not_begun_do_not_keep_him_from_finishing(bo, database):
    given = {"points-wired": "60", "points-wireless": "30", "points-ai": "10"}
    answer(bo, "/answer/points/digital", **given, go="on")

    assert bo.send("/answer/finish", {}).status_code == 303


def test_an_expert_may_come_back_and_the_receipt_says_that_something_changed(done, database):
    done.send("/answer/finish", {})
    first = done.page("/answer/receipt").one("code", class_="digest").text

    answer(done, arrivals.question(database), direction="first", strength="3")

    page = done.page("/answer/receipt")
    assert "You changed answers after you finished." in page.text
    assert page.one("code", class_="digest").text != first
    done.send("/answer/finish", {})
    assert "You changed answers" not in done.page("/answer/receipt").text


def test_the_same_answers_of_another_expert_have_another_fingerprint(done, arrive, database):
    cy = arrive("CY")
    for first, second in PAIRS:
        answer(cy, arrivals.question(database, first, second), direction="same")
    digests = []
    for client in (done, cy):
        client.send("/answer/finish", {})
        digests.append(client.page("/answer/receipt").one("code", class_="digest").text)

    assert digests[0] != digests[1]


def test_a_receipt_stays_that_of_its_round(done, database):
    done.send("/answer/finish", {})
    first = done.page("/answer/receipt").text
    with database.writing() as session:
        invitation = cast.invitation(session)
        detail = {"round": invitation.round_id + 1}
        later = cast.NOON.replace(year=2099)
        journal.record(
            session, invitation.expert.study_id, "expert ANN", "answers finished", detail, later
        )

    assert done.page("/answer/receipt").text == first


def test_without_finishing_there_is_no_receipt(ann):
    response = ann.get("/answer/receipt")

    assert (response.status_code, response.headers["Location"]) == (302, "/answer/finish")


def test_after_the_close_no_expert_finishes(ann, database):
    seen = ann.page("/answer/finish")
    arrivals.close(database)
    before = rows(database)

    assert ann.post("/answer/finish", data=arrivals.hidden(seen)).status_code == 409
    assert rows(database) == before


def test_after_the_close_an_expert_reads_their_answers_weights_and_receipt(done, database):
    done.send("/answer/finish", {})
    arrivals.close(database)

    assert "closed" in done.page("/answer/").text
    assert (
        done.page("/answer/groups/digital")
        .one("h1")
        .text.startswith("The weights from your answers")
    )
    assert "nothing can be changed any more" in done.page("/answer/receipt").text
    assert done.page("/answer/weights").all("form") == []


# ---------- withdrawing ----------


def test_to_read_about_withdrawing_deletes_nothing(done, database):
    before = rows(database)

    text = done.page("/answer/withdraw").text

    assert "What is kept" in text
    assert rows(database) == before


def test_who_withdraws_leaves_no_answer_and_no_way_in(done, arrive, database):
    other = arrive("ANN")
    done.send("/answer/finish", {})
    entries = len(rows(database, "journal_entry")["journal_entry"])

    response = done.send("/answer/withdraw", {})

    assert response.status_code == 303
    assert done.page("/answer/withdraw").one("h1").text == "You have withdrawn"
    assert rows(database, *arrivals.ANSWERS) == {table: [] for table in arrivals.ANSWERS}
    assert finished_at(database) is None
    assert done.get("/answer/").status_code == 403
    assert other.get("/answer/").status_code == 403
    journal_now = rows(database, "journal_entry")["journal_entry"]
    assert len(journal_now) == entries + 1
    assert "expert withdrew" in journal_now[-1]


def test_the_answers_of_others_stay(done, bo, database):
    answer(bo, "/answer/points/digital", **{"points-wired": "60"}, go="later")

    done.send("/answer/withdraw", {})

    assert arrivals.points(database) == {"wired": 60}


def test_an_answer_being_saved_by_another_link_of_the_expert_is_deleted_too(
    app, postgresql_database
):
    database = postgresql_database
    arrivals.link(database)
    phone = arrivals.link(database)
    with database.writing() as session:
        token = exchange_personal_link(session, phone, "", cast.NOON)
    withdrawing = threading.Thread(target=withdraw_ann, args=(database,))

    with database.writing() as session:
        seat = hold_seat(session, digest(token), cast.NOON).seat
        asked = cast.comparison(session, "wired", "wireless")
        record_judgement(session, seat, asked, 2, "", Save("k" * 16, 0, cast.NOON))
        withdrawing.start()
        withdrawing.join(1)
        assert withdrawing.is_alive()
    withdrawing.join(10)

    assert not withdrawing.is_alive()
    assert not any(rows(database, "judgement", "answer_revision").values())


def withdraw_ann(database):
    with database.writing() as session:
        withdraw(session, cast.invitation(session, "ANN"), cast.NOON)


def test_after_the_close_no_expert_withdraws(done, database):
    seen = done.page("/answer/withdraw")
    arrivals.close(database)
    before = rows(database)

    response = done.post("/answer/withdraw", data=arrivals.hidden(seen))

    assert response.status_code == 409
    assert rows(database) == before
    assert "Write to the author" in done.page("/answer/withdraw").text


# ---------- no page changes anything by being read ----------


def test_reading_changes_nothing(done, database):
    done.send("/answer/finish", {})
    before = rows(database)

    for path in (
        "/answer/",
        arrivals.question(database),
        "/answer/groups/digital",
        "/answer/groups/digital/cannot-judge",
        "/answer/weights",
        "/answer/finish",
        "/answer/receipt",
        "/answer/withdraw",
    ):
        for language in ("en", "zh"):
            done.page(path, query_string={"language": language}, follow_redirects=True)
        done.head(path)

    assert rows(database) == before


@pytest.mark.parametrize(
    "path",
    ["/answer/", "/answer/weights", "/answer/finish", "/answer/receipt", "/answer/groups/digital"],
)
def test_no_page_shows_anything_of_it(app, path):
    response = app.test_client().get(path)

    assert response.status_code == 403
    assert "Pilot" not in response.get_data(as_text=True)
