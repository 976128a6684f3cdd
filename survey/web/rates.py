"""Limits per minute: wrong links from an address, writes from a session.

Counted in this process only; docs/decisions/0077 explains why no library is used.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from flask import Flask, current_app, request
from flask import session as cookie
from werkzeug.exceptions import TooManyRequests

from survey.tokens import digest
from survey.web.current import TOKEN
from survey.web.security import SAFE_METHODS

WITHIN_SECONDS = 60.0
#: Number of wrong links in a minute at which an address must wait. A person opens one or two.
WRONG_LINKS = 20
#: The same for the writes of a session: no person makes five a second for a minute.
WRITES = 300
#: Number of addresses, or sessions, that are remembered: a few megabytes.
MOST_KEYS = 10_000


class Limiter:
    """Counter of events within a minute, by key; the oldest key is dropped first."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._turn = Lock()

    def count(self, key: str) -> int:
        """Count one more event; return the seconds to wait, 0 below the limit."""
        at = self._clock()
        with self._turn:
            moments = self._seen.setdefault(key, deque(maxlen=self._limit))
            self._seen.move_to_end(key)
            moments.append(at)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            left = WITHIN_SECONDS - (at - moments[0])
            return math.ceil(left) if len(moments) == self._limit and left > 0 else 0

    def __len__(self) -> int:
        return len(self._seen)


class Counters:
    """Limiters of one application."""

    def __init__(self) -> None:
        self.wrong_links = Limiter(WRONG_LINKS)
        self.writes = Limiter(WRITES)


def limit(app: Flask) -> None:
    app.extensions["limits"] = Counters()
    app.before_request(refuse_many_writes)


def refuse_many_writes() -> None:
    """Refuse writes of one session, or by one link, beyond the limit."""
    token = cookie.get(TOKEN) or (request.view_args or {}).get("token")
    if token and request.method not in SAFE_METHODS:
        _refuse_after(_limits().writes.count(digest(token)))


def count_wrong_link() -> None:
    """Count a wrong link, and refuse an address with too many of them.

    A correct link is never refused: a panel may share an address.
    """
    _refuse_after(_limits().wrong_links.count(network_of(request.remote_addr or "")))


def network_of(address: str) -> str:
    """Return the key of a client's address: for IPv6 its network of 64 bits.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("")
    ('192.0.2.7', '2001:db8::', '')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


def _refuse_after(seconds: int) -> None:
    if seconds:
        raise TooManyRequests(retry_after=seconds)


def _limits() -> Counters:
    found: Counters = current_app.extensions["limits"]
    return found
