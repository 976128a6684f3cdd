"""Settings for a gunicorn started by hand: ``gunicorn wsgi:app`` in this folder."""

from survey.web.logs import write_log
from survey.web.server import OPTIONS

write_log()
globals().update(OPTIONS)
