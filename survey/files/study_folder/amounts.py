"""Numbers of times written in words: 3 times, 1/3, seven times, 三倍, втрое."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice

from survey.files.study_folder.columns import folded
from survey.values.wording import plain_digits

#: Number words in the languages of the pages, by number. They count only beside “times”.
_CARDINALS = {
    1: "one une bir один واحد 一",
    2: "two deux iki два اثنان 二 两 兩",
    3: "three trois üç три ثلاثة ثلاث 三",
    4: "four quatre dört четыре أربعة أربع 四",
    5: "five cinq beş пять خمسة خمس 五",
    6: "six altı шесть ستة ست 六",
    7: "seven sept yedi семь سبعة سبع 七",
    8: "eight huit sekiz восемь ثمانية ثماني 八",
    9: "nine neuf dokuz девять تسعة تسع 九",
    10: "ten dix on десять عشرة عشر 十",
}
#: Words that are a number of times by themselves.
_MULTIPLES = {
    2: "twice double doubly twofold вдвое ضعف ضعفا",
    3: "thrice triple triply threefold втрое",
    4: "quadruple fourfold вчетверо",
    5: "quintuple fivefold впятеро",
    6: "sextuple sixfold вшестеро",
    7: "septuple sevenfold всемеро",
    8: "octuple eightfold ввосьмеро",
    9: "ninefold вдевятеро",
}
#: Words that are a fraction after “a” or a number: a third, two thirds.
_PARTS = {
    2: "half",
    3: "third thirds",
    4: "quarter quarters fourth fourths",
    5: "fifth fifths",
    6: "sixth sixths",
    7: "seventh sevenths",
    8: "eighth eighths",
    9: "ninth ninths",
}
_TIMES = "times time fold fois раз раза kat katı kere 倍 مرات مرة أضعاف"


def _by_word(numbers: Mapping[int, str]) -> dict[str, int]:
    return {folded(word): number for number, words in numbers.items() for word in words.split()}


_CARDINAL, _MULTIPLE, _PART = map(_by_word, (_CARDINALS, _MULTIPLES, _PARTS))
_BEHIND = frozenset(map(folded, _TIMES.split()))
_DECIMAL = r"[0-9]{1,6}(?:[.,][0-9]{1,9})?"
#: A number; a quotient (1/3, 3:1), with a whole number in front of it (1 1/2) or without.
_WRITTEN = re.compile(
    rf"(?:([0-9]{{1,3}}) +(?=[0-9]+[/⁄]))?({_DECIMAL})(?: *[/⁄∕÷:∶] *({_DECIMAL}))?"
)
_WORD = re.compile(r"[^\W\d_]+")
#: Chinese puts no blank between a number and 倍 (times).
_CHINESE = re.compile(r"([一二两兩三四五六七八九十]) *倍")


def amount(text: str) -> Fraction | None:
    """Return the number of times in a text; None if it has none, or several.

    >>> [str(amount(text)) for text in ("3 times", "1/3", "seven times", "2,5×", "三倍", "1½")]
    ['3', '1/3', '7', '5/2', '3', '3/2']
    >>> amount("this one, a little"), amount("between 3 and 5")
    (None, None)
    """
    said = _two_of(_in_digits(text)) or _two_of(_in_words(text))
    return said[0] if len(said) == 1 else None


def _two_of(numbers: Iterator[Fraction]) -> list[Fraction]:
    """Return the first two numbers: a text with two is not read, however many follow."""
    return list(islice(numbers, 2))


def _in_digits(text: str) -> Iterator[Fraction]:
    # Without the blank 1½ would become 11/2.
    apart = re.sub("([¼-¾⅐-⅞])", r" \1", plain_digits(text))
    for found in _WRITTEN.finditer(unicodedata.normalize("NFKC", apart)):
        whole, number, divisor = (
            Fraction((part or "0").replace(",", ".")) for part in found.groups()
        )
        if not found[3]:
            yield number
        elif divisor:
            yield whole + number / divisor


def _in_words(text: str) -> Iterator[Fraction]:
    words = _WORD.findall(_CHINESE.sub(r" \1 倍 ", folded(text)))
    for before, word, behind in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word in _MULTIPLE:
            yield Fraction(_MULTIPLE[word])
        elif word in _CARDINAL and (behind in _BEHIND or len(words) == 1):
            yield Fraction(_CARDINAL[word])
        elif word in _PART and (before in _CARDINAL or before in ("", "a")):
            yield Fraction(_CARDINAL.get(before, 1), _PART[word])
