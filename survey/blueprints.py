"""The pages of the service, by the people they are for."""

from survey.allocating.views import bp as allocating
from survey.answering.views import bp as answering
from survey.authoring.views import bp as authoring
from survey.authors.questionnaire.views import bp as questionnaire
from survey.checking.views import bp as checking
from survey.choosing.views import bp as choosing
from survey.consensus.views import bp as consensus
from survey.contrasting.views import bp as contrasting
from survey.devices.views import bp as devices
from survey.editions.views import bp as editions
from survey.experts.decline.views import bp as decline
from survey.experts.landing.views import bp as landing
from survey.experts.offline.views import bp as offline
from survey.finishing.views import bp as finishing
from survey.inviting.views import bp as inviting
from survey.publishing.views import bp as publishing
from survey.rankings.views import bp as rankings
from survey.reconsidering.views import bp as reconsidering
from survey.reviewing.views import bp as reviewing
from survey.rounds.views import bp as rounds
from survey.scaling.views import bp as scaling
from survey.sign_in.views import bp as sign_in
from survey.translating.views import bp as translating
from survey.unit_words.views import bp as unit_words
from survey.web.health import bp as health

EXPERTS = (
    answering,
    allocating,
    contrasting,
    choosing,
    reconsidering,
    reviewing,
    finishing,
    devices,
    offline,
)
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
PUBLIC = (landing, decline, sign_in, publishing, checking, health)

BLUEPRINTS = (*EXPERTS, *AUTHORS, *PUBLIC)
