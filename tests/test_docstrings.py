"""English of docstrings and of the names of tests: words that none of them has."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Words that no docstring and no name of a test has: name the person and the fact, and
#: begin with a verb (a function) or a noun (a module or a class).
BANNED = {
    "a person by a pronoun": r"(?i)\b(she|her|hers|herself|he|his)\b",
    "an unnamed person": r"(?i)\b(nobody|anybody|whoever|everybody|somebody|meanwhile|anew)\b",
    "standing": r"(?i)\b(stands?|stood)\b",
    "a clause as a first line": r"^(What|Who|Whoever|How|In which)\b",
}


@cache
def docstrings() -> tuple[str, ...]:
    """Return the docstring of each module, class and function, and the names of tests."""
    return tuple(_docstrings())


def _docstrings() -> Iterator[str]:
    for folder in ("aggregation", "ranking", "survey", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(
                    node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                ):
                    yield ast.get_docstring(node) or ""
                    name = getattr(node, "name", "")
                    yield name.replace("_", " ") if name.startswith("test_") else ""


@pytest.mark.parametrize("fault", BANNED)
def test_no_docstring_has_a_banned_word(fault: str) -> None:
    assert [text for text in docstrings() if re.search(BANNED[fault], text)] == []
