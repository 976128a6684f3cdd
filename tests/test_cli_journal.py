"""``verify-journal``: the chain of every study, and the entry that a seal was printed for."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from survey.cli import cli
from survey.db import Database
from survey.models import JournalEntry
from survey.store.authors import ensure_author
from survey.store.studies import Loading
from survey.web.config import ROOT
from tests.worlds import cast
from tests.worlds.rankable import unanswered

EXAMPLE = ROOT / "examples" / "arab-league-2024"


@pytest.fixture
def steelyard(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("STEELYARD_DATABASE_URL", database_url)
    monkeypatch.setenv("STEELYARD_SECRET_KEY", "k" * 32)

    def run(*arguments, status=0):
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == status, (result.output, result.exception)
        return result.output

    return run


def test_every_study_is_walked(steelyard):
    steelyard("load", EXAMPLE)

    said = steelyard("verify-journal")

    assert re.fullmatch(
        r"arab-league-2024: whole, \d+ entries, head [0-9a-f]{64}, seal [0-9a-f]{16}\.\n", said
    )
    assert steelyard("verify-journal", "arab-league-2024") == said


def test_a_study_that_is_being_loaded_has_no_journal_yet(steelyard, database):
    """Nor has what a load that was killed left behind: it is never in force."""
    steelyard("load", EXAMPLE)
    said = steelyard("verify-journal")
    with database.writing() as session:
        author = ensure_author(session, "author", cast.NOON)
        Loading(cast.study(), author.id, cast.NOON).begin(session)

    assert steelyard("verify-journal") == said


def test_a_seal_that_was_printed_leads_to_its_entry(steelyard, tmp_path):
    steelyard("load", unanswered(tmp_path))
    length, seal = re.search(r"(\d+) entries.*seal (\w+)", steelyard("verify-journal")).groups()
    steelyard("links", "arab-league-2024")

    said = steelyard("verify-journal", "--seal", f" {seal.upper()} ")

    assert f"{seal}: seals entry {length} of arab-league-2024" in said


def test_a_seal_of_another_secret_leads_nowhere(steelyard, monkeypatch):
    steelyard("load", EXAMPLE)
    seal = re.search(r"seal (\w+)", steelyard("verify-journal"))[1]
    monkeypatch.setenv("STEELYARD_SECRET_KEY", "another secret, as long as it has to be")

    assert f"{seal}: seals no entry" in steelyard("verify-journal", "--seal", seal, status=1)


def test_a_broken_journal_is_named(steelyard, owned_database):
    steelyard("load", EXAMPLE)
    with owned_database.writing() as session:
        if owned_database.is_sqlite:
            session.execute(text("DROP TRIGGER journal_entry_update"))
        else:
            session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        session.execute(text("UPDATE journal_entry SET actor = 'x' WHERE number = 2"))

    said = steelyard("verify-journal", status=1)

    assert said == "arab-league-2024: entry 2 is broken: changed.\n"


def test_the_last_seal_before_a_restore_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "SITE_URL", "SECRET_KEY"):
        monkeypatch.delenv(f"STEELYARD_{name}", raising=False)

    def run(*arguments):
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
        return result.output

    run("load", unanswered(tmp_path))
    copy = run("backup").strip()
    run("links", "arab-league-2024")
    seal = re.search(r"seal (\w+)", run("verify-journal"))[1]
    run("restore", copy)

    said = run("verify-journal", "--seal", seal)

    assert f"{seal}: sealed arab-league-2024 before it was restored from a backup" in said
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'steelyard.sqlite3'}")
    with database.reading() as session:
        last = session.scalars(select(JournalEntry.action).order_by(JournalEntry.id.desc())).first()
    database.close()
    assert last == "restored"
