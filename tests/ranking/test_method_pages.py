"""Every method of ranking has its page, and the cases on the pages come out as they say."""

import doctest
import re
from pathlib import Path

import pytest

import ranking

PAGES = Path(__file__).parents[2] / "docs" / "methods"
FUNCTIONS = [name for name in ranking.__all__ if name.islower()]
LIST = (PAGES / "README.md").read_text(encoding="utf-8")


def head(text):
    return text.split("\n\n")[1]


TEXTS = {
    page.stem: text
    for page in PAGES.glob("*.md")
    if any(f"`{name}(" in head(text := page.read_text(encoding="utf-8")) for name in FUNCTIONS)
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_public_function_is_named_at_the_head_of_a_page(function):
    assert any(f"`{function}(" in head(text) for text in TEXTS.values())


@pytest.mark.parametrize("method", sorted(TEXTS))
def test_the_cases_of_a_page_come_out_as_it_says(method):
    cases = "\n".join(re.findall(r"```python\n(.*?)```", TEXTS[method], re.DOTALL))
    case = doctest.DocTestParser().get_doctest(cases, {}, method, f"{method}.md", 0)

    failed, tried = doctest.DocTestRunner().run(case)

    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("method", sorted(TEXTS))
@pytest.mark.parametrize(
    "part", ["Formula", "Source", "When to use", "A case", "Where sources disagree"]
)
def test_a_page_has_all_its_parts(method, part):
    assert f"**{part}.**" in TEXTS[method]


@pytest.mark.parametrize("method", sorted(TEXTS))
def test_a_page_is_found_from_the_list(method):
    assert f"({method}.md)" in LIST
