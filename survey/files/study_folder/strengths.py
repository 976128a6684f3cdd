"""Check that the words of a scale rise with its ratios, by back translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from survey.files.study_folder.amounts import amount
from survey.files.study_folder.columns import folded
from survey.values import ScaleWords

#: English words of strength, weakest first; other words are ignored.
_ENGLISH = (
    ("equal", "equally", "the same"),
    ("barely", "slightly", "a little", "little", "weakly", "weak", "marginally", "a bit"),
    ("rather", "somewhat", "moderately", "moderate", "fairly", "modestly"),
    ("clearly", "strongly", "strong", "considerably", "notably", "noticeably", "significantly"),
    ("much", "a lot", "very strongly", "very strong", "greatly"),
    (
        *("very much", "very clearly", "far", "by far", "extremely", "absolutely"),
        *("overwhelmingly", "enormously", "immensely", "vastly", "hugely", "incomparably"),
    ),
)
_STRENGTH = {word: strength for strength, words in enumerate(_ENGLISH, 1) for word in words}
#: The longest first: “very strongly” is not “strongly”.
_PHRASE = re.compile(rf"\b({'|'.join(sorted(_STRENGTH, key=len, reverse=True))})\b")
#: Words that change a phrase beside them: “not much”, “as much as”, “very considerably”.
_CHANGING = re.compile(r"\b(not|no|as|how|so|too|very|quite|most|less)\b|n['’]t\b")
_BESIDE = (" more important", " more", " stronger", " preferred")


#: A language's words and two ratios, the lower first, whose words fall.
Fall = tuple[ScaleWords, int, int]


def find_falls(scale: Sequence[ScaleWords]) -> Iterator[Fall]:
    """Yield the languages whose words fall when translated back.

    Back translations are looked up among the words of the scale in other languages, then
    among English words of strength; last they are read as numbers of times.
    """
    known = {
        words.language: {folded(word): ratio for ratio, word in words.words.items()}
        for words in scale
    }
    for words in scale:
        others = [known[language] for language in known if language != words.language]
        if fall := _find_fall(words, others):
            yield words, *fall


def _find_fall(words: ScaleWords, others: Iterable[Mapping[str, int]]) -> tuple[int, int] | None:
    back = {ratio: folded(text) for ratio, text in words.back.items()}
    for strengths in others:
        if fall := _first_fall(_among(strengths, back)):
            return fall
    return _first_fall(_in_english(back)) or _first_fall(
        {ratio: amount(text) for ratio, text in words.back.items()}
    )


def _first_fall(told: Mapping[int, Fraction | int | None]) -> tuple[int, int] | None:
    """Return the first two ratios whose strengths fall; unknown strengths are skipped."""
    known = [(ratio, strength) for ratio, strength in sorted(told.items()) if strength is not None]
    for (low, before), (high, after) in pairwise(known):
        if before > after:
            return low, high
    return None


def _among(strengths: Mapping[str, int], back: Mapping[int, str]) -> dict[int, int | None]:
    return {ratio: strengths.get(_plain(word, strengths)) for ratio, word in back.items()}


def _in_english(back: Mapping[int, str]) -> dict[int, int | None]:
    return {ratio: _english_strength(word) for ratio, word in back.items()}


def _english_strength(back: str) -> int | None:
    """Return an English phrase's strength; None if it has no such word or several."""
    found = _PHRASE.findall(back)
    if len(found) != 1 or _CHANGING.search(_PHRASE.sub("", back)):
        return None
    return _STRENGTH[found[0]]


def _plain(word: str, strengths: Mapping[str, int]) -> str:
    """Return a back translation, without “more” unless it is a known word with it."""
    endings = (word.removesuffix(ending) for ending in _BESIDE)
    return word if word in strengths else next((w for w in endings if w in strengths), word)
