"""Random tokens for links and sessions: handed out once, remembered only as digests."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in a path.

    >>> len(new_token())
    43
    """
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256, hexadecimal.

    A plain hash is enough for 256 random bits: there is nothing to guess.
    """
    return hashlib.sha256(token.encode()).hexdigest()
