"""What ``./steelyard`` installs, when, and what it says when it cannot."""

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
def launcher(tmp_path, monkeypatch):
    """The launcher of a project that locks nothing, with a pip that counts its calls."""
    loader = SourceFileLoader("launcher", str(ROOT / "steelyard"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = module_from_spec(spec_from_loader("launcher", loader))
    loader.exec_module(module)
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.PYTHON = module.VENV / "bin" / "python"
    module.RUN, module.TEST = tmp_path / "run.txt", tmp_path / "test.txt"
    for lock in (module.RUN, module.TEST):
        lock.write_text("a lock\n")
    module.calls = []
    module.pip = lambda *arguments: module.calls.append(arguments[-1])
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
def test_an_install_that_broke_off_is_made_anew(launcher, lock):
    if lock == "TEST":
        launcher.provide(launcher.RUN)
    count, good_pip = len(launcher.calls), launcher.pip

    def broken_pip(*_arguments):
        (launcher.VENV / "half").touch()
        raise KeyboardInterrupt

    launcher.pip = broken_pip
    with pytest.raises(KeyboardInterrupt):
        launcher.provide(getattr(launcher, lock))
    launcher.pip = good_pip
    launcher.provide(launcher.RUN)

    assert len(launcher.calls) == count + 1
    assert not (launcher.VENV / "half").exists()


def test_another_python_behind_the_environment_makes_it_anew(launcher):
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


def test_two_starts_at_once_install_once(launcher):
    installing, go_on = threading.Event(), threading.Event()
    launcher.say = lambda words: go_on.set() if "waiting" in words else None
    good_pip = launcher.pip

    def slow_pip(*arguments):
        installing.set()
        assert go_on.wait(30)
        good_pip(*arguments)

    launcher.pip = slow_pip
    starts = [threading.Thread(target=launcher.provide, args=(launcher.RUN,)) for _ in range(2)]
    starts[0].start()
    assert installing.wait(30)
    starts[1].start()
    for start in starts:
        start.join()

    assert launcher.calls == [str(launcher.RUN)]


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
