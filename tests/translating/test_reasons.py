"""The author's translations of reasons, and how experts read them."""

import pytest
from sqlalchemy import select

from survey.models import Round
from tests import console, experts, further
from tests.pages import Page

REASONS = "/author/studies/pilot/rounds/1/reasons"
SECOND = "/author/studies/pilot/rounds/2/reasons"
TURKISH = "Bir hizmeti kullanamayan sakin için o hizmet yoktur."
ENGLISH = "For a resident who cannot use it, a service does not exist."


@pytest.fixture
def app(database_url, database, tmp_path):
    with database.writing() as session:
        further.load(session)
    app = console.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def author(app):
    return console.signed_in(app)


def key_of(page, text):
    """The name of the field that stands under a reason."""
    (shown,) = [e for e in page.all("p") if e.text == text]
    line = shown.within("li")
    return next(e for e in page.all("textarea") if e.within("li") is line).attributes["name"]


def write(author, texts, path=f"{REASONS}/en", seen=None):
    """Send the page as it was seen, with other texts in these fields."""
    page = seen or author.page(path)
    fields = {e.attributes["name"]: e.text for e in page.all("textarea")}
    return author.post(path, data=experts.hidden(page) | fields | texts)


def stored(database):
    return [row[3:5] for row in experts.rows(database, "translation")["translation"]]


def test_every_reason_of_the_round_stands_there_in_its_writers_language(author):
    assert author.get(REASONS).headers["Location"] == f"{REASONS}/en"
    page = author.page(f"{REASONS}/en")

    for reason in further.REASONS.values():
        assert reason in page.text
    assert [e.text for e in page.all("p", lang="tr")] == [TURKISH]
    # Ann is asked in Chinese and Dee in Turkish; Eve's is in English already.
    assert "2 are not translated into English yet." in page.text
    assert len(page.all("textarea")) == 2


def test_a_translation_is_kept_changed_and_taken_back(app, author, database):
    key = key_of(author.page(f"{REASONS}/en"), TURKISH)

    assert write(author, {key: "  A service …  "}).status_code == 303
    assert stored(database) == [("en", "A service …")]
    assert console.written(app)[-1] == "reasons translated"
    write(author, {key: ENGLISH})
    assert stored(database) == [("en", ENGLISH)]
    assert ENGLISH in author.page(f"{REASONS}/en").text
    assert ENGLISH not in author.page(f"{REASONS}/zh").text
    entries = console.written(app)
    write(author, {key: ENGLISH})
    assert console.written(app) == entries
    write(author, {key: ""})
    assert stored(database) == []


def test_a_stale_page_overwrites_no_newer_text_and_shows_both(app, author, database):
    seen = author.page(f"{REASONS}/en")
    turkish, chinese = key_of(seen, TURKISH), key_of(seen, "CANARY of Ann")
    write(author, {turkish: "the newer"}, seen=seen)
    entries = console.written(app)

    response = write(author, {turkish: "the older", chinese: "another"}, seen=seen)

    assert response.status_code == 409
    assert stored(database) == [("en", "the newer")]
    assert console.written(app) == entries
    shown = Page(response.get_data(as_text=True))
    assert [e.text for e in shown.all("p") if e.text == "the newer"] == ["the newer"]
    assert [e.text for e in shown.all("textarea")] == ["another", "the older"]
    # She has now seen the newer one: what she presses then is meant.
    assert write(author, {}, seen=shown).status_code == 303
    assert sorted(stored(database)) == [("en", "another"), ("en", "the older")]


def test_what_a_stale_page_did_not_touch_is_left_as_it_is_now(author, database):
    seen = author.page(f"{REASONS}/en")
    turkish, chinese = key_of(seen, TURKISH), key_of(seen, "CANARY of Ann")
    write(author, {turkish: "the newer"}, seen=seen)

    assert write(author, {chinese: "another"}, seen=seen).status_code == 303
    assert sorted(stored(database)) == [("en", "another"), ("en", "the newer")]
    # Nor is what somebody emptied meanwhile written again.
    seen = author.page(f"{REASONS}/en")
    write(author, {turkish: ""}, seen=seen)
    assert write(author, {chinese: "a third"}, seen=seen).status_code == 303
    assert stored(database) == [("en", "a third")]


def test_the_same_text_from_two_pages_is_no_conflict(author, database):
    seen = author.page(f"{REASONS}/en")
    key = key_of(seen, TURKISH)
    write(author, {key: ENGLISH}, seen=seen)

    assert write(author, {key: ENGLISH}, seen=seen).status_code == 303
    assert stored(database) == [("en", ENGLISH)]


def test_what_is_too_long_is_shown_again_and_nothing_is_stored(author, database):
    key = key_of(author.page(f"{REASONS}/en"), TURKISH)

    response = write(author, {key: "x" * 4001})

    assert response.status_code == 422
    assert "below 4,000 characters" in Page(response.get_data(as_text=True)).text
    assert stored(database) == []


def test_only_offered_languages_and_closed_rounds_have_the_page(author, database):
    assert author.get(f"{REASONS}/xx").status_code == 404
    with database.writing() as session:
        further.ask_again(session, session.scalars(select(Round)).one().study)

    assert author.get("/author/studies/pilot/rounds/2/reasons/en").status_code == 409
    page = author.page("/author/studies/pilot/rounds/1")
    assert REASONS in [e.attributes["href"] for e in page.all("a")]
    open_ = author.page("/author/studies/pilot/rounds/2")
    assert not [e for e in open_.all("a") if "/reasons" in e.attributes["href"]]


def test_an_expert_reads_the_translation_marked_as_the_authors_and_the_original(
    app, author, database
):
    write(author, {key_of(author.page(f"{REASONS}/en"), TURKISH): ENGLISH})
    with database.writing() as session:
        further.ask_again(session, session.scalars(select(Round)).one().study)
        token = further.link(session, further.invitation(session, "CY"))
    client = experts.arrive(app, token)

    card = client.page("/answer/panel").one("article", id="wired")
    assert ENGLISH in card.text
    assert "Translated from Turkish by the author" in card.text
    assert "Show the original" in card.text
    assert TURKISH in card.text
    chinese = client.get("/answer/panel?language=zh", follow_redirects=True)
    text = Page(chinese.get_data(as_text=True)).one("article", id="wired").text
    assert ENGLISH not in text
    assert TURKISH in text


def test_a_kept_weights_reason_is_translated_and_read_too(app, author, database):
    with database.writing() as session:
        study = session.scalars(select(Round)).one().study
        round_ = further.ask_some_again(session, study, {})
        token = further.link(session, further.invitation(session, "DEE"))
    dee = experts.arrive(app, token)
    seen = dee.page("/answer/panel")
    dee.post(
        "/answer/panel",
        data=experts.hidden(seen) | {"decision-ai": "keep", "reason-ai": "Yapay zekâ bekler."},
    )
    experts.close(database)
    page = author.page(f"{SECOND}/en")
    write(author, {key_of(page, "Yapay zekâ bekler."): "It can wait."}, f"{SECOND}/en", page)
    with database.writing() as session:
        further.ask_again(session, session.get_one(Round, round_.id).study)
        token = further.link(session, further.invitation(session, "EVE", number=3))

    card = experts.arrive(app, token).page("/answer/panel").one("article", id="ai")
    assert "It can wait." in card.text
    assert "Dee" not in card.text
