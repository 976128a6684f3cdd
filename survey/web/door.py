"""The WSGI layer in front of the application: its own host, scheme and root, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from survey.web.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The place in the environment of the foreign host that was asked for.
UNKNOWN_HOST = "steelyard.unknown_host"


class OwnAddress:
    """Let the application see an address of its own only.

    A server takes the root of an application, ``SCRIPT_NAME``, from the request
    when it is told to, and every address of a page would begin with it. There is
    no root but ``/`` here: what a server cut off is part of the path. The scheme
    is the site's, for the same reason.

    A request for a foreign host goes on under the site's own name, marked, so
    that its 400 page cannot carry the foreign one.
    """

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._hosts = settings.hosts
        self._own = min(settings.hosts, key=len)
        self._scheme = "https" if settings.https else "http"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        environ["SCRIPT_NAME"] = ""
        environ["wsgi.url_scheme"] = self._scheme
        asked = environ.get("HTTP_HOST", "")
        if asked.lower() not in self._hosts:
            environ["HTTP_HOST"] = self._own
            environ[UNKNOWN_HOST] = asked
        return self._application(environ, start_response)


def behind_the_door(application: WSGIApplication, settings: Settings) -> WSGIApplication:
    """``application`` behind its door, and behind the proxies that the settings trust."""
    guarded: WSGIApplication = OwnAddress(application, settings)
    count = settings.trusted_proxies
    return ProxyFix(guarded, x_for=count, x_proto=0, x_host=count) if count else guarded
