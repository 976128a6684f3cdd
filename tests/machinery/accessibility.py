"""What axe, a checker of accessibility, and a ruler find wrong on a page."""

from collections.abc import Iterator
from itertools import product

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: A small phone and a desk, in pixels.
WIDTHS = (360, 1280)

#: How far the page can be pushed sideways, in pixels.
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """One sentence for each fault, on a phone and a desk, by day and night.

    The page needs its scripts switched on; it keeps the last look.
    """
    # What was pressed before may still be leading here.
    page.wait_for_load_state("networkidle")
    return [
        f"{width} px, {scheme}: {fault}"
        for width, scheme in product(WIDTHS, ("dark", "light"))
        for fault in _faults(page, width, scheme)
    ]


def _faults(page: Page, width: int, scheme: str) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    overhang = page.evaluate(OVERHANG)
    if overhang > 0:
        yield f"{overhang} px wider than the window"
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html']}: {node['failureSummary']}"
