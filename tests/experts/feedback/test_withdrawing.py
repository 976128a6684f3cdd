"""Withdrawing from another round: answers that count, reasons shown, and coming back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from survey.models import Round, Study
from survey.values import UNANSWERED
from tests.clients import arrivals, console
from tests.clients.arrivals import answer, close
from tests.clients.pages import page_of
from tests.experts.feedback.steps import question
from tests.worlds import cast, further

WITHDRAW = "/answer/withdraw"
STAYS = "Your answers in closed rounds are kept too"
STUDY = "/author/studies/pilot"


@pytest.fixture
def asked():
    return {"ANN": {("digital", "wired", "ai"): "far"}}


def counted(database, number, *codes):
    """Return the number of answers that count in a round, for each of these experts."""
    with database.reading() as session:
        round_ = session.scalars(select(Round).where(Round.number == number)).one()
        study = cast.load_as_if_closed(session, round_)
    given = [a.expert for a in (*study.judgements, *study.allocations)]
    return [given.count(code) for code in codes]


def test_nothing_of_who_withdraws_from_a_targeted_round_carries_over_into_it(arrive, database):
    before = counted(database, 1, "ANN", "BO", "EVE")
    assert counted(database, 2, "ANN", "BO", "EVE") == [5, 7, 5]

    for expert in ("ANN", "BO"):
        arrive(expert).send(WITHDRAW, {})

    assert counted(database, 2, "ANN", "BO", "EVE") == [0, 0, 5]
    assert counted(database, 1, "ANN", "BO", "EVE") == before


def test_nor_through_it_into_a_later_one(arrive, database):
    arrive("ANN").send(WITHDRAW, {})
    close(database)
    with database.writing() as session:
        further.ask_some_again(session, session.scalars(select(Study)).one(), {})

    assert counted(database, 3, "ANN", "EVE") == [0, 5]


def test_the_page_says_what_stays_of_a_closed_round_to_who_answered_in_one(arrive):
    assert STAYS in arrive("ANN").page(WITHDRAW).text
    assert STAYS not in arrive("FAY").page(WITHDRAW).text


# ---------- coming back ----------


def test_an_expert_with_a_new_link_counts_again_once_they_have_begun(app, arrive, database):
    arrive("ANN").send(WITHDRAW, {})
    with database.writing() as session:
        token = further.link(session, further.invitation(session, "ANN"))
    landing = app.test_client().get(f"/invitation/{token}?language=en", follow_redirects=True)

    assert "you withdrew from this round" in page_of(landing).text
    assert counted(database, 2, "ANN") == [0]

    ann = arrivals.arrive(app, token)
    assert counted(database, 2, "ANN") == [5]
    answer(ann, question(database, "wired", "ai"), direction="same")
    assert counted(database, 2, "ANN") == [5]
    assert "you withdrew" not in ann.page(f"/invitation/{token}").text


def test_an_expert_who_withdrew_is_not_preselected_for_the_next_round(
    arrive, database, database_url, tmp_path
):
    arrive("ANN").send(WITHDRAW, {})
    close(database)
    console_app = console.application(database_url, tmp_path)
    author = console.signed_in(console_app)

    page = author.page(f"{STUDY}/rounds")
    chosen = {
        e.attributes["value"]: "checked" in e.attributes for e in page.all("input", name="experts")
    }
    assert [code for code, checked in chosen.items() if not checked] == ["ANN"]
    assert "withdrew from round 2" in page.text
    response = author.send(f"{STUDY}/rounds", {"asks": "targeted", "experts": ["ANN", "BO", "CY"]})

    assert response.status_code == 303
    with database.reading() as session:
        assert further.invitation(session, "ANN", number=3).withdrew_at is None
        asked = session.scalars(
            text("SELECT why FROM asked JOIN round ON round.id = round_id WHERE number = 3")
        ).all()
    # An expert without answers in the round before is asked everything.
    assert asked.count(UNANSWERED) >= 5
    console_app.extensions["database"].close()


# ---------- what the author sees ----------


@pytest.fixture
def author(database_url, app, tmp_path):
    console_app = console.application(database_url, tmp_path)
    yield console.signed_in(console_app)
    console_app.extensions["database"].close()


def test_the_round_counts_an_expert_who_withdrew_apart_and_says_when(arrive, author):
    arrive("ANN").send(WITHDRAW, {})
    on = f"withdrew on {console.today()}"

    page = author.page(f"{STUDY}/rounds/2")
    counts = {dt.text: dd.text for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)}
    assert counts == {"Finished": "0", "Under way": "0", "Not begun": "5", "Withdrew": "1"}
    [row] = [tr.text for tr in page.all("tr") if tr.text.startswith("ANN")]
    assert on in row

    page = author.page(f"{STUDY}/rounds/2/close")
    assert "5 experts have not finished." in page.text
    assert [li.text.split()[0] for li in page.all("li") if on in li.text] == ["ANN"]

    states = [td.text for td in author.page(f"{STUDY}/experts/ANN").all("td")]
    assert on in states
    assert not [state for state in states if "revoked" in state]


def test_links_for_all_leave_out_an_expert_who_withdrew_and_a_single_one_does_not(arrive, author):
    arrive("ANN").send(WITHDRAW, {})

    fields = {"act": "issue", "delivery": "csv"}
    everybody = author.send(f"{STUDY}/panel/links", fields, seen_at=f"{STUDY}/panel")
    hers = author.send(f"{STUDY}/experts/ANN/links", fields, seen_at=f"{STUDY}/experts/ANN")

    codes = [line.split(",")[0] for line in everybody.get_data(as_text=True).splitlines()[1:]]
    assert codes == ["BO", "CY", "DEE", "EVE", "FAY"]
    assert len(hers.get_data(as_text=True).splitlines()) == 2


# ---------- the database's own promise ----------


def test_no_expert_withdraws_from_a_closed_round_nor_comes_back_into_it(arrive, database):
    arrive("ANN").send(WITHDRAW, {})
    close(database)

    for value in ("NULL", "'2026-11-24'"):
        with (
            pytest.raises(DatabaseError, match="round is not open"),
            database.writing() as session,
        ):
            session.execute(text(f"UPDATE invitation SET withdrew_at = {value}"))
