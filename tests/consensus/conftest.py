import pytest

from tests import cast, console


@pytest.fixture
def app(database_url, tmp_path):
    app = console.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def store(app):
    """The application's own database."""
    return app.extensions["database"]


@pytest.fixture
def author(app):
    """The signed-in author's browser."""
    return console.signed_in(app)


@pytest.fixture
def pilot(store):
    """A study of hers, its round a draft."""
    with store.writing() as session:
        cast.load(session)
    return "/author/studies/pilot"
