"""The original of a reason whose language would tell who wrote it, in every language."""

import pytest

from tests.clients import console
from tests.clients.arrivals import hidden
from tests.experts.feedback.steps import PANEL, card
from tests.worlds import further

REASONS = "/author/studies/pilot/rounds/1/reasons"
#: Of Dee, the only expert who is asked in Turkish.
TURKISH = further.REASONS["DEE", 1]
ENGLISH = "For a resident who cannot use it, a service does not exist."
CHINESE = "用不上的居民等于没有这项服务。"


@pytest.fixture
def author(database_url, app, tmp_path):
    console_app = console.application(database_url, tmp_path)
    yield console.signed_in(console_app)
    console_app.extensions["database"].close()


def translate(author, language, text, said=TURKISH):
    """Write the translation of a reason."""
    page = author.page(f"{REASONS}/{language}")
    [field] = [e.attributes["name"] for e in page.all("textarea") if said in e.within("li").text]
    author.post(f"{REASONS}/{language}", data=hidden(page) | {field: text})


def of_wired(client, language):
    """Return the text of a card, read in a language."""
    client.get(f"{PANEL}?language={language}")
    return card(client.page(PANEL), "wired")


@pytest.mark.parametrize("language", ["en", "zh", "ar", "ru", "tr", "fr"])
def test_the_original_of_a_translated_reason_is_read_in_no_language(arrive, author, language):
    translate(author, "en", ENGLISH)

    read = of_wired(arrive("CY"), language)

    assert ENGLISH in read
    assert TURKISH not in read


def test_each_page_has_the_translation_in_its_language_or_one_of_the_others(arrive, author):
    translate(author, "zh", CHINESE)
    cy = arrive("CY")
    assert CHINESE in of_wired(cy, "fr")
    page = cy.page(PANEL)
    tags = {e.attributes.get("lang") for e in page.all("bdi") if e.text == CHINESE}
    assert tags == {"zh-Hans"}

    translate(author, "en", ENGLISH)

    assert CHINESE in of_wired(cy, "zh")
    assert ENGLISH not in of_wired(cy, "zh")
    for language in ("en", "fr", "tr"):
        assert ENGLISH in of_wired(cy, language)
        assert TURKISH not in of_wired(cy, language)


def test_a_reason_without_translation_is_read_as_it_was_written(arrive):
    assert TURKISH in of_wired(arrive("CY"), "fr")
