"""The pages that anybody may read, in a real browser."""

import pytest

from tests.machinery import accessibility

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_can_read_the_public_pages(visit, language):
    page = visit("/methods", language=language)
    found = {}
    for path in ("/methods", "/privacy"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang").startswith(language)
        found[path] = accessibility.faults(page)

    assert found == {"/methods": [], "/privacy": []}
