"""WSGI layer in front of the application, which fixes its host, scheme and root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from survey.web.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Key in the environment of the foreign host that was requested.
UNKNOWN_HOST = "steelyard.unknown_host"


class OwnAddress:
    """WSGI middleware that passes only the application's own address.

    A server may take the root of an application, ``SCRIPT_NAME``, from the request,
    and every address of a page would begin with it. The only root here is ``/``: the
    part that a server cut off belongs to the path. The scheme is the site's, for the
    same reason.

    A request for a foreign host continues under the site's own name, with a mark, so
    that its 400 page cannot contain the foreign name.
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
    """Wrap ``application`` in :class:`OwnAddress` and the number of trusted proxies."""
    guarded: WSGIApplication = OwnAddress(application, settings)
    count = settings.trusted_proxies
    return ProxyFix(guarded, x_for=count, x_proto=0, x_host=count) if count else guarded
