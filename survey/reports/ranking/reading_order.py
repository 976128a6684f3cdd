"""Sort order of names for the readers of a language.

Chinese: the joined toneless pinyin of the whole name, as in printed lists
(开罗 kailuo before 卡萨布兰卡 kasabulanka). Every other language: its
alphabet, letter by letter. A letter that the alphabet lacks is sorted as its
base letter (Đ as D, Қ as К, گ as ك); blanks and hyphens come before letters;
accents and case decide only between names that are otherwise equal. Vowel
signs, modifier letters (ʿ) and apostrophes are ignored, and so is the Arabic
article, as in an index (الرِّياض under ر).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

Key = Callable[[str], tuple[object, ...]]

#: Alphabets in which accented letters are separate letters, not in the order of code points.
_ALPHABETS: Mapping[str, str] = {
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}

#: Letters that are sorted as others, although neither decomposition nor name shows it.
_AS_OTHERS = {
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    **dict(zip("ðıȷĸŋəɛɔɣʒ", "dijkneeogz", strict=True)),
    **dict(zip("іјєѕәөүһђћџљњѣѳѵ", "ииезаоухдччлнефи", strict=True)),
    **dict(zip("ٱىیےېکگڭپٹچڈڑژڤڨںہھەۇۋۆ", "اييييكككبتجدرزفقنهههووو", strict=True)),
}
#: "LATIN SMALL LETTER L WITH STROKE" is sorted as the letter before the "WITH".
_CHANGED = re.compile(r"^((?:LATIN|CYRILLIC|ARABIC) (?:SMALL )?LETTER .+?) WITH .+")
#: Characters typed instead of the modifier letters ʿ and ʾ.
_APOSTROPHES = frozenset("'’‘`´ʹ")
#: Modifier letters from here on belong to scripts in which they are sorted.
_EAST_ASIA = "\u3000"
#: The article of an Arabic word, before at least two letters; الله keeps its article.
_ARTICLE = re.compile(r"\b(?!الله\b)ال(?=\w\w)")


def reading_order(language: str) -> Key:
    """Return the sort key for names in this language."""
    primary = language.partition("-")[0]
    if primary == "zh":
        return _pinyin
    alphabet = _ALPHABETS.get(primary, "")
    lower = _turkish_lower if primary == "tr" else str.casefold
    return lambda name: _alphabetical(name, lower(name), alphabet)


def _pinyin(name: str) -> tuple[object, ...]:
    # Imported here, because the readings take over half a second to load.
    from pypinyin import Style, lazy_pinyin

    # The whole name is read as one phrase: 重庆 is chongqing, though 重 alone is zhong.
    read = _bare(unicodedata.normalize("NFKC", name))
    syllables = [syllable.casefold() for syllable in lazy_pinyin(read, style=Style.NORMAL)]
    letters = [place for letter in "".join(syllables) for place in _places(letter, "")]
    return letters, syllables, lazy_pinyin(read, style=Style.TONE3), name


def _alphabetical(name: str, lowered: str, alphabet: str) -> tuple[object, ...]:
    bare = _bare(unicodedata.normalize("NFKC", lowered)).replace("ٱ", "ا")
    looked_up = _ARTICLE.sub("", bare)
    letters = [place for letter in looked_up for place in _places(letter, alphabet)]
    return letters, unicodedata.normalize("NFKD", bare), name


def _bare(text: str) -> str:
    """Return text without vowel signs, modifiers, apostrophes and invisible marks."""
    return "".join(letter for letter in text if not _is_passed_over(letter))


@cache
def _is_passed_over(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return (
        bool(unicodedata.combining(letter))
        or kind == "Cf"
        or (kind == "Lm" and letter < _EAST_ASIA)
        or letter in _APOSTROPHES
    )


@cache
def _places(letter: str, alphabet: str) -> list[tuple[int, int]]:
    """Return a letter's sort position: in the alphabet, else by its base's code point."""
    if letter in alphabet:
        return [(1, alphabet.index(letter))]
    bases = [base for part in unicodedata.normalize("NFKD", letter) for base in _base(part)]
    return [_place(base, alphabet) for base in bases if not _is_passed_over(base)]


def _base(letter: str) -> str:
    """Return the letter as which a modified one is sorted; other letters unchanged."""
    while changed := _CHANGED.match(unicodedata.name(letter, "")):
        try:
            letter = unicodedata.lookup(changed[1])
        except KeyError:
            break
    return _AS_OTHERS.get(letter, letter)


def _place(base: str, alphabet: str) -> tuple[int, int]:
    if base in alphabet:
        return 1, alphabet.index(base)
    return (2 if unicodedata.category(base)[0] in "LM" else 0), ord(base)


def _turkish_lower(name: str) -> str:
    return name.replace("I", "ı").replace("İ", "i").casefold()
