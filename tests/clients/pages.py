"""A browser's manners and a reader's demands, for tests of pages.

:class:`PageClient` is Flask's test client for people: it sends what browsers
send, and every HTML answer is checked before the test sees it.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

#: Elements of HTML that have no end.
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
#: Tables with these classes are laid out as blocks on a phone, and lose what browsers infer.
BLOCKS = frozenset({"storeys", "grid-table", "ladders", "public"})
ROLES = {
    "table": ("table",),
    "thead": ("rowgroup",),
    "tbody": ("rowgroup",),
    "tr": ("row",),
    "th": ("columnheader", "rowheader"),
    "td": ("cell",),
}
#: Inputs that need no label.
UNNAMED_INPUTS = frozenset({"hidden", "submit", "button"})


@dataclass
class Element:
    """Element of a page, with access to the elements around and inside it."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...] = ()
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def within(self, tag: str) -> "Element | None":
        return next((parent for parent in reversed(self.parents) if parent.tag == tag), None)


class Page(HTMLParser):
    """A parsed page: its elements in order, and its faults."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[Element] = []
        self.faults: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        if self._open:
            self.faults.append(f"not closed: {[element.tag for element in self._open]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        if len(element.attributes) != len(attrs):
            self.faults.append(f"an attribute twice: <{tag}>")
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes what is not open")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of this tag with these attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times <{tag}> {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        return self.one("body").text

    @property
    def csrf_token(self) -> str:
        """The token of the page's first form."""
        return self.all("input", name="csrf_token")[0].attributes["value"]


class PageClient(FlaskClient):
    """Client that asks as a browser does, and refuses to return a page with a fault."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.extensions["settings"].site_url)
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        moved = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and response.get_data() and not moved:
            page = page_of(response)
            # A request of htmx asks for a piece of a page.
            piece = "HX-Request" in response.request.headers
            found = faults_of(page, self.application, piece=piece)
            assert not found, f"{response.request.path}: {found}"
        return response

    def page(self, path: str, **kwargs: Any) -> Page:
        """Return the page at ``path``, which must exist."""
        response = self.get(path, **kwargs)
        assert response.status_code == 200, (path, response.status_code)
        return page_of(response)

    def send(self, path: str, data: dict[str, Any], *, seen_at: str | None = None) -> TestResponse:
        """Post a form as its page would: with the token of ``seen_at``, else of ``path``."""
        token = page_of(self.get(seen_at or path)).csrf_token
        return self.post(path, data={"csrf_token": token, **data})


def page_of(response: TestResponse) -> Page:
    """Return the page of an answer, which the client has parsed already."""
    return parsed(response.get_data(as_text=True))


@lru_cache(maxsize=8)
def parsed(html: str) -> Page:
    return Page(html)


def faults_of(page: Page, app: Flask, *, piece: bool = False) -> list[str]:
    """Return all breaches on a page of rules for all pages, or for parts of them."""
    return [
        *page.faults,
        *([] if piece else _structure(page)),
        *_inline(page),
        *_labels(page),
        *_forms(page),
        *_tables(page),
        *_links(page, app),
    ]


def _structure(page: Page) -> list[str]:
    faults = []
    html = page.one("html").attributes
    if not html.get("lang") or html.get("dir") not in ("ltr", "rtl"):
        faults.append("html without lang or dir")
    if len(page.all("h1")) != 1 or page.all("h1")[0].within("main") is None:
        faults.append(f"{len(page.all('h1'))} h1, or not in main")
    if not page.one("title").text:
        faults.append("an empty title")
    ids = Counter(e.attributes["id"] for e in page.elements if "id" in e.attributes)
    faults += [f"id twice: {name}" for name, count in ids.items() if count > 1]
    for element in page.elements:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in element.attributes.get(name, "").split():
                if target not in ids:
                    faults.append(f"{name} of what is not there: {target}")
    return faults


def _inline(page: Page) -> list[str]:
    faults = []
    for element in page.elements:
        if element.tag == "style" or "style" in element.attributes:
            faults.append(f"inline style: <{element.tag}>")
        if element.tag == "script" and (element.text or "src" not in element.attributes):
            faults.append("inline script")
        faults += [f"handler: {name}" for name in element.attributes if name.startswith("on")]
        for name in ("href", "src", "action"):
            if element.attributes.get(name, "").lstrip().lower().startswith("javascript:"):
                faults.append(f"script in {name}")
    return faults


def _labels(page: Page) -> list[str]:
    labelled = {e.attributes["for"] for e in page.all("label") if e.text and "for" in e.attributes}
    faults = []
    for element in page.elements:
        if element.tag not in ("input", "select", "textarea"):
            continue
        if element.attributes.get("type") in UNNAMED_INPUTS:
            continue
        label = element.within("label")
        if not (
            (label is not None and label.text)
            or element.attributes.get("id") in labelled
            or element.attributes.get("aria-label")
            or element.attributes.get("aria-labelledby")
        ):
            faults.append(f"no label: {element.attributes}")
    for element in page.elements:
        worded = element.text or element.attributes.get("aria-label")
        if element.tag in ("button", "summary", "a", "legend", "caption") and not worded:
            faults.append(f"no words: <{element.tag}> {element.attributes}")
    return faults


def _forms(page: Page) -> list[str]:
    tokens = {
        id(field_.within("form"))
        for field_ in page.all("input", name="csrf_token")
        if field_.attributes.get("value")
    }
    return [
        f"a form without a token: {form.attributes}"
        for form in page.all("form")
        if form.attributes.get("method", "get").lower() == "post" and id(form) not in tokens
    ]


def _tables(page: Page) -> list[str]:
    return [
        f"<{element.tag}> of a table that becomes blocks, without its role"
        for element in page.elements
        if element.tag in ROLES and _becomes_blocks(element)
        if element.attributes.get("role") not in ROLES[element.tag]
    ]


def _becomes_blocks(element: Element) -> bool:
    table = element if element.tag == "table" else element.within("table")
    return table is not None and bool(BLOCKS & set(table.attributes.get("class", "").split()))


def _links(page: Page, app: Flask) -> list[str]:
    faults = []
    own = urlsplit(app.extensions["settings"].site_url).netloc
    routes = app.url_map.bind(own)
    ids = {element.attributes.get("id") for element in page.elements}
    for element in page.elements:
        for name, method in _addresses(element):
            address = urlsplit(element.attributes[name])
            if address.scheme in ("mailto", "data") or address.netloc not in ("", own):
                continue
            if not address.path:
                if name == "href" and address.fragment and address.fragment not in ids:
                    faults.append(f"link to no part of this page: #{address.fragment}")
                continue
            try:
                routes.match(address.path, method=method)
            except RequestRedirect:
                pass
            except HTTPException as refused:
                if not _same_refusal(element):
                    faults.append(f"{method} {address.path} leads to {refused.code}")
    return faults


def _addresses(element: Element) -> list[tuple[str, str]]:
    if element.tag == "form" and "action" in element.attributes:
        return [("action", element.attributes.get("method", "get").upper())]
    return [(name, "GET") for name in ("href", "src") if name in element.attributes]


def _same_refusal(element: Element) -> bool:
    """Check that a refusal's language menu leads to its own address."""
    return "hreflang" in element.attributes
