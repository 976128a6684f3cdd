"""scale.csv: a word for each ratio, in one version of each language; or a precise fault."""

import pytest

from survey.files.study_folder import read_folder
from survey.values import ScaleWords

HEADER = "language,ratio,word,version,back\n"


def lines(**changed: str) -> str:
    """Return the French scale with lines changed by ratio; an empty one is left out."""
    rows = {f"r{ratio}": f"fr,{ratio},mot {ratio},2,word {ratio}\n" for ratio in range(2, 10)}
    return HEADER + "".join((rows | changed).values())


def test_the_words_of_a_language_are_read_with_their_version(small):
    (words,) = read_folder(small(scale=lines())).study.scale

    assert words == ScaleWords(
        "fr",
        2,
        {ratio: f"mot {ratio}" for ratio in range(2, 10)},
        {ratio: f"word {ratio}" for ratio in range(2, 10)},
    )


def test_translating_back_is_left_to_who_wants_to(small):
    content = lines().replace(",back", "").replace(",word ", "#")
    content = "\n".join(line.split("#")[0] for line in content.splitlines())

    assert read_folder(small(scale=content)).study.scale[0].back == {}


@pytest.mark.parametrize(
    ("line", "changed", "column", "code"),
    [
        (3, {"r3": "fr,10,mot,2,\n"}, "ratio", "not-a-ratio"),
        (3, {"r3": "fr,three,mot,2,\n"}, "ratio", "not-a-ratio"),
        (3, {"r3": "fr,2,mot,2,\n"}, "ratio", "ratio-twice"),
        (3, {"r3": "fr,3,,2,\n"}, "word", "no-word"),
        (3, {"r3": "francais!,3,mot,2,\n"}, "language", "not-a-language"),
        (2, {"r9": ""}, "ratio", "missing-ratios"),
        (2, {"r3": "fr,3,mot,3,\n"}, "version", "not-a-version"),
        (2, {f"r{n}": f"fr,{n},mot {n},0,\n" for n in range(2, 10)}, "version", "not-a-version"),
    ],
)
def test_what_is_wrong_in_it_is_named(faults, line, changed, column, code):
    found = {(f.file, f.line, f.column, f.code) for f in faults(scale=lines(**changed))}

    assert ("scale.csv", line, column, code) in found


def said_back(*words: str) -> str:
    """Return the French scale with these back translations for 2, 3 …"""
    rows = {f"r{n}": f"fr,{n},mot {n},2,{word}\n" for n, word in enumerate(words, 2)}
    return lines(**({f"r{n}": f"fr,{n},mot {n},2,\n" for n in range(2, 10)} | rows))


FALLING = [
    ("3 times", "2 times"),
    ("9", "8"),
    ("1/2", "1/3"),
    ("½", "⅓"),
    ("3:1", "2:1"),
    ("× 5", "x4"),
    ("2.5 times as much", '"2,4 times as much"'),
    ("seven times", "six times"),
    ("ninefold", "twice as much"),
    ("half as important", "a third as important"),
    ("three quarters", "one half"),
    ("7倍", "6倍"),
    ("九倍", "两倍"),
    ("в 3 раза", "в 2 раза"),
    ("втрое больше", "вдвое больше"),
    ("trois fois plus", "deux fois plus"),
    ("9 katı", "üç katı"),
    ("٣ أضعاف", "٢ أضعاف"),
    ("hugely more", "greatly more"),
    ("greatly more", "noticeably more"),
    ("significantly more", "modestly more"),
    ("by far the heavier of the two", "only a little heavier"),
    ("clearly more important than the other", "somewhat more important than it"),
]


@pytest.mark.parametrize(("low", "high"), FALLING)
def test_a_word_that_says_more_than_that_of_a_higher_ratio_is_refused(faults, low, high):
    [fall] = faults(scale=said_back(low, high))

    assert (fall.line, fall.column, fall.code) == (2, "back", "scale-falls")


@pytest.mark.parametrize(("low", "high"), FALLING)
def test_in_the_other_order_it_rises(small, low, high):
    assert read_folder(small(scale=said_back(high, low))).study.scale


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("3 times as much", "3 times as much"),
        ("between 3 and 5", "between 2 and 4"),
        ("much more", "very considerably more"),
        ("3 times as much", "strongly"),
        ("much", "not a little"),
        ("much", "equally strong or very strong"),
        ("this one more", "the one of the two"),
        ("1/0", "0"),
    ],
)
def test_words_that_cannot_be_told_apart_are_not_refused(small, low, high):
    assert read_folder(small(scale=said_back(low, high))).study.scale
