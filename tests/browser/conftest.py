"""A real browser in front of the real service, on each database."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.machinery import accessibility, browser
from tests.machinery.server import Server

#: The width of a small phone, in pixels.
PHONE = 360

#: The time that a page may take to become as a test expects, in milliseconds: a busy machine
#: is no fault.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

ARGUMENTS = [
    "--disable-dev-shm-usage",  # a container's is often too small
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host is asked
]

#: Chromium's message about every refused form; the test looks at the page itself.
REFUSED = "Failed to load resource: the server responded with a status of 4"
#: Its message about every request that a test makes fail.
FAILED = "Failed to load resource: "

Visit = Callable[..., Page]


def pytest_configure(config: pytest.Config) -> None:
    accessibility.every_combination = config.getoption("every_combination")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        path = browser.provide()
    except browser.NoBrowser as reason:
        pytest.fail(str(reason), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(chromium: Browser, live_server: Server) -> Iterator[Visit]:
    """Open a path of the service as a new visitor, and see that nothing goes wrong unseen.

    ``visit(path, width=360, language="en", scripts=True, dark=False)`` is a page
    with cookies of its own. Whatever a page writes to the console as an error,
    raises in a script or asks of another host fails the test; with
    ``network_fails`` the test means some requests to fail.
    """
    troubles: list[str] = []
    contexts = []

    def note_console(message: ConsoleMessage, expected: str) -> None:
        if message.type == "error" and not message.text.startswith(expected):
            troubles.append(message.text)

    def note_request(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme != "data" and asked.hostname != "127.0.0.1":
            troubles.append(f"asked {request.url}")

    def open_page(
        path: str,
        *,
        width: int = PHONE,
        language: str = "en",
        scripts: bool = True,
        dark: bool = False,
        network_fails: bool = False,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 740},
            locale=language,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        expected = FAILED if network_fails else REFUSED
        page.on("console", lambda message: note_console(message, expected))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", note_request)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
