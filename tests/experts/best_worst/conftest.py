"""Browser of an expert of the small study who answers best-worst."""

import pytest

from survey.values import BEST_WORST
from tests.clients import arrivals
from tests.clients.at_work import app, arrive, bo, world
from tests.clients.pages import PageClient

__all__ = ["app", "arrive", "bo", "cy", "world"]


@pytest.fixture
def cy(arrive, database) -> PageClient:
    """Cy, who has chosen the items that count most and least."""
    arrivals.answers_by(database, BEST_WORST)
    return arrive("CY")
