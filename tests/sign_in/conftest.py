"""A study whose round is open, and a browser that is not signed in."""

import pytest

from tests.clients import arrivals
from tests.clients.pages import PageClient
from tests.worlds import cast


@pytest.fixture
def app(database_url, database, tmp_path):
    with database.writing() as session:
        cast.load_open(session)
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def visitor(app) -> PageClient:
    return app.test_client()
