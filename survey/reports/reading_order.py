"""The order in which readers of a language look names up.

Chinese: the joined toneless pinyin of the whole name, as printed lists have
it (开罗 kailuo before 卡萨布兰卡 kasabulanka). Every other language: its
alphabet, letter by letter; accents and case decide only between names that
are otherwise equal, and blanks and hyphens come before letters. Arabic: as in
an index, without the article of a word (الرياض under ر); the forms of a letter
are one letter, and vowel signs decide only between names otherwise equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

Key = Callable[[str], tuple[object, ...]]

#: Alphabets in which an accent, or none, makes another letter; not the order of code points.
_ALPHABETS: Mapping[str, str] = {
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}

_TATWEEL = "\u0640"

#: Letters that stand in an index as others do; what carries a hamza is decomposed as such.
_AS_OTHERS = str.maketrans({"ى": "ي", "ٱ": "ا", "œ": "oe", "æ": "ae"})
#: The article of an Arabic word, before at least two letters; the name of God keeps his.
_ARTICLE = re.compile(r"\b(?!الله\b)ال(?=\w\w)")


def reading_order(language: str) -> Key:
    """The key by which names in this language are sorted."""
    primary = language.partition("-")[0]
    if primary == "zh":
        return _pinyin
    alphabet = _ALPHABETS.get(primary, "")
    lower = _turkish_lower if primary == "tr" else str.casefold
    return lambda name: _alphabetical(name, lower(name), alphabet)


def _pinyin(name: str) -> tuple[object, ...]:
    # Imported here: the readings take over half a second to load.
    from pypinyin import Style, lazy_pinyin

    # The whole name is read as one phrase: 重庆 is chongqing, though 重 alone is zhong.
    syllables = [syllable.casefold() for syllable in lazy_pinyin(name, style=Style.NORMAL)]
    return "".join(syllables), syllables, lazy_pinyin(name, style=Style.TONE3), name


def _alphabetical(name: str, lowered: str, alphabet: str) -> tuple[object, ...]:
    looked_up = _ARTICLE.sub("", unicodedata.normalize("NFC", lowered)).translate(_AS_OTHERS)
    letters = [place for letter in looked_up for place in _places(letter, alphabet)]
    return letters, unicodedata.normalize("NFKD", lowered), name


def _places(letter: str, alphabet: str) -> list[tuple[int, int]]:
    """Where a letter stands: in the alphabet by its place there, else by its base's code point."""
    if letter in alphabet:
        return [(1, alphabet.index(letter))]
    places = []
    for base in unicodedata.normalize("NFKD", letter):
        if base in alphabet:
            places.append((1, alphabet.index(base)))
        elif not unicodedata.combining(base) and base != _TATWEEL:
            places.append((2 if base.isalpha() else 0, ord(base)))
    return places


def _turkish_lower(name: str) -> str:
    return name.replace("I", "ı").replace("İ", "i").casefold()
