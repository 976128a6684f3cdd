"""An application on an empty database, and clients that look at its pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey import create_app
from survey.web.config import Settings
from tests.clients.pages import PageClient

Serve = Callable[..., Flask]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Make an application; keyword arguments replace settings."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        defaults = {
            "instance": tmp_path,
            "site_url": "http://127.0.0.1:8000",
            "database_url": f"sqlite:///{tmp_path / 'steelyard.sqlite3'}",
            "secret_key": "a secret for tests, long enough to be taken",
        }
        app = create_app(Settings(**{**defaults, **settings}))  # type: ignore[arg-type]
        app.test_client_class = PageClient
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["database"].close()


@pytest.fixture
def app(serve: Serve) -> Flask:
    return serve()


@pytest.fixture
def client(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client
