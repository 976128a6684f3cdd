"""Panel: its experts, their links, and the devices signed in by them."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from survey.experts.landing.operations import exchange_personal_link
from survey.models import Expert, Invitation, PersonalLink, Round, SignIn
from survey.store.invitations import issue_links
from survey.store.rounds import WrongState, open_round
from survey.tokens import digest
from survey.values import By
from survey.web.current import TOKEN, now
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds import cast

LINK = re.compile(r"https://weights\.example\.org/invitation/([\w-]{43})")

NEW = {"code": "E19", "name": "Mira", "direction": "civic", "language": "ar", "kind": "direct"}


@pytest.fixture
def opened(store):
    """A study of the author, its round open."""
    with store.writing() as session:
        cast.load_open(session)
    return "/author/studies/pilot"


def links_of(response):
    return LINK.findall(response.get_data(as_text=True))


def working(store, expert="ANN"):
    with store.reading() as session:
        return session.scalar(
            select(func.count(PersonalLink.id))
            .join(PersonalLink.invitation)
            .join(Invitation.expert)
            .where(Expert.code == expert, PersonalLink.revoked_at.is_(None))
        )


def sign_in(app, token):
    """Return a browser signed in by a personal link."""
    with app.extensions["database"].writing() as session:
        who = exchange_personal_link(session, token, "Mozilla/5.0 (X11; Linux) Firefox/1", now())
    client = app.test_client()
    with client.session_transaction(base_url="https://weights.example.org") as cookie:
        cookie[TOKEN] = who
    return client


def test_the_panel_lists_its_experts(author, opened):
    page = author.page(f"{opened}/panel")

    assert [row.text.split()[0] for row in page.all("th", scope="row")] == ["ANN", "BO", "CY"]
    assert "Experts with a link that works: 0 of 3." in page.text


def test_an_expert_joins_the_panel_and_the_round_that_is_not_closed(app, author, opened, store):
    response = author.send(f"{opened}/panel", NEW)

    assert response.status_code == 303
    with store.reading() as session:
        added = session.scalars(select(Expert).where(Expert.code == "E19")).one()
        assert (added.name, added.direction, added.language, added.kind) == (
            "Mira",
            "civic",
            "ar",
            "direct",
        )
        assert cast.invitation(session, "E19").round.number == 1
    assert console.written(app)[-2:] == ["expert added", "expert invited"]


def test_after_the_close_an_expert_joins_the_panel_only(author, store):
    with store.writing() as session:
        cast.load_closed(session)

    author.send("/author/studies/pilot/panel", NEW)

    with store.reading() as session:
        added = session.scalars(select(Expert).where(Expert.code == "E19")).one()
        assert (
            session.scalars(select(Invitation).where(Invitation.expert_id == added.id)).all() == []
        )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "ANN"}, "The panel has an expert of this code already."),
        ({"code": "=1+1"}, "A code has at most 64 letters"),
        ({"code": ""}, "Enter a code."),
        ({"kind": "guess"}, ""),
        ({"direction": "nowhere"}, ""),
        ({"language": "<b>"}, ""),
    ],
)
def test_a_faulty_expert_is_refused_and_none_is_added(author, opened, store, wrong, words):
    response = author.send(f"{opened}/panel", {**NEW, **wrong})

    assert response.status_code == 422
    assert words in response.get_data(as_text=True)
    with store.reading() as session:
        assert session.scalar(select(func.count(Expert.id))) == 3


def test_a_new_link_is_shown_once_and_stored_as_a_digest_only(author, opened, store):
    path = f"{opened}/experts/ANN"

    response = author.send(f"{path}/links", {"act": "issue", "delivery": "page"}, seen_at=path)

    [token] = links_of(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert token not in author.page(path).html
    assert token not in author.page(f"{opened}/panel").html
    with store.reading() as session:
        link = session.scalars(select(PersonalLink)).one()
        assert link.digest == digest(token)
        assert token not in [
            getattr(link, column.name) for column in PersonalLink.__table__.columns
        ]


def test_links_start_with_the_sites_own_address(author, opened):
    response = author.send(
        f"{opened}/panel/links",
        {"act": "issue", "delivery": "page"},
        seen_at=f"{opened}/panel",
    )

    assert len(links_of(response)) == 3


def test_everybodys_new_links_come_as_a_file(author, opened, store):
    with store.writing() as session:
        session.scalars(select(Expert).where(Expert.code == "BO")).one().name = "=cmd|' /C calc'!A0"

    response = author.send(
        f"{opened}/panel/links", {"act": "issue", "delivery": "csv"}, seen_at=f"{opened}/panel"
    )

    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(row["expert"], row["language"]) for row in rows] == [
        ("ANN", "zh"),
        ("BO", "en"),
        ("CY", "ar"),
    ]
    assert rows[1]["name"].startswith("'=")
    assert all(LINK.fullmatch(row["link"]) for row in rows)


def test_links_issued_before_go_on_working_until_they_are_replaced(app, author, opened, store):
    path = f"{opened}/experts/ANN"

    def act(what):
        form = {"act": what, "delivery": "page"}
        return links_of(author.send(f"{path}/links", form, seen_at=path))

    [first], [second] = act("issue"), act("issue")
    assert working(store) == 2
    browser = sign_in(app, first)
    assert browser.get("/answer/").status_code == 200

    [third] = act("replace")

    assert working(store) == 1
    assert browser.get("/answer/").status_code == 403
    assert app.test_client().get(f"/invitation/{second}").status_code == 404
    assert sign_in(app, third).get("/answer/").status_code == 200


def test_revoking_ends_the_sessions_at_once(app, author, opened, store):
    issued = author.send(
        f"{opened}/panel/links", {"act": "issue", "delivery": "page"}, seen_at=f"{opened}/panel"
    )
    browsers = [sign_in(app, token) for token in links_of(issued)]

    response = author.send(f"{opened}/panel/links", {"act": "revoke"}, seen_at=f"{opened}/panel")

    assert response.status_code == 303
    assert [browser.get("/answer/").status_code for browser in browsers] == [403, 403, 403]
    assert working(store) == 0
    with store.reading() as session:
        still = SignIn.author_id.is_(None), SignIn.ended_at.is_(None)
        assert session.scalar(select(func.count(SignIn.id)).where(*still)) == 0


def test_a_device_is_listed_and_can_be_closed(app, author, opened, store):
    path = f"{opened}/experts/ANN"
    issued = author.send(f"{path}/links", {"act": "issue", "delivery": "page"}, seen_at=path)
    [token] = links_of(issued)
    phone, stranger = sign_in(app, token), sign_in(app, token)
    page = author.page(path)
    assert page.text.count("Firefox, Linux") >= 2
    close = page.all("form")[0].attributes["action"]  # the latest comes first

    response = author.send(close, {}, seen_at=path)

    assert response.status_code == 303
    assert stranger.get("/answer/").status_code == 403
    assert phone.get("/answer/").status_code == 200
    assert working(store) == 1
    assert console.written(app)[-1] == "device closed"


def test_a_closed_round_gets_no_new_links(author, store):
    with store.writing() as session:
        round_ = cast.load_closed(session)
        invitation = cast.invitation(session)
        with pytest.raises(WrongState):
            issue_links(session, round_, [invitation], By("author author", now()))
    path = "/author/studies/pilot/experts/ANN"

    response = author.send(f"{path}/links", {"act": "issue", "delivery": "page"}, seen_at=path)

    assert response.status_code == 422
    assert working(store) == 0


def test_an_expert_of_the_panel_is_invited_to_a_round_once(author, opened, store):
    with store.writing() as session:
        study = session.scalars(select(Round)).one().study
        session.add(
            Expert(
                study_id=study.id,
                code="DEE",
                name="",
                direction="civic",
                language="en",
                kind="pairwise",
            )
        )
    path = f"{opened}/experts/DEE"
    assert "Not invited to round 1." in author.page(path).text

    for _ in range(2):
        response = author.send(f"{path}/invitation", {}, seen_at=f"{opened}/panel")
        assert response.status_code == 303

    with store.reading() as session:
        assert cast.invitation(session, "DEE").round.number == 1


@pytest.mark.parametrize(
    "path",
    [
        "/panel",
        "/panel/links",
        "/experts/ANN/links",
        "/experts/ANN/invitation",
        "/experts/ANN/devices/1",
    ],
)
def test_another_authors_panel_is_not_found(app, author, opened, store, path):
    issued = author.send(
        f"{opened}/panel/links", {"act": "issue", "delivery": "page"}, seen_at=f"{opened}/panel"
    )
    sign_in(app, links_of(issued)[0])
    other = console.signed_in(app, "other")
    form = {**NEW, "act": "revoke", "delivery": "page"}
    before = console.written(app)

    assert other.send(f"{opened}{path}", form, seen_at="/author/").status_code == 404
    assert other.get(f"{opened}/panel").status_code == 404
    assert other.get(f"{opened}/experts/ANN").status_code == 404

    assert console.written(app) == before
    assert working(store) == 1
    with store.reading() as session:
        ended = select(func.count(SignIn.id)).where(SignIn.ended_at.is_not(None))
        assert session.scalar(ended) == 0


def test_a_device_of_another_expert_is_not_found(app, author, opened, store):
    issued = author.send(
        f"{opened}/panel/links", {"act": "issue", "delivery": "page"}, seen_at=f"{opened}/panel"
    )
    sign_in(app, links_of(issued)[0])
    with store.reading() as session:
        device = session.scalars(select(SignIn).where(SignIn.author_id.is_(None))).one()

    response = author.send(
        f"{opened}/experts/BO/devices/{device.id}", {}, seen_at=f"{opened}/panel"
    )

    assert response.status_code == 404
    with store.reading() as session:
        assert session.get_one(SignIn, device.id).ended_at is None


def test_coming_back_for_links_leads_to_the_panel(author, opened):
    assert author.get(f"{opened}/panel/links").location == f"{opened}/panel"
    assert author.get(f"{opened}/experts/ANN/links").location == f"{opened}/experts/ANN"


def test_the_links_of_a_later_round_are_issued_for_that_round(author, store):
    with store.writing() as session:
        cast.load_closed(session)
    author.send("/author/studies/pilot/rounds", {"experts": ["ANN", "CY"]})
    with store.writing() as session:
        open_round(
            session,
            session.scalars(select(Round).where(Round.number == 2)).one(),
            By("author author", now()),
        )

    response = author.send(
        "/author/studies/pilot/panel/links",
        {"act": "issue", "delivery": "page"},
        seen_at="/author/studies/pilot/panel",
    )

    page = page_of(response)
    assert [row.text for row in page.all("th", scope="row")] == ["ANN", "CY"]


@pytest.mark.parametrize("titles", [{"ar": "تجربة", "en": "Pilot"}, {"zh": "试点"}])
def test_a_new_expert_starts_in_the_studys_language(author, store, titles):
    with store.writing() as session:
        cast.load(session, cast.study(titles=titles))

    page = author.page("/author/studies/pilot/panel")

    chosen = [
        e.attributes["value"]
        for e in page.all("option")
        if "selected" in e.attributes and e.within("select").attributes["id"] == "language"
    ]
    assert chosen == [next(iter(titles))]
