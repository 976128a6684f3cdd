"""Compression of responses for browsers that accept gzip: a fifth of the bytes.

A response with secrets (the token of a form) gets a random length, so that its
size reveals nothing about them; docs/decisions/0051.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, current_app, request

#: Below this, compressing saves less than it costs.
LEAST_BYTES = 800

#: The most random bytes added to a response.
MOST_NOISE = 100

TEXTS = frozenset(
    {
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
    }
)


def compress(app: Flask) -> None:
    """Register the compression of text responses, as the last step."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    if response.mimetype not in TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if not _is_worth_it(response):
        return response
    etag, _weak = response.get_etag()
    if request.endpoint == "static" and etag:  # without one it is an error page
        response.set_data(_static(response, etag))
        response.set_etag(etag, weak=True)  # the same file, not the same bytes
    else:
        response.set_data(_gzipped(response.get_data(), level=5, noise=MOST_NOISE))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    return response


def _is_worth_it(response: Response) -> bool:
    return (
        response.status_code != 206
        and "Content-Encoding" not in response.headers
        and request.accept_encodings["gzip"] > 0
        and (response.direct_passthrough or not response.is_streamed)
        and (response.content_length or 0) >= LEAST_BYTES
        and request.method != "HEAD"
    )


def _static(response: Response, version: str) -> bytes:
    """Compress a static file, once per version, as far as possible.

    Its entity tag identifies the file, by any address.
    """
    known: dict[str, bytes] = current_app.extensions.setdefault("compressed", {})
    file = response.response
    if hasattr(file, "close"):
        response.call_on_close(file.close)
    response.direct_passthrough = False  # otherwise the file would stay open
    if version not in known:
        known[version] = _gzipped(response.get_data(), level=9)
    return known[version]


def _gzipped(content: bytes, level: int, noise: int = 0) -> bytes:
    """Compress ``content``, with a random file name of up to ``noise`` bytes."""
    target = io.BytesIO()
    name = "x" * secrets.randbelow(noise) if noise else ""
    with gzip.GzipFile(name, "wb", level, target, mtime=0) as archive:
        archive.write(content)
    return target.getvalue()
