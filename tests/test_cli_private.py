"""Privacy of files and addresses: file modes, and the address of the tables' owner."""

import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from survey import create_app
from survey.cli import cli
from survey.db import Database
from survey.store import schema
from survey.web.config import ROOT
from survey.web.private import ReadableByOthers
from tests.machinery.postgres import PRIVILEGES
from tests.machinery.server import free_port

EXAMPLE = ROOT / "examples" / "arab-league-2024"


@pytest.fixture(autouse=True)
def usual_mask():
    """Usual umask of a shell, also after a command that set another."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """A real site, its secret from the environment."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        monkeypatch.delenv(f"STEELYARD_{name}", raising=False)
    monkeypatch.setenv("STEELYARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("STEELYARD_SITE_URL", "https://weights.example.org")
    monkeypatch.setenv("STEELYARD_SECRET_KEY", "k" * 32)
    return tmp_path / "instance"


def steelyard(*arguments, status=0):
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == status, (result.output, result.exception)
    return result


def modes(folder):
    return {
        path.relative_to(folder.parent): oct(stat.S_IMODE(path.stat().st_mode))
        for path in (folder, *folder.rglob("*"))
    }


def test_every_file_is_its_owners_and_every_folder(instance, tmp_path):
    steelyard("load", EXAMPLE)
    steelyard("backup")
    steelyard("unload", "arab-league-2024", "-o", tmp_path / "study")
    steelyard("weigh", EXAMPLE, "-o", tmp_path / "study" / "weights.json")

    for path, mode in (modes(instance) | modes(tmp_path / "study")).items():
        assert mode == ("0o700" if (tmp_path / path).is_dir() else "0o600"), path


def test_a_running_service_writes_for_its_owner_only(instance, monkeypatch):
    monkeypatch.setenv("STEELYARD_SITE_URL", "")
    steelyard("load", EXAMPLE)
    with served():
        database = Database(f"sqlite:///{instance / 'steelyard.sqlite3'}")
        with database.reading():
            found = modes(instance)
        database.close()

    assert set(found.values()) == {"0o700", "0o600"}


@pytest.mark.parametrize("name", ["steelyard.sqlite3", "backups", "secret"])
def test_what_others_can_read_is_refused_with_the_command_that_mends_it(
    instance, monkeypatch, name
):
    monkeypatch.setenv("STEELYARD_SITE_URL", "")
    monkeypatch.delenv("STEELYARD_SECRET_KEY")
    steelyard("load", EXAMPLE)
    steelyard("backup")
    instance.chmod(0o755)
    place = instance / name
    if place.is_dir():
        place.chmod(0o755)
        place = next(place.glob("*.sqlite3"))
    place.chmod(0o644)

    for command in ("author-link", "backup"):
        said = steelyard(command, status=2).stderr
        assert str(place) in said
        assert said.endswith(f"chmod -R go= {instance}\n")
    subprocess.run(["/bin/chmod", "-R", "go=", instance], check=True)
    steelyard("author-link")


def test_the_application_of_another_server_refuses_it_too(instance):
    steelyard("load", EXAMPLE)
    instance.chmod(0o755)
    (instance / "steelyard.sqlite3").chmod(0o644)

    with pytest.raises(ReadableByOthers):
        create_app()


def test_a_database_elsewhere_is_named_by_itself(instance, tmp_path, monkeypatch):
    (tmp_path / "data of ours").mkdir(mode=0o755)
    place = tmp_path / "data of ours" / "x.sqlite3"
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{place}")
    steelyard("load", EXAMPLE)
    place.chmod(0o640)

    assert steelyard("author-link", status=2).stderr.endswith(f"chmod go= '{place}'\n")


def test_a_file_in_a_closed_folder_was_never_readable_and_is_mended(instance):
    """As every demo before left it."""
    steelyard("load", EXAMPLE)
    (instance / "steelyard.sqlite3").chmod(0o644)

    steelyard("author-link")

    assert modes(instance)[Path("instance/steelyard.sqlite3")] == "0o600"


def linked(folder, monkeypatch, mode):
    """Make a database in a folder of this mode, named by a link in a closed folder."""
    place, link = folder / "x.sqlite3", folder.parent / "closed" / "link.sqlite3"
    folder.mkdir(mode=0o700)
    link.parent.mkdir(mode=0o700)
    link.symlink_to(place)
    monkeypatch.setenv("STEELYARD_DATABASE_URL", f"sqlite:///{link}")
    steelyard("load", EXAMPLE)
    place.chmod(0o666)
    folder.chmod(mode)
    return place


def test_a_link_in_a_closed_folder_does_not_hide_a_file_in_an_open_one(
    instance, tmp_path, monkeypatch
):
    place = linked(tmp_path / "open", monkeypatch, 0o755)

    assert steelyard("author-link", status=2).stderr.endswith(f"chmod go= {place}\n")
    assert stat.S_IMODE(place.stat().st_mode) == 0o666


def test_a_file_in_a_closed_folder_behind_a_link_is_mended(instance, tmp_path, monkeypatch):
    place = linked(tmp_path / "inner", monkeypatch, 0o700)

    steelyard("author-link")

    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@contextmanager
def served(**environment):
    """Start ``serve`` as the launcher does, and wait until it answers."""
    port = free_port()
    command = [sys.executable, ROOT / "steelyard", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert any("Serving" in line for line in process.stderr)
            with urlopen(f"http://127.0.0.1:{port}/methods") as response:
                assert response.status == 200
            yield process
        finally:
            process.terminate()


def environments(process):
    """Return the environments that the system shows of a process and of its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [Path(f"/proc/{pid}/environ").read_bytes() for pid in (process.pid, *children)]


def test_the_owners_address_is_not_in_the_serving_process(instance, monkeypatch):
    monkeypatch.setenv("STEELYARD_SITE_URL", "")
    steelyard("load", EXAMPLE)

    with served(STEELYARD_OWNER_DATABASE_URL="postgresql://o:w@h/d") as process:
        found = environments(process)

    assert len(found) >= 2
    for environment in found:
        assert b"STEELYARD_INSTANCE=" in environment
        assert b"OWNER_DATABASE_URL" not in environment


@pytest.fixture
def empty_database(postgres_server):
    name = postgres_server.create_database("template0")
    postgres_server.execute(PRIVILEGES, database=name)
    yield postgres_server.urls(name)
    postgres_server.drop_database(name)


def test_a_role_that_owns_nothing_is_sent_to_migrate(instance, monkeypatch, empty_database):
    monkeypatch.setenv("STEELYARD_DATABASE_URL", empty_database.application)

    for command in (("serve", "--port", free_port()), ("author-link",)):
        said = steelyard(*command, status=1).stderr
        assert "./steelyard migrate" in said
        assert "is empty" in said
    monkeypatch.setenv("STEELYARD_OWNER_DATABASE_URL", empty_database.owner)
    steelyard("migrate")
    steelyard("migrate")
    steelyard("author-link")

    owned = Database(empty_database.owner)
    schema.downgrade(owned, "0008")
    owned.close()
    assert "has revision 0008" in steelyard("author-link", status=1).stderr
    assert "Backed up the database as" in steelyard("migrate").stderr
    steelyard("author-link")


def test_a_role_that_owns_the_tables_needs_no_other_command(instance, monkeypatch, empty_database):
    monkeypatch.setenv("STEELYARD_DATABASE_URL", empty_database.owner)

    steelyard("author-link")
