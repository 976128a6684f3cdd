"""The colours can be told apart: every pair in use, in every theme.

WCAG 2.2: 4.5 for text (1.4.3), 3 for the edges of controls and for what a
chart draws (1.4.11).
"""

import re

import pytest

from survey.web.config import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()

TEXT = 4.5
SHAPE = 3.0

PAIRS = [
    *[(ink, "paper", TEXT) for ink in ("ink", "ink-2", "ink-3", "mark")],
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "mark") for ground in ("sheet", "wash")],
    ("paper", "ink", TEXT),
    ("paper", "ink-2", TEXT),
    *[(shape, "paper", SHAPE) for shape in ("edge", "this", "that", "mark")],
    *[(shape, "sheet", SHAPE) for shape in ("edge", "this", "that", "mark")],
    ("on-wash-low", "ink-wash-1", TEXT),
    ("on-wash-low", "ink-wash-2", TEXT),
    ("on-wash-high", "ink-wash-3", TEXT),
    ("on-wash-high", "ink-wash-4", TEXT),
]


def block(condition: str) -> dict[str, str]:
    """Return the colours set under one media condition; under none if it is empty."""
    opening = rf"@media {re.escape(condition)} \{{\s*:root \{{" if condition else r"^:root \{"
    found = re.search(opening + r"(.*?)\}", TOKENS, re.DOTALL | re.MULTILINE)
    assert found, condition
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", found.group(1)))


LIGHT = block("")
DARK = LIGHT | block("(prefers-color-scheme: dark)")
MORE = block("(prefers-contrast: more)")
THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light, more contrast": LIGHT | MORE,
    "dark, more contrast": DARK
    | MORE
    | block("(prefers-contrast: more) and (prefers-color-scheme: dark)"),
    "print": LIGHT | block("print"),
}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground", "needed"), PAIRS)
def test_a_pair_in_use_can_be_told_apart(theme: str, ink: str, ground: str, needed: float) -> None:
    tokens = THEMES[theme]

    assert contrast(tokens[ink], tokens[ground]) >= needed
