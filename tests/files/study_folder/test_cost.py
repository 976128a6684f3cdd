"""A small upload takes little time: its parts are counted, its cells are bounded."""

from dataclasses import replace
from time import process_time

import pytest

from survey.files.limits import COMMAND, UPLOAD
from survey.files.study_folder import FaultyFolder, properties
from survey.files.study_folder.reading import read_parts
from tests.worlds.small_study import FILES

DIGITS = "9" * 5000


def read(limits=UPLOAD, **changed: str):
    contents = FILES | {f"{stem}.csv": text for stem, text in changed.items()}
    return read_parts({name: text.encode() for name, text in contents.items()}, "small", limits)


def refusal(limits=UPLOAD, **changed: str) -> list[str]:
    with pytest.raises(FaultyFolder) as refused:
        read(limits, **changed)
    return str(refused.value).splitlines()


def lines(header: str, count: int, line: str) -> str:
    """Return a table of many rows; ``line`` is one, with the number for its fields."""
    return header + "".join(line.format(number) for number in range(count))


PANEL = "expert,direction,language,method\n"
SCALE = "language,ratio,word,version,back\n"
LEVELS = FILES["levels.csv"].partition("\n")[0]


def scale(languages: int) -> str:
    """Return the words of a scale in so many languages."""
    codes = [f"{a}{b}" for a in "abcdefghijklmno" for b in "abcdefghijklmno"][:languages]
    return SCALE + "".join(f"{c},{r},w{r},1,w{r}\n" for c in codes for r in range(2, 10))


@pytest.mark.parametrize(
    ("limits", "changed", "said"),
    [
        (
            {"directions": 2},
            {"panel": FILES["panel.csv"] + "E4,soil,en,direct\n"},
            "panel.csv: the column “direction” has 3 different words; expected at most 2.",
        ),
        (
            {"languages": 1},
            {},
            "panel.csv: there are 2 languages; expected at most 1.",
        ),
        (
            {"languages": 2},
            {"scale": scale(3)},
            "scale.csv: there are 3 languages; expected at most 2.",
        ),
        ({"tables": 1}, {}, "tables.csv: the table has 2 rows; expected at most 1."),
        ({"groups": 1}, {}, "groups.csv: the table has 2 rows; expected at most 1."),
        ({"indicators": 3}, {}, "indicators.csv: the table has 4 rows; expected at most 3."),
        (
            {"lines": 5},
            {"cities": "city\r\n" * 6},
            "cities.csv: the file has 6 lines; expected at most 5.",
        ),
        (
            {"cell": 300},
            {"panel": f"{PANEL[:-1]},name\nE1,air,en,direct,{'O' * 301}\n"},
            "panel.csv, line 2, column name: the cell has 301 characters; expected at most 300.",
        ),
    ],
)
def test_the_parts_of_an_upload_are_counted(limits, changed, said):
    assert said in refusal(replace(UPLOAD, **limits), **changed)


def test_every_limit_of_a_part_is_set_for_uploads():
    assert (UPLOAD.directions, UPLOAD.languages, UPLOAD.tables) == (200, 100, 200)
    assert (UPLOAD.groups, UPLOAD.indicators, UPLOAD.cell) == (1000, 1000, 200_000)
    assert (UPLOAD.lines, UPLOAD.faults) == (300_000, 20_000)


@pytest.mark.parametrize("limits", [UPLOAD, COMMAND])
@pytest.mark.parametrize(
    ("stem", "text", "column"),
    [
        ("indicators", FILES["indicators.csv"].replace("Poussière,2", f"x,{DIGITS}"), "levels"),
        ("panel", f"{PANEL[:-1]},seed\nE1,air,en,direct,{DIGITS}\n", "seed"),
        ("comparisons", f"expert,parent,a,b,judgement\nE1,air,dust,soot,{DIGITS}\n", "judgement"),
        ("points", f"expert,parent,item,points\nE3,air,dust,{DIGITS}\n", "points"),
        ("scale", f"{SCALE}en,2,w,{DIGITS},\n", "version"),
        ("levels", f"{LEVELS}\nlyon,{DIGITS},1,1,1\n", "dust"),
        ("levels", f"{LEVELS}\n{DIGITS}-1,1,1,1,1\n", "city"),
    ],
)
def test_a_cell_of_thousands_of_digits_is_refused(limits, stem, text, column):
    """Python refuses to convert more than 4,300 digits: two of these were an error 500."""
    [said] = [line for line in refusal(limits, **{stem: text}) if "characters" in line]

    assert said.startswith(f"{stem}.csv, line 2, column {column}: the cell has 500")
    assert said.endswith("expected at most 200.")


def test_a_code_of_thousands_of_digits_in_a_list_is_unknown():
    tables = FILES["tables.csv"] + f"long,Long,{DIGITS}-1\n"

    [said] = refusal(tables=tables)

    assert said.endswith("is not in groups.csv.")


def test_reading_stops_after_so_many_faults():
    levels = LEVELS + "\n" + "".join(f"c{n},1,1,1,1\n" for n in range(20))

    said = refusal(replace(UPLOAD, faults=3), levels=levels)

    assert len(said) == 4
    assert said[0] == (
        "levels.csv: reading stopped after 3 errors; put these right, and others may follow."
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{", "}", "an object has 1000 properties; expected at most"),
        ('{"titles": {', "}}", "there are 1000 languages; expected at most 100."),
    ],
)
def test_the_properties_of_an_upload_are_counted(before, after, said, monkeypatch):
    monkeypatch.setattr(properties, "_MOST", 999)
    codes = [f"{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    files = {name: text.encode() for name, text in FILES.items()}
    many = ", ".join(f'"{code}": "t"' for code in codes)
    files["datapackage.json"] = f"{before}{many}{after}".encode()

    with pytest.raises(FaultyFolder, match=f"datapackage.json: {said}"):
        read_parts(files, "small")


def test_a_text_of_a_description_is_bounded():
    files = {name: text.encode() for name, text in FILES.items()}
    files["datapackage.json"] = b'{"titles": {"en": "%s"}}' % (b"t" * 200_001)

    with pytest.raises(FaultyFolder) as refused:
        read_parts(files, "small")

    assert str(refused.value) == (
        "datapackage.json: “titles.en” has 200001 characters; expected at most 200000."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"panel": lines(PANEL, 12_000, "E{0},field {0},en,direct\n")},
        {"tables": lines("table,name_en,groups\n", 8000, "t{0},T,air\n")},
        {"scale": scale(200)},
    ],
    ids=["directions", "tables", "languages"],
)
def test_a_command_reads_many_parts_in_linear_time(changed):
    """Each took more than ten seconds: every part was compared with every other."""
    empty = {
        "points": "expert,parent,item,points\n",
        "comparisons": "expert,parent,a,b,judgement\n",
    }
    began = process_time()

    read(COMMAND, **(empty | changed))

    assert process_time() - began < 2
