"""The Flask application, before the wings add their pages."""

from flask import Flask

from survey.db import Database
from survey.store import journal
from survey.web import (
    addresses,
    charts,
    compression,
    config,
    errors,
    health,
    locale,
    private,
    rates,
    security,
    shares,
)
from survey.web.config import Settings


def make_application(settings: Settings) -> Flask:
    """Make the application: its database, its protection, its languages, its errors."""
    private.keep_private(settings)
    app = security.Application(
        "survey", root_path=str(config.ROOT), instance_path=str(settings.instance)
    )
    app.extensions["settings"] = settings
    app.extensions["database"] = database = Database(settings.database_url)
    database.info[journal.KEY] = settings.secret_key.encode()
    compression.compress(app)  # before all others: what comes first here is done last
    security.protect(app, settings)
    locale.speak(app)
    rates.limit(app)
    addresses.name(app)
    charts.draw(app)
    shares.write(app)
    errors.explain(app)
    app.register_blueprint(health.bp)
    return app
