"""Public pages show the publication as it was published, or nothing."""

import hashlib

import pytest
from sqlalchemy import text

from survey.models import Publication

PAGES = ("", "/bands.csv", "/weights.json", "/publication.json")


def change(database, statement, **values):
    """Change rows behind the triggers' back, as the owner of the database could."""
    with database.writing() as session:
        if database.is_sqlite:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in session.scalars(text(found)).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("publication", "weight_set", "journal", "journal_entry", "study"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(statement), values)


def refused(client, code="small"):
    """Whether no address of a ranking shows it, and no cache keeps the answer."""
    answers = [client.get(f"/rankings/{code}{page}") for page in PAGES]
    assert {answer.status_code for answer in answers} in ({200}, {503})
    kept = {answer.headers["Cache-Control"] for answer in answers}
    assert answers[0].status_code == 200 or kept == {"no-store"}
    return answers[0].status_code == 503


@pytest.fixture
def shown(client, published, small):
    """A ranking that was shown, and is in memory."""
    published(small)
    assert not refused(client)
    assert client.page("/").all("a", href="/rankings/small")


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication SET document = replace(document, 'down', 'gone')",
        "UPDATE publication SET digest = 'd'",
        "UPDATE publication SET published_at = '2024-08-07 12:00:00'",
        "UPDATE publication SET document = '{}'",
        "UPDATE weight_set SET document = replace(document, '0.', '0.0')",
        "UPDATE weight_set SET digest = 'd'",
        "UPDATE weight_set SET locked_at = NULL",
        "DELETE FROM journal_entry WHERE action = 'ranking published'",
        "UPDATE journal_entry SET actor = 'x' WHERE action = 'ranking published'",
        "UPDATE journal_entry SET previous = 'x' WHERE action = 'ranking published'",
        "UPDATE journal SET head = 'x'",
    ],
)
def test_what_was_changed_is_shown_nowhere(client, owned_database, statement):
    change(owned_database, statement)

    assert refused(client)
    assert not client.page("/").all("a", href="/rankings/small")


@pytest.mark.usefixtures("shown")
def test_a_row_that_was_not_published_is_not_shown_nor_the_one_before_it(client, database, caplog):
    with database.writing() as session:
        row = session.query(Publication).one()
        document = row.document + "\n"
        forged = Publication(
            edition_id=row.edition_id,
            weight_set_id=row.weight_set_id,
            published_at=row.published_at,
            document=document,
            digest=hashlib.sha256(document.encode()).hexdigest(),
        )
        session.add(forged)

    assert refused(client)
    page = client.get("/rankings/small", headers={"Accept-Language": "en"})
    assert "This ranking cannot be shown" in page.get_data(as_text=True)
    assert "small is not shown: the journal does not say that it was published" in caplog.text


@pytest.mark.usefixtures("shown")
def test_a_study_does_not_show_the_publication_of_another(client, owned_database):
    change(owned_database, "UPDATE study SET code = 'other'")

    assert refused(client, "other")


@pytest.mark.usefixtures("shown")
def test_entries_that_follow_change_nothing(client, published, small):
    published(small, (0.2, 0.5))

    assert not refused(client)
