"""The pictures of README.md can be taken at any time, and README shows those."""

import re
import struct

import pytest

from survey.config import ROOT
from tests.machinery import pictures

pytestmark = pytest.mark.slow


def size(picture):
    """Width and height of a PNG, from its header."""
    head = picture.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def test_the_script_takes_the_pictures_that_readme_shows(
    chromium, sqlite_database, live_server, tmp_path
):
    link = pictures.guest_link(sqlite_database)

    taken = pictures.take(chromium, live_server, link, tmp_path)

    shown = re.findall(r"\((docs/pictures/[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [f"docs/pictures/{path.name}" for path in taken] == shown
    for path in taken:
        kept = pictures.FOLDER / path.name
        assert size(path)[0] == size(kept)[0]
        assert size(path)[1] > 700
