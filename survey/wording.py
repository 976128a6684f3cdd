"""Sentences from data: templates marked for the catalogues, and filled where they are said.

And what people write, as it is stored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

#: How much of a foreign text a sentence repeats.
_LONGEST = 60


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is said."""
    return message


def worded(template: str, data: Mapping[str, object], translate: Callable[[str], str]) -> str:
    """Fill a template, in the language that ``translate`` speaks."""
    return translate(template) % {
        name: value if isinstance(value, int) else shown(str(value)) for name, value in data.items()
    }


def tidy(text: str | None) -> str:
    """A text as it is stored: without what a database refuses, and with one kind of line end."""
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


def shown(text: str, longest: int = _LONGEST) -> str:
    """A foreign text, fit to stand in a sentence: bounded, with what is invisible spelled out."""
    visible = "".join(map(_visible, text[: longest + 1]))
    return visible if len(text) <= longest else visible[:longest] + "…"


def _visible(character: str) -> str:
    """Controls, surrogates, unassigned and private characters, and line ends, by their number."""
    if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
        return f"\\u{{{ord(character):x}}}"
    return character
