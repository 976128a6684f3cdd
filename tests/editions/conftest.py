import pytest

from survey.folder import read_folder
from tests.editions.cast import EXAMPLE, freeze, load, small_study


@pytest.fixture
def small(database, tmp_path):
    """The small study, loaded, with its frozen weights."""
    with database.writing() as session:
        study = load(session, small_study(tmp_path / "small"))
        freeze(session, study)
    return study


@pytest.fixture
def example(database):
    """The first edition, loaded, with its frozen weights."""
    with database.writing() as session:
        study = load(session, read_folder(EXAMPLE).study)
        freeze(session, study)
    return study
