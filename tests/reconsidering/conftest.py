"""The experts of a panel that is asked a second time, at their browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey.db import Database
from tests import experts, further
from tests.pages import PageClient

Arrive = Callable[..., PageClient]


@pytest.fixture
def app(database_url: str, database: Database, tmp_path: Path) -> Iterator[Flask]:
    with database.writing() as session:
        further.ask_again(session, further.load(session))
    app = experts.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def arrive(app: Flask, database: Database) -> Arrive:
    """Let an expert open her link to the second round; each call is another browser."""

    def arrive(expert: str = "ANN", language: str = "en") -> PageClient:
        with database.writing() as session:
            token = further.link(session, further.invitation(session, expert))
        return experts.arrive(app, token, language)

    return arrive


@pytest.fixture
def ann(arrive: Arrive) -> PageClient:
    return arrive("ANN")


@pytest.fixture
def bo(arrive: Arrive) -> PageClient:
    return arrive("BO")
