"""What is sent to a browser that takes gzip: a fifth of the bytes.

An answer that holds a reader's secrets (the token of a form) gets a random
length, so that its size tells nothing of them; docs/decisions/0051.
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, current_app, request

#: Below this the saving is less than what it takes.
LEAST_BYTES = 800

#: How much longer, at most, an answer is made at random.
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
    """Compress what is text, after everything else was done to an answer."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    if response.mimetype not in TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if not _is_worth_it(response):
        return response
    etag, _weak = response.get_etag()
    if request.endpoint == "static" and etag:  # without one it is a page that says what is wrong
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
    """A static file is compressed once per version, as small as it gets.

    Its entity tag is of the file, by whatever address it is asked for.
    """
    known: dict[str, bytes] = current_app.extensions.setdefault("compressed", {})
    file = response.response
    if hasattr(file, "close"):
        response.call_on_close(file.close)
    response.direct_passthrough = False  # else the file would stay open
    if version not in known:
        known[version] = _gzipped(response.get_data(), level=9)
    return known[version]


def _gzipped(content: bytes, level: int, noise: int = 0) -> bytes:
    """``content`` as gzip, with up to ``noise`` bytes of a made-up file name in its head."""
    target = io.BytesIO()
    name = "x" * secrets.randbelow(noise) if noise else ""
    with gzip.GzipFile(name, "wb", level, target, mtime=0) as archive:
        archive.write(content)
    return target.getvalue()
