"""Every page of an expert in a language of another script, to its last word."""

import re

import pytest

from survey.web.locale import LANGUAGES
from tests.clients import arrivals
from tests.clients.arrivals import answer
from tests.clients.pages import page_of

DIGITAL = "/answer/groups/digital"
POINTS = "/answer/points/digital"

NAMES = "|".join(language.name for language in LANGUAGES)
#: Texts written alike in all of them; the title of the study is not in each.
ALIKE = re.compile(
    rf"Steelyard|{NAMES}|Pilot|UTC|SHA-256|ANN|BO|author@example\.org|[0-9a-f]{{16,}}"
)

in_another_script = pytest.mark.parametrize(
    "language",
    [language.code for language in LANGUAGES if language.code in ("zh", "ar", "ru")],
)


def english(page) -> list[str]:
    """Return the English words on a page, including those for screen readers."""
    heard = [e.attributes.get("aria-label", "") for e in page.elements]
    shown = [e.attributes[name] for e in page.elements for name in e.attributes if "data-" in name]
    said = [page.text, page.one("title").text, *heard, *shown]
    words = re.findall(r"[A-Za-z]{2,}", ALIKE.sub("", " ".join(said)))
    modules = {"autosave", "readback", "points", "time", "first", "second", "same", "over"}
    return [word for word in words if word not in modules | {"left", "none"}]


@in_another_script
def test_an_expert_who_judges_pairs_reads_their_language_everywhere(arrive, database, language):
    ann = arrive("ANN", language)
    path = arrivals.question(database)
    seen = ann.page(path)
    pages = [ann.page("/answer/"), seen]
    pages.append(page_of(answer(ann, path, direction="first")))
    answer(ann, path, direction="first", strength="3")
    pages.append(page_of(answer(ann, path, seen, direction="same")))
    pages += [ann.page(path), ann.page(DIGITAL), ann.page(f"{DIGITAL}/cannot-judge")]
    answer(ann, f"{DIGITAL}/cannot-judge")
    pages += [ann.page(f"{DIGITAL}/cannot-judge"), ann.page("/answer/weights")]
    answer(ann, f"{DIGITAL}/cannot-judge", take_back="1")
    pages += [ann.page("/answer/finish"), ann.page("/answer/withdraw")]
    ann.send("/answer/finish", {})
    pages += [ann.page("/answer/receipt"), ann.page("/sign-out")]
    arrivals.close(database)
    pages.append(page_of(answer(ann, path, seen, direction="same")))
    pages.append(ann.page("/answer/"))
    arrivals.revoke(database)
    pages.append(page_of(ann.get("/answer/")))

    assert [(page.one("h1").text, english(page)) for page in pages if english(page)] == []


@in_another_script
def test_an_expert_who_divides_points_reads_their_language_everywhere(arrive, database, language):
    bo = arrive("BO", language)
    seen = bo.page(POINTS)
    pages = [bo.page("/answer/"), seen]
    wrong = ({"points-wired": "x"}, {"points-wired": "60"}, {"points-wired": "100"})
    pages += [page_of(answer(bo, POINTS, **typed, go="on")) for typed in wrong]
    zeros = {"points-wired": "100", "points-ai": "0", "points-wireless": "0"}
    pages.append(page_of(answer(bo, POINTS, **zeros, go="on")))
    pages.append(page_of(answer(bo, POINTS, **zeros | {"points-ai": "30"}, go="on")))
    pages.append(page_of(answer(bo, POINTS, seen, **zeros, go="on")))
    pages.append(page_of(bo.send("/answer/finish", {})))

    assert [(page.one("h1").text, english(page)) for page in pages if english(page)] == []


@in_another_script
def test_an_expert_who_withdraws_reads_it_in_their_language(arrive, language):
    ann = arrive("ANN", language)
    ann.send("/answer/withdraw", {})

    assert english(ann.page("/answer/withdraw")) == []
