"""The pictures of README.md and docs/pictures.md can be taken at any time; those are kept."""

import re
import struct

import pytest

from survey.web.config import ROOT
from tests.machinery import pictures
from tests.machinery.pictures import Shot

#: Each page once, and the public one: each language, a phone and a desk.
SOME = (
    Shot("question", "en", 360),
    Shot("points", "zh", 1280),
    Shot("contradiction", "ar", 360),
    Shot("feedback", "ar", 1280),
    Shot("bands", "zh", 1280),
)


def size(picture):
    """Return width and height of a PNG, from its header."""
    head = picture.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def shown(page):
    """Return the pictures of a page of the documentation, each of which has an alt text."""
    found = re.findall(r"!\[([^]]+)\]\(([^)]+\.png)\)", page.read_text("utf-8"))
    assert all(words.strip() for words, _ in found)
    return {(page.parent / path).resolve() for _, path in found}


def test_what_the_script_takes_is_what_is_kept_and_shown():
    taken = {pictures.FOLDER / shot.name for shot in pictures.SHOTS}

    assert set(pictures.FOLDER.iterdir()) == taken
    assert shown(ROOT / "README.md") | shown(ROOT / "docs" / "pictures.md") == taken


def test_the_pages_are_kept_in_three_languages_on_a_phone_and_a_desk():
    """As the expert's trip is promised to be looked at."""
    pages = ("question", "points", "contradiction", "feedback")

    for page in pages:
        for language in ("zh", "en", "ar"):
            for width, on_screen in ((360, 720), (1280, 1280)):
                assert size(pictures.FOLDER / f"{page}-{language}-{width}.png")[0] == on_screen


def test_all_of_them_are_small():
    assert sum(path.stat().st_size for path in pictures.FOLDER.iterdir()) < 3_000_000


@pytest.mark.slow
def test_the_script_takes_the_pictures_again(chromium, sqlite_database, live_server, tmp_path):
    sights = pictures.prepare(sqlite_database)

    taken = pictures.take(chromium, live_server, sights, tmp_path, SOME)

    assert [path.name for path in taken] == [shot.name for shot in SOME]
    for path in taken:
        width, height = size(pictures.FOLDER / path.name)
        # Another machine's faces are a little wider or narrower, the page is the same.
        assert size(path) == (width, pytest.approx(height, rel=0.2))
