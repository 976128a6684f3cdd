"""What gunicorn is told when it is started by hand: ``gunicorn wsgi:app`` in this folder."""

from survey.server import OPTIONS

globals().update(OPTIONS)
