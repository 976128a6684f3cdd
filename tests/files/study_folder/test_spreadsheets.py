"""Files as spreadsheets save them: other encodings, delimiters and numbers, in small files.

Each file is read with the right text, or refused where a word could be another: never mojibake.
"""

import codecs
from pathlib import Path

import pytest

from survey.files.study_folder import FaultyFolder, FolderFault, read_folder, sentence
from tests.worlds.small_study import FILES

#: Language → texts that people have in it, and the encodings in which their programs save them.
TEXTS = {
    "fr": (["Poussière", "Créée", "Évry", "L’Haÿ, forêt", "Œuvre"], ["cp1252"]),
    "de": (["Größe", "Ärger", "Übermaß"], ["cp1252"]),
    "tr": (["Gümüşhane", "İzmir", "ÖÇAL", "SÖĞÜT", "Şırnak"], ["cp1254"]),
    "ru": (["Москва", "МОСКВА", "Ёлка", "Нижний Новгород"], ["cp1251", "koi8-r"]),
    "ar": (["القاهرة", "مكة المكرمة", "الرياض، السعودية"], ["cp1256"]),
    "ja": (["東京", "ソニー", "ﾄｳｷｮｳ", "札幌市の雪"], ["cp932", "euc-jp"]),
    "ko": (["서울", "서울특별시", "부산", "가나다라"], ["cp949", "euc-kr"]),
    "zh": (["北京", "目录", "阿布扎比，阿联酋", "一个比较长的名称"], ["gbk", "gb18030"]),
    "zh-Hant": (["臺北", "高雄", "香港", "上海"], ["big5"]),
}
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]

CASES = [
    pytest.param(language, encoding, id=f"{language} {encoding}")
    for language, (_, encodings) in TEXTS.items()
    for encoding in (*encodings, *UNICODE)
]


def cities(language: str, words: list[str]) -> str:
    lines = (f'c{number},"{word}"\n' for number, word in enumerate(words))
    return f"city,name_{language}\n{''.join(lines)}"


def read_names(folder: Path, language: str) -> list[str] | FolderFault:
    """Return the names of the units, or the one fault."""
    try:
        return [unit.names[language] for unit in read_folder(folder).study.units]
    except FaultyFolder as refusal:
        [fault] = refusal.faults
        return fault


@pytest.mark.parametrize(("language", "encoding"), CASES)
@pytest.mark.parametrize("beside", ["name_fr", "name_zh"])
def test_a_text_is_read_as_it_was_written_or_refused(small, beside, language, encoding):
    """Alone and all together; whether the study has Chinese texts elsewhere, or not."""
    texts, _ = TEXTS[language]
    groups = FILES["groups.csv"].replace("name_fr", beside)
    for words in (*([text] for text in texts), texts):
        content = cities(language, words).encode(encoding)
        folder = small(cities=content, groups=groups, levels="city,dust,ozone,soot,lead\n")

        read = read_names(folder, language)

        if isinstance(read, FolderFault):
            assert encoding not in UNICODE
            assert (read.file, read.line > 1) == ("cities.csv", True)
            assert read.code in ("not-text", "two-readings", "damaged-text")
            assert "CSV UTF-8" in sentence(read)
        else:
            assert read == words


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_of_some_length_is_read(small, encoding):
    words = ["阿布扎比，阿联酋", "一个比较长的名称", "喆"]

    study = read_folder(
        small(cities=cities("zh", words).encode(encoding), levels="city,dust,ozone,soot,lead\n")
    ).study

    assert [unit.names["zh"] for unit in study.units] == words


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
@pytest.mark.parametrize(
    "words",
    [["北京"], ["多哈"], ["北京", "多哈"], ["张三"], ["开罗"], ["巴格达", "利雅得", "迪拜"]],
)
@pytest.mark.parametrize("beside", ["", ",country,capital", ",name_en"])
def test_short_chinese_names_are_read(small, encoding, words, beside):
    cells = {"": "", ",country,capital": ",QA,1", ",name_en": ",Doha"}[beside]
    lines = "".join(f"c{number},{word}{cells}\n" for number, word in enumerate(words))
    content = f"city,name_zh{beside}\n{lines}".encode(encoding)

    study = read_folder(small(cities=content, levels="city,dust,ozone,soot,lead\n")).study

    assert [unit.names["zh"] for unit in study.units] == words


@pytest.mark.parametrize(
    ("language", "word", "encoding"),
    [
        ("ru", "АЗИЯ", "cp1251"),
        ("ru", "Ош", "cp1251"),
        ("ar", "سر", "cp1256"),
        ("ar", "سق", "iso8859-6"),
        ("el", "ΑΓ", "cp1253"),
        ("he", "אב", "iso8859-8"),
        ("th", "มม", "cp874"),
        ("ja", "福岡", "euc-jp"),
        ("ja", "北海道", "euc-jp"),
        ("ko", "江景", "euc-kr"),
        ("ja", "ｱｱｾｩ", "cp932"),
        ("ko", "굇쑴", "cp949"),
        ("fr", "Évry", "cp1252"),
        ("tr", "ÖÇAL", "cp1254"),
        ("zh-Hant", "高雄", "big5"),
        ("zh", "高雄", "big5"),
        ("zh", "基隆", "big5"),
        ("zh", "雙溪", "big5"),
    ],
)
def test_in_a_column_of_chinese_names_another_text_is_refused(faults, language, word, encoding):
    """The study has that language too: its word has the bytes of frequent Chinese characters."""
    groups = FILES["groups.csv"].replace("name_fr", f"name_{language}")
    content = f"city,name_zh\nc1,{word}\n".encode(encoding)

    [fault] = faults(groups=groups, cities=content, levels="city,dust,ozone,soot,lead\n")

    assert (fault.file, fault.code) == ("cities.csv", "not-text")


@pytest.mark.parametrize("first", ["gbk", "utf-8"])
def test_a_file_of_two_encodings_is_refused_with_the_line(faults, first):
    other = {"gbk": "utf-8", "utf-8": "gbk"}[first]
    lines = ["阿布扎比，阿联酋", "开罗，埃及", "利雅得，沙特阿拉伯"]
    content = b"city,name_zh\n" + b"".join(
        f"c{number},{line}\n".encode(first if number else other)
        for number, line in enumerate(lines)
    )

    [fault] = faults(cities=content, levels="city,dust,ozone,soot,lead\n")

    assert fault.code in ("two-encodings", "damaged-text", "not-text")
    assert fault.line in (2, 3, 4)


def test_a_french_line_among_chinese_ones_is_refused(faults):
    content = "city,name_zh\nc1,阿布扎比和阿联酋\n".encode("gbk") + "c2,Poussière\n".encode(
        "cp1252"
    )

    [fault] = faults(cities=content, levels="city,dust,ozone,soot,lead\n")

    assert (fault.line, fault.code) == (3, "not-text")


@pytest.mark.parametrize("name", ["Réseau", "Hélène Lefèvre", "Größe", "Gümüşhane"])
def test_a_western_file_without_a_mark_is_read_in_a_study_with_chinese_texts(small, name):
    """Its columns say nothing of languages: é could be 茅, but not inside a word."""
    panel = FILES["panel.csv"].replace("E1,air", f"E1,{name}")
    groups = FILES["groups.csv"].replace("name_fr", "name_zh")

    study = read_folder(small(panel=panel.encode(), groups=groups)).study

    assert study.panel[0].direction == name


@pytest.mark.parametrize("sign", ["½", "¼", "¾", "1½", "3÷4", "6 ÷ 2", "10²", "45°", "±2"])
def test_a_sign_of_a_number_is_read_where_texts_are_not_chinese(small, sign):
    """½ has the bytes of 陆."""
    rungs = FILES["rungs.csv"].replace("Measured", f"{sign} of the streets")
    panel = FILES["panel.csv"].replace("E1,air", f"E1,{sign}")

    study = read_folder(small(rungs=rungs, panel=panel)).study

    assert study.framework.indicators[0].rungs[0].texts == {"en": f"{sign} of the streets"}
    assert study.panel[0].direction == sign


@pytest.mark.parametrize("beside", ["name_fr", "name_zh"])
def test_a_judgement_may_be_a_fraction_sign(small, beside):
    groups = FILES["groups.csv"].replace("name_fr", beside)
    comparisons = FILES["comparisons.csv"].replace("ozone,1/2", "ozone,½")

    study = read_folder(small(groups=groups, comparisons=comparisons)).study

    assert (
        study.answers
        == read_folder(small(groups=groups, comparisons=FILES["comparisons.csv"])).study.answers
    )


@pytest.mark.parametrize("cell", ["1½", "3÷4", "6 ÷ 2", "±10²"])
def test_a_number_with_a_sign_is_read_in_a_study_with_chinese_texts(small, cell):
    groups = FILES["groups.csv"].replace("name_fr", "name_zh")

    study = read_folder(
        small(groups=groups, panel=FILES["panel.csv"].replace("E1,air", f"E1,{cell}"))
    ).study

    assert study.panel[0].direction == cell


@pytest.mark.parametrize("word", ["陆", "梅", "目录", "录梅"])
def test_a_chinese_word_is_not_read_as_signs(faults, word):
    """½, ÷, Ŀ¼ and ¼÷ are no names."""
    groups = FILES["groups.csv"].replace("name_fr", "name_zh")

    [fault] = faults(
        groups=groups, panel=FILES["panel.csv"].replace("E1,air", f"E1,{word}").encode("gb18030")
    )

    assert (fault.file, fault.line, fault.code) == ("panel.csv", 2, "two-readings")


def test_nul_in_utf_16_is_refused(faults):
    content = FILES["cities.csv"].replace("Lima,PE", "Lima\0,PE").encode("utf-16")

    [fault] = faults(cities=content)

    assert (fault.line, fault.code) == (5, "nul")


# --------------------------------------------------------------------- delimiters and numbers


def as_saved_in(delimiter: str, content: str) -> str:
    """Return a table of the small study, whose texts have no comma, with decimal commas."""
    return content.replace(",", delimiter).replace(".", ",")


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("declared", ["", "sep={}\n", '"sep={}"\r\n', "sep={};;;\r\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_semicolons_tabs_and_decimal_commas_give_the_same_study(
    small, tmp_path, delimiter, declared, mark
):
    changed = {
        "points": FILES["points.csv"].replace("ozone,50", "ozone,49.5").replace("soot,0", "soot,.5")
    }
    changed["points"] = changed["points"].replace("soot,.5", "soot,0.5")
    expected = read_folder(small(**changed)).study
    folder = tmp_path / "saved"
    folder.mkdir()
    for name, content in {**FILES, "points.csv": changed["points"]}.items():
        text = declared.format(delimiter) + as_saved_in(delimiter, content)
        (folder / name).write_bytes(mark + text.encode())

    reading = read_folder(folder)

    assert reading.study == type(expected)(**{**vars_of(expected), "code": "saved"})
    assert reading.notes == ()


def vars_of(study) -> dict[str, object]:
    return {name: getattr(study, name) for name in study.__dataclass_fields__}


def test_a_fault_behind_a_declared_delimiter_has_its_line(faults):
    levels = "sep=;\n" + FILES["levels.csv"].replace(",", ";").replace("cairo;1", "cairo;9")

    [fault] = faults(levels=levels)

    assert (fault.line, fault.column, fault.code) == (4, "dust", "above-the-top")


@pytest.mark.parametrize(
    ("cell", "code"), [("1.234,5", "not-points"), ("4,9,5", "not-points"), ("50%", "not-points")]
)
def test_what_is_no_number_in_any_country_is_refused(faults, cell, code):
    [fault] = faults(points=FILES["points.csv"].replace("ozone,50", f'ozone,"{cell}"'))

    assert (fault.line, fault.code) == (3, code)


def test_the_example_is_read_from_semicolons(tmp_path):
    example = Path(__file__).parents[3] / "examples" / "arab-league-2024"
    for file in example.glob("*.csv"):
        text = file.read_text("utf-8")
        if '"' not in text:
            (tmp_path / file.name).write_text(as_saved_in(";", text), "utf-8")
        else:
            (tmp_path / file.name).write_text(text, "utf-8")

    assert read_folder(tmp_path).study.units == read_folder(example).study.units
