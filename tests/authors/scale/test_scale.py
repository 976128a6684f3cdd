"""The words of the scale: a study's own, in versions, kept while a round is open."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from survey.models import Round, ScaleWords
from survey.store.rounds import close_round, open_round
from survey.store.studies import load_study
from survey.values import By
from tests.clients import arrivals, console
from tests.clients.pages import page_of
from tests.worlds import cast

SCALE = "/author/studies/pilot/scale"


def versions(store):
    """Return (language, version, word for 3 times as much), in order of storing."""
    with store.reading() as session:
        rows = session.scalars(select(ScaleWords).order_by(ScaleWords.id))
        return [(row.language, row.version, row.words["3"]) for row in rows]


def fields(page):
    """Return the fields of the page's form."""
    return {
        e.attributes["name"]: e.attributes.get("value", "")
        for e in page.all("input")
        if e.attributes["name"].startswith(("word_", "back_", "base_"))
    }


def say(author, **changed):
    return author.send(SCALE, fields(author.page(SCALE)) | changed)


def test_without_words_of_its_own_a_study_speaks_as_the_pages_do(author, pilot):
    sent = fields(author.page(SCALE))

    assert sent["word_en_3"] == "a little more"
    assert sent["word_zh_3"] == "略大"


def test_other_words_are_the_next_version_of_their_language_alone(author, pilot, store, app):
    say(author, word_zh_3="稍重", back_zh_3="slightly heavier")
    say(author, word_zh_3="稍微重些")

    assert versions(store) == [("zh", 1, "稍重"), ("zh", 2, "稍微重些")]
    assert console.written(app).count("scale worded") == 2
    assert fields(author.page(SCALE))["back_zh_3"] == "slightly heavier"


def test_what_is_saved_as_it_was_is_no_version(author, pilot, store):
    assert say(author).status_code == 303

    assert versions(store) == []


def news(author, path=SCALE):
    return [e.text for e in author.page(path).all("p", role="status")]


def test_the_page_says_once_that_it_is_saved_and_nothing_where_nothing_changed(author, pilot):
    say(author)
    assert news(author) == []

    say(author, word_zh_3="稍重")
    assert news(author) == ["Saved."]
    assert news(author) == []


# ---------- two tabs ----------


def sends(author, page, **changed):
    """Press the button of a tab that shows ``page``."""
    return author.post(SCALE, data=fields(page) | changed | {"csrf_token": page.csrf_token})


def choices(page):
    """Return the fields that each form of a page sends, by its button."""
    return {
        button.text: {
            e.attributes["name"]: e.attributes["value"]
            for e in page.all("input")
            if e.within("form") is button.within("form")
        }
        for button in page.all("button")
        if button.within("main")
    }


@pytest.fixture
def both(author, pilot):
    """Return the answer to an older tab with another word than a newer tab stored."""
    older = author.page(SCALE)
    say(author, word_zh_3="稍重")
    return sends(author, older, word_zh_3="稍微重些", word_en_9="by far more")


def test_a_stale_page_overwrites_no_newer_words_but_shows_both(both, store):
    assert both.status_code == 409
    assert versions(store) == [("zh", 1, "稍重")]
    page = page_of(both)
    assert [e.text for e in page.all("bdi", lang="zh")] == ["稍重", "稍微重些"]
    assert page.all("bdi", lang="en") == []


@pytest.mark.parametrize(
    ("choice", "chinese"),
    [("Keep these", [1]), ("Save these", [1, 2])],
)
def test_the_author_decides_which_words_hold_and_loses_none_of_another_language(
    author, both, store, choice, chinese
):
    response = author.post(SCALE, data=choices(page_of(both))[choice])

    assert response.status_code == 303
    stored = versions(store)
    assert [version for code, version, _ in stored if code == "zh"] == chinese
    assert fields(author.page(SCALE))["word_en_9"] == "by far more"


def test_the_words_may_change_again_during_the_decision(author, both, store):
    say(author, word_zh_3="重一点")

    response = author.post(SCALE, data=choices(page_of(both))["Save these"])

    assert response.status_code == 409
    assert versions(store) == [("zh", 1, "稍重"), ("zh", 2, "重一点")]


def test_a_stale_page_that_says_the_same_or_nothing_new_is_no_change(author, pilot, store):
    older = author.page(SCALE)
    say(author, word_zh_3="稍重")

    assert sends(author, older).status_code == 303
    assert sends(author, older, word_zh_3="稍重").status_code == 303
    assert versions(store) == [("zh", 1, "稍重")]


@pytest.mark.parametrize("base", ["", "7", "-1"])
def test_a_version_that_no_page_has_shown_stores_nothing(author, pilot, store, base):
    assert say(author, word_zh_3="稍重", base_zh=base).status_code in (400, 422)
    assert versions(store) == []


def test_words_that_fall_when_translated_back_are_not_saved(author, pilot, store):
    response = say(author, back_zh_3="overwhelmingly more", back_zh_5="clearly more")

    assert response.status_code == 422
    assert versions(store) == []


def test_words_that_rise_when_translated_back_are_saved(author, pilot, store):
    assert (
        say(author, back_zh_3="a little more", back_zh_9="overwhelmingly more").status_code == 303
    )
    assert [version[:2] for version in versions(store)] == [("zh", 1)]


@pytest.mark.parametrize("word", ["", "CLEARLY more", "x" * 61])
def test_a_scale_has_one_word_for_each_step(author, pilot, store, word):
    response = say(author, word_en_3=word)

    assert response.status_code == 422
    assert versions(store) == []


def test_while_a_round_is_open_its_words_stay(author, pilot, store):
    sent = fields(author.page(SCALE))
    page_before = author.page(SCALE)
    with store.writing() as session:
        open_round(session, session.scalars(select(Round)).one(), By("author author", cast.NOON))

    response = author.post(
        SCALE, data=sent | {"word_zh_3": "稍重", "csrf_token": page_before.csrf_token}
    )

    assert response.status_code == 409
    assert versions(store) == []
    page = author.page(SCALE)
    assert "so they stay until it closes" in page.text
    assert fields(page) == {}


def test_the_way_there_promises_no_more_than_can_be_done(author, pilot, store):
    def the_way():
        return author.page(f"{pilot}/").one("a", href=SCALE).text

    assert the_way() == "See the words, and change them"
    with store.writing() as session:
        open_round(session, session.scalars(select(Round)).one(), By("author author", cast.NOON))
    assert the_way() == "See the words"
    with store.writing() as session:
        close_round(session, session.scalars(select(Round)).one(), By("author author", cast.NOON))
    assert the_way() == "See the words, and change them"


def test_a_round_notes_which_words_it_was_asked_in(author, pilot, store):
    say(author, word_zh_3="稍重")
    with store.writing() as session:
        round_ = session.scalars(select(Round)).one()
        open_round(session, round_, By("author author", cast.NOON))
        close_round(session, round_, By("author author", cast.NOON))
    say(author, word_zh_3="稍微重些")

    with store.reading() as session:
        round_ = session.scalars(select(Round)).one()
        told = load_study(session, round_.study, round_)

    assert round_.scale == {"zh": 1}
    assert [(words.version, words.words[3]) for words in told.scale] == [(1, "稍重")]


def test_the_question_says_the_studys_own_words_in_their_language_only(author, pilot, store, app):
    say(author, word_zh_3="稍重一点")
    with store.writing() as session:
        open_round(session, session.scalars(select(Round)).one(), By("author author", cast.NOON))
    client = app.test_client()
    client.send(f"/invitation/{arrivals.link(store)}", {})
    path = arrivals.question(store)

    chinese, english = (
        client.page(path).text,
        client.page(path + "?language=en", follow_redirects=True).text,
    )

    assert "稍重一点" in chinese
    assert "略重 " not in chinese
    assert "a little more" in english


def test_a_study_brings_its_words_and_gives_them_back(store):
    words = cast.scale("zh", 4, "稍重")
    study = cast.study(scale=(words,), **cast.answers())

    with store.writing() as session:
        row = cast.load(session, study)
        assert load_study(session, row).scale == (words,)
        assert row.rounds[0].scale == {"zh": 4}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scale_words SET version = 9",
        "DELETE FROM scale_words",
        (
            "INSERT INTO scale_words SELECT 9, study_id, language, 2, words, back, changed_at"
            " FROM scale_words"
        ),
    ],
)
def test_the_database_itself_keeps_the_words(owned_database, statement):
    with owned_database.writing() as session:
        study = cast.load(session, cast.study(scale=(cast.scale("zh", 1, "稍重"),)))
        open_round(session, study.rounds[0], By("author author", cast.NOON))

    with pytest.raises(DatabaseError), owned_database.writing() as session:
        session.execute(text(statement))
