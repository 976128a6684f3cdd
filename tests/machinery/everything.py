"""Imports all that a service needs, for processes to be forked from."""

import psycopg  # noqa: F401

import survey.commands.service
import survey.web.server  # noqa: F401
from survey import create_app
from survey.web.config import ROOT, Settings

# Blueprints are imported where an application is made. This one serves nobody.
create_app(Settings(ROOT, "http://127.0.0.1", "sqlite:///:unused:", "no secret " * 4))
