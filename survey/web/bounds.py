"""Bounds of a request, checked before any of it is parsed.

A byte of a query, a header or a form costs a hundred times as much to parse as
to send: 160,000 empty fields cost what 40 pages do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask, request
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)

from survey.web.config import MAX_FIELD_BYTES, MAX_FORM_PARTS

#: Bytes and fields of a query; the longest one of the application has ten fields.
MAX_QUERY_BYTES, MAX_QUERY_FIELDS = 4096, 100
#: Bytes of the Cookie header and cookies in it: a browser keeps 4,096 bytes for one cookie.
MAX_COOKIE_BYTES, MAX_COOKIES = 8192, 60
#: Bytes of the languages that a browser asks for.
MAX_LANGUAGE_BYTES = 500
#: Bytes of all headers.
MAX_HEADER_BYTES = 32 * 1024
#: Fields of a form without files; the form of a round that asks 1,000 experts has 1,000.
MAX_FORM_FIELDS = 4000
#: Characters of the boundary of a form with files: RFC 2046 allows 70, some clients send 71.
MAX_BOUNDARY = 100
#: Bytes of the head of such a part, and parameters in it: the name of a field, that of a file.
MAX_PART_HEAD, MAX_PART_PARAMETERS = 2000, 20

#: The end of a boundary's line and of a part's head, as werkzeug parses them.
_BOUNDARY_LINE = re.compile(rb"[^\S\n\r]*(?:\r\n|\n|\r)?")
_BLANK_LINE = re.compile(rb"\r\n\r\n|\r\r|\n\n")


def bound(app: Flask) -> None:
    """Register the checks of a request's bounds, before all others."""
    app.before_request(bound_headers)
    app.before_request(bound_query)
    app.before_request(bound_form)


def bound_headers() -> None:
    """Refuse headers beyond the bounds; ignore Accept-Language if it is too long."""
    environ = request.environ
    if len(environ.get("HTTP_ACCEPT_LANGUAGE", "")) > MAX_LANGUAGE_BYTES:
        del environ["HTTP_ACCEPT_LANGUAGE"]
    cookies: str = environ.get("HTTP_COOKIE", "")
    headers = sum(len(name) + len(text) for name, text in request.headers.items())
    if (
        len(cookies) > MAX_COOKIE_BYTES
        or cookies.count(";") >= MAX_COOKIES
        or headers > MAX_HEADER_BYTES
    ):
        raise RequestHeaderFieldsTooLarge


def bound_query() -> None:
    """Refuse a query beyond the bounds."""
    query: str = request.environ.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY_BYTES or query.count("&") >= MAX_QUERY_FIELDS:
        request.environ["QUERY_STRING"] = ""
        raise RequestURITooLarge


def bound_form() -> None:
    """Refuse a form whose bytes, fields or parts are beyond the bounds."""
    if request.mimetype == "multipart/form-data":
        _bound_parts()
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = MAX_FIELD_BYTES  # werkzeug reads it whole
        if request.get_data().count(b"&") >= MAX_FORM_FIELDS:
            raise RequestEntityTooLarge


def _bound_parts() -> None:
    boundary = request.mimetype_params.get("boundary", "")
    if not boundary.isascii() or not 0 < len(boundary) <= MAX_BOUNDARY:
        raise BadRequest
    pieces = request.get_data().split(b"--" + boundary.encode(), MAX_FORM_PARTS + 2)
    if len(pieces) > MAX_FORM_PARTS + 2:  # one before the first part, one after the last
        raise RequestEntityTooLarge
    if any(head is None or head.count(b";") > MAX_PART_PARAMETERS for head in _heads(pieces[1:])):
        raise RequestEntityTooLarge


def _heads(pieces: list[bytes]) -> Iterator[bytes | None]:
    """Yield the head of each part; None for a head that exceeds its bounds."""
    for piece in pieces:
        if piece.startswith(b"--"):  # the end of the form
            continue
        begin = _BOUNDARY_LINE.match(piece)
        start = begin.end() if begin else 0
        end = _BLANK_LINE.search(piece, start, start + MAX_PART_HEAD)
        yield piece[start : end.start()] if end else None
