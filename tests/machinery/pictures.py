"""The pictures of README.md and docs/pictures.md: ``python -m tests.machinery.pictures``.

They show the example study, whose judgements are made up.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from survey.commands import demonstration
from survey.db import Database
from survey.store import schema
from survey.web.config import ROOT
from tests.machinery import browser
from tests.machinery.png import in_few_colours
from tests.machinery.server import Server, running_service
from tests.worlds import pictured

FOLDER = ROOT / "docs" / "pictures"

#: Of a phone and of a desk, in pixels of the style sheet, with how many of the screen each takes.
SCALES = {360: 2, 1280: 1}


@dataclass(frozen=True, slots=True)
class Shot:
    """A page in a language and a width."""

    page: str
    language: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.page}-{self.language}-{self.width}.png"


@dataclass(frozen=True, slots=True)
class Sight:
    """Address of a page, and the personal link that leads there; None for a public page."""

    path: str
    link: str = ""


SHOTS = (
    *(
        Shot(*shot)
        for shot in product(
            ("question", "points", "contradiction", "feedback"), ("zh", "en", "ar"), SCALES
        )
    ),
    Shot("bands", "zh", 1280),
)


def prepare(database: Database) -> dict[str, Sight]:
    """Load what the pictures show; where each page is."""
    demonstration.prepare(database)
    with database.writing() as session:
        first, second = pictured.prepare(session)
        comparison = pictured.pictured_comparison(session, first)
        return {
            "question": Sight(
                f"/answer/comparisons/{comparison}",
                pictured.link(session, first, pictured.IN_PAIRS),
            ),
            "points": Sight(
                f"/answer/points/{pictured.GROUP}",
                pictured.link(session, first, pictured.IN_POINTS),
            ),
            "contradiction": Sight(
                "/answer/groups/goal", pictured.link(session, first, pictured.CONTRADICTING)
            ),
            "feedback": Sight(
                "/answer/panel", pictured.link(session, second, pictured.ASKED_AGAIN)
            ),
            "bands": Sight(f"/rankings/{demonstration.EXAMPLE.name}"),
        }


def take(
    chromium: Browser,
    server: Server,
    sights: dict[str, Sight],
    folder: Path,
    shots: Iterable[Shot] = SHOTS,
) -> list[Path]:
    """Take these pictures, the whole of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for shot in shots:
        page = _page(chromium, server, shot.width)
        _go(page, sights[shot.page], shot)
        picture = page.screenshot()
        page.goto("about:blank")
        path = folder / shot.name
        path.write_bytes(in_few_colours(page, picture))
        page.context.close()
        taken.append(path)
    return taken


def _page(chromium: Browser, server: Server, width: int) -> Page:
    return chromium.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 800},
        device_scale_factor=SCALES[width],
        reduced_motion="reduce",
        timezone_id="UTC",
    ).new_page()


def _go(page: Page, sight: Sight, shot: Shot) -> None:
    """Open the page in a window as high as the page, so that sticky parts are at its end."""
    if sight.link:
        page.goto(f"/invitation/{sight.link}")
        with page.expect_navigation():
            page.locator("main form button").first.click()
    page.goto(f"{sight.path}?language={shot.language}")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": shot.width, "height": height})


def main() -> None:
    program = browser.provide()
    with TemporaryDirectory() as instance, sync_playwright() as playwright:
        url = f"sqlite:///{instance}/steelyard.sqlite3"
        database = Database(url)
        schema.upgrade(database)
        sights = prepare(database)
        database.close()
        chromium = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        with running_service(url, Path(instance)) as server:
            for path in take(chromium, server, sights, FOLDER):
                print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
