"""Error pages: what happened, what was saved, what to do."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from survey.db import DatabaseUnavailable, Unanswered
from survey.files.study_folder.example import CopiedExample
from survey.store.authors import AUTHOR_LINK_LASTS
from survey.store.rounds import WrongState
from survey.web.current import AuthorSignedOut
from survey.web.rates import count_wrong_link
from survey.web.responses import wants_json, wants_part
from survey.web.security import CrossSite, UnknownHost, UnstorableText, site_settings

#: The statuses with their own page; any other refusal gets the page of 400 or 500.
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})

#: Time after which a client may try a busy service again, in seconds.
RETRY_AFTER = "5"


def explain(app: Flask) -> None:
    """Register the error pages, which are in the language of the request."""
    app.register_error_handler(HTTPException, show_refusal)
    app.register_error_handler(UnknownHost, show_unknown_host)
    app.register_error_handler(UnstorableText, show_unstorable_text)
    app.register_error_handler(CrossSite, show_cross_site)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(AuthorSignedOut, show_author_signed_out)
    app.register_error_handler(WrongState, show_wrong_state)
    app.register_error_handler(DatabaseUnavailable, show_unavailable)
    app.register_error_handler(CopiedExample, show_copied_example)


def show_refusal(error: HTTPException) -> Response:
    status = error.code or 500
    page = status if status in PAGES else (500 if status >= 500 else 400)
    response = make_response(render_template(f"errors/{page}.html"), status)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    if status == 503:
        response.headers.setdefault("Retry-After", RETRY_AFTER)
    return response


def show_unknown_host(error: UnknownHost) -> tuple[str, int]:
    return render_template("errors/unknown_host.html", site=site_settings().site_url), 400


def show_unstorable_text(error: UnstorableText) -> tuple[str, int]:
    return render_template("errors/unstorable_text.html"), 422


def show_cross_site(error: CrossSite) -> tuple[str, int]:
    return render_template("errors/cross_site.html"), 403


def show_stale_form(error: CSRFError) -> tuple[str, int]:
    return render_template("errors/stale_form.html"), 400


def show_author_signed_out(error: AuthorSignedOut) -> tuple[str, int]:
    return render_template("errors/author_signed_out.html"), 403


def show_wrong_state(error: WrongState) -> tuple[str, int]:
    return render_template("errors/wrong_state.html", state=error.state), 409


def show_unavailable(error: DatabaseUnavailable) -> Response:
    """Tell that nothing was saved, with a form that sends the same values again.

    A write that is :class:`Unanswered` may be saved, and the page says so.
    """
    current_app.logger.warning("the database refuses: %s", error)
    if wants_json():
        response = jsonify(refused="unavailable")
    elif wants_part():
        response = make_response(render_template("errors/unavailable_part.html"))
    else:
        response = make_response(_unavailable_page(isinstance(error, Unanswered)))
    response.status_code = 503
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _unavailable_page(unanswered: bool) -> str:
    if unanswered:
        return render_template("errors/unanswered.html")
    sent = [] if request.files else [*request.form.items(multi=True)]
    return render_template("errors/unavailable.html", sent=sent)


def show_unknown_link(token: str | None = None) -> tuple[str, int]:
    """Return one page for unknown, revoked and used links, which does not say which.

    With the ``token`` of a personal link, the page offers to ask for a new one. Too many
    wrong links are refused.
    """
    count_wrong_link()
    hours = AUTHOR_LINK_LASTS // timedelta(hours=1)
    return render_template("errors/unknown_link.html", token=token, sign_in_hours=hours), 404


def show_copied_example(error: CopiedExample) -> tuple[str, int]:
    return render_template("errors/copied_example.html", left=error.left), 409
