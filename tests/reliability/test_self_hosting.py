"""The recipe of docs/self-hosting.md, followed command by command."""

import os
import re
import subprocess

import pytest
from sqlalchemy import select

from survey.db import Database
from survey.models import JournalEntry, Study
from survey.web.config import ROOT
from tests.machinery.postgres import running_server
from tests.machinery.server import free_port

PAGE = (ROOT / "docs" / "self-hosting.md").read_text("utf-8")

#: Programs of a bare Debian that are not to be run by a test, or not as another user.
STAND_INS = {
    "apt-get": "",
    "useradd": "",
    "chown": "",
    "sudo": 'shift 2\nexec "$@"',
    "psql": 'exec "$REAL_PSQL" "$@"',
    "systemctl": """
unit() { sed -n "s/^$2=//p" "$UNITS/$1.service"; }
run() { set -a; . "$(unit "$1" EnvironmentFile)"; set +a; exec $(unit "$1" ExecStart); }
case "$*" in
    "enable --now steelyard" | "start steelyard")
        run steelyard >"$UNITS/log" 2>&1 &
        echo $! >"$UNITS/pid" ;;
    "stop steelyard")
        pid=$(cat "$UNITS/pid")
        kill "$pid"
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done ;;
    "enable --now steelyard-backup.timer")
        (run steelyard-backup) ;;
    "daemon-reload") ;;
    *) echo "systemctl $*: unknown" >&2; exit 1 ;;
esac""",
}


@pytest.fixture
def machine(tmp_path):
    """A PostgreSQL as it comes, and a folder in the place of the root."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, lines in STAND_INS.items():
        (programs / name).write_text(f"#!/bin/sh\n{lines}\n")
        (programs / name).chmod(0o755)
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    with running_server("18") as server:
        server.execute(
            "DROP DATABASE template", "DROP ROLE steelyard_owner", "DROP ROLE steelyard_app"
        )
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("STEELYARD_")},
            "PATH": f"{programs}:{os.environ['PATH']}",
            "UNITS": str(units),
            "REAL_PSQL": str(server.binaries / "psql"),
            "PGHOST": str(server.folder),
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
        }
        yield server, environment
        if (units / "pid").exists():
            subprocess.run([programs / "systemctl", "stop", "steelyard"], env=environment)


def commands(folder, port, database_port):
    """Return every command of the page, in order, with this machine's paths."""
    script = "\n".join(re.findall(r"(?s)```sh\n(.*?)```", PAGE))
    places = {
        " -o steelyard -g steelyard": "",
        "/usr/local/sbin/": f"{folder}/bin/",
        "/opt/steelyard": str(ROOT),
        "/var/lib/": f"{folder}/",
        "/etc/": f"{folder}/etc/",
        "127.0.0.1/steelyard": f"127.0.0.1:{database_port}/steelyard",
        "8000": str(port),
    }
    for before, here in places.items():
        assert before in script, before
        script = script.replace(before, here)
    return script


@pytest.mark.nightly
def test_the_recipe_leads_to_a_served_study_with_a_backup_restored(machine, tmp_path):
    server, environment = machine
    port = free_port()
    script = commands(tmp_path, port, server.port)

    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nok\n" in done.stdout
    assert re.search(
        r"^https://weights\.example\.org/sign-in/[\w-]{43}$", done.stdout, re.MULTILINE
    )
    assert re.search(r"^arab-league-2024: whole, \d+ entries", done.stdout, re.MULTILINE)
    settings = (tmp_path / "etc" / "steelyard" / "owner.env").read_text()
    database = Database(settings.partition("=")[2].strip())
    with database.reading() as session:
        assert session.scalars(select(Study.code)).all() == ["arab-league-2024"]
        last = session.scalars(select(JournalEntry.action).order_by(JournalEntry.id.desc()))
        assert last.first() == "restored"
    database.close()
    for path in (tmp_path / "steelyard").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_proxies_of_the_recipe_say_who_asks_and_for_which_host():
    [nginx] = re.findall(r"(?s)```nginx\n(.*?)```", PAGE)
    [caddy] = re.findall(r"(?s)```caddy\n(.*?)```", PAGE)

    for line in (
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_pass http://127.0.0.1:8000;",
        "client_max_body_size 6m;",
    ):
        assert line in nginx
    assert "reverse_proxy 127.0.0.1:8000" in caddy
    # The owner of the tables is in no unit of the service.
    for unit in re.findall(r"(?s)\[Service\](.*?)EOF", PAGE):
        assert "service.env" in unit
        assert "owner.env" not in unit
