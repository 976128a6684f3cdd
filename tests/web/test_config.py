import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from survey.web.config import ROOT, BadSetting, keep_secret, read_settings

SECRET = "forty characters that nobody could guess"


def test_the_secret_has_no_default(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="STEELYARD_SECRET_KEY"):
        read_settings({"STEELYARD_INSTANCE": str(tmp_path)})


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="at least 32"):
        read_settings({"STEELYARD_INSTANCE": str(tmp_path), "STEELYARD_SECRET_KEY": "x" * 31})


def test_a_short_secret_is_found_and_a_long_one_made(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short\n")
    instance = {"STEELYARD_INSTANCE": str(tmp_path)}

    for environment, place in (
        ({**instance, "STEELYARD_SECRET_KEY": "short"}, "in STEELYARD_SECRET_KEY is"),
        (instance, f"in {tmp_path}/secret is"),
    ):
        with pytest.raises(BadSetting) as refused:
            read_settings(environment)
        assert place in str(refused.value)
        assert "openssl rand -hex 32" in str(refused.value)


def test_a_start_without_a_secret_stops_with_one_sentence(tmp_path: Path) -> None:
    """With the status that keeps gunicorn from trying again for ever."""
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STEELYARD_INSTANCE": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("No secret: set STEELYARD_SECRET_KEY")
    assert not (tmp_path / "none").exists()


def test_a_kept_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    instance = tmp_path / "instance"

    made = keep_secret(instance)

    assert len(made) >= 32
    assert keep_secret(instance) == made
    assert read_settings({"STEELYARD_INSTANCE": str(instance)}).secret_key == made
    assert stat.S_IMODE((instance / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700


def test_two_instances_have_two_secrets(tmp_path: Path) -> None:
    assert keep_secret(tmp_path / "one") != keep_secret(tmp_path / "two")


def test_by_default_the_service_is_at_home(tmp_path: Path) -> None:
    settings = read_settings({"STEELYARD_INSTANCE": str(tmp_path), "STEELYARD_SECRET_KEY": SECRET})

    assert settings.site_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/steelyard.sqlite3"
    assert settings.hosts == {"127.0.0.1:8000", "localhost:8000", "[::1]:8000"}
    assert not settings.https
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize(
    ("given", "kept", "hosts"),
    [
        ("https://w.example.org/", "https://w.example.org", {"w.example.org", "w.example.org:443"}),
        (
            "https://W.Example.org:443",
            "https://w.example.org",
            {"w.example.org", "w.example.org:443"},
        ),
        ("https://w.example.org:8443", "https://w.example.org:8443", {"w.example.org:8443"}),
        ("http://w.example.org", "http://w.example.org", {"w.example.org", "w.example.org:80"}),
        (
            "http://[::1]:9000",
            "http://[::1]:9000",
            {"[::1]:9000", "localhost:9000", "127.0.0.1:9000"},
        ),
        ("http://[2001:db8::1]:9000", "http://[2001:db8::1]:9000", {"[2001:db8::1]:9000"}),
    ],
)
def test_the_address_of_the_site_says_which_hosts_are_ours(
    given: str, kept: str, hosts: set[str]
) -> None:
    settings = read_settings({"STEELYARD_SITE_URL": given, "STEELYARD_SECRET_KEY": SECRET})

    assert settings.site_url == kept
    assert settings.hosts == hosts


@pytest.mark.parametrize(
    "given",
    [
        "weights.example.org",
        "ftp://weights.example.org",
        "https://",
        "https://weights.example.org/ahp",
        "https://weights.example.org?x",
        "https://user@weights.example.org",
        "https://weights.example.org:port",
        "https://weights.example.org:99999",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="STEELYARD_SITE_URL"):
        read_settings({"STEELYARD_SITE_URL": given, "STEELYARD_SECRET_KEY": SECRET})


@pytest.mark.parametrize("given", ["-1", "one", "10", "1.5"])
def test_a_count_of_proxies_that_cannot_be_meant_is_refused(given: str) -> None:
    with pytest.raises(BadSetting, match="STEELYARD_TRUSTED_PROXIES"):
        read_settings({"STEELYARD_TRUSTED_PROXIES": given, "STEELYARD_SECRET_KEY": SECRET})


def test_a_command_does_not_load_the_web() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import survey.values, sys; print('flask' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "False\n"


def test_gunicorn_started_by_hand_has_the_settings_of_the_service(tmp_path: Path) -> None:
    """No client moves the root or the scheme, and none holds a thread."""
    environment = {
        **os.environ,
        "STEELYARD_INSTANCE": str(tmp_path),
        "STEELYARD_SECRET_KEY": "a secret for tests, long enough to be taken",
        "FORWARDED_ALLOW_IPS": "*",
    }

    said = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "wsgi:app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    printed = dict(re.findall(r"^(\w+) += (.*)$", said, re.MULTILINE))
    assert printed["worker_class"] == "survey.web.server.Worker"
    assert printed["forwarder_headers"] == "[]"
    assert printed["forwarded_allow_ips"] == "[]"
    assert printed["graceful_timeout"] == "3"
