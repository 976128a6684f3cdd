"""Every method has its page, and the cases on the pages come out as they say."""

import doctest
import re
from pathlib import Path

import pytest

import aggregation
from aggregation.centres import CENTRES
from aggregation.ordinal import RANK_WEIGHTS
from aggregation.priorities import METHODS
from aggregation.random_indices import TABLES

PAGES = Path(__file__).parents[2] / "docs" / "methods"
FUNCTIONS = [name for name in aggregation.__all__ if name.islower()]


def head(text):
    return text.split("\n\n")[1].replace("aggregation.", "")


def names_a_function(text):
    return any(f"`{function}(" in head(text) for function in FUNCTIONS)


#: The list, and the pages about this package.
LIST = (PAGES / "README.md").read_text(encoding="utf-8")
TEXTS = {
    page.stem: text
    for page in PAGES.glob("*.md")
    if names_a_function(text := page.read_text(encoding="utf-8"))
}

#: Families of small methods share a page, on which each is named.
FAMILIES = {
    "aggregate-priorities": tuple(CENTRES),
    "best-worst": ("linear", "nonlinear"),
    "random-index": (*TABLES, "alonso-lamata"),
    "rank-weights": tuple(RANK_WEIGHTS),
    "scales": aggregation.SCALES,
}


@pytest.mark.parametrize("method", METHODS)
def test_a_method_of_priorities_has_its_own_page(method):
    assert f'method="{method}"' in TEXTS[method]


@pytest.mark.parametrize(
    ("family", "method"),
    [(family, method) for family, methods in FAMILIES.items() for method in methods],
)
def test_a_method_of_a_family_is_on_its_page(family, method):
    assert f"`{method}`" in TEXTS[family] or f'"{method}"' in TEXTS[family]


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
def test_a_page_says_what_is_followed_and_is_found_from_the_list(method):
    assert "**Where sources disagree.**" in TEXTS[method]
    assert f"({method}.md)" in LIST
