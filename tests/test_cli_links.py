"""``links`` and the links of the demo: to whom, and to which rounds, as in the console."""

import csv
import os
import stat
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from survey.cli import cli
from survey.commands import demonstration
from survey.db import DatabaseUnavailable
from survey.experts.finish.operations import withdraw
from survey.models import PersonalLink, Round
from survey.store import journal
from survey.store.rounds import close_round
from survey.values import By
from tests.worlds import cast


@pytest.fixture
def steelyard(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("STEELYARD_DATABASE_URL", database_url)
    monkeypatch.setenv("STEELYARD_SECRET_KEY", "k" * 32)

    def run(*arguments, status=0):
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == status, (result.output, result.exception)
        return result

    return run


def issued(database):
    with database.reading() as session:
        return session.scalars(select(PersonalLink.id)).all()


def test_an_expert_who_withdrew_is_sent_no_link(steelyard, database):
    with database.writing() as session:
        cast.load_open(session)
        withdraw(session, cast.invitation(session, "BO"), cast.NOON)

    rows = list(csv.DictReader(steelyard("links", "pilot").stdout.splitlines()))

    assert [row["expert"] for row in rows] == ["ANN", "CY"]
    assert len(issued(database)) == 2


@pytest.mark.parametrize("chosen", [(), ("--round", "1")])
def test_no_expert_is_sent_a_link_to_a_closed_round(steelyard, database, tmp_path, chosen):
    with database.writing() as session:
        cast.load_closed(session)
    place = tmp_path / "links.csv"

    refused = steelyard("links", "pilot", *chosen, "-o", place, status=2)

    assert refused.stderr == (
        "Round 1 of pilot is closed and takes no answers. No link was written.\n"
    )
    assert issued(database) == []
    assert not place.exists()


@pytest.fixture
def refused_commit(monkeypatch):
    def fail(_session):
        raise DatabaseUnavailable("the disk is full")

    return lambda: monkeypatch.setattr(journal, "append", fail)


def test_links_that_are_not_issued_leave_the_file_before(
    steelyard, database, tmp_path, refused_commit
):
    with database.writing() as session:
        cast.load_open(session)
    place = tmp_path / "links.csv"
    steelyard("links", "pilot", "-o", place)
    before, working = place.read_bytes(), issued(database)
    refused_commit()

    refused = steelyard("links", "pilot", "-o", place, status=1)

    assert "the disk is full" in refused.stderr
    assert place.read_bytes() == before
    assert list(tmp_path.glob(".links*")) == []
    assert issued(database) == working


def test_a_pipe_of_links_stays_as_open_as_it_was(steelyard, database, tmp_path):
    with database.writing() as session:
        cast.load_open(session)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o640)
    read = []
    reader = Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8-sig")))
    reader.start()

    steelyard("links", "pilot", "-o", pipe)
    reader.join()

    assert read[0].startswith("expert,name,language,link\nANN,")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert stat.S_IMODE(pipe.stat().st_mode) == 0o640


def test_the_demo_has_no_link_to_a_round_that_was_closed(steelyard, database):
    steelyard("demo", "--prepare-only")
    with database.writing() as session:
        round_ = session.scalars(select(Round).where(Round.number == 2)).one()
        close_round(session, round_, By("author author", cast.NOON))

    links = demonstration.issue_links(database, "https://x.example", cast.NOON)

    assert "An expert's questions none: round 2 is closed; --fresh starts over\n" in links
    assert issued(database) == []
