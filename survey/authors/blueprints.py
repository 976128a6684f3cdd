"""Blueprints of an author's pages, in the order of the author's work."""

from survey.authors.cities.views import bp as cities
from survey.authors.consensus.views import bp as consensus
from survey.authors.panel.views import bp as panel
from survey.authors.questionnaire.views import bp as questionnaire
from survey.authors.ranking.views import bp as ranking
from survey.authors.reasons.views import bp as reasons
from survey.authors.rounds.views import bp as rounds
from survey.authors.scale.views import bp as scale
from survey.authors.studies.views import bp as studies
from survey.authors.unit_words.views import bp as unit_words

BLUEPRINTS = (
    studies,
    scale,
    unit_words,
    panel,
    questionnaire,
    rounds,
    reasons,
    consensus,
    cities,
    ranking,
)
