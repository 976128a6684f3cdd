"""Characters of GB 2312, by their frequency in Chinese texts.

GB18030 adds cells before the first one of each row, and characters of four bytes.
"""

from __future__ import annotations

_FIRST_CELL = 0xA1
#: The rows of punctuation, and of the 3,755 characters used in most texts.
_PUNCTUATION = range(0xA1, 0xA4)
_FREQUENT = range(0xB0, 0xD8)


def frequency(character: str) -> str:
    """Return "frequent", "known", or "rare" for a character that few texts have.

    >>> [frequency(character) for character in "的，亍閞"]
    ['frequent', 'frequent', 'known', 'rare']
    """
    row, *cell = character.encode("gb18030")
    if len(cell) != 1 or cell[0] < _FIRST_CELL:
        return "rare"
    if row in _FREQUENT or row in _PUNCTUATION:
        return "frequent"
    return "known" if row > _FREQUENT[-1] else "rare"
