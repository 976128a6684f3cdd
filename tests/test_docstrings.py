"""The English of the docstrings: words that may only become fewer."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: How many docstrings of the code and of the tests have these words. Write the lower
#: number where a change lowers it; a higher one is refused.
ALLOWED = {
    "a person by a pronoun": (r"(?i)\b(she|her|hers|herself|he|his)\b", 58),
    "nobody and the like": (
        r"(?i)\b(nobody|anybody|whoever|everybody|somebody|meanwhile|anew)\b",
        10,
    ),
    "standing": (r"(?i)\b(stands?|stood)\b", 13),
    "a clause as a first line": (r"^(What|Who|Whoever|How|In which)\b", 51),
}


@cache
def docstrings() -> tuple[str, ...]:
    """Return the docstring of each module, class and function."""
    return tuple(_docstrings())


def _docstrings() -> Iterator[str]:
    for folder in ("aggregation", "ranking", "survey", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(
                    node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                ):
                    yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("fault", ALLOWED)
def test_no_further_docstring_has_a_banned_word(fault: str) -> None:
    pattern, allowed = ALLOWED[fault]

    found = [text for text in docstrings() if re.search(pattern, text)]

    assert len(found) <= allowed, found[-5:]
