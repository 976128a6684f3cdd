"""Web application for tests: made once for each address, then used with each test's database.

To make it again (a hundred routes, the templates' environment) takes longer than
most tests; making it is tested in tests/web.
"""

from functools import cache
from pathlib import Path

from flask import Flask

from survey import create_app
from survey.store import journal
from survey.web import config
from survey.web.config import Settings
from survey.web.rates import Counters
from tests.clients.pages import PageClient
from tests.machinery.databases import kept

SECRET = "a secret for tests, long enough to be taken"


def application(database_url: str, instance: Path, site_url: str) -> Flask:
    """Return the application of an address, set to this database; one at a time."""
    app = _made(site_url)
    app.extensions["settings"] = Settings(instance, site_url, database_url, SECRET)
    app.extensions["database"] = database = kept(database_url, "application")
    database.info[journal.KEY] = SECRET.encode()
    app.extensions["limits"] = Counters()
    return app


@cache
def _made(site_url: str) -> Flask:
    app = create_app(Settings(config.ROOT, site_url, "sqlite:///:unused:", SECRET))
    app.extensions["database"].close()
    app.test_client_class = PageClient
    return app
