"""Imports all that a service needs, for processes to be forked from."""

from importlib import import_module

from survey import create_app
from survey.web.config import ROOT, Settings

for name in ("psycopg", "survey.commands.service", "survey.web.server"):
    import_module(name)

# Blueprints are imported where an application is made. This one serves no requests.
create_app(Settings(ROOT, "http://127.0.0.1", "sqlite:///:unused:", "no secret " * 4))
