"""An application on each database, with the first edition published in it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from survey import values
from survey.authors.ranking import operations
from survey.authors.ranking.operations import prepare, publish
from survey.authors.ranking.queries import load_weight_sets
from survey.db import Database
from survey.files.publication import publication_digest, publication_text
from survey.files.study_folder import read_folder
from survey.models import Study
from survey.values import By
from tests import worlds
from tests.clients.applications import application
from tests.clients.pages import PageClient
from tests.worlds import World
from tests.worlds.cast import NOON
from tests.worlds.rankable import EXAMPLE, freeze, load, small_study

Publish = Callable[..., Study]


@pytest.fixture
def world() -> World:
    return worlds.nothing


@pytest.fixture
def client(database_url: str, tmp_path) -> Iterator[PageClient]:
    app = application(database_url, tmp_path, "http://127.0.0.1:8000")
    yield reader(app)
    app.extensions["database"].close()


def reader(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def published(database: Database) -> Publish:
    """Publish a study, loading it first where it is not there."""

    def make(
        content: values.Study | None = None, shares: tuple[float, ...] = (0.1, 0.3, 0.5)
    ) -> Study:
        settings = operations.RankingSettings(shares, "down", ("zh", "en", "ar"))
        with database.writing() as session:
            content = content or read_folder(EXAMPLE).study
            study = session.query(Study).filter_by(code=content.code).one_or_none()
            if study is None:
                study = load(session, content)
                freeze(session, study)
            weights = load_weight_sets(session, study)[0]
            shown = publication_digest(publication_text(prepare(session, study, weights, settings)))
            publish(session, study, weights, settings, shown, By("author author", NOON))
        return study

    return make


@pytest.fixture
def small(tmp_path) -> values.Study:
    return small_study(tmp_path / "small")
