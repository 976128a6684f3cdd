"""The pictures of README.md, taken of the demo: ``python -m tests.machinery.pictures``."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from survey.commands import demonstration
from survey.config import ROOT
from survey.current import now
from survey.db import Database
from survey.models import Expert, Invitation
from survey.store import schema
from survey.store.invitations import issue_personal_link
from tests.machinery import browser
from tests.machinery.server import Server, running_service

FOLDER = ROOT / "docs" / "pictures"


def take(chromium: Browser, server: Server, invitation: str, folder: Path) -> list[Path]:
    """The expert's question on an English phone, the published bands on a Chinese desk."""
    folder.mkdir(parents=True, exist_ok=True)
    question, bands = folder / "question-en-360.png", folder / "bands-zh-1280.png"

    phone = _page(chromium, server, width=360, scale=2)
    phone.goto(f"/invitation/{invitation}?language=en")
    with phone.expect_navigation():
        phone.locator("main form button").first.click()
    phone.locator("main a.button").first.click()
    phone.locator("input[name=direction][value=first]").check(force=True)
    phone.locator("input[name=strength][value='3']").check(force=True)
    phone.get_by_text("Saved at").wait_for()
    phone.screenshot(path=question, full_page=True)

    desk = _page(chromium, server, width=1280, scale=1)
    desk.goto(f"/rankings/{demonstration.EXAMPLE.name}?language=zh")
    desk.screenshot(path=bands, full_page=True)
    return [question, bands]


def _page(chromium: Browser, server: Server, width: int, scale: int) -> Page:
    return chromium.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 800},
        device_scale_factor=scale,
        reduced_motion="reduce",
    ).new_page()


def guest_link(database: Database) -> str:
    """A personal link's token for the demo's guest, the demo prepared."""
    demonstration.prepare(database)
    with database.writing() as session:
        guest = session.scalars(
            select(Invitation).join(Expert).where(Expert.code == demonstration.GUEST)
        ).one()
        return issue_personal_link(session, guest, "command", now())


def main() -> None:
    browser.provide_node()
    with TemporaryDirectory() as instance, sync_playwright() as playwright:
        url = f"sqlite:///{instance}/steelyard.sqlite3"
        database = Database(url)
        schema.upgrade(database)
        link = guest_link(database)
        database.close()
        chromium = playwright.chromium.launch(
            executable_path=browser.provide(),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        with running_service(url, Path(instance)) as server:
            for path in take(chromium, server, link, FOLDER):
                print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
