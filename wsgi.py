"""What a WSGI server loads: ``gunicorn wsgi:app``."""

import gc
import sys

from survey import create_app
from survey.address import note_address
from survey.config import BadSetting
from survey.logs import write_log

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
