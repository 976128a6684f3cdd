"""A panel that is asked a second time, and its experts at their browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from survey.models import Study
from tests import worlds
from tests.clients import arrivals
from tests.clients.at_work import Arrive, ann, bo
from tests.clients.pages import PageClient
from tests.worlds import World, further

__all__ = ["Arrive", "ann", "app", "arrive", "asked", "bo", "world"]


@pytest.fixture
def asked() -> further.Asked | None:
    """The questions by expert, with reasons; by default every expert is asked everything."""
    return None


@pytest.fixture
def world(asked: further.Asked | None) -> World:
    return worlds.asked_again if asked is None else worlds.answered


@pytest.fixture
def app(
    database_url: str, database: Database, tmp_path: Path, asked: further.Asked | None
) -> Iterator[Flask]:
    if asked is not None:
        with database.writing() as session:
            further.ask_some_again(session, session.scalars(select(Study)).one(), asked)
    app = arrivals.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def arrive(app: Flask, database: Database) -> Arrive:
    """Function that opens an expert's link to the second round in another browser."""

    def arrive(expert: str = "ANN", language: str = "en") -> PageClient:
        return further.arrive(app, database, expert, language)

    return arrive
