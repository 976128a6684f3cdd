"""Random tokens for links and sessions: shown once, stored only as digests."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits as text that is safe in a path.

    >>> len(new_token())
    43
    """
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a token, hexadecimal, which is stored in its place.

    A plain hash is enough for 256 random bits: they cannot be guessed.
    """
    return hashlib.sha256(token.encode()).hexdigest()
