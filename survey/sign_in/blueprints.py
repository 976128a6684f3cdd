"""Blueprints of the pages for signing in and out."""

from survey.sign_in.views import bp as sign_in

BLUEPRINTS = (sign_in,)
