"""First page of a link: facts of its study, and actions without beginning."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from survey import values
from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.experts.landing.operations import ask_for_new_link
from survey.experts.landing.queries import find_pace
from survey.models import Comparison, Invitation, JournalEntry, PersonalLink, Round, Study
from survey.values import By
from tests.clients import arrivals
from tests.clients.arrivals import rows
from tests.clients.pages import page_of
from tests.worlds import cast

PANEL = tuple(values.Expert(f"E{n}", "digital", "en", values.PAIRWISE) for n in range(6))


@pytest.fixture
def app(database_url, database, tmp_path):
    with database.writing() as session:
        study = cast.load(session, cast.study(panel=(*PANEL, cast.ANN, cast.BO)))
        cast.open_round(session, study.rounds[0], By("author author", cast.NOON))
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def visitor(app):
    return app.test_client()


def change(database, model, **changes):
    with database.writing() as session:
        for row in session.scalars(select(model)):
            for name, value in changes.items():
                setattr(row, name, value)


def landing(visitor, token, language="en"):
    return visitor.page(f"/invitation/{token}?language={language}", follow_redirects=True)


def done(database):
    """Return the experts' actions in the journal."""
    with database.reading() as session:
        return [
            entry.action
            for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.id))
            if entry.actor.startswith("expert")
        ]


# ---------- what it says ----------


def test_it_says_what_comes_group_by_group(visitor, database):
    page = landing(visitor, arrivals.link(database))

    coming = [part.text for part in page.all("li") if part.within("ol")]
    assert coming == ["Digital 3 questions", "Civic one question", "The 2 groups one question"]


ALONE = {
    "en": "You are the only expert invited to set weights for the 5 indicators of “Pilot”.",
    "zh": "我们邀请您一位专家为《试点》的 5 项指标确定权重。",
    "ar": "أنتم الخبير الوحيد المدعوّ إلى تحديد أوزان مؤشرات",
    "ru": "Вы — единственный эксперт, которого просят определить веса показателей",
    "tr": "belirlemek üzere davet edilen tek uzman sizsiniz.",
    "fr": "Vous êtes la seule personne invitée, comme expert, à pondérer les 5 indicateurs",
}
OF_TWO = {
    "en": "You are one of 2 experts invited",
    "zh": "我们邀请了 2 位专家为《试点》的 5 项指标确定权重，您是其中一位。",
    "ar": "عدد الخبراء: 2",
    "ru": "Вы — в числе 2 экспертов, которых просят определить веса показателей",
    "tr": "davet edilen 2 uzmandan birisiniz.",
    "fr": "Vous faites partie des 2 experts invités à pondérer les 5 indicateurs",
}


@pytest.mark.parametrize("language", ALONE)
def test_it_counts_the_experts_in_words_that_are_true_of_so_few(visitor, database, language):
    token = arrivals.link(database)

    uninvite(database, leave={"ANN", "BO"})
    assert OF_TWO[language] in landing(visitor, token, language).text
    uninvite(database, leave={"ANN"})
    assert ALONE[language] in landing(visitor, token, language).text


def uninvite(database, leave):
    with database.writing() as session:
        for invitation in session.scalars(select(Invitation)):
            if invitation.expert.code not in leave:
                session.delete(invitation)


def test_it_says_why_in_the_authors_words_and_until_when_the_author_plans(visitor, database):
    change(
        database, Study, purposes={"en": "To rank cities fairly.", "zh": "为了公平地给城市排名。"}
    )
    change(database, Round, closes_at=cast.NOON)
    token = arrivals.link(database)

    english, chinese = landing(visitor, token).text, landing(visitor, token, "zh").text

    assert "To rank cities fairly." in english
    assert "为了公平地给城市排名。" in chinese
    assert "The author plans to close round 1 on 6 August 2024, 12:00 UTC." in english
    arrivals.close(database)
    assert "plans to close" not in landing(visitor, token).text


@pytest.mark.parametrize(
    ("anonymity", "promise", "hint"),
    [
        (
            "experts",
            "Other experts never see your name",
            "other experts may see it without your name",
        ),
        ("named", "may be shown your reasons with your name", "experts may see it with your name"),
    ],
)
def test_it_says_who_reads_the_experts_name_and_so_does_each_reason(
    app, visitor, database, anonymity, promise, hint
):
    change(database, Study, anonymity=anonymity)
    token = arrivals.link(database)

    assert promise in landing(visitor, token).text
    question = arrivals.press(app, token).page(arrivals.question(database))
    assert hint in question.one("p", id="reason-hint").text


# ---------- how long it takes ----------


def answered(database, expert, pauses):
    """Store an expert with so many answers, and these pauses between saves in seconds."""
    with database.writing() as session:
        invitation = cast.invitation(session, expert)
        asked = session.scalars(select(Comparison).order_by(Comparison.position)).all()
        at = cast.NOON
        for number, pause in enumerate([0, *pauses]):
            at += timedelta(seconds=pause)
            save = Save(f"{expert} save {number:08}", 0, at)
            record_judgement(session, invitation, asked[number], 0, "", save)
        invitation.finished_at = at


def pace(database, expert="ANN"):
    with database.reading() as session:
        return find_pace(session, cast.invitation(session, expert))


def test_five_experts_who_finished_determine_the_time_that_is_stated(visitor, database):
    token = arrivals.link(database)
    for number, pause in enumerate([10, 20, 30, 90]):
        answered(database, f"E{number}", [pause] * 4)
    assert pace(database) is None
    # 5 questions at 25 seconds each.
    assert "5 questions, about 3 minutes." in landing(visitor, token).text

    answered(database, "E4", [70] * 4)

    # The median expert took 4 pauses of 30 seconds for 5 questions: 2 minutes.
    assert pace(database) == pytest.approx(4 * 30 / 5)
    assert "5 questions, about 2 minutes." in landing(visitor, token).text


def test_a_break_is_not_thinking(app, database):
    for number in range(5):
        answered(database, f"E{number}", [60, 3600, 60, 60])

    assert pace(database) == pytest.approx((60 + 120 + 60 + 60) / 5)


def test_what_one_press_stored_at_once_is_not_timed(app, database):
    for number in range(5):
        answered(database, f"E{number}", [60, 60, 0, 0])

    # Three questions of five were thought about, for two minutes.
    assert pace(database) == pytest.approx(2 * 60 / 3)


def test_who_has_not_finished_and_who_answers_another_way_are_not_timed(app, database):
    for number in range(5):
        answered(database, f"E{number}", [60] * 4)
    assert pace(database, "BO") is None
    with database.writing() as session:
        cast.invitation(session, "E0").finished_at = None

    assert pace(database) is None


# ---------- taking no part ----------


def decline(visitor, token, **fields):
    return visitor.send(f"/invitation/{token}/decline", fields)


def declined(database, expert="ANN"):
    with database.reading() as session:
        found = cast.invitation(session, expert)
        return found.declined_at is not None, found.decline_reason, found.suggestion


def test_who_cannot_take_part_says_so_and_takes_it_back_by_beginning(app, visitor, database):
    token = arrivals.link(database)

    response = decline(visitor, token, reason="No time", suggestion=" Di, di@example.org ")

    assert response.headers["Location"] == f"/invitation/{token}"
    assert declined(database) == (True, "No time", "Di, di@example.org")
    page = landing(visitor, token)
    assert page.one("h1").text == "The author has been told that you cannot take part"
    assert "The author has received your suggestion of a colleague." in page.text
    assert page.one("button", class_="button second").text == "Begin after all"
    assert "you declined" in page.text
    assert "I cannot take part" not in [link.text for link in page.all("a")]

    arrivals.press(app, token)

    # The person that the expert suggested can still be asked.
    assert declined(database) == (False, "", "Di, di@example.org")
    assert done(database) == ["expert declined", "link opened", "decline taken back"]


def test_neither_a_reason_nor_a_colleague_is_asked_for(visitor, database):
    assert decline(visitor, arrivals.link(database)).status_code == 303
    assert declined(database) == (True, "", "")


def test_what_is_too_long_is_not_stored(visitor, database):
    token = arrivals.link(database)
    before = rows(database)

    response = decline(visitor, token, reason="x" * 2001)

    assert response.status_code == 422
    assert "Keep it below 2,000 characters." in page_of(response).text
    assert rows(database) == before


def test_who_has_begun_withdraws_instead(app, visitor, database):
    token = arrivals.link(database)
    ann = arrivals.press(app, token)
    arrivals.answer(ann, arrivals.question(database), direction="same")
    before = rows(database)

    assert "I cannot take part" not in landing(visitor, token).text
    asked = visitor.get(f"/invitation/{token}/decline")
    pressed = visitor.send(f"/invitation/{token}/decline", {}, seen_at=f"/invitation/{token}")

    for response in (asked, pressed):
        assert response.headers["Location"] == f"/invitation/{token}"
    assert rows(database) == before


def test_a_closed_round_can_no_longer_be_declined(visitor, database):
    token = arrivals.link(database)
    decline(visitor, token)
    arrivals.close(database)
    other = arrivals.link(database, "E0")

    visitor.send(f"/invitation/{other}/decline", {}, seen_at=f"/invitation/{other}")
    visitor.send(f"/invitation/{token}", {})

    assert declined(database, "E0") == (False, "", "")
    # To look at a closed round is not to take part in it.
    assert declined(database)[0]


# ---------- the link once more ----------


def test_a_mail_with_the_link_in_it_is_prepared_in_the_experts_language(visitor, database):
    token = arrivals.link(database)

    page = landing(visitor, token, "zh")

    assert page.one("code", class_="own-link").text == f"{arrivals.SITE}/invitation/{token}"
    mail = next(
        urlsplit(link.attributes["href"])
        for link in page.all("a")
        if link.attributes["href"].startswith("mailto:?")
    )
    assert mail.path == ""
    fields = parse_qs(mail.query)
    assert fields["subject"] == ["试点"]
    assert f"\r\n\r\n{arrivals.SITE}/invitation/{token}\r\n" in fields["body"][0]
    assert "谁有这个链接，谁就能以您的名义作答。" in fields["body"][0]


def ask_again(visitor, token):
    return visitor.send(f"/invitation/{token}/new-link", {}, seen_at=f"/invitation/{token}")


def asked_at(database):
    with database.reading() as session:
        return cast.invitation(session).link_asked_at


def test_the_bearer_of_a_revoked_link_can_ask_for_a_new_one(visitor, database):
    token = arrivals.link(database)
    arrivals.revoke(database)

    response = ask_again(visitor, token)

    assert response.headers["Location"] == "/new-link"
    assert asked_at(database) is not None
    assert done(database) == ["new link asked for"]


def test_a_request_by_an_old_link_ends_when_the_new_one_is_used(app, visitor, database):
    old = arrivals.link(database)
    arrivals.revoke(database)
    new = arrivals.link(database)
    ask_again(visitor, old)
    assert asked_at(database) is not None

    arrivals.press(app, new)

    assert asked_at(database) is None


@pytest.mark.parametrize("kind", ["unknown", "working", "closed"])
def test_a_stranger_who_asks_is_answered_alike_and_changes_nothing(visitor, database, kind):
    token = arrivals.link(database)
    seen_at = f"/invitation/{token}"
    if kind == "unknown":
        token = "x" * 43
    if kind == "closed":
        arrivals.revoke(database)
        arrivals.close(database)
    before = rows(database)

    response = visitor.send(f"/invitation/{token}/new-link", {}, seen_at=seen_at)

    assert (response.status_code, response.headers["Location"]) == (303, "/new-link")
    assert rows(database) == before


def test_who_has_withdrawn_reads_so_where_the_link_led(app, visitor, database):
    change(database, Study, contact="author@example.org")
    token, lost = arrivals.link(database), arrivals.link(database)
    with database.writing() as session:
        last = session.scalars(select(PersonalLink).order_by(PersonalLink.id.desc())).first()
        last.revoked_at = cast.NOON
    arrivals.press(app, token).send("/answer/withdraw", {})

    page = page_of(visitor.get(f"/invitation/{token}?language=en", follow_redirects=True))

    assert page.one("h1").text == "You have withdrawn"
    assert "you withdrew from round 1. Your answers of that round were deleted" in page.text
    assert "author@example.org" in page.text
    ask_again(visitor, token)
    assert asked_at(database) is not None
    # A person with a link that was revoked before learns nothing of it.
    stranger = page_of(visitor.get(f"/invitation/{lost}", follow_redirects=True))
    assert stranger.one("h1").text == "This link does not work"


def test_asking_counts_once_an_hour(app, database):
    token = arrivals.link(database)
    arrivals.revoke(database)
    hour = timedelta(hours=1)

    for later in (timedelta(), hour / 2, hour):
        with database.writing() as session:
            ask_for_new_link(session, token, cast.NOON + later)

    assert asked_at(database) == cast.NOON + hour
    assert done(database) == ["new link asked for"] * 2


def test_withdrawing_takes_the_name_of_the_colleague_along(app, visitor, database):
    token = arrivals.link(database)
    decline(visitor, token, suggestion="Di")
    ann = arrivals.press(app, token)

    ann.send("/answer/withdraw", {})

    assert declined(database) == (False, "", "")
    with database.reading() as session:
        assert session.scalars(select(Invitation.suggestion).distinct()).all() == [""]
