"""Steelyard: a panel of experts weighs the indicators of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from survey.web.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application; without ``settings`` the environment decides.

    The imports stand inside, so that a command can use ``survey.files.study_folder``
    without loading a web framework.
    """
    from survey.authors import blueprints as authors
    from survey.db import Database
    from survey.experts import blueprints as experts
    from survey.readers import blueprints as readers
    from survey.sign_in import blueprints as sign_in
    from survey.store import journal
    from survey.web import (
        addresses,
        charts,
        compression,
        config,
        errors,
        health,
        limits,
        locale,
        private,
        security,
        shares,
    )

    settings = settings or config.read_settings()
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
    limits.limit(app)
    addresses.name(app)
    charts.draw(app)
    shares.write(app)
    errors.explain(app)

    app.register_blueprint(health.bp)
    for wing in (experts, authors, readers, sign_in):
        for blueprint in wing.BLUEPRINTS:
            app.register_blueprint(blueprint)
    return app
