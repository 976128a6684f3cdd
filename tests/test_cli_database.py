"""The commands on the database: studies in and out, links, backups, the demo."""

import csv
import re
import socket
import stat
import subprocess
import sys
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from survey.cli import cli
from survey.db import Database
from survey.files.publication import read_publication
from survey.models import Judgement, PersonalLink, Publication, Round, Study
from survey.store import schema
from survey.tokens import digest
from survey.web.config import ROOT
from tests.machinery.server import free_port
from tests.worlds.rankable import unanswered

EXAMPLE = ROOT / "examples" / "arab-league-2024"


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """A machine of its own: nothing is set but where things lie."""
    for name in ("DATABASE_URL", "SECRET_KEY", "SITE_URL", "OWNER_DATABASE_URL"):
        monkeypatch.delenv(f"STEELYARD_{name}", raising=False)
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture
def steelyard(instance):
    def run(*arguments, status=0):
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == status, (result.output, result.exception)
        return result

    return run


@pytest.fixture
def stored(instance):
    """Ask the machine's database."""

    def ask(statement):
        database = Database(f"sqlite:///{instance / 'steelyard.sqlite3'}")
        try:
            with database.reading() as session:
                return session.scalars(statement).all()
        finally:
            database.close()

    return ask


def test_the_example_weighs_the_same_to_the_last_bit_after_the_database(steelyard, tmp_path):
    steelyard("load", EXAMPLE)
    steelyard("unload", "arab-league-2024", "-o", tmp_path / "out")
    steelyard("unload", "arab-league-2024", "-o", tmp_path / "out.zip")

    for name, folder in (("a", EXAMPLE), ("b", tmp_path / "out"), ("c", tmp_path / "out.zip")):
        steelyard("weigh", folder, "-o", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "c").read_bytes()


def test_a_study_is_loaded_once(steelyard, stored):
    steelyard("load", EXAMPLE)

    refused = steelyard("load", EXAMPLE, status=2)

    assert "There is a study 'arab-league-2024' already; nothing was changed." in refused.stderr
    assert stored(select(func.count()).select_from(Study)) == [1]


def test_a_folder_that_is_not_there_is_one_sentence(steelyard):
    result = steelyard("load", "never", status=2)

    assert result.stderr == "never: there is no study folder (or .zip of one) here.\n"


def test_a_new_database_is_named_and_an_old_one_is_not(steelyard, instance):
    first, second = steelyard("author-link"), steelyard("author-link")

    assert first.stderr == f"Made a new database: sqlite:///{instance}/steelyard.sqlite3\n"
    assert second.stderr == ""


def test_nothing_is_stored_of_a_folder_with_a_fault(steelyard, stored, tmp_path):
    for file in EXAMPLE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    panel = tmp_path / "comparisons.csv"
    panel.write_text(
        panel.read_text("utf-8").replace("E01,digital,wired,ai,5", "E01,digital,wired,ai,0")
    )

    refused = steelyard("load", tmp_path, status=2)

    assert refused.stderr.startswith("comparisons.csv, line 3, column judgement:")
    steelyard("load", EXAMPLE)
    assert stored(select(Study.code)) == ["arab-league-2024"]


def test_an_unknown_study_is_named_with_those_that_are_there(steelyard, tmp_path):
    steelyard("load", EXAMPLE)

    refused = steelyard("unload", "arab-league-2042", "-o", tmp_path / "out", status=2)

    assert "'arab-league-2042'" in refused.stderr
    assert "it holds: arab-league-2024" in refused.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_place_that_cannot_be_written_is_named(steelyard, tmp_path, name):
    steelyard("load", EXAMPLE)
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / name

    refused = steelyard("unload", "arab-league-2024", "-o", place, status=2)

    assert refused.stderr.startswith(f"{place} cannot be written: ")


def test_links_that_cannot_be_written_are_not_issued(steelyard, stored, tmp_path):
    steelyard("load", unanswered(tmp_path))

    refused = steelyard(
        "links", "arab-league-2024", "-o", tmp_path / "none" / "links.csv", status=2
    )

    assert "links.csv cannot be written: " in refused.stderr
    assert stored(select(PersonalLink.id)) == []


def test_a_name_in_the_list_of_links_is_no_formula(steelyard, tmp_path):
    study = unanswered(tmp_path)
    panel = study / "panel.csv"
    header, first, *others = panel.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},name", f"{first},=1+1", *(f"{line}," for line in others)]
    panel.write_text("\n".join(lines), encoding="utf-8")
    steelyard("load", study)

    listed = steelyard("links", "arab-league-2024").stdout

    assert ",'=1+1," in listed


def test_links_are_written_once_for_every_expert_and_stored_as_digests(
    steelyard, stored, tmp_path, monkeypatch
):
    monkeypatch.setenv("STEELYARD_SITE_URL", "http://weights.example.org")
    steelyard("load", unanswered(tmp_path))

    steelyard("links", "arab-league-2024", "-o", tmp_path / "links.csv")

    content = (tmp_path / "links.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    tokens = [row["link"].removeprefix("http://weights.example.org/invitation/") for row in rows]
    assert [row["expert"] for row in rows] == [f"E{number:02}" for number in range(1, 19)]
    assert sorted(stored(select(PersonalLink.digest))) == sorted(map(digest, tokens))
    assert stat.S_IMODE((tmp_path / "links.csv").stat().st_mode) == 0o600


def test_the_authors_link_is_the_only_thing_on_standard_output(steelyard):
    printed = steelyard("author-link").stdout

    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}\n", printed)


def test_a_backup_is_restored_and_what_was_there_is_kept(steelyard, stored):
    steelyard("load", EXAMPLE)
    path = steelyard("backup").stdout.strip()
    steelyard("load", ROOT / "examples" / "arab-league-2024", status=2)
    steelyard("author-link", "--author", "another")

    restored = steelyard("restore", path)

    assert "What was there before is in" in restored.stderr
    assert stored(select(Study.code)) == ["arab-league-2024"]


def test_a_bad_backup_is_refused_in_a_sentence(steelyard, tmp_path):
    (tmp_path / "x.sqlite3").write_bytes(b"not a database")

    refused = steelyard("restore", tmp_path / "x.sqlite3", status=1)

    assert "its manifest x.sqlite3.json is missing" in refused.stderr
    assert "The database is as it was." in refused.stderr


def test_an_older_database_is_backed_up_and_then_migrated(steelyard, instance, stored):
    steelyard("load", EXAMPLE)
    database = Database(f"sqlite:///{instance / 'steelyard.sqlite3'}")
    schema.downgrade(database, "0001")
    database.close()

    started = steelyard("author-link")

    assert "Backed up the database as" in started.stderr
    assert len(list((instance / "backups").glob("*.sqlite3"))) == 1
    assert stored(select(Study.code)) == ["arab-league-2024"]


def test_a_database_of_a_newer_version_is_left_alone(steelyard, instance):
    steelyard("load", EXAMPLE)
    database = Database(f"sqlite:///{instance / 'steelyard.sqlite3'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    refused = steelyard("author-link", status=1)

    assert "9999" in refused.stderr
    assert "Nothing was changed." in refused.stderr


def test_the_demo_has_a_closed_panel_and_an_open_guest_half_done(steelyard, stored):
    steelyard("demo", "--prepare-only")

    assert stored(select(Round.state).order_by(Round.number)) == ["closed", "open"]
    guest = select(func.count()).select_from(Judgement).join(Round, Round.id == Judgement.round_id)
    assert stored(guest.where(Round.number == 2)) == [11]


def test_the_demo_has_published_what_the_report_printed(steelyard, stored):
    steelyard("demo", "--prepare-only")
    steelyard("demo", "--prepare-only")

    [document] = stored(select(Publication.document))
    total = read_publication(document).tables[0]
    with (EXAMPLE / "published-bands.csv").open(encoding="utf-8", newline="") as file:
        printed = [row for row in csv.DictReader(file) if row["table"] == "total"]
    assert [(band.labels["zh"], code) for band in total.bands for code in band.units["zh"]] == [
        (row["label"], row["city"]) for row in printed
    ]


def test_a_second_start_keeps_what_was_entered_and_a_fresh_one_backs_it_up(
    steelyard, instance, stored
):
    steelyard("demo", "--prepare-only")
    steelyard("author-link", "--author", "someone-new")
    steelyard("demo", "--prepare-only")
    assert stored(select(func.count()).select_from(Study)) == [1]
    assert not (instance / "backups").exists()

    fresh = steelyard("demo", "--prepare-only", "--fresh")

    assert "Backed up the old database as" in fresh.stderr
    assert len(list((instance / "backups").glob("*.sqlite3"))) == 1
    assert stored(select(Round.state).order_by(Round.number)) == ["closed", "open"]


def test_the_service_answers_until_it_is_told_to_stop(instance):
    port = free_port()
    command = [sys.executable, "-m", "survey.cli", "serve", "--port", str(port)]

    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr.readline().startswith("Made a new database: sqlite:///")
        said = service.stderr.readline()
        with urlopen(f"http://127.0.0.1:{port}/methods") as response:
            assert response.status == 200
        service.terminate()

    assert said == f"Serving http://127.0.0.1:{port}; Ctrl-C stops.\n"
    assert service.returncode == 0


def test_a_busy_port_is_one_sentence(steelyard):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = steelyard("demo", "--port", port, status=2)

    assert refused.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be had")
    assert "--port" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_real_site_is_not_started_without_a_secret(steelyard, monkeypatch, instance):
    monkeypatch.setenv("STEELYARD_SITE_URL", "https://weights.example.org")

    refused = steelyard("author-link", status=2)

    assert "STEELYARD_SECRET_KEY" in refused.stderr
    assert not (instance / "secret").exists()


def test_the_secret_of_this_machine_is_its_owners(steelyard, instance):
    steelyard("author-link")

    assert stat.S_IMODE((instance / "secret").stat().st_mode) == 0o600


# ---------- beside a running service ----------


def test_links_lead_to_the_service_that_runs(
    sqlite_database, live_server, steelyard, instance, tmp_path, monkeypatch
):
    """The links have the port of the service, not the address of this terminal."""
    url = sqlite_database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("STEELYARD_INSTANCE", str(instance.parent))
    monkeypatch.setenv("STEELYARD_DATABASE_URL", url)
    steelyard("load", unanswered(tmp_path))

    for told in (None, "https://elsewhere.example"):
        if told:
            monkeypatch.setenv("STEELYARD_SITE_URL", told)
            monkeypatch.setenv("STEELYARD_SECRET_KEY", "a secret of the tests, of no use elsewhere")
        link = steelyard("author-link").stdout.strip()
        assert link.startswith(f"{live_server.url}/sign-in/")
        assert urlopen(link).status == 200  # noqa: S310
        lines = steelyard("links", "arab-league-2024").stdout.splitlines()
        assert {line.split(",")[3].rpartition("/invitation/")[0] for line in lines[1:]} == {
            live_server.url
        }

    live_server.stop()
    assert steelyard("author-link").stdout.startswith("https://elsewhere.example/sign-in/")
    monkeypatch.delenv("STEELYARD_SITE_URL")
    assert steelyard("author-link").stdout.startswith(f"{live_server.url}/sign-in/")
    assert stat.S_IMODE((instance.parent / "address").stat().st_mode) == 0o600
