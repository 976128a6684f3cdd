"""Studies of an author: storing an uploaded folder whole or not at all, and settings."""

import io
import re
import zipfile

import pytest
from sqlalchemy import func, select

from survey.asking.pairs import record_judgement
from survey.asking.saves import Save
from survey.files.study_folder import study_files, zipped
from survey.models import Framework, JournalEntry, Round, Study
from tests.clients import console
from tests.clients.pages import page_of
from tests.worlds import cast


def upload(client, content, name="pilot.zip"):
    return client.send("/author/", {"study": (io.BytesIO(content), name)})


def archive(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def count(store, model):
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_study_folder_is_stored_under_its_author(author, store):
    response = upload(author, zipped(cast.study()))

    assert response.status_code == 303
    assert response.location == "/author/studies/pilot/"
    assert "Round 1 is not open yet; 3 experts are invited." in author.page(response.location).text
    with store.reading() as session:
        assert session.scalars(select(Study)).one().author.code == "author"


def test_a_folder_that_brings_answers_becomes_a_closed_round(author, store):
    upload(author, zipped(cast.study(**cast.answers())))

    with store.reading() as session:
        assert session.scalars(select(Round.state)).all() == ["closed"]


def test_every_fault_of_a_folder_is_said_at_once_and_nothing_is_stored(author, store):
    files = study_files(cast.study(**cast.answers()))
    files["comparisons.csv"] = files["comparisons.csv"].replace(b"1/9", b"0")
    files["levels.csv"] = files["levels.csv"].replace(b"doha,2", b"doha,7")

    response = upload(author, archive(files))

    page = page_of(response)
    assert response.status_code == 422
    assert "comparisons.csv, line 3, column judgement: " in page.text
    assert "levels.csv, line 2, column wired: level 7 is above the ladder" in page.text
    assert "2 problems in the folder. Nothing was saved." in page.text
    assert count(store, Study) == count(store, Framework) == count(store, JournalEntry) == 0


def test_faults_are_said_in_chinese(app):
    files = study_files(cast.study())
    del files["rungs.csv"]

    response = upload(console.signed_in(app, language="zh"), archive(files))

    assert "rungs.csv：" in response.get_data(as_text=True)


@pytest.mark.parametrize("content", [b"", b"not an archive", zipped(cast.study())[:300]])
def test_what_is_no_archive_is_refused(author, store, content):
    response = upload(author, content)

    assert response.status_code == 422
    assert count(store, Study) == 0


def test_a_form_without_a_file_asks_for_one(author):
    response = author.send("/author/", {})

    assert response.status_code == 422
    assert "Choose the .zip file of a study folder." in response.get_data(as_text=True)


def test_a_code_that_is_taken_is_refused_for_every_author(app, author, pilot, store):
    response = upload(console.signed_in(app, "other"), zipped(cast.study(titles={"en": "Mine"})))

    assert response.status_code == 422
    assert "“pilot” already" in response.get_data(as_text=True)
    assert count(store, Study) == 1


def test_what_is_odd_without_being_wrong_is_said_after_storing(author, store):
    files = study_files(cast.study())
    files["panel.csv"] = files["panel.csv"].replace(b",name", b",mood")

    response = upload(author, archive({f"pilot/{name}": part for name, part in files.items()}))

    assert response.status_code == 201
    assert "the column is not part of the format" in response.get_data(as_text=True)
    assert count(store, Study) == 1


def test_an_author_sees_only_their_own_studies(app, author, pilot):
    other = console.signed_in(app, "other")

    assert "Pilot" in author.page("/author/").text
    assert "Pilot" not in other.page("/author/").text
    assert other.get(f"{pilot}/").status_code == 404
    assert author.get("/author/studies/nothing/").status_code == 404


def test_who_is_not_signed_in_is_told_how_to(app, pilot):
    stranger = app.test_client()

    for path in ("/author/", f"{pilot}/"):
        response = stranger.get(path)
        assert response.status_code == 403
        assert "Pilot" not in response.get_data(as_text=True)


def test_a_study_shows_what_is_weighed(author, pilot):
    page = author.page(f"{pilot}/")

    assert [e.text for e in page.all("th", scope="rowgroup")] == ["Digital", "Civic"]
    assert "Wired network" in page.text
    assert "gigabit" in page.text


def test_a_study_says_of_itself_what_the_author_writes(app, author, pilot, store):
    response = author.send(
        f"{pilot}/",
        {
            "title_en": "Harbour towns ",
            "title_zh": "",
            "contact": "mira@example.org",
            "notice_en": "Illustrative.",
            "notice_zh": "仅作示例。",
        },
    )

    assert response.status_code == 303
    with store.reading() as session:
        study = session.scalars(select(Study)).one()
        assert study.titles == {"en": "Harbour towns"}
        assert study.notices == {"en": "Illustrative.", "zh": "仅作示例。"}
        assert study.contact == "mira@example.org"
    assert console.written(app)[-1] == "study described"


def test_a_text_that_no_database_stores_is_refused_not_mended(app, author, pilot, store):
    before = console.written(app)

    response = author.send(f"{pilot}/", {"title_en": "Har\0bour", "title_zh": "", "contact": "x"})

    assert response.status_code == 422
    assert console.written(app) == before
    with store.reading() as session:
        assert session.scalars(select(Study)).one().titles["en"] == "Pilot"


def test_a_study_keeps_a_title_in_one_language_at_least(app, author, pilot, store):
    before = console.written(app)

    response = author.send(f"{pilot}/", {"title_en": " ", "title_zh": "", "contact": "x"})

    assert response.status_code == 422
    assert "Write a title in one language at least." in response.get_data(as_text=True)
    with store.reading() as session:
        assert session.scalars(select(Study)).one().titles == {"en": "Pilot", "zh": "试点"}
    assert console.written(app) == before


def test_a_broken_journal_shows(author, pilot, owned_database):
    with owned_database.writing() as session:
        connection = session.connection()
        if owned_database.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER journal_entry_update")
        else:
            connection.exec_driver_sql("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE journal_entry SET actor = 'nobody'")

    assert "The journal is not intact. Entry 1 is the first" in author.page(f"{pilot}/").text


# ---------- what experts are told of their names ----------


def anonymity(store):
    with store.reading() as session:
        return session.scalars(select(Study.anonymity)).one()


def describe(author, **fields):
    return author.send("/author/studies/pilot/", {"title_en": "Pilot", **fields})


def test_an_author_says_why_experts_are_asked(author, store):
    with store.writing() as session:
        cast.load(session)

    describe(author, purpose_zh="为了公平", purpose_en="")

    with store.reading() as session:
        assert session.scalars(select(Study.purposes)).one() == {"zh": "为了公平"}


def test_the_readers_of_names_are_chosen_before_any_answer(author, store):
    with store.writing() as session:
        cast.load_open(session)

    assert describe(author, anonymity="named").status_code == 303

    assert anonymity(store) == "named"
    assert console.written(author.application)[-2:] == ["round opened", "anonymity chosen"]


def test_once_an_expert_has_answered_the_promise_stays(author, store):
    with store.writing() as session:
        cast.load_open(session)
        ann, asked = cast.invitation(session), cast.comparison(session)
        record_judgement(session, ann, asked, 0, "", Save("k" * 16, 0, cast.NOON))

    page = author.page("/author/studies/pilot/")
    assert page.all("input", name="anonymity") == []
    assert "an expert has already answered" in page.text
    response = describe(author, anonymity="named", contact="elsewhere")

    assert response.status_code == 409
    assert "Nothing was saved." in page_of(response).text
    assert anonymity(store) == "experts"
    with store.reading() as session:
        assert session.scalars(select(Study.contact)).one() == "author@example.org"
    # What is not about names can still be said otherwise.
    assert describe(author, contact="elsewhere").status_code == 303


def test_no_third_kind_of_anonymity_is_taken(author, store):
    with store.writing() as session:
        cast.load(session)

    assert describe(author, anonymity="nobody").status_code == 422
    assert anonymity(store) == "experts"


def test_an_upload_of_semicolons_with_decimal_commas_is_stored(author, store):
    files = study_files(cast.study())
    for name in ("cities.csv", "levels.csv", "panel.csv"):
        files[name] = files[name].replace(b",", b";").replace(b".", b",")

    assert upload(author, archive(files)).status_code == 303
    assert count(store, Study) == 1


def test_an_upload_with_a_column_that_would_change_the_result_is_not_stored(author, store):
    files = study_files(cast.study())
    files["panel.csv"] = files["panel.csv"].replace(b",name", b",weight").replace(b"\r\n", b"1\r\n")
    files["panel.csv"] = files["panel.csv"].replace(b"weight1", b"weight")

    response = upload(author, archive(files))

    assert response.status_code == 422
    assert "panel.csv, line 1, column weight: " in page_of(response).text
    assert count(store, Study) == count(store, Framework) == 0


def test_a_request_that_is_too_large_says_its_size_and_the_limit(author, store):
    # As bytes: the client of the tests would leave a form of that size in an open file.
    form = "multipart/form-data; boundary=b"
    response = author.post("/author/", data=bytes(6 * 2**20), content_type=form)

    page = response.get_data(as_text=True).replace(",", "")
    assert response.status_code == 413
    assert 'id="sizes"' in page
    assert "5242880" in page
    assert re.search(r"\b6291\d{3}\b|\b629[1-2]\d{3}\b", page)
    assert count(store, Study) == 0
