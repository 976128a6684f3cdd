"""Whether the words of a scale grow with its ratios, told by what they say translated back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from survey.folder.columns import folded
from survey.values import ScaleWords

#: English words of strength, weakest first; a word that is not among them tells nothing.
_ENGLISH = (
    ("equal", "equally", "the same"),
    ("barely", "slightly", "a little", "little", "weakly", "weak", "marginally", "a bit"),
    ("rather", "somewhat", "moderately", "moderate", "fairly"),
    ("clearly", "strongly", "strong", "considerably", "notably"),
    ("much", "a lot", "very strongly", "very strong"),
    ("very much", "very clearly", "far", "by far", "extremely", "absolutely", "overwhelmingly"),
)
_BESIDE = (" more important", " more", " stronger", " preferred")


def find_fall(words: ScaleWords, others: Iterable[ScaleWords]) -> tuple[int, int] | None:
    """Two ratios, the lower first, whose words fall when translated back; None where none do.

    What is said back is looked up among the words of the ``others``, the scale in other
    languages, and else among English words of strength.
    """
    known = [other for other in others if other.language != words.language]
    scales = [{folded(w): ratio for ratio, w in other.words.items()} for other in known]
    for strengths in (*scales, _english()):
        said = {r: strengths.get(_plain(back, strengths)) for r, back in words.back.items()}
        told = [(ratio, strength) for ratio, strength in sorted(said.items()) if strength]
        for (low, before), (high, after) in pairwise(told):
            if before > after:
                return low, high
    return None


def _english() -> dict[str, int]:
    return {word: strength for strength, words in enumerate(_ENGLISH, 1) for word in words}


def _plain(back: str, strengths: Mapping[str, int]) -> str:
    """Return a back translation without “more” where that is no word of strength itself."""
    word = folded(back)
    endings = (word.removesuffix(ending) for ending in _BESIDE)
    return word if word in strengths else next((w for w in endings if w in strengths), word)
