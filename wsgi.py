"""What a WSGI server loads: ``gunicorn wsgi:app``."""

import gc
import os
import sys

from survey import create_app
from survey.web.config import BadSetting
from survey.web.logs import write_log
from survey.web.running import note_address

os.umask(0o077)  # what the service writes is for its own user
os.environ.pop("STEELYARD_OWNER_DATABASE_URL", None)  # it changes no tables
write_log()
try:
    app = create_app()
except BadSetting as fault:
    print(fault, file=sys.stderr)
    # gunicorn takes 3 as "do not try again"; any other status restarts the worker for ever.
    sys.exit(3)
settings = app.extensions["settings"]
note_address(settings.instance, settings.site_url)
# What is loaded by now stays: no full collection needs to look through it.
gc.freeze()
