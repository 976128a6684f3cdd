"""Canonical JSON, so that equal content has equal digests."""

from __future__ import annotations

import json
from typing import Any

import rfc8785


def canonical(value: Any) -> str:
    """Write a value by RFC 8785, the JSON Canonicalization Scheme.

    Raises
    ------
    ValueError
        If it has a value that JSON cannot represent.
    """
    return rfc8785.dumps(value).decode()


def compact(value: object) -> str:
    """Write a value on one line, sorted by code point, to digest rows and reports.

    >>> compact({"b": 1, "a": ["é", None]})
    '{"a":["é",null],"b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def indented(value: object) -> str:
    """Write a value as in the first format: sorted by code point, indent of one blank."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"
