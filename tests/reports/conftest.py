from pathlib import Path

import pytest

from survey.files.study_folder import read_folder
from survey.files.study_folder.reading import read_parts
from tests.worlds.small_study import FILES

EXAMPLE = Path(__file__).parents[2] / "examples" / "arab-league-2024"


@pytest.fixture(scope="session")
def example():
    return read_folder(EXAMPLE).study


@pytest.fixture
def small():
    """The small study, as a function of the tables to change in it."""

    def study(**changed: str):
        texts = FILES | {f"{stem}.csv": text for stem, text in changed.items()}
        return read_parts({name: text.encode() for name, text in texts.items()}, "small").study

    return study
