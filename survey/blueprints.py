"""The pages of the service, by the people they are for."""

from survey.authors.blueprints import BLUEPRINTS as AUTHORS
from survey.checking.views import bp as checking
from survey.experts.blueprints import BLUEPRINTS as EXPERTS
from survey.publishing.views import bp as publishing
from survey.sign_in.views import bp as sign_in
from survey.web.health import bp as health

#: Pages that need no session: links, what is published, a seal, the health address.
PUBLIC = (sign_in, publishing, checking, health)

BLUEPRINTS = (*EXPERTS, *AUTHORS, *PUBLIC)
