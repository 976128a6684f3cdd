"""scale.csv: a word for each ratio, in one version of each language; or a precise fault."""

import pytest

from survey.folder import read_folder
from survey.values import ScaleWords

HEADER = "language,ratio,word,version,back\n"


def lines(**changed: str) -> str:
    """The French scale, its lines changed by their ratio; an empty one is left out."""
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
