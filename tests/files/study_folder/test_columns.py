"""Columns that are not read, and words that differ only in case, blanks or width."""

import pytest

from survey.files.study_folder import read_folder, sentence
from survey.files.study_folder.columns import Header
from survey.files.study_folder.findings import Findings
from tests.worlds.small_study import FILES


def with_column(stem: str, name: str, *cells: str) -> dict[str, str]:
    """Return a table of the small study with one more column; its last cell is repeated."""
    header, *lines = FILES[f"{stem}.csv"].splitlines()
    filled = [*cells, *[cells[-1]] * len(lines)]
    rows = [f"{line},{cell}" for line, cell in zip(lines, filled, strict=False)]
    return {stem: "\n".join((f"{header},{name}", *rows)) + "\n"}


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        *[("panel", "weight"), ("groups", "parent"), ("indicators", "direction")],
        *[("indicators", "step"), ("indicators", "measure"), ("indicators", "sign")],
        *[("indicators", "Reverse"), ("indicators", " WEIGHT "), ("rungs", "value")],
        *[("rungs", "from"), ("points", "weight"), ("comparisons", "Weight"), ("groups", "权重")],
        *[
            ("indicators", "Weight (%)"),
            ("panel", "expert_weight"),
            ("indicators", "指标权重（%）"),
        ],
        *[
            ("indicators", "AĞIRLIK (%)"),
            ("indicators", "Higher is better?"),
            ("groups", "Poids %"),
        ],
        *[("indicators", "Gewicht"), ("indicators", "指标方向"), ("indicators", "cost/benefit")],
        *[("indicators", "Coef."), ("indicators", "Ağırlıklar"), ("groups", "Gösterge ağırlığı")],
        *[("indicators", "الأوزان"), ("indicators", "Направленность"), ("indicators", "负向指标")],
        *[("indicators", "Lower = better"), ("indicators", "Higher is worse")],
        *[("indicators", "Reverse scale"), ("panel", "Коэффициент"), ("indicators", "Katsayı")],
        *[("indicators", "cost"), ("indicators", "Benefit"), ("indicators", "type")],
        *[("indicators", "指标类型"), ("indicators", "正负"), ("indicators", "Знак")],
        *[
            ("indicators", "direction_en"),
            ("indicators", "Sign of effect"),
            ("indicators", "İşaret"),
        ],
        *[("indicators", "Wgt"), ("panel", "w"), ("groups", "share"), ("indicators", "better")],
        *[("indicators", "multiplicator"), ("panel", "Multiplikator"), ("indicators", "比重")],
        *[("indicators", "IndicatorWeight"), ("indicators", "w_i"), ("groups", "w1")],
        *[("indicators", "less is better"), ("indicators", "+/-"), ("groups", "%")],
        *[("indicators", "polaridad"), ("indicators", "полярность"), ("indicators", "性质")],
        *[("indicators", "权数"), ("panel", "votes"), ("panel", "компетентность")],
        *[("indicators", "Reverse scored"), ("indicators", "Ｗｅｉｇｈｔ"), ("indicators", "unit")],
    ],
)
def test_a_column_that_would_change_the_result_is_a_fault(faults, stem, name):
    [fault] = faults(**with_column(stem, name, "2"))

    assert (fault.file, fault.line, fault.column) == (f"{stem}.csv", 1, name.strip())
    assert fault.code == "column-not-read"
    assert "this version does not read it" in sentence(fault)


def test_a_column_of_the_same_name_without_a_cell_changes_nothing(small):
    [note] = read_folder(small(**with_column("indicators", "direction", ""))).notes

    assert (note.column, note.code) == ("direction", "column-ignored")


class Passes(list):
    """Records that count how often they are gone through: each time is a parsing of the file."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()


@pytest.mark.parametrize(
    ("names", "times"), [(["weight", "direction", "parent"], 1), (["note", "source", "remark"], 0)]
)
def test_the_cells_of_ignored_columns_are_looked_at_once(names, times):
    records = Passes([(2, ["E1", "", "", ""]), (3, ["E2", "", "7", ""])])
    findings = Findings()

    assert Header("panel.csv", 1, ["expert"], [], "").check(["expert", *names], records, findings)

    assert records.times == times
    assert [fault.column for fault in findings.faults] == [*(["direction"] if times else [])]
    assert len(findings.notes) == 3 - times


def test_a_column_that_changes_nothing_is_noted(small):
    for name in ("population", "Investment", "better than", "higher education", "сайт"):
        [note] = read_folder(small(**with_column("cities", name, "5"))).notes

        assert (note.column, note.code) == (name, "column-ignored")


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        *[("groups", "type"), ("cities", "cost"), ("cities", "share"), ("cities", "better")],
        *[("panel", "direction_en"), ("tables", "type"), ("indicators", "design")],
        *[("indicators", "assigned to"), ("indicators", "typeface"), ("panel", "better")],
    ],
)
def test_a_word_that_says_nothing_of_this_table_is_noted(small, stem, name):
    [note] = read_folder(small(**with_column(stem, name, "2"))).notes

    assert (note.column, note.code) == (name, "column-ignored")


@pytest.mark.parametrize(
    "name", ["given.csv", "Given.csv", "GIVEN.CSV", "given .csv", "given.csv ", "givens.csv"]
)
def test_the_weights_that_a_file_gives_are_a_fault(small, name):
    folder = small()
    (folder / name).write_text("parent,item,weight\ngoal,air,60\ngoal,water,40\n")

    with pytest.raises(Exception, match=rf"^{name}: the file would change the result"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("stem", "old", "new"),
    [
        ("cities", "name_en", "Name_EN"),
        ("cities", "country", "Country"),
        ("comparisons", "judgement", "JUDGEMENT"),
        ("levels", "ozone", "Ozone"),
        ("panel", "direction", "Ｄirection"),
    ],
)
def test_a_column_in_capitals_is_read_and_noted(small, stem, old, new):
    expected = read_folder(small()).study

    reading = read_folder(small(**{stem: FILES[f"{stem}.csv"].replace(old, new, 1)}))

    assert reading.study == expected
    [note] = reading.notes
    assert (note.code, note.data["name"]) == ("column-read-as", old)


def test_directions_that_differ_in_case_blanks_or_width_are_one(small):
    panel = FILES["panel.csv"].replace("E1,air", "E1,South eastern")
    panel = panel.replace("E2,water", "E2,South  Eastern ").replace("E3,water", "E3,ＳOUTH EASTERN")

    reading = read_folder(small(panel=panel))

    assert {expert.direction for expert in reading.study.panel} == {"South eastern"}
    assert [(n.line, n.column, n.code) for n in reading.notes] == [
        (3, "direction", "words-read-as"),
        (4, "direction", "words-read-as"),
    ]


def test_directions_in_turkish_capitals_are_one(small):
    panel = FILES["panel.csv"].replace("E1,air", "E1,İzmir kıyısı")
    panel = panel.replace("E2,water", "E2,İZMİR KIYISI").replace("E3,water", "E3,izmir kıyısı")

    reading = read_folder(small(panel=panel))

    assert {expert.direction for expert in reading.study.panel} == {"İzmir kıyısı"}


def test_a_direction_is_the_group_that_it_names(small):
    reading = read_folder(small(panel=FILES["panel.csv"].replace("E1,air", "E1,Air ")))

    assert reading.study.panel[0].direction == "air"
    assert [note.code for note in reading.notes] == ["words-read-as"]


def test_groups_that_differ_in_case_are_two_directions(small):
    files = {
        name.removesuffix(".csv"): text.replace("water", "AIR") for name, text in FILES.items()
    }

    reading = read_folder(small(**files))

    assert [expert.direction for expert in reading.study.panel] == ["air", "AIR", "AIR"]
    assert [(note.file, note.code) for note in reading.notes] == [("groups.csv", "looks-alike")]


def test_a_direction_alone_is_kept_as_it_is(small):
    reading = read_folder(small(panel=FILES["panel.csv"].replace("E1,air", "E1,  Law And Order ")))

    assert reading.study.panel[0].direction == "  Law And Order "
    assert reading.notes == ()


@pytest.mark.parametrize(("old", "new"), [("en,pairwise", "EN,Pairwise"), ("fr", " ＦＲ ")])
def test_languages_and_methods_may_be_in_capitals(small, old, new):
    expected = read_folder(small()).study

    assert read_folder(small(panel=FILES["panel.csv"].replace(old, new))).study == expected


def test_a_column_of_notices_is_read_over(small):
    """Downloads of illustrative data have it in every row; people paste them into tables."""
    levels = "".join(
        f"{line},{'notice' if n == 0 else 'Made up.'}\n"
        for n, line in enumerate(FILES["levels.csv"].splitlines())
    )

    assert read_folder(small(levels=levels)).study.units == read_folder(small()).study.units


def test_no_table_of_a_study_is_named_like_that_column(faults):
    tables = FILES["tables.csv"].replace("air-only", "notice")

    assert [(f.column, f.code) for f in faults(tables=tables)] == [("table", "reserved-code")]


@pytest.mark.parametrize(
    "above",
    ["Levels of cities\n", "Levels,,,,\n\n", "city,air,,,water\n", "Table 1; levels\nin 2024\n"],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_title_above_the_header_is_one_sentence(faults, above, delimiter):
    levels = above + FILES["levels.csv"].replace(",", delimiter)

    [fault] = faults(levels=levels)

    assert (fault.file, fault.code) == ("levels.csv", "header-below")
    assert fault.data["found"] == above.count("\n") + 1


def test_several_missing_columns_are_one_sentence(faults):
    [fault] = faults(levels="town,air,water\nlyon,1,2\n")

    assert (fault.code, fault.data["expected"]) == (
        "no-columns",
        "city, dust, ozone, soot, lead",
    )


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("VRAI", "FAUX"),
        ("WAHR", "FALSCH"),
        ("ИСТИНА", "ЛОЖЬ"),
        ("DOĞRU", "YANLIŞ"),
        ("Evet", "HAYIR"),
        ("TRUE", "False"),
        ("是", "否"),
        ("نعم", "لا"),
    ],
)
def test_truth_values_are_read_as_spreadsheets_write_them(small, yes, no):
    cities = FILES["cities.csv"].replace("FR,0", f"FR,{no}").replace("EG,1", f"EG,{yes}")

    assert read_folder(small(cities=cities)).study.units == read_folder(small()).study.units


def test_two_byte_order_marks_are_passed_over(small):
    levels = "\ufeff\ufeff" + FILES["levels.csv"]

    assert read_folder(small(levels=levels)).study.units == read_folder(small()).study.units


def test_weights_beside_a_study_are_noted(small):
    folder = small()
    (folder / "weights.csv").write_text("code,weight\n")

    [note] = read_folder(folder).notes

    assert (note.file, note.code) == ("weights.csv", "file-not-read")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("weighings.csv", None), ("regions.csv", None), ("Reviews.csv", "reviews.csv")],
)
def test_a_file_is_compared_by_its_name_alone(small, name, meant):
    """That both end in .csv makes no two alike."""
    folder = small()
    (folder / name).write_text("code\n")

    notes = read_folder(folder).notes

    assert [(note.file, note.data["nearest"]) for note in notes] == (
        [(name, meant)] if meant else []
    )


def with_comments(points: str, comment: str) -> str:
    lines = FILES["points.csv"].replace("ozone,50", f"ozone,{points}").splitlines()
    rows = [f"{lines[0]},comment", *(f"{line}," for line in lines[1:])]
    return "\n".join(f"{row}{comment}" if "ozone" in row else row for row in rows) + "\n"


def test_decimals_in_the_column_behind_are_a_fault(faults):
    """50,5 without quotes would be 50 points, and a comment 5."""
    [fault] = faults(points=with_comments("50", "5"))

    assert sentence(fault) == (
        "points.csv, line 3, column comment: “50” and “5” may be one number with a decimal comma. "
        "Write a decimal point, or remove this column."
    )


@pytest.mark.parametrize(("points", "comment"), [("50", "see 5"), ("50.0", "5"), ('"50,0"', "5")])
def test_a_comment_behind_a_number_is_ignored(small, points, comment):
    [note] = read_folder(small(points=with_comments(points, comment))).notes

    assert (note.column, note.code) == ("comment", "column-ignored")


def test_a_number_behind_a_judgement_may_be_its_decimals(faults):
    """1,5 is not on the scale, and would be 1."""
    [fault] = faults(
        comparisons="expert,parent,a,b,judgement,source\nE1,goal,air,water,1,5\n"
        "E2,goal,air,water,3,\n"
    )

    assert (fault.line, fault.column, fault.code) == (2, "source", "decimals-behind")


@pytest.mark.parametrize(
    ("stem", "name", "nearest"),
    [
        ("comparisons", "reasons", "reason"),
        ("comparisons", "resaon", "reason"),
        ("panel", "names", "name"),
        ("cities", "name de", "name_de"),
        ("cities", "Name (tr)", "name_tr"),
    ],
)
def test_a_column_that_is_nearly_one_of_the_format_is_named(small, stem, name, nearest):
    [note] = read_folder(small(**with_column(stem, name, "because"))).notes

    assert (note.column, note.code) == (name, "column-ignored-nearest")
    assert note.data["nearest"] == nearest


def test_names_without_a_language_are_named(small):
    cities = FILES["cities.csv"].replace("name_en", "name")

    [note] = read_folder(small(cities=cities)).notes

    assert (note.code, note.data["nearest"]) == ("column-ignored-nearest", "name_en")


@pytest.mark.parametrize("name", ["Datapackage.json", "datapackage.JSON", "datapackage .json"])
def test_a_description_in_capitals_is_a_fault(small, name):
    """Its title, contact and notice were lost with a note."""
    folder = small()
    (folder / name).write_text('{"title": "Air"}')

    with pytest.raises(Exception, match=rf"^datapackage.json: the file is missing; .*{name}"):
        read_folder(folder)
