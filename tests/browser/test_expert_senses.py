"""Expert's pages with a thumb, with large text, by keyboard and in other colours."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import follow
from tests.browser.test_expert import arrive, choose, press, saved
from tests.clients import arrivals
from tests.worlds import cast

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sqlite_database")]

#: Controls that are shown in less than 44 px; a radio is pressed by its whole line. Left out:
#: links within a sentence, which are as high as its line, and controls for a keyboard or a
#: screen reader only.
SMALL = """() => [...document.querySelectorAll(
    "a[href], button, select, textarea, summary, input:not([type=hidden])"
  )].flatMap((control) => {
    if (control.matches(".skip, .sr")) return [];
    const line = control.matches("[type=radio], [type=checkbox]") && control.closest("label");
    const pressed = line || control;
    const {width, height} = pressed.getBoundingClientRect();
    const sentence = control.closest("p, dd, li");
    const within = getComputedStyle(control).display === "inline"
      && sentence && sentence.textContent.trim() !== control.textContent.trim();
    if (!width || within || (width >= 43.9 && height >= 43.9)) return [];
    const words = pressed.textContent.trim() || control.name;
    return [`${words}: ${Math.round(width)} by ${Math.round(height)} px`];
  })"""

#: The distance by which the page can be scrolled sideways at twice its text, in pixels.
OVERHANG = """() => {
    document.documentElement.style.fontSize = "200%";
    const {scrollWidth, clientWidth} = document.documentElement;
    document.documentElement.style.fontSize = "";
    return scrollWidth - clientWidth;
  }"""

FOCUSED = "document.activeElement.getAttribute('role') || document.activeElement.localName"

#: The focus is marked on what has it, or on the card or line around it.
MARKED = """() => {
    for (let at = document.activeElement, up = 0; at && up < 4; at = at.parentElement, up += 1) {
      const {outlineStyle, outlineWidth} = getComputedStyle(at);
      if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
    }
    return false;
  }"""

#: All stops of a keyboard: one for the radios of a name.
STOPS = """() => {
    const seen = [...document.querySelectorAll(
      "a[href], button, select, textarea, summary, input:not([type=hidden])"
    )].filter((control) => control.tabIndex >= 0 && control.checkVisibility());
    const names = seen.filter(({type}) => type === "radio").map(({name}) => name);
    return seen.length - names.length + new Set(names).size;
  }"""
HERE = """() => {
    const {type, name} = document.activeElement;
    const all = [...document.querySelectorAll("*")];
    return type === "radio" ? name : all.indexOf(document.activeElement);
  }"""


@pytest.fixture(autouse=True)
def _open_round(database):
    with database.writing() as session:
        cast.load_open(session)


def walk(visit, database, look: Callable[[Page, str, str], None]) -> None:
    """Go through every state of a trip; ``look(page, state, focus)`` checks each."""
    page = visit(f"/invitation/{arrivals.link(database)}?language=en")
    look(page, "landing", "body")
    follow(page, "main form button")
    look(page, "overview", "h1")
    press(page, "Begin")
    look(page, "question", "h1")
    press(page, "Next")
    look(page, "nothing chosen", "input")
    choose(page, "direction", "first")
    press(page, "Next")
    look(page, "no strength chosen", "input")
    page.locator(".toggle").click()
    choose(page, "strength", "4")
    saved(page, "en")
    look(page, "judged", "input")
    press(page, "Next")
    choose(page, "direction", "cannot")
    look(page, "cannot judge", "input")
    press(page, "Next")
    choose(page, "direction", "same")
    press(page, "Next")
    look(page, "weights of a group", "h1")
    for path in ("groups/digital/questions", "groups/digital/cannot-judge", "weights", "withdraw"):
        page.goto(f"/answer/{path}")
        look(page, path, "h1")
    page.goto("/answer/finish")
    look(page, "finish", "h1")
    follow(page, "main form button")
    look(page, "receipt", "h1")

    page = arrive(visit, database, "BO")
    press(page, "Begin")
    look(page, "points", "h1")
    page.locator("#points-wired").fill("x")
    press(page, "Continue")
    look(page, "no number", "input")
    page.locator("#points-wired").fill("60")
    saved(page, "en")
    press(page, "Continue")
    look(page, "points left", "alert")


def test_every_control_can_be_pressed_every_page_enlarged_and_read_from_its_head(visit, database):
    found: dict[str, list[str]] = {}

    def look(page: Page, state: str, focus: str) -> None:
        found[state] = [f"too small to press: {small}" for small in page.evaluate(SMALL)]
        if (focused := page.evaluate(FOCUSED)) != focus:
            found[state].append(f"reading begins at {focused}, not at {focus}")
        page.set_viewport_size({"width": 640, "height": 740})
        if (overhang := page.evaluate(OVERHANG)) > 0:
            found[state].append(f"{overhang} px are cut off at twice the text")
        page.set_viewport_size({"width": 360, "height": 740})

    walk(visit, database, look)

    assert {state: faults for state, faults in found.items() if faults} == {}


@pytest.mark.parametrize("expert", ["ANN", "BO"])
def test_tab_leads_over_every_control_and_out_again(visit, database, expert):
    """Forwards over each stop once, marked; backwards the same way; nothing holds the focus."""
    page = arrive(visit, database, expert)
    press(page, "Begin")
    if expert == "ANN":
        choose(page, "direction", "first")
    stops = page.evaluate(STOPS)
    page.locator(".skip").focus()

    forwards = [page.evaluate(HERE), *tab(page, "Tab", stops - 1)]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "body"
    backwards = tab(page, "Shift+Tab", stops)

    assert len(set(forwards)) == stops
    assert backwards == forwards[::-1]


def tab(page: Page, key: str, times: int) -> list[int | str]:
    """Return the element that Tab moves to, marked with a number."""
    places = []
    for _ in range(times):
        page.keyboard.press(key)
        places.append(page.evaluate(HERE))
        assert page.evaluate(MARKED), page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )
    return places


def test_what_is_chosen_shows_in_the_colours_a_reader_forces(visit, database):
    page = arrive(visit, database, "ANN")
    press(page, "Begin")
    page.emulate_media(forced_colors="active")
    choose(page, "direction", "first")
    choose(page, "strength", "3")

    for around in (".side", ".step"):
        chosen = page.locator(f"{around}:has(input:checked)").first
        other = page.locator(f"{around}:not(:has(input:checked)):visible").first
        outlines = [
            one.evaluate("(at) => getComputedStyle(at).outlineStyle") for one in (chosen, other)
        ]
        assert outlines == ["solid", "none"], around


def test_nothing_moves_for_who_wants_no_motion(visit, database):
    page = arrive(visit, database, "ANN")
    press(page, "Begin")
    moving = """() => [...document.querySelectorAll("*")].flatMap((at) =>
        ["", "::before"].map((part) => getComputedStyle(at, part)).filter((style) =>
          [style.transitionDuration, style.animationDuration].some((time) => parseFloat(time))
        ).map(() => at.outerHTML.slice(0, 80)))"""
    assert page.evaluate(moving) != []

    page.emulate_media(reduced_motion="reduce")

    assert page.evaluate(moving) == []


def test_a_receipt_is_printed_without_what_can_only_be_pressed(visit, database):
    page = arrive(visit, database, "ANN", dark=True)
    page.goto("/answer/finish")
    follow(page, "main form button")

    page.emulate_media(media="print")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".digest")).to_be_visible()
    expect(page.locator("main .button")).not_to_be_visible()
    expect(page.locator(".lang")).not_to_be_visible()
    ink = page.locator("h1").evaluate("(at) => getComputedStyle(at).color")
    assert ink == "rgb(0, 0, 0)"
