"""Accessibility faults of a page, found by axe and by measuring sizes."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from survey.web.locale import LANGUAGES

#: A small phone, a tablet and a desk, in pixels.
WIDTHS = (360, 768, 1280)

Scheme = Literal["dark", "light"]
SCHEMES: tuple[Scheme, ...] = ("dark", "light")

Look = tuple[int, Scheme]

#: Set by ``--every-combination``; it takes twice as long.
every_combination = False

#: The distance by which the page can be scrolled sideways, in pixels.
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

#: Elements that wait for their behaviours.
STARTING = "[data-module]:not([data-started])"

AXE = Axe().axe_script
EXAMINE = "axe.run({resultTypes: ['violations']}).then(({violations}) => violations)"


def looks(tag: str) -> list[Look]:
    """Return the widths and schemes in which a page in one language is examined.

    Each width once, by day or by night in turn, beginning with the other one
    in the next language: over two languages, every pair of language, width
    and scheme is seen.
    """
    if every_combination:
        return list(product(WIDTHS, SCHEMES))
    turn = [language.tag for language in LANGUAGES].index(tag)
    return [(width, SCHEMES[(turn + place) % 2]) for place, width in enumerate(WIDTHS)]


def look(turn: int) -> Look:
    """Return one width and scheme for a page examined in every language, in rotation.

    Six turns are all of them: six languages see a page in each width by day and by night.
    """
    return WIDTHS[turn % 3], SCHEMES[turn // 3 % 2]


def is_examined(turn: int, page: int) -> bool:
    """Return whether axe, too, looks at a page in a look that six languages take in turn.

    In two of the six: on a phone and on a desk, one by day and the other by night.
    """
    return every_combination or turn % 6 in ((0, 5), (2, 3))[page % 2]


def overhang(page: Page, look: Look) -> list[str]:
    """Return a sentence if the page is wider than the window in this look, and keep the look."""
    return list(_overhang(page, *look))


def faults(page: Page, *chosen: Look) -> list[str]:
    """Return one sentence for each fault of the current page, in the chosen looks.

    Unless some are chosen, in those of its language. The page needs its scripts switched on; it
    keeps the last look.
    """
    expect(page.locator(STARTING)).to_have_count(0)
    page.evaluate(AXE)
    tag = page.locator("html").get_attribute("lang")
    assert tag
    return [
        f"{width} px, {scheme}: {fault}"
        for width, scheme in (looks(tag) if every_combination or not chosen else chosen)
        for fault in _faults(page, width, scheme)
    ]


def _faults(page: Page, width: int, scheme: Scheme) -> Iterator[str]:
    yield from _overhang(page, width, scheme)
    violations: list[dict[str, Any]] = page.evaluate(EXAMINE)
    for violation in violations:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html']}: {node['failureSummary']}"


def _overhang(page: Page, width: int, scheme: Scheme) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    pixels = page.evaluate(OVERHANG)
    if pixels > 0:
        yield f"{pixels} px wider than the window"
