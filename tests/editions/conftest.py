import pytest

from survey.folder import read_folder
from tests import console
from tests.editions.cast import EXAMPLE, freeze, load, small_study


@pytest.fixture
def app(database_url, tmp_path):
    app = console.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def author(app):
    """The signed-in author's browser."""
    return console.signed_in(app)


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
