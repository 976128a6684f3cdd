import re

import pytest

from tests.clients.pages import PageClient

PAGES = ("/methods", "/privacy")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_a_public_page_speaks_the_readers_language(
    client: PageClient, path: str, language: str, tag: str
) -> None:
    page = client.page(path, headers={"Accept-Language": language})

    assert page.one("html").attributes["lang"] == tag
    assert ("权重" in page.text) == (language == "zh")


@pytest.mark.parametrize("path", PAGES)
def test_a_space_parts_the_sentences_of_a_public_page(client: PageClient, path: str) -> None:
    page = client.page(path, headers={"Accept-Language": "en"})

    assert re.findall(r"\w+\.[A-Z]\w+", page.text) == []
