"""An open round of the small study, and its experts at their browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey.db import Database
from tests import worlds
from tests.clients import arrivals
from tests.clients.pages import PageClient
from tests.worlds import World

Arrive = Callable[..., PageClient]


@pytest.fixture
def world() -> World:
    return worlds.opened


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def arrive(app: Flask, database: Database) -> Arrive:
    """Function that opens an expert's link in another browser."""

    def arrive(expert: str = "ANN", language: str = "en") -> PageClient:
        return arrivals.arrive(app, arrivals.link(database, expert), language)

    return arrive


@pytest.fixture
def ann(arrive: Arrive) -> PageClient:
    """The browser of an expert who answers pairwise."""
    return arrive("ANN")


@pytest.fixture
def bo(arrive: Arrive) -> PageClient:
    """The browser of an expert who divides points."""
    return arrive("BO")
