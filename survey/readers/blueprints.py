"""Blueprints of public pages."""

from survey.readers.methods.views import bp as methods
from survey.readers.rankings.views import bp as rankings
from survey.readers.seal.views import bp as seal

BLUEPRINTS = (
    rankings,
    methods,
    seal,
)
