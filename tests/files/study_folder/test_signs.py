"""Signs in texts of a Chinese study are signs; escape sequences of other encodings are not text."""

import pytest

from survey.files.study_folder import read_folder, sentence
from tests.worlds.small_study import FILES

PANEL = FILES["panel.csv"].replace("E1,air,en", "E1,air,zh")


def judged(reason: str, encoding: str = "utf-8") -> bytes:
    text = FILES["comparisons.csv"].replace("judgement\n", "judgement,reason\n", 1)
    lines = [f"{line}," for line in text.splitlines()[1:]]
    lines[0] += reason
    return "\n".join(["expert,parent,a,b,judgement,reason", *lines, ""]).encode(encoding)


@pytest.mark.parametrize(
    "reason",
    [
        "20 °C",
        "at 20° or so",
        "per m²",
        "£5 a day",
        "½ of it",
        "about 2½ of them",
        "5 µg",
        "µg",
        "§ 3",
    ],
)
def test_a_sign_beside_its_number_or_word_is_read(small, reason):
    reading = read_folder(small(panel=PANEL, comparisons=judged(reason)))

    assert reading.study.judgements[0].reason == reason
    assert reading.notes == ()


@pytest.mark.parametrize("reason", ["陆", "陆 Lu", "掳"])
def test_a_chinese_word_is_not_read_as_a_sign(faults, reason):
    [fault] = faults(panel=PANEL, comparisons=judged(reason, "gb18030"))

    assert fault.code == "two-readings"


@pytest.mark.parametrize("encoding", ["iso2022_jp", "hz", "iso2022_kr"])
def test_text_in_escape_sequences_is_refused(faults, encoding):
    word = "주택" if encoding == "iso2022_kr" else "住宅"

    [fault] = faults(comparisons=judged(word, encoding))

    assert fault.code == "not-text"
    assert "choose File > Save As and the type “CSV UTF-8”" in sentence(fault)
