"""The example: the 2024 edition as a study folder."""

from pathlib import Path

import pytest

from survey.files.study_folder import read_folder, read_zip, write_folder, zipped
from survey.values import Judgement

EXAMPLE = Path(__file__).parents[3] / "examples" / "arab-league-2024"


@pytest.fixture(scope="module")
def study():
    return read_folder(EXAMPLE).study


def test_the_example_is_read_whole(study):
    assert study.code == "arab-league-2024"
    assert len(study.panel) == 18
    assert [len(study.framework.children(parent)) for parent in study.framework.parents] == [
        3,
        6,
        2,
        3,
    ]
    assert len(study.judgements) == 244
    assert len(study.allocations) == 6 * (3 + 6 + 2 + 3)
    assert len(study.units) == 62
    assert [table.code for table in study.tables] == [
        "total",
        "traditional",
        "digital-institutional",
    ]


def test_every_expert_reads_the_items_in_their_language(study):
    """Cities have their names in the languages of their sources only."""
    ladders = [rung.texts for i in study.framework.indicators for rung in i.rungs]
    named = (*study.framework.groups, *study.framework.indicators, *study.tables)
    texts = [study.titles, study.notices, *ladders, *(thing.names for thing in named)]

    assert len(ladders) == 33
    assert {frozenset(text) for text in texts} == {frozenset(("zh", "en", "ar", "fr", "ru", "tr"))}
    assert {frozenset(unit.names) for unit in study.units} == {frozenset(("zh", "en", "ar"))}


def test_a_judgement_counts_in_steps_toward_the_first(study):
    first, *_, fourth = study.judgements[:4]

    assert first == Judgement("E01", "digital", "wired", "wireless", 4)
    assert fourth == Judgement("E01", "traditional", "transport", "smart-transport", -1)


def test_nothing_in_the_example_is_ignored():
    assert read_folder(EXAMPLE).notes == ()


def test_what_is_written_is_read_again(study, tmp_path):
    write_folder(study, tmp_path / "copy")

    assert read_folder(tmp_path / "copy").study == study
    assert read_zip(zipped(study), "anything.zip").study == study


def test_the_same_study_gives_the_same_archive(study):
    assert zipped(study) == zipped(study)
