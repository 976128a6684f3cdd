"""Checks of every request, and headers of every response.

Hosts, origins, forms, sessions, headers and the request log are handled here and
nowhere else; views need not do anything for them.
"""

from __future__ import annotations

import hashlib
import logging
import posixpath
import secrets
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import Flask, Response, current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, UnprocessableEntity

from survey.db import Conflict
from survey.values.wording import shown
from survey.web import bounds
from survey.web.config import MAX_FIELD_BYTES, MAX_FORM_PARTS, MAX_REQUEST_BYTES, Settings
from survey.web.door import UNKNOWN_HOST, behind_the_door
from survey.web.logs import written_path

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = 2 * 365 * 24 * 3600
ONE_YEAR = 365 * 24 * 3600

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

#: Number of foreign hosts for which the log says what to set; scanners try many more.
MOST_HOSTS_TOLD = 20

log = logging.getLogger("steelyard")
requests_log = logging.getLogger("steelyard.requests")

csrf = CSRFProtect()


class UnknownHost(BadRequest):
    """The request names a host that this service does not answer to."""


class UnstorableText(UnprocessableEntity):
    """A text of the form has a NUL character."""


class CrossSite(Forbidden):
    """Another site sent this form."""


class Application(Flask):
    """Flask application that repeats a write after a conflict, and logs with an id."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Handle a request once more if its write conflicted with another one.

        A view writes in one block and answers after it, so the rollback undid all that it
        did.
        """
        before = dict(session) if request.method == "POST" else None
        try:
            return super().dispatch_request()
        except Conflict:
            if before is not None:
                session.clear()
                session.update(before)
            for file in request.files.values():
                file.stream.seek(0)
            return super().dispatch_request()

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        g.failure = secrets.token_hex(4)
        self.logger.error(
            "failure %s at %s %s",
            g.failure,
            shown(request.method, 20),
            written_path(request.path),
            exc_info=exc_info,
        )


def protect(app: Flask, settings: Settings) -> None:
    """Set up sessions, checks, headers and the request log."""
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        # A browser keeps a __Host- cookie to this one host, and only under https.
        SESSION_COOKIE_NAME="__Host-steelyard" if settings.https else "steelyard",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FIELD_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        # An expert may think for hours before they send a form.
        WTF_CSRF_TIME_LIMIT=None,
        # The pages send no referrer; refuse_cross_site takes its place.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["static_url"] = static_url

    app.wsgi_app = behind_the_door(app.wsgi_app, settings)  # type: ignore[assignment,method-assign]

    app.before_request(start_clock)
    bounds.bound(app)
    app.before_request(refuse_unknown_host)
    app.before_request(refuse_nul)
    app.before_request(refuse_cross_site)
    csrf.init_app(app)
    app.before_request(refuse_nul_in_texts)
    app.after_request(add_headers)
    app.after_request(log_request)


def start_clock() -> None:
    g.started = time.perf_counter()


def refuse_unknown_host() -> None:
    """Refuse a request for another host; the log says what to set, once for each host."""
    asked = request.environ.get(UNKNOWN_HOST)
    if asked is None:
        return
    told: set[str] = current_app.extensions.setdefault("unknown hosts", set())
    if asked not in told and len(told) < MOST_HOSTS_TOLD:
        told.add(asked)
        log.warning(
            "a request for the host %s was refused: STEELYARD_SITE_URL is %s. If people use "
            "another address, set STEELYARD_SITE_URL to it and restart; a proxy must pass "
            "the Host header on.",
            shown(asked) or "(none)",
            site_settings().site_url,
        )
    raise UnknownHost


def refuse_nul() -> None:
    """Refuse an address with a NUL character, which PostgreSQL cannot be asked for."""
    if "\0" in request.path:
        raise NotFound
    if _holds_nul(request.args):
        raise BadRequest


def refuse_nul_in_texts() -> None:
    """Refuse a form with a NUL character, which the databases do not store unchanged."""
    if request.method not in SAFE_METHODS and _holds_nul(request.form):
        raise UnstorableText


def _holds_nul(fields: MultiDict[str, str]) -> bool:
    return any("\0" in name or "\0" in text for name, text in fields.items(multi=True))


def refuse_cross_site() -> None:
    """Refuse a form that another site sent.

    ``Sec-Fetch-Site`` decides if a browser sends it. Older browsers, and all browsers
    on plain http, send only ``Origin``, which is ``null`` on the application's own
    forms because its pages send no referrer: then the form's token decides.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise CrossSite
        return
    origin = request.headers.get("Origin", "null")
    if origin != "null" and origin not in site_settings().origins:
        raise CrossSite


def add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if site_settings().https:
        response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    if request.endpoint == "static" and response.status_code < 400:
        _keep_while_unchanged(response)
    else:
        response.vary.update(["Cookie", "Accept-Language"])
        if session or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
    return response


def log_request(response: Response) -> Response:
    """Log one line, without address, query or token."""
    requests_log.info(
        "%s %s %d %.0f ms",
        shown(request.method, 20),
        written_path(request.path),
        response.status_code,
        1000 * (time.perf_counter() - g.started) if "started" in g else 0,
    )
    return response


def static_url(filename: str) -> str:
    """Return the address of a static file, which changes with the file, for caching."""
    return url_for("static", filename=filename, v=_digest(filename))


def site_settings() -> Settings:
    """Return the settings of this application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def site_link(endpoint: str, **values: Any) -> str:
    """Return an absolute link for sending, always from ``STEELYARD_SITE_URL``."""
    return site_settings().site_url + url_for(endpoint, **values)


def _digest(filename: str) -> str:
    folder = Path(current_app.static_folder or "")
    file = folder / filename
    state = file.stat()
    known: dict[str, tuple[int, str]] = current_app.extensions.setdefault("digests", {})
    if known.get(filename, (0, ""))[0] != state.st_mtime_ns:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        known[filename] = (state.st_mtime_ns, digest)
    return known[filename][1]


def _keep_while_unchanged(response: Response) -> None:
    asked = request.args.get("v")
    # Normalised as when the file was found: an address can name folders that do not exist.
    filename = posixpath.normpath((request.view_args or {}).get("filename", ""))
    if response.status_code in (200, 304) and asked == _digest(filename):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
