"""One cause is one sentence, with its first places and a count."""

import pytest

from survey.files.study_folder import FaultyFolder, read_folder
from survey.files.study_folder.faults import FolderFault, by_cause, cause_sentence
from tests.worlds.small_study import FILES


@pytest.fixture
def said(small):
    """Return the faults of the small study with these files, one line for each cause."""

    def found(**changed: str | bytes) -> list[str]:
        with pytest.raises(FaultyFolder) as refusal:
            read_folder(small(**changed))
        return str(refusal.value).splitlines()

    return found


def test_a_deleted_expert_is_one_sentence(said):
    [words] = said(
        panel=FILES["panel.csv"].replace("E1,air,en,pairwise\n", ""),
        abstentions="expert,parent,a,b\nE1,water,,\n",
    )

    assert words.startswith("comparisons.csv, line 2, column expert: “E1” is not in panel.csv")
    assert words.endswith("This occurs 5 times, in comparisons.csv, abstentions.csv.")


def test_percent_signs_are_one_sentence(said):
    points = "".join(
        line if number == 0 else f"{line}%\n"
        for number, line in enumerate(FILES["points.csv"].splitlines(keepends=True))
        for line in [line if number == 0 else line.rstrip()]
    )

    [words] = said(points=points)

    assert words == (
        "points.csv, line 2, column points: “50%” is not a number of points; expected 0 to 100. "
        "Write the number without a percent sign. "
        "This occurs 5 times, in lines 2, 3, 4, 5, 6."
    )


def test_shares_of_one_in_place_of_points_are_one_sentence(said):
    points = FILES["points.csv"].replace(",50", ",0.5").replace(",30", ",0.3")
    points = points.replace(",70", ",0.7")

    [words] = said(points=points)

    assert "sum to 1; expected 100." in words
    assert "This occurs 2 times" in words


def test_an_encoding_that_all_files_have_is_one_sentence(said):
    files = {
        stem: FILES[f"{stem}.csv"].replace("Eau", "Forêt").replace("Ozone,", "Ozoné,")
        for stem in ("groups", "indicators")
    }

    [words] = said(**{stem: text.encode("cp1252") for stem, text in files.items()})

    assert words.startswith("groups.csv, line 3: the letters of this line are not UTF-8")
    assert words.endswith("This occurs 2 times, in groups.csv, indicators.csv.")


def test_of_many_places_the_first_five_are_named():
    faults = [
        FolderFault("levels.csv", line, "dust", "blank", {"where": "x"}) for line in range(2, 90)
    ]

    [cause] = by_cause(faults)

    assert cause_sentence(cause).endswith("occurs 88 times, in lines 2, 3, 4, 5, 6, ….")


JUDGED = "E1,air,dust,ozone,2"
MEANT = [
    ("three", "Did you mean “3”?"),
    ("× 3", "Did you mean “3”?"),
    ("a third", "Did you mean “1/3”?"),
    ("trois fois", "Did you mean “3”?"),
    ("0.33", "Did you mean “1/3”?"),
    ('"0,33"', "Did you mean “1/3”?"),
    ("0.333", "Did you mean “1/3”?"),
    ("0.14", "Did you mean “1/7”?"),
    ("1.57", "The nearest are “1” and “2”."),
    ("0.667", "The nearest are “1/2” and “1”."),
    ("-3", "Did you mean “1/3”? A minus is not part of this format."),
    ("−1/3", "Did you mean “3”? A minus is not part of this format."),
    ("3 times", "Did you mean “3”?"),
    ("3倍", "Did you mean “3”?"),
]


@pytest.mark.parametrize("cell", ["1. Mrz", "1-مارس", "03.Oca", "03.янв", "3-août"])
def test_a_date_in_another_language_is_called_one(said, cell):
    [words] = said(comparisons=FILES["comparisons.csv"].replace(JUDGED, JUDGED[:-1] + cell))

    assert f"“{cell}” is a date" in words


@pytest.mark.parametrize(("cell", "hint"), MEANT)
def test_what_a_judgement_may_mean_is_said(said, cell, hint):
    [words] = said(comparisons=FILES["comparisons.csv"].replace(JUDGED, JUDGED[:-1] + cell))

    assert words.endswith(hint)
    assert "date" not in words


def test_the_same_decimals_have_one_cause_and_others_another(said):
    lines = FILES["comparisons.csv"].replace(",2\n", ",0.33\n").replace(",4\n", ",0.14\n")

    assert [words.rpartition("” is ")[0][-4:] for words in said(comparisons=lines)] == [
        "0.33",
        "0.14",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "n/a",
            "NA",
            "N/A",
            "..",
            "...",
            "…",
            "-",
            "–",
            "—",
            "−",
            "--",
            ":",
            "*",
            "x",
            "X",
            "．．",
        ),
        *("不适用", "sans objet", "N/D", "#Н/Д", "#YOK", "нет данных", "No data", "veri yok"),
    ],
)
def test_a_level_that_is_a_word_says_what_to_write(said, cell):
    [words] = said(levels=FILES["levels.csv"].replace("lyon,2", f"lyon,{cell}"))

    assert words.endswith(
        "Statistical tables write this where a figure is not available or does not apply. "
        "If the level is not known, leave the cell blank. "
        "This version does not read “does not apply”."
    )


def test_all_words_for_no_level_are_one_sentence(said):
    levels = "city,dust,ozone,soot,lead\nlyon,..,-,n/a,NA\ncairo,—,...,x,2\n"

    [words] = said(levels=levels)

    assert "This occurs 7 times, in lines 2, 3." in words


def test_half_a_level_says_that_levels_are_whole(said):
    [words] = said(levels=FILES["levels.csv"].replace("lyon,2", "lyon,1.5"))

    assert words.endswith("Levels are whole numbers.")


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("004", "4"),
        ("1E5", "1.00E+05"),
        ("100000000000", "1E+11"),
        ("3-1", "1-Mar"),
        ("3-1", "01.мар"),
        ("3-1", "1-mars"),
        ("2-1", "02.Oca"),
        ("8-1", "1-août"),
        ("1E5", '"1,00E+05"'),
        ("MAR1", "2026-03-01"),
        ("10-12", "10月12日"),
    ],
)
def test_a_code_that_a_spreadsheet_changed_is_found_again(said, code, left):
    cities = FILES["cities.csv"].replace("lyon,", f"{code},")
    levels = FILES["levels.csv"].replace("lyon,", f"{left},")

    [words] = said(cities=cities, levels=levels)

    found = left.strip('"')
    assert words.startswith(
        f"levels.csv, line 2, column city: “{found}” is not in cities.csv; did you mean “{code}”? "
        "A spreadsheet removes zeros in front"
    )


def test_two_codes_that_a_spreadsheet_makes_one_are_not_guessed(said):
    cities = FILES["cities.csv"].replace("lyon,", "004,").replace("oslo,", "0004,")
    levels = FILES["levels.csv"].replace("lyon,", "4,").replace("oslo,", "0004,")

    assert "spreadsheet" not in said(cities=cities, levels=levels)[0]


def test_all_codes_without_their_zeros_are_one_sentence(said):
    names = ["lyon", "cairo", "oslo", "lima"]
    cities, levels = FILES["cities.csv"], FILES["levels.csv"]
    for number, name in enumerate(names, 1):
        cities = cities.replace(f"\n{name},", f"\n00{number},")
        levels = levels.replace(f"\n{name},", f"\n{number},")

    [words] = said(cities=cities, levels=levels)

    assert words.endswith("This occurs 4 times, in lines 2, 3, 4, 5.")


SCALE = "language,ratio,word,version,back\n"
ENGLISH = [
    "slightly",
    "a bit",
    "rather",
    "clearly",
    "strongly",
    "much",
    "very much",
    "overwhelmingly more",
]
CHINESE = ["略微", "稍微", "比较", "明显", "强烈", "重要得多", "重要得多得多", "远远"]


def scale(language: str, words: list[str], back: list[str]) -> str:
    rows = enumerate(zip(words, back, strict=True), 2)
    return "".join(f"{language},{ratio},{word},1,{said}\n" for ratio, (word, said) in rows)


def test_a_scale_that_falls_when_translated_back_names_two_words(said):
    falling = scale("zh", CHINESE[::-1], ENGLISH[::-1])

    [words] = said(scale=SCALE + scale("en", ENGLISH, [""] * 8) + falling)

    assert "“远远” for 2" in words
    assert "“重要得多得多” for 3" in words


def test_a_scale_alone_is_told_by_english_words_of_strength(said):
    back = ["slightly more", "rather more", "strongly more", "much more", "clearly more"]

    [words] = said(scale=SCALE + scale("zh", CHINESE, [*back, "", "", "overwhelmingly more"]))

    assert "“重要得多” for" not in words
    assert "“much more”" in words


def test_a_scale_that_rises_is_read(small):
    rising = SCALE + scale("en", ENGLISH, [""] * 8) + scale("zh", CHINESE, ENGLISH)

    assert len(read_folder(small(scale=rising)).study.scale) == 2
