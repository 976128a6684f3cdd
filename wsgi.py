"""Entry point for a WSGI server: ``gunicorn wsgi:app``."""

import gc
import os
import sys

from survey import create_app
from survey.web.config import BadSetting
from survey.web.logs import write_log
from survey.web.running import note_address

os.umask(0o077)  # only the service's user may read its files
os.environ.pop("STEELYARD_OWNER_DATABASE_URL", None)  # it changes no tables
write_log()
try:
    app = create_app()
except BadSetting as fault:
    print(fault, file=sys.stderr)
    # gunicorn takes 3 as "do not try again"; with any other status it restarts the worker forever.
    sys.exit(3)
settings = app.extensions["settings"]
note_address(settings.instance, settings.site_url)
# Objects loaded by now stay: full collections need not search them.
gc.freeze()
