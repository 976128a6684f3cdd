"""Refusals of a database, in every command that opens one: one sentence, without a password."""

import socket
import stat

import pytest
from click.testing import CliRunner
from sqlalchemy import text as statement

from survey.cli import cli
from survey.db import Database
from survey.models import Study
from survey.web.config import ROOT
from tests.machinery.postgres import PASSWORDS

EXAMPLE = ROOT / "examples" / "arab-league-2024"
PASSWORD = PASSWORDS["steelyard_app"]
WRITTEN = "app%2Fer%3Ap%40ss%3Fw%23rd%20%251"

COMMANDS = [
    ("load", EXAMPLE),
    ("unload", "x", "-o", "never"),
    ("author-link",),
    ("links", "x"),
    ("backup",),
    ("serve", "--port", "0"),
    ("demo", "--prepare-only"),
]


@pytest.fixture
def steelyard(tmp_path, monkeypatch):
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("STEELYARD_OWNER_DATABASE_URL", raising=False)

    def run(*arguments, status=1, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"STEELYARD_{name}", value)
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == status, (result.output, result.exception)
        assert result.output.count("\n") == 1 or not status, result.output
        assert PASSWORD not in result.output
        assert WRITTEN not in result.output
        return result

    return run


@pytest.fixture
def address(postgres_server):
    """An address of the tests' server, with one part written otherwise."""

    def written(role="steelyard_app", password=WRITTEN, port=postgres_server.port, name="template"):
        return f"postgresql://{role}{password and ':'}{password}@127.0.0.1:{port}/{name}"

    return written


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("command", COMMANDS[:-2], ids=lambda command: command[0])
def test_every_command_says_it_in_one_sentence(steelyard, address, tmp_path, command):
    said = steelyard(*command, DATABASE_URL=address(password="wrong")).output

    assert "refuses the password of the role steelyard_app" in said
    assert "STEELYARD_DATABASE_URL" in said
    assert not (tmp_path / "instance" / "backups").exists()


def test_a_restore_says_it_too(steelyard, address):
    steelyard("load", EXAMPLE, status=0)
    path = steelyard("backup", status=0).stdout.strip()

    said = steelyard("restore", path, DATABASE_URL=address(password="wrong")).output

    assert "refuses the password of the role steelyard_app" in said


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_service_is_not_started_either(steelyard, address, command):
    said = steelyard(command, "--port", free_port(), DATABASE_URL=address(password="wrong")).output

    assert "refuses the password of the role steelyard_app" in said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"password": ""}, "asks the role steelyard_app for a password"),
        (
            {"name": "nothing"},
            "has no database nothing: create it, or correct STEELYARD_DATABASE_URL",
        ),
        ({"role": "nobody"}, "refuses the password of the role nobody"),
        ({"port": 1}, "No server answers as PostgreSQL at 127.0.0.1:1"),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_address_is_named(steelyard, address, changes, says):
    assert says in steelyard("backup", DATABASE_URL=address(**changes)).output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"postgres://steelyard_app:{WRITTEN}@127.0.0.1/x", "must begin with sqlite:// or"),
        (f"mysql://steelyard_app:{WRITTEN}@127.0.0.1/x", "must begin with sqlite:// or"),
        (f"postgresql+psycopg2://steelyard_app:{WRITTEN}@127.0.0.1/x", "must begin with"),
        (f"postgresql://steelyard_app:{PASSWORD}@127.0.0.1/x", "write an @ of a password as %40"),
        (f"postgresql://steelyard_app:{WRITTEN}@127.0.0.1:{WRITTEN}/x", "cannot be read"),
        (f"postgresql:/steelyard_app:{WRITTEN}", "must begin with"),
        (f"postgresql://steelyard_app:{WRITTEN}@127.0.0.1", "names no database"),
        ("sqlite://", "names no database"),
        ("sqlite:///:memory:", "names no database"),
        ("sqlite:///file:/tmp/never/x.db?uri=true", "not by file: or uri"),
        ("sqlite:////tmp/never/x.db?uri=1", "not by file: or uri"),
        ("sqlite:///file:x.db", "not by file: or uri"),
    ],
)
@pytest.mark.parametrize("setting", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_an_address_that_cannot_be_meant_is_not_tried(steelyard, setting, text, says):
    said = steelyard("backup", status=2, **{setting: text}).output

    assert says in said
    assert said.startswith(f"STEELYARD_{setting} ")


def test_a_role_without_rights_is_told_which(steelyard, postgresql_urls):
    said = steelyard("restore", "x", DATABASE_URL=postgresql_urls.application).output
    assert "there is no such file" in said

    path = steelyard("backup", status=0, DATABASE_URL=postgresql_urls.application).stdout.strip()
    said = steelyard("restore", path).output

    assert "The role steelyard_app may not do this" in said
    assert "STEELYARD_OWNER_DATABASE_URL" in said


def test_a_backup_and_a_restore_over_a_password(steelyard, postgres_server, postgresql_urls):
    name = postgres_server.create_database()
    urls = postgres_server.urls(name)
    try:
        steelyard("load", EXAMPLE, status=0, DATABASE_URL=urls.application)
        path = steelyard("backup", status=0, OWNER_DATABASE_URL=urls.owner).stdout.strip()
        restored = steelyard("restore", path, status=0)
    finally:
        postgres_server.drop_database(name)

    assert "Restored" in restored.stderr


def test_others_who_are_connected_are_named(steelyard, postgres_server):
    urls = postgres_server.urls(postgres_server.create_database())
    path = steelyard("backup", status=0, DATABASE_URL=urls.owner).stdout.strip()
    other = Database(urls.application)

    with other.reading() as session:
        session.get(Study, 1)
        said = steelyard("restore", path).output
    other.close()

    assert "steelyard_app (1)" in said


WAY_OUT = (
    "Nothing was changed. If STEELYARD_DATABASE_URL names the right database, "
    "./steelyard backup --keep-damaged keeps it as it is, marked as damaged, and "
    "./steelyard restore --keep-damaged BACKUP does so and puts a backup in its place.\n"
)


@pytest.fixture
def damaged(steelyard, owned_database):
    """Change the journal after a backup; return the backup, and the database's name."""
    url = owned_database.url
    address = url.render_as_string(hide_password=False)
    steelyard("load", EXAMPLE, status=0, DATABASE_URL=address)
    path = steelyard("backup", status=0).stdout.strip()
    with owned_database.writing() as session:
        if owned_database.is_sqlite:
            session.execute(statement("DROP TRIGGER journal_entry_update"))
        else:
            session.execute(statement("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        session.execute(statement("UPDATE journal_entry SET actor = 'x' WHERE number = 1"))
    owned_database.close()
    server = f"The database {url.database} of PostgreSQL at {url.host}:{url.port}"
    return path, str(url.database) if owned_database.is_sqlite else server


def test_a_damaged_database_is_named_with_the_way_out(steelyard, damaged):
    path, place = damaged

    for command in (("backup",), ("restore", path)):
        assert steelyard(*command).output == (
            f"{place} cannot be read back whole: journal of arab-league-2024, entry 1: changed. "
            f"{WAY_OUT}"
        )


def test_the_way_out_of_a_damaged_database_goes_on(steelyard, damaged):
    path, _ = damaged

    kept = steelyard("backup", "--keep-damaged", status=0)
    restored = steelyard("restore", "--keep-damaged", path, status=0)

    assert kept.stdout.endswith("-damaged.sqlite3\n")
    assert kept.stderr == (
        "The database cannot be read back whole: journal of arab-league-2024, entry 1: changed. "
        "This copy is damaged as it is, and no backup.\n"
    )
    assert "-damaged.sqlite3.\nIt is damaged, but all its rows could be read" in restored.stderr
    assert "whole" in steelyard("verify-journal", status=0).stdout
    assert "no backup" in steelyard("restore", kept.stdout.strip()).output


def test_a_restore_says_that_nothing_could_be_read(steelyard, tmp_path):
    place = tmp_path / "x.sqlite3"
    steelyard("load", EXAMPLE, status=0, DATABASE_URL=f"sqlite:///{place}")
    path = steelyard("backup", status=0).stdout.strip()
    place.write_bytes(b"no database " * 100)

    said = steelyard("restore", path).output
    assert said == f"{place} is not an SQLite database. {WAY_OUT}"
    said = steelyard("restore", "--keep-damaged", path, status=0).stderr

    assert "It is damaged, and nothing in it could be read" in said
    assert "whole" in steelyard("verify-journal", status=0).stdout


@pytest.mark.parametrize("command", [("author-link",), ("migrate",), ("verify-journal",)])
def test_other_commands_send_a_damaged_file_to_a_restore(steelyard, tmp_path, command):
    place = tmp_path / "x.sqlite3"
    steelyard("migrate", status=0, DATABASE_URL=f"sqlite:///{place}")
    content = place.read_bytes()
    place.write_bytes(content[:100] + b"\xff" * 3996 + content[4096:])

    assert steelyard(*command).output == (
        f"{place} is damaged: database disk image is malformed. ./steelyard restore "
        "--keep-damaged BACKUP keeps it as it is and puts a backup in its place.\n"
    )


def test_an_empty_database_gives_no_backup(steelyard, tmp_path):
    said = steelyard("backup", DATABASE_URL=f"sqlite:///{tmp_path / 'x.sqlite3'}").output

    assert said == "The database is empty: there is nothing to back up.\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is a folder, not a database"), (b"no database " * 100, "is not an SQLite database")],
    ids=["folder", "text"],
)
def test_a_file_that_is_no_database_is_named(steelyard, tmp_path, content, says):
    place = tmp_path / "place"
    if content is None:
        place.mkdir()
    else:
        place.write_bytes(content)
        place.chmod(stat.S_IRUSR | stat.S_IWUSR)

    said = steelyard("backup", DATABASE_URL=f"sqlite:///{place}").output

    assert said.startswith(f"{place} {says}")


def test_a_folder_that_cannot_be_made_is_named(steelyard, tmp_path):
    (tmp_path / "file").write_text("")

    said = steelyard("backup", status=2, DATABASE_URL=f"sqlite:///{tmp_path}/file/x.db").output

    assert said.startswith(f"{tmp_path / 'file'}")
