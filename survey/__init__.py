"""Steelyard, in which a panel of experts weighs the indicators of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from survey.web.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application; the default settings come from the environment.

    The imports are inside the function, so that a command can use
    ``survey.files.study_folder`` without loading a web framework.
    """
    from survey.authors import blueprints as authors
    from survey.experts import blueprints as experts
    from survey.readers import blueprints as readers
    from survey.sign_in import blueprints as sign_in
    from survey.web.application import make_application
    from survey.web.config import read_settings

    app = make_application(settings or read_settings())
    for wing in (experts, authors, readers, sign_in):
        for blueprint in wing.BLUEPRINTS:
            app.register_blueprint(blueprint)
    return app
