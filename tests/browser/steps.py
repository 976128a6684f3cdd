"""Steps of a reader on any page."""

from playwright.sync_api import Locator, Page


def follow(page: Page, place: Locator | str) -> None:
    """Press what leads to a page, and wait until it is there."""
    with page.expect_navigation():
        page.locator(place).click() if isinstance(place, str) else place.click()
