"""Files in place of others: a fault names the given file and the expected one."""

import io
import zipfile

import pytest

from survey.files.study_folder import FaultyFolder, read_folder
from survey.files.weight_set import FaultyWeightSet, read_weight_set
from survey.files.workbook import Worksheet, workbook
from tests.worlds.small_study import FILES

XLSX = workbook([Worksheet("Levels", ("city", "dust"), [{"city": "lyon", "dust": 2}])])
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TABLE = b"iCode,Level,Weight\r\nx1,1,0.4\r\n"


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return target.getvalue()


ODS = archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
ZIP = archive(small__readme=b"nothing")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (TABLE, "table"),
        (b"\xef\xbb\xbf" + TABLE, "table"),
        (TABLE.replace(b",", b";"), "table"),
        ("code\tpoids\r\né\t1\r\n".encode("utf-16"), "table"),
        ("code;poids (goût)\r\n".encode("cp1252"), "table"),
        (XLSX, "workbook"),
        (XLS, "workbook"),
        (ODS, "workbook"),
        (ZIP, "archive"),
        (b'{"format": "steelyard-publication/1"}', "publication"),
    ],
)
def test_in_the_place_of_a_weight_set(content, hint):
    with pytest.raises(FaultyWeightSet) as refusal:
        read_weight_set(content)

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["hint"]) == ("not-a-weight-set", hint)
    assert "“Download as JSON” gives it, and ./steelyard weigh -o writes it." in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"weights", b'{"format": ', b"\xff\xfe\xff"])
def test_what_is_none_of_these_is_no_json(content):
    with pytest.raises(FaultyWeightSet) as refusal:
        read_weight_set(content)

    assert [fault.code for fault in refusal.value.faults] == ["not-json"]


@pytest.mark.parametrize(
    ("content", "hint"),
    [(XLSX, "workbook"), (XLS, "workbook"), (ODS, "workbook"), (ZIP, "archive")],
)
def test_in_the_place_of_a_table(faults, content, hint):
    [fault] = faults(tables=content)

    assert (fault.file, fault.code, fault.data["hint"]) == ("tables.csv", "not-a-table", hint)


def test_workbooks_in_the_place_of_all_tables_are_one_sentence(small):
    files = {name.removesuffix(".csv"): XLSX for name in FILES}

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(small(**files))

    [words] = str(refusal.value).splitlines()
    assert words.startswith("groups.csv: expected a table as text")
    assert "The file is a spreadsheet workbook. This occurs 9 times" in words


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (TABLE, "table"),
        (XLSX, "workbook"),
        (XLS, "workbook"),
        (b'{"format": "steelyard-weight-set/2"}', "json"),
    ],
)
def test_in_the_place_of_a_study(tmp_path, content, hint):
    given = tmp_path / "given"
    given.write_bytes(content)

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(given)

    [fault] = refusal.value.faults
    assert (fault.code, fault.data["hint"]) == ("not-a-study", hint)
