"""Blueprints of an expert's pages, in the order in which an expert meets them."""

from survey.experts.best_worst.views import bp as best_worst
from survey.experts.decline.views import bp as decline
from survey.experts.devices.views import bp as devices
from survey.experts.feedback.views import bp as feedback
from survey.experts.finish.views import bp as finish
from survey.experts.kinds.views import bp as kinds
from survey.experts.landing.views import bp as landing
from survey.experts.offline.views import bp as offline
from survey.experts.own_weights.views import bp as own_weights
from survey.experts.pairs.views import bp as pairs
from survey.experts.points.views import bp as points

BLUEPRINTS = (
    landing,
    decline,
    kinds,
    pairs,
    points,
    best_worst,
    own_weights,
    feedback,
    finish,
    devices,
    offline,
)
