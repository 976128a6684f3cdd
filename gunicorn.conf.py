"""Settings of a gunicorn started by hand: ``gunicorn wsgi:app`` in this folder."""

from survey.logs import write_log
from survey.server import OPTIONS

write_log()
globals().update(OPTIONS)
