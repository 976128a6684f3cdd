"""Steelyard: a panel of experts weighs the indicators of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from survey.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application; without ``settings`` the environment decides.

    The imports stand inside, so that a command can use ``survey.folder``
    without loading a web framework.
    """
    from survey import (
        compression,
        config,
        drawing,
        errors,
        files,
        limits,
        locale,
        security,
        shares,
    )
    from survey.accounts import views as accounts
    from survey.allocating import views as allocating
    from survey.answering import views as answering
    from survey.authoring import views as authoring
    from survey.checking import views as checking
    from survey.choosing import views as choosing
    from survey.consensus import views as consensus
    from survey.contrasting import views as contrasting
    from survey.db import Database
    from survey.devices import views as devices
    from survey.editions import views as editions
    from survey.finishing import views as finishing
    from survey.health import views as health
    from survey.inviting import views as inviting
    from survey.offline import views as offline
    from survey.publishing import views as publishing
    from survey.rankings import views as rankings
    from survey.reconsidering import views as reconsidering
    from survey.reviewing import views as reviewing
    from survey.rounds import views as rounds
    from survey.scaling import views as scaling
    from survey.store import journal
    from survey.translating import views as translating
    from survey.unit_words import views as unit_words

    settings = settings or config.read_settings()
    files.keep_private(settings)
    app = security.Application(
        "survey",
        root_path=str(config.ROOT),
        instance_path=str(settings.instance),
    )
    app.extensions["settings"] = settings
    app.extensions["database"] = database = Database(settings.database_url)
    database.info[journal.KEY] = settings.secret_key.encode()
    compression.compress(app)  # before all others: what comes first here is done last
    security.protect(app, settings)
    locale.speak(app)
    limits.limit(app)
    drawing.draw(app)
    shares.write(app)
    errors.explain(app)

    app.register_blueprint(accounts.bp)
    app.register_blueprint(answering.bp)
    app.register_blueprint(allocating.bp)
    app.register_blueprint(contrasting.bp)
    app.register_blueprint(choosing.bp)
    app.register_blueprint(reconsidering.bp)
    app.register_blueprint(reviewing.bp)
    app.register_blueprint(finishing.bp)
    app.register_blueprint(devices.bp)
    app.register_blueprint(offline.bp)
    app.register_blueprint(authoring.bp)
    app.register_blueprint(inviting.bp)
    app.register_blueprint(offline.console)
    app.register_blueprint(scaling.bp)
    app.register_blueprint(unit_words.bp)
    app.register_blueprint(rounds.bp)
    app.register_blueprint(translating.bp)
    app.register_blueprint(consensus.bp)
    app.register_blueprint(editions.bp)
    app.register_blueprint(rankings.bp)
    app.register_blueprint(publishing.bp)
    app.register_blueprint(checking.bp)
    app.register_blueprint(health.bp)
    return app
