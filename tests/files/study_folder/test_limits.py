"""Limits of a study folder: a command has none, an upload states its own."""

from dataclasses import replace

import pytest

from survey.files.limits import UPLOAD
from survey.files.study_folder import FaultyFolder, read_folder, read_zip, write_folder, zipped
from survey.values import Expert, Framework, Group, Indicator, Judgement, Study, Unit


def crowd(experts: int, items: int, units: int = 0) -> Study:
    """Return a study of one group, in which each expert compares each pair."""
    indicators = tuple(Indicator(f"i{n}", "all", {"en": f"I {n}"}, 3) for n in range(items))
    framework = Framework((Group("all", {"en": "All"}),), indicators)
    panel = tuple(Expert(f"E{n}", "", "en", "pairwise") for n in range(experts))
    pairs = list(framework.pairs("all"))
    return Study(
        code="crowd",
        framework=framework,
        panel=panel,
        judgements=tuple(
            Judgement(expert.code, "all", *pair, (place % 17) - 8)
            for expert in panel
            for place, pair in enumerate(pairs)
        ),
        units=tuple(Unit(f"u{n}", {}, {i.code: n % 4 for i in indicators}) for n in range(units)),
    )


def test_a_thousand_experts_with_21_answers_are_read_again(tmp_path):
    study = crowd(1000, 7)
    assert len(study.judgements) == 21_000
    write_folder(study, tmp_path / "crowd")

    assert read_folder(tmp_path / "crowd").study == study
    assert read_zip(zipped(study), "crowd.zip").study == study


def test_a_table_of_more_than_200_columns_is_read_again(tmp_path):
    study = replace(crowd(1, 250, 2), judgements=())
    write_folder(study, tmp_path / "crowd")

    assert read_folder(tmp_path / "crowd").study == study


def test_an_upload_of_more_than_200_columns_is_refused_with_their_number():
    with pytest.raises(FaultyFolder) as refusal:
        read_zip(zipped(replace(crowd(1, 250, 2), judgements=())), "crowd.zip")

    assert str(refusal.value) == (
        "levels.csv, line 1: the table has 251 columns; expected at most 200."
    )


def test_an_upload_of_too_many_rows_is_refused_with_their_number():
    with pytest.raises(FaultyFolder) as refusal:
        read_zip(zipped(crowd(60, 7)), "crowd.zip", replace(UPLOAD, rows=1000))

    assert str(refusal.value) == (
        "comparisons.csv: the table has 1260 rows; expected at most 1000."
    )


def test_a_command_reads_an_archive_that_is_no_upload(tmp_path):
    path = tmp_path / "crowd.zip"
    path.write_bytes(zipped(replace(crowd(1, 250, 2), judgements=())))

    assert len(read_folder(path).study.framework.indicators) == 250


def test_a_text_longer_than_a_cell_of_the_standard_library_is_read_again(tmp_path):
    study = crowd(1, 2)
    [judgement] = study.judgements
    study = replace(study, judgements=(replace(judgement, reason="why " * 40_000),))

    assert read_zip(zipped(study), "crowd.zip").study == study
