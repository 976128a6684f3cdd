"""However the same answers are written, they are the same answers."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.files.study_folder import FaultyFolder, read_folder
from survey.reports.panel.consensus import consensus_report
from tests.worlds.small_study import FILES

EXAMPLE = Path(__file__).parents[3] / "examples" / "arab-league-2024"

Table = list[list[str]]


def table(content: bytes) -> Table:
    return list(csv.reader(io.StringIO(content.decode())))


def written(rows: Table, dialect: str = "excel") -> bytes:
    target = io.StringIO()
    csv.writer(target, dialect).writerows(rows)
    return target.getvalue().encode()


def in_gb18030(_name: str, content: bytes) -> bytes:
    return content.decode().encode("gb18030")


def with_a_mark(_name: str, content: bytes) -> bytes:
    return b"\xef\xbb\xbf" + content


def with_carriage_returns(_name: str, content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")


def with_carriage_returns_alone(_name: str, content: bytes) -> bytes:
    return content.replace(b"\n", b"\r")


def with_every_cell_quoted(_name: str, content: bytes) -> bytes:
    return written(table(content), "unix")


def with_blanks_around(_name: str, content: bytes) -> bytes:
    return written([[f" {cell}　" for cell in row] for row in table(content)])


def with_empty_lines_and_cells_at_the_end(_name: str, content: bytes) -> bytes:
    return written([[*row, "", ""] for row in table(content)] + [["", ""], []])


def with_columns_in_another_order(name: str, content: bytes) -> bytes:
    rows = table(content)
    order = list(range(len(rows[0])))
    random.Random(name).shuffle(order)
    return written([[row[place] for place in order] for row in rows])


def with_every_pair_turned_round(name: str, content: bytes) -> bytes:
    if name != "comparisons.csv":
        return content
    header, *rows = table(content)
    return written([header, *([e, p, b, a, reciprocal(j)] for e, p, a, b, j in rows)])


def with_judgements_as_decimals(name: str, content: bytes) -> bytes:
    if name != "comparisons.csv":
        return content
    header, *rows = table(content)
    return written([header, *([e, p, a, b, decimal(j)] for e, p, a, b, j in rows)])


def with_judgements_in_another_order(name: str, content: bytes) -> bytes:
    if name != "comparisons.csv":
        return content
    header, *rows = table(content)
    random.Random(name).shuffle(rows)
    return written([header, *rows])


def reciprocal(judgement: str) -> str:
    return judgement.removeprefix("1/") if "/" in judgement else f"1/{judgement}"


def decimal(judgement: str) -> str:
    return repr(1 / int(judgement[2:])) if "/" in judgement else f"{judgement}.0"


@pytest.mark.parametrize(
    "rewrite",
    [
        in_gb18030,
        with_a_mark,
        with_carriage_returns,
        with_carriage_returns_alone,
        with_every_cell_quoted,
        with_blanks_around,
        with_empty_lines_and_cells_at_the_end,
        with_columns_in_another_order,
        with_every_pair_turned_round,
        with_judgements_as_decimals,
        with_judgements_in_another_order,
    ],
)
def test_the_same_answers_give_the_same_weights_to_the_last_bit(
    tmp_path: Path, rewrite: Callable[[str, bytes], bytes]
):
    for file in EXAMPLE.glob("*.csv"):
        content = rewrite(file.name, file.read_bytes())
        (tmp_path / file.name).write_bytes(content)

    original = consensus_report(read_folder(EXAMPLE).study).weights
    rewritten = consensus_report(read_folder(tmp_path).study).weights

    assert rewritten == original


def test_texts_keep_their_letters_in_gb18030(small):
    groups = FILES["groups.csv"].replace("Eau", "水资源 € 𠮷").encode("gb18030")

    reading = read_folder(small(groups=groups))

    assert reading.study.framework.groups[1].names["fr"] == "水资源 € 𠮷"
    assert [(note.file, note.code) for note in reading.notes] == [("groups.csv", "read-as-gb18030")]


CITIES = FILES["cities.csv"].replace("Le Caire", "القاهرة، 开罗").replace("Lyon,Lyon", "里昂,ليون")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (CITIES.encode("utf-16")[:-1], "damaged-text"),
        (CITIES.encode("utf-32"), "not-text"),
        # One byte of a long UTF-8 text is lost: GB18030 would read the rest as other words.
        (CITIES.encode().replace("开".encode(), "开".encode()[:2]), "damaged-text"),
        (b"\xef\xbb\xbf" + CITIES.encode() + b"\xff\n", "damaged-text"),
        # Lone surrogates, as some programs write emoji.
        (
            CITIES.encode() + "x,\ud83d\ude00,,,,,\n".encode("utf-8", "surrogatepass"),
            "damaged-text",
        ),
        (CITIES.encode() + b"x,\xff\xfe,,,,,\n", "damaged-text"),
    ],
)
def test_text_that_cannot_be_told_is_refused_not_guessed(faults, content, code):
    [fault] = faults(cities=content)

    assert (fault.file, fault.code) == ("cities.csv", code)


def test_a_cell_may_hold_several_lines_and_the_next_fault_has_its_own_line(small):
    tables = 'table,name_en,groups\nall,"All\nof ""it"", really",air water\nother,Other,fire\n'

    with pytest.raises(FaultyFolder) as refusal:
        read_folder(small(tables=tables))

    assert [fault.line for fault in refusal.value.faults] == [4]
