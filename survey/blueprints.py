"""The pages of the service, by the people they are for."""

from survey.authoring.views import bp as authoring
from survey.authors.questionnaire.views import bp as questionnaire
from survey.checking.views import bp as checking
from survey.consensus.views import bp as consensus
from survey.editions.views import bp as editions
from survey.experts.blueprints import BLUEPRINTS as EXPERTS
from survey.inviting.views import bp as inviting
from survey.publishing.views import bp as publishing
from survey.rankings.views import bp as rankings
from survey.rounds.views import bp as rounds
from survey.scaling.views import bp as scaling
from survey.sign_in.views import bp as sign_in
from survey.translating.views import bp as translating
from survey.unit_words.views import bp as unit_words
from survey.web.health import bp as health

AUTHORS = (
    authoring,
    inviting,
    questionnaire,
    scaling,
    unit_words,
    rounds,
    translating,
    consensus,
    editions,
    rankings,
)
#: Pages that need no session: links, what is published, a seal, the health address.
PUBLIC = (sign_in, publishing, checking, health)

BLUEPRINTS = (*EXPERTS, *AUTHORS, *PUBLIC)
