"""Sentences from templates marked for the catalogues, and texts as stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

#: Number of characters of a foreign text that a sentence repeats.
_LONGEST = 60

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
#: Raised, lowered and fraction digits, which are not digits of the number beside them.
_RAISED = re.compile("([²³¹⁰⁴-⁹₀-₉¼-¾⅐-⅞↉①-⑳])")
#: Marks around a foreign text, which isolate its direction from that of the sentence.
_ISOLATE, _END = "\u2068", "\u2069"


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


def worded(template: str, data: Mapping[str, object], translate: Callable[[str], str]) -> str:
    """Fill a template, in the language of ``translate``."""
    values = {
        name: value if isinstance(value, int) else shown(str(value)) for name, value in data.items()
    }
    return filled(translate(template), values)


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """Return a translated template with its values.

    In a sentence written from right to left a value is isolated; otherwise its dots
    and hyphens would be shown at its other end.

    >>> filled("%(code)s مدينة", {"code": "a-1"}) == "\u2068a-1\u2069 مدينة"
    True
    """
    if not runs_from_the_right(sentence):
        return sentence % values
    return sentence % {
        name: value if isinstance(value, int) else f"{_ISOLATE}{value}{_END}"
        for name, value in values.items()
    }


def runs_from_the_right(text: str) -> bool:
    """Whether the first letter outside the placeholders is written from right to left."""
    strong = (unicodedata.bidirectional(character) for character in _PLACEHOLDER.sub("", text))
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def plain_digits(text: str) -> str:
    """Return a text with ASCII digits for digits of any script, and a point for ٫.

    Full-width characters become half-width. Raised, lowered and fraction digits
    do not change: 2² is not 22, 2⅓ not 21/3.

    >>> plain_digits("１２.5"), plain_digits("٣٠٫٥"), plain_digits("۷%"), plain_digits("2²")
    ('12.5', '30.5', '7%', '2²')
    """
    if text.isascii():
        return text
    return "".join(map(_plain, _RAISED.split(unicodedata.normalize("NFC", text))))


def tidy(text: str | None) -> str:
    """Return a text as it is stored: stripped, with one kind of line end."""
    return (text or "").replace("\r\n", "\n").strip()


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return a foreign text for a sentence: shortened, invisible characters escaped."""
    seen = visible(text[: longest + 1])
    return seen if len(text) <= longest else seen[:longest] + "…"


def visible(text: str) -> str:
    """Return a text with invisible characters escaped.

    >>> visible("a\\nb")
    'a\\\\u{a}b'
    """
    return "".join(map(_visible, text))


def _plain(text: str) -> str:
    if _RAISED.fullmatch(text):
        return text
    return "".join(map(_plain_digit, unicodedata.normalize("NFKC", text)))


def _plain_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return "." if character == "\u066b" else character


def _visible(character: str) -> str:
    """Escape control, surrogate, unassigned and private characters, and line ends."""
    if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
        return f"\\u{{{ord(character):x}}}"
    return character
