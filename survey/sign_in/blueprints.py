"""Blueprints of the pages on which anybody signs in or out."""

from survey.sign_in.views import bp as sign_in

BLUEPRINTS = (sign_in,)
