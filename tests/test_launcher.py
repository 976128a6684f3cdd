"""Installation by ``./steelyard``, and its messages on failure."""

import os
import subprocess
import sys
import threading
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from survey.version import VERSION

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bare_launcher(tmp_path, monkeypatch):
    """The launcher of a project that locks nothing."""
    loader = SourceFileLoader("launcher", str(ROOT / "steelyard"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = module_from_spec(spec_from_loader("launcher", loader))
    loader.exec_module(module)
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.PYTHON = module.VENV / "bin" / "python"
    module.RUN, module.TEST = tmp_path / "run.txt", tmp_path / "test.txt"
    for lock in (module.RUN, module.TEST):
        lock.write_text("a lock\n")
    module.UV = tmp_path / "uv.txt"
    module.UV.write_text("uv\n")
    return module


@pytest.fixture
def launcher(bare_launcher):
    """The same with installs that are counted."""
    module = bare_launcher
    module.calls = []
    module.install_with_uv = lambda lock: module.calls.append(str(lock)) or True
    return module


def test_a_second_start_installs_nothing(launcher):
    launcher.provide(launcher.RUN)
    launcher.provide(launcher.RUN)

    assert launcher.calls == [str(launcher.RUN)]


def test_the_environment_has_a_python_and_no_pip(launcher):
    launcher.provide(launcher.RUN)

    done = subprocess.run([launcher.PYTHON, "-c", "import pip"], capture_output=True, text=True)
    assert "No module named 'pip'" in done.stderr
    assert launcher.PYTHON.is_symlink()


def test_the_tests_are_added_to_what_is_there_and_serve_the_commands_too(launcher):
    launcher.provide(launcher.RUN)
    kept = launcher.VENV / "kept"
    kept.touch()

    launcher.provide(launcher.TEST)
    launcher.provide(launcher.RUN)

    assert launcher.calls == [str(launcher.RUN), str(launcher.TEST)]
    assert kept.exists()


def test_a_changed_lock_is_installed_into_a_new_environment(launcher):
    launcher.provide(launcher.RUN)
    left = launcher.VENV / "of the old lock"
    left.touch()
    launcher.RUN.write_text("another lock\n")

    launcher.provide(launcher.RUN)

    assert len(launcher.calls) == 2
    assert not left.exists()


@pytest.mark.parametrize("lock", ["RUN", "TEST"])
def test_an_install_that_broke_off_is_repeated(launcher, lock):
    if lock == "TEST":
        launcher.provide(launcher.RUN)
    count, good_install = len(launcher.calls), launcher.install_with_uv

    def broken_install(_lock):
        (launcher.VENV / "half").touch()
        raise KeyboardInterrupt

    launcher.install_with_uv = broken_install
    with pytest.raises(KeyboardInterrupt):
        launcher.provide(getattr(launcher, lock))
    launcher.install_with_uv = good_install
    launcher.provide(launcher.RUN)

    assert len(launcher.calls) == count + 1
    assert not (launcher.VENV / "half").exists()


def test_another_python_behind_the_environment_installs_it_again(launcher):
    launcher.provide(launcher.RUN)
    stamp = launcher.stamp_of(launcher.RUN)
    stamp.write_text(stamp.read_text().replace(str(launcher.PYTHON.resolve()), "/old/python"))

    launcher.provide(launcher.RUN)

    assert len(launcher.calls) == 2


def test_an_environment_that_is_a_link_is_left_alone(launcher, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    launcher.VENV.symlink_to(elsewhere)

    launcher.provide(launcher.TEST)

    assert launcher.calls == []
    assert (elsewhere / "precious").exists()


def test_what_is_installed_is_readable_by_others(launcher, tmp_path, monkeypatch):
    """A service runs as a user of its own; root's umask is 077 on many servers."""
    monkeypatch.setattr(launcher.os, "execv", lambda *_command: None)
    monkeypatch.setattr(launcher.os, "environ", {})
    before = os.umask(0o077)
    try:
        launcher.main(["serve"])
    finally:
        after = os.umask(before)

    assert after == 0o077
    for path in (".venv", ".venv/bin", ".cache", ".venv/steelyard-run.txt"):
        assert (tmp_path / path).stat().st_mode & 0o044 == 0o044, path


def test_a_user_who_may_not_install_is_told_who_does(launcher, tmp_path):
    said = launcher.refusal(PermissionError(13, "Permission denied", "/opt/steelyard/.cache"))

    assert said.startswith("/opt/steelyard/.cache: Permission denied. ")
    assert f"{tmp_path}/steelyard --version" in said


def test_two_starts_at_once_install_once(launcher):
    installing, go_on = threading.Event(), threading.Event()
    launcher.say = lambda words: go_on.set() if "waiting" in words else None
    good_install = launcher.install_with_uv

    def slow_install(lock):
        installing.set()
        assert go_on.wait(30)
        return good_install(lock)

    launcher.install_with_uv = slow_install
    starts = [threading.Thread(target=launcher.provide, args=(launcher.RUN,)) for _ in range(2)]
    starts[0].start()
    assert installing.wait(30)
    starts[1].start()
    for start in starts:
        start.join()

    assert launcher.calls == [str(launcher.RUN)]


def test_pip_installs_where_uv_cannot_be_had(bare_launcher):
    """Each program that is run is written down; the fetch of uv fails."""
    commands = []

    def run(command, _environment):
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode="--target" in command, stderr="")

    bare_launcher.run = run
    bare_launcher.provide(bare_launcher.RUN)

    fetch, install = commands
    assert "--target" in fetch
    assert fetch[-3] == str(bare_launcher.UV)
    assert install[install.index("-r") + 1] == str(bare_launcher.RUN)
    assert {"--require-hashes", "--only-binary", "--no-compile"} <= set(install)
    assert bare_launcher.is_installed(bare_launcher.RUN)


def test_uv_is_fetched_once_by_its_hash_and_installs_by_hash(bare_launcher):
    commands = []

    def run(command, environment):
        commands.append(command)
        if "--target" in command:
            uv = Path(command[-1]) / "bin" / "uv"
            uv.parent.mkdir(parents=True)
            uv.touch()
        return subprocess.CompletedProcess(command, returncode=0, stderr="")

    bare_launcher.run = run
    bare_launcher.provide(bare_launcher.RUN)
    bare_launcher.provide(bare_launcher.TEST)

    fetch, *installs = commands
    assert "--require-hashes" in fetch
    assert [command[command.index("-r") + 1] for command in installs] == [
        str(bare_launcher.RUN),
        str(bare_launcher.TEST),
    ]
    assert all("--require-hashes" in command for command in installs)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("/usr/bin/python3: No module named pip", "needs pip 22.3 or newer"),
        ("no such option: --python", "needs pip 22.3 or newer"),
        ("[Errno -2] Name or service not known: NewConnectionError", "is there a network?"),
        ("Temporary failure in name resolution", "is there a network?"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "DO NOT MATCH THE HASHES"),
    ],
)
def test_what_stops_an_install_is_one_sentence(launcher, said, sentence):
    assert sentence in launcher.complaint(said)


def test_the_metadata_and_the_command_say_the_same_version():
    metadata = (ROOT / "pyproject.toml").read_text()

    assert f'version = "{VERSION}"' in metadata
