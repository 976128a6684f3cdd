"""A questionnaire goes out and comes back: all of it is stored, or none of it."""

import io
import json

import pytest
from sqlalchemy import select

from survey import values
from survey.desk.operations import store_answers
from survey.desk.queries import LastRead, find_last_read
from survey.files.questionnaire import cells
from survey.models import Comparison, JournalEntry
from survey.values import By
from tests.clients import arrivals, console
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.desk.files import AUTHORS, HERS, book_of, download, filled, judge, sides, upload
from tests.files.questionnaire.files import sheet
from tests.worlds import cast


def entries(database, action):
    with database.reading() as session:
        found = session.execute(
            select(JournalEntry.actor, JournalEntry.detail).where(JournalEntry.action == action)
        )
        return [tuple(row) for row in found]


def test_filled_in_answers_are_stored_with_their_reasons(ann, database):
    content = filled(
        download(ann),
        (
            "Digital",
            sides(database, "wired", "wireless"),
            ["Wired network", "a little more", "why"],
        ),
        ("Digital", sides(database, "wired", "ai"), ["I cannot judge this pair", "", "no idea"]),
        ("The groups", sides(database, "digital", "civic"), ["Both count the same"]),
        ("Civic", ["I cannot judge this whole group", ""], ["yes", "", "not my field"]),
    )

    response = upload(ann, content)

    assert (response.status_code, response.headers["Location"]) == (303, HERS)
    assert arrivals.judgements(database) == [
        ("wired", "wireless", 2, "why"),
        ("digital", "civic", 0, ""),
    ]
    assert sorted(arrivals.abstentions(database)) == [
        ("civic", True, "not my field"),
        ("digital", False, "no idea"),
    ]
    page = ann.page(HERS)
    assert "4 new answers were saved." in page.text
    onward = arrivals.question(database, "wireless", "ai")  # the only pair that is still open
    assert [link.text for link in page.all("a", href=onward)] == ["Continue"]


def test_points_are_stored_as_far_as_they_were_handed_out(bo, database):
    content = filled(
        download(bo),
        ("Civic", ["Water"], [60.0]),
        ("Civic", ["Health"], ["٤٠"]),
        ("Digital", ["Wired network"], [30.0]),
    )

    upload(bo, content)

    assert arrivals.points(database) == {"wired": 30.0, "water": 60.0, "health": 40.0}
    assert "30 of 100 points" in bo.page(HERS).text


def test_ratings_are_stored_in_halves(arrive, database):
    arrivals.answers_by(database, values.RATING)
    cy = arrive("CY")
    content = filled(download(cy), ("Civic", ["Water"], [7.5]), ("Civic", ["Health"], [0.0]))

    upload(cy, content)

    assert arrivals.points(database) == {"water": 7.5, "health": 0.0}
    page = cy.page(HERS)
    assert "2 of 2 rated" in page.text
    assert "2 new answers were saved" in page.text


def test_who_compares_with_the_best_and_the_worst_is_told_that_no_sheet_is(arrive, database):
    arrivals.answers_by(database, values.BEST_WORST)
    cy = arrive("CY")

    page = cy.page(HERS)

    assert "Spreadsheets work for pairs, points and ratings." in page.text
    assert page.all("input", type="file") == []
    assert page.all("a", href=f"{HERS}.xlsx") == []
    assert cy.get(f"{HERS}.xlsx").status_code == 302
    assert cy.page("/answer/").all("a", href=HERS) == []
    assert arrive("ANN").page("/answer/").all("a", href=HERS)


def test_a_file_with_one_fault_stores_nothing(ann, database):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
        ("Digital", sides(database, "wired", "ai"), ["Wired network", "a lot"]),
    )
    before = rows(database)

    response = upload(ann, content)

    assert response.status_code == 422
    assert "“a lot” is not on the scale" in page_of(response).text
    assert rows(database) == before


def test_the_same_file_counts_once(ann, database):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
    )

    upload(ann, content)
    stored = rows(database, *arrivals.ANSWERS)
    upload(ann, content)

    assert rows(database, *arrivals.ANSWERS) == stored
    assert "it had no new answers" in ann.page(HERS).text


def test_a_newer_answer_is_not_overwritten_but_shown_beside_the_file(ann, database):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
        ("Digital", sides(database, "wired", "ai"), ["Wired network", "overwhelmingly more"]),
    )
    judge(database, -4, "a", 0)
    before = rows(database)

    response = upload(ann, content)

    assert response.status_code == 409
    page = page_of(response)
    assert "“Wireless network” counts 5 times as much as “Wired network”." in page.text
    assert "“Wired network” counts 3 times as much as “Wireless network”." in page.text
    assert "overwhelmingly more" not in page.text
    assert rows(database) == before


@pytest.mark.parametrize(("store", "step"), [("all", 2), ("others", -4)])
def test_the_expert_decides_which_answers_count(ann, database, store, step):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
        ("Digital", sides(database, "wired", "ai"), ["Wired network", "overwhelmingly more"]),
    )
    judge(database, -4, "a", 0)
    page = page_of(upload(ann, content))

    response = ann.post(f"{HERS}/decide", data=arrivals.hidden(page) | {"store": store})

    assert response.status_code == 303
    assert sorted(arrivals.judgements(database)) == [
        ("wired", "ai", 8, ""),
        ("wired", "wireless", step, ""),
    ]


def test_an_answer_changed_during_the_decision_is_asked_again(ann, database):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
    )
    judge(database, -4, "a", 0)
    page = page_of(upload(ann, content))
    judge(database, -6, "b", 1)

    response = ann.post(f"{HERS}/decide", data=arrivals.hidden(page) | {"store": "all"})

    assert response.status_code == 409
    assert "7 times" in page_of(response).text
    assert arrivals.judgements(database) == [("wired", "wireless", -6, "")]


def test_a_decision_about_the_file_of_another_expert_is_none(ann, arrive, database):
    content = filled(
        download(ann),
        ("Digital", sides(database, "wired", "wireless"), ["Wired network", "a little more"]),
    )
    judge(database, -4, "a", 0)
    sent = arrivals.hidden(page_of(upload(ann, content)))
    cy = arrive("CY")
    sent["csrf_token"] = cy.page(HERS).csrf_token

    response = cy.post(f"{HERS}/decide", data=sent | {"store": "all"})

    assert response.status_code == 422
    assert arrivals.judgements(database) == [("wired", "wireless", -4, "")]


def test_an_answer_that_the_file_was_made_from_may_be_changed_in_it(ann, database):
    judge(database, -4, "a", 0)
    pair = sides(database, "wired", "wireless")

    response = upload(ann, filled(download(ann), ("Digital", pair, ["Wired network", "3"])))

    assert response.status_code == 303
    assert arrivals.judgements(database) == [("wired", "wireless", 2, "")]


def test_a_closed_round_takes_no_file(ann, database):
    pair = sides(database, "wired", "wireless")
    content = filled(download(ann), ("Digital", pair, ["Wired network", "3"]))
    token = ann.page(HERS).csrf_token
    arrivals.close(database)
    before = rows(database)

    response = ann.post(
        HERS,
        data={"csrf_token": token, "questionnaire": (io.BytesIO(content), "q.xlsx")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 409
    assert page_of(response).one("h1").text == "This round has closed"
    assert rows(database) == before
    assert ann.get(HERS).status_code == 302


def test_the_file_of_another_expert_is_refused(ann, arrive, database):
    content = download(arrive("CY"))

    response = upload(ann, content)

    assert response.status_code == 422
    assert (
        "made for another questionnaire: pilot/CY/1. Expected pilot/ANN/1."
        in page_of(response).text
    )


def test_nothing_chosen_is_said(ann):
    response = ann.post(HERS, data={"csrf_token": ann.page(HERS).csrf_token})

    assert response.status_code == 422
    assert "Choose a file." in page_of(response).text


def test_a_name_in_the_file_is_never_a_command_on_the_page(ann):
    content = book_of(
        [
            (
                "<script>",
                [
                    ["First item", "Second item", "Which counts more?", "How much more?"],
                    ["<b>x</b>", "y", "", ""],
                ],
            )
        ]
    )

    response = upload(ann, content)

    assert response.status_code == 422
    assert "<b>x" not in response.get_data(as_text=True)
    assert "<script>" not in response.get_data(as_text=True)


# ---------------------------------------------------------------- the author


@pytest.fixture
def author(app):
    """The author of the study, at the address that the experts use."""
    client = console.signed_in(app)
    with client.session_transaction(base_url=arrivals.SITE) as cookie:
        cookie.update(signed_cookie(client))
    return client


def signed_cookie(client):
    with client.session_transaction(base_url="https://weights.example.org") as cookie:
        return dict(cookie)


def test_the_author_mails_it_in_the_experts_language_and_uploads_it(author, database):
    content = download(author, AUTHORS)
    names = [s["name"] for s in cells.cells_of(content)]
    with database.reading() as session:
        asked = session.scalars(select(Comparison)).all()
        assert asked
    sheets = [(s["name"], s["rows"]) for s in cells.cells_of(content)]
    lines = sheet(sheets, "公共")
    row = next(n for n, line in enumerate(lines) if "水" in line and "卫生" in line)
    lines[row][2:4] = ["水", "略大"]

    response = upload(author, book_of(sheets), AUTHORS)

    assert names[1] == "1 数字"
    assert response.status_code == 303
    assert arrivals.judgements(database) == [("water", "health", 2, "")]
    ((actor, _),) = entries(database, "judgement recorded")
    assert actor == "author author"
    ((actor, detail),) = entries(database, "questionnaire read")
    assert actor == "author author"
    assert '"answers":1,"expert":"ANN"' in detail


def test_the_journal_names_the_round_as_it_does_beside_each_answer(app, database):
    with database.writing() as session:
        cast.load_open(session, "twin")
    with database.writing() as session:
        invitation = cast.invitation(session, "ANN", "twin")
        # The number and the id of a round differ, as there is another study.
        assert invitation.round.number != invitation.round_id
        store_answers(session, invitation, {}, "a digest", By("", cast.NOON))
        round_id = invitation.round_id
    with database.reading() as session:
        invitation = cast.invitation(session, "ANN", "twin")
        assert find_last_read(session, invitation) == LastRead(cast.NOON, 0)

    ((_, detail),) = entries(database, "questionnaire read")
    assert json.loads(detail)["round"] == round_id


def test_the_author_brings_nothing_into_a_closed_round(author, database):
    content = download(author, AUTHORS)
    token = author.page(AUTHORS).csrf_token
    arrivals.close(database)
    before = rows(database)

    response = author.post(
        AUTHORS,
        data={"csrf_token": token, "questionnaire": (io.BytesIO(content), "q.xlsx")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 409
    assert rows(database) == before


def test_the_experts_page_leads_to_it(author):
    page = author.page("/author/studies/pilot/experts/ANN")

    assert page.all("a", href=AUTHORS)


def test_the_author_of_a_best_worst_expert_is_told_that_no_sheet_is(author, database):
    arrivals.answers_by(database, values.BEST_WORST, "ANN")

    page = author.page("/author/studies/pilot/experts/ANN")

    assert "Spreadsheets work for pairs, points and ratings." in page.text
    assert page.all("a", href=AUTHORS) == []
    assert "Spreadsheets work for pairs, points and ratings." in author.page(AUTHORS).text


def test_answers_that_an_expert_took_back_are_not_uploaded_for_them(app, ann, author, database):
    judge(database, -4, "k", 0)
    pair = sides(database, "wired", "wireless", language="zh")
    content = filled(download(author, AUTHORS), ("数字", pair, ["有线网", "3"]))
    token = author.page(AUTHORS).csrf_token
    ann.send("/answer/withdraw", {})
    before = rows(database)

    response = author.post(
        AUTHORS,
        data={"csrf_token": token, "questionnaire": (io.BytesIO(content), "q.xlsx")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 404
    assert rows(database) == before
    assert not author.page("/author/studies/pilot/experts/ANN").all("a", href=AUTHORS)

    link = arrivals.link(database)
    assert author.get(AUTHORS).status_code == 404
    arrivals.arrive(app, link)  # the expert takes part after all
    assert upload(author, content, AUTHORS).status_code == 303
    assert [step for *_, step, _ in arrivals.judgements(database)] == [2]


def test_sheets_of_nothing_but_far_corners_are_not_unrolled():
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for _ in range(2):
            book.add_worksheet().write_string(cells.MOST_ROWS - 1, cells.MOST_COLUMNS - 1, "x")
            book.worksheets()[-1].write_string(0, 0, "x")

    with pytest.raises(cells.TooMuch):
        cells.cells_of(target.getvalue())
