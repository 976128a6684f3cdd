"""The author's translations of reasons, and how experts read them."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey import values
from survey.experts.finish.operations import withdraw
from survey.models import Round, Study
from tests.clients import arrivals, console
from tests.clients.pages import page_of
from tests.worlds import cast, further

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
    """Return the name of the field under a reason."""
    (shown,) = [e for e in page.all("p") if e.text == text]
    line = shown.within("li")
    return next(e for e in page.all("textarea") if e.within("li") is line).attributes["name"]


def write(author, texts, path=f"{REASONS}/en", seen=None):
    """Send the page as it was seen, with other texts in these fields."""
    page = seen or author.page(path)
    fields = {e.attributes["name"]: e.text for e in page.all("textarea")}
    return author.post(path, data=arrivals.hidden(page) | fields | texts)


def stored(database):
    return [row[3:5] for row in arrivals.rows(database, "translation")["translation"]]


def test_every_reason_of_the_round_is_there_in_its_writers_language(author):
    assert author.get(REASONS).headers["Location"] == f"{REASONS}/en"
    page = author.page(f"{REASONS}/en")

    for reason in further.REASONS.values():
        assert reason in page.text
    # Ann is asked in Chinese and Dee in Turkish; Eve in English, and may still write another.
    assert "2 are not translated into English yet." in page.text
    folded = [bool(e.within("details")) for e in page.all("textarea")]
    assert folded == [False, False, True]
    assert {e.attributes["lang"] for e in page.all("p", dir="auto")} == {""}


def test_a_reason_in_another_language_than_the_experts_can_be_translated(app, author, database):
    page = author.page(f"{REASONS}/zh")
    write(author, {key_of(page, "CANARY of Ann"): "安说的"}, f"{REASONS}/zh", page)
    with database.writing() as session:
        further.ask_again(session, session.scalars(select(Round)).one().study)

    card = (
        further.arrive(app, database, "CY", "zh").page("/answer/panel").one("article", id="wired")
    )

    assert "安说的" in card.text
    assert "CANARY of Ann" not in card.text  # an original would tell who alone is asked in it


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
    shown = page_of(response)
    assert [e.text for e in shown.all("p") if e.text == "the newer"] == ["the newer"]
    assert [e.text for e in shown.all("textarea")] == ["another", "the older", ""]
    # The author has now seen the newer one, so the next save counts.
    assert write(author, {}, seen=shown).status_code == 303
    assert sorted(stored(database)) == [("en", "another"), ("en", "the older")]


def test_what_a_stale_page_did_not_touch_is_left_as_it_is_now(author, database):
    seen = author.page(f"{REASONS}/en")
    turkish, chinese = key_of(seen, TURKISH), key_of(seen, "CANARY of Ann")
    write(author, {turkish: "the newer"}, seen=seen)

    assert write(author, {chinese: "another"}, seen=seen).status_code == 303
    assert sorted(stored(database)) == [("en", "another"), ("en", "the newer")]
    # Nor is a text that was emptied since then written again.
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
    assert "below 4,000 characters" in page_of(response).text
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


def test_neither_label_nor_original_tells_which_language_the_only_writer_of_it_has(
    app, author, database
):
    write(author, {key_of(author.page(f"{REASONS}/en"), TURKISH): ENGLISH})
    with database.writing() as session:
        further.ask_again(session, session.scalars(select(Round)).one().study)
        token = further.link(session, further.invitation(session, "CY"))
    client = arrivals.arrive(app, token)

    card = client.page("/answer/panel").one("article", id="wired")
    assert ENGLISH in card.text
    assert TURKISH not in card.text
    assert not re.search("asked in|Turkish|Chinese", client.page("/answer/panel").text)


def test_an_expert_reads_the_translation_marked_as_the_authors_and_the_original(
    app, author, database
):
    # Dee, Eve and Bo are asked in Turkish; Ann alone in Chinese, and so Cy reads of neither
    # language but of the one that three have: with Ann, Fay and Gus there are three others.
    languages = {"BO": "tr", "DEE": "tr", "EVE": "tr", "FAY": "ru", "GUS": "fr"}
    gus = values.Expert("GUS", "civic", "fr", values.PAIRWISE)
    panel = tuple(
        replace(expert, language=languages.get(expert.code, expert.language))
        for expert in (*further.PANEL, gus)
    )
    more = tuple(
        values.Judgement(code, *pair, 0) for code in ("FAY", "GUS") for pair in further.PAIRS
    )
    study = further.study("turkish")
    with database.writing() as session:
        cast.load(session, replace(study, panel=panel, judgements=(*study.judgements, *more)))
    reasons = "/author/studies/turkish/rounds/1/reasons/en"
    page = author.page(reasons)
    write(author, {key_of(page, TURKISH): ENGLISH}, reasons, page)
    with database.writing() as session:
        further.ask_again(
            session, session.scalars(select(Study).where(Study.code == "turkish")).one()
        )
        token = further.link(session, further.invitation(session, "CY", study="turkish"))
    client = arrivals.arrive(app, token)

    card = client.page("/answer/panel").one("article", id="wired")
    assert ENGLISH in card.text
    assert "Translated by the author" in card.text
    assert "Written in Turkish" in card.text
    assert "Show the original" in card.text
    assert TURKISH in card.text
    chinese = client.get("/answer/panel?language=zh", follow_redirects=True)
    text = page_of(chinese).one("article", id="wired").text
    assert ENGLISH not in text
    assert TURKISH in text


def test_a_kept_weights_reason_is_translated_and_read_too(app, author, database):
    with database.writing() as session:
        study = session.scalars(select(Round)).one().study
        round_ = further.ask_some_again(session, study, {})
        token = further.link(session, further.invitation(session, "DEE"))
    dee = arrivals.arrive(app, token)
    seen = dee.page("/answer/panel")
    dee.post(
        "/answer/panel",
        data=arrivals.hidden(seen) | {"decision-ai": "keep", "reason-ai": "Yapay zekâ bekler."},
    )
    arrivals.close(database)
    page = author.page(f"{SECOND}/en")
    write(author, {key_of(page, "Yapay zekâ bekler."): "It can wait."}, f"{SECOND}/en", page)
    with database.writing() as session:
        further.ask_again(session, session.get_one(Round, round_.id).study)
        token = further.link(session, further.invitation(session, "EVE", number=3))

    card = arrivals.arrive(app, token).page("/answer/panel").one("article", id="ai")
    assert "It can wait." in card.text
    assert "Dee" not in card.text


# ---------- more than one page ----------

LONGEST = "\U00020000" * 4000  # a rare Chinese character: four bytes each
MANY = "/author/studies/many/rounds/1/reasons"


@pytest.fixture
def many(author, database):
    """Of five comparisons and nine experts 45 reasons; one expert is asked in English."""
    panel = tuple(
        values.Expert(f"E{n}", "digital", "zh" if n else "en", values.PAIRWISE) for n in range(9)
    )
    judgements = tuple(
        values.Judgement(expert.code, *pair, 1, f"{pair[1]} {pair[2]} {expert.code}")
        for expert in panel
        for pair in further.PAIRS
    )
    with database.writing() as session:
        further.load(
            session, further.study(code="many", panel=panel, judgements=judgements, allocations=())
        )
    return author


def reasons_on(page):
    """Return the reasons on a page: two indicators and an expert each."""
    return [e.text for e in page.all("p") if e.within("li") and e.attributes.get("dir") == "auto"]


def links(page):
    """Return the targets of the pages' navigation."""
    nav = page.one("nav", **{"aria-label": "Pages of reasons"})
    return {
        e.attributes["rel"]: e.attributes["href"] for e in page.all("a") if e.within("nav") is nav
    }


def test_many_reasons_are_on_several_pages_each_once(many):
    first, last = many.page(f"{MANY}/en"), many.page(f"{MANY}/en?page=3")

    assert "1–20 of 45" in first.text
    assert links(first) == {"next": f"{MANY}/en?page=2"}
    assert links(many.page(f"{MANY}/en?page=2")) == {
        "prev": f"{MANY}/en",
        "next": f"{MANY}/en?page=3",
    }
    assert "41–45 of 45" in last.text
    assert links(last) == {"prev": f"{MANY}/en?page=2"}
    seen = [r for n in (1, 2, 3) for r in reasons_on(many.page(f"{MANY}/en?page={n}"))]
    assert len(seen) == len(set(seen)) == 45
    # The heading counts all of them: E0 is asked in English.
    assert "40 are not translated into English yet." in last.text


@pytest.mark.parametrize("page", ["0", "-1", "4", "99999999999999999999", "x", ""])
def test_a_page_that_is_not_there_is_the_nearest(many, page):
    assert "of 45" in many.page(f"{MANY}/en?page={page}").text


def test_a_few_reasons_have_no_pages(author):
    page = author.page(f"{REASONS}/en")

    assert " of 3" not in page.text
    assert page.all("nav", **{"aria-label": "Pages of reasons"}) == []


def test_a_page_of_the_longest_translations_is_kept(many, database):
    path = f"{MANY}/fr?page=2"
    page = many.page(path)
    form = page.one("form", enctype="multipart/form-data")
    assert form.attributes["method"] == "post"
    texts = {e.attributes["name"]: LONGEST for e in page.all("textarea")}
    assert len(texts) == 20

    response = many.post(
        path, data=arrivals.hidden(page) | texts, content_type="multipart/form-data"
    )

    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert stored(database) == [("fr", LONGEST)] * 20


def test_after_a_fault_on_a_later_page_everything_typed_is_there(many, database):
    path = f"{MANY}/fr?page=2"
    page = many.page(path)
    names = [e.attributes["name"] for e in page.all("textarea")]

    response = write(many, dict.fromkeys(names, "typed") | {names[0]: "x" * 4001}, path, page)

    assert response.status_code == 422
    shown = page_of(response)
    assert "21–40 of 45" in shown.text
    assert [e.text for e in shown.all("textarea")] == ["x" * 4001] + ["typed"] * 19
    assert stored(database) == []


def test_typed_text_is_kept_although_the_pages_have_moved_since(many, database):
    path = f"{MANY}/fr?page=2"
    page = many.page(path)
    names = [e.attributes["name"] for e in page.all("textarea")]
    with database.writing() as session:
        # E1 withdraws: five reasons fewer, so the pages are divided differently.
        study = session.scalars(select(Study).where(Study.code == "many")).one()
        further.ask_again(session, study)
        withdraw(session, further.invitation(session, "E1", study="many"), cast.NOON)

    assert write(many, dict.fromkeys(names, "typed"), path, page).status_code == 303
    left = [r for r in reasons_on(page) if "E1" not in r]
    assert len(stored(database)) == len(left) < 20


def test_a_translation_from_another_rounds_page_is_not_overwritten(author, database):
    with database.writing() as session:
        study = session.scalars(select(Round)).one().study
        further.ask_some_again(session, study, {})
    arrivals.close(database)
    first, second = author.page(f"{REASONS}/en"), author.page(f"{SECOND}/en")
    write(author, {key_of(first, TURKISH): "the newer"}, seen=first)

    response = write(author, {key_of(second, TURKISH): "the older"}, f"{SECOND}/en", second)

    assert response.status_code == 409
    assert stored(database) == [("en", "the newer")]
