"""Lines that a screen reader says on a page, in order."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

#: The word for each role, said before a name; other roles are read as written.
CALLED = {
    "alert": "Alert",
    "button": "Button",
    "checkbox": "Tick",
    "group": "Group",
    "heading": "Heading",
    "link": "Link",
    "radio": "Choice",
    "row": "Row",
    "status": "Status",
    "textbox": "Field",
}
#: Read together with their row or field.
WITHIN = {"rowheader", "cell", "caption"}

_LINE = re.compile(
    r"""\s*-\ '?(?P<role>\w+)(?:\ "(?P<name>(?:[^"\\]|\\.)*)")?"""
    r"""(?P<states>(?:\ \[[^\]]*\])*)'?(?::\ (?P<text>.*)|:)?$""",
    re.VERBOSE,
)


def read_aloud(page: Page) -> list[str]:
    """Return the page's main part line by line; a time is read as ``…``."""
    return [re.sub(r"\d\d:\d\d", "…", line) for line in _lines(page)]


def _lines(page: Page) -> Iterator[str]:
    last = ""
    for line in page.locator("main").aria_snapshot().splitlines():
        found = _LINE.match(line.replace("''", "'"))
        if found is None or found["role"] in WITHIN:
            continue
        name = found["name"] or _unquoted(found["text"] or "")
        if not name or (found["role"] == "text" and name == last):
            continue  # the words beside a control are its name
        last = name
        called = CALLED.get(found["role"], "")
        if "[checked]" in found["states"]:
            called += ", chosen"
        yield f"{called}: {name}" if called else name


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if text.startswith('"') else text
