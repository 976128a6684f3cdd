"""Query keys that pages read, which they keep when the language changes."""

import re

from werkzeug.datastructures import MultiDict

#: The query keys of the application's addresses, and their values. A page repeats nothing else:
#: from the length of a compressed page, an attacker who chooses a text in it could guess the rest.
QUERY = {
    "at": re.compile(r"even|scale"),
    "back": re.compile(r"group|list"),
    "disconnected": re.compile(r"refuse|leave-out"),
    "entry": re.compile(r"\d{1,10}"),
    "page": re.compile(r"\d{1,6}"),
    "reopen": re.compile(r"1?"),
    "seal": re.compile(r"[0-9A-Fa-f]{16}"),
    "shares": re.compile(r"[\d\s.,;%،٫٪]{1,80}"),
    "table": re.compile(r"[\w.-]{1,64}"),
    "ties": re.compile(r"down|up"),
    "weights": re.compile(r"\d{1,10}"),
}

_SETTINGS = frozenset({"weights", "shares", "ties"})

#: The keys that a page reads, by endpoint: it keeps no others.
READ = {
    "consensus.consensus": {"disconnected"},
    "consensus.freeze": {"disconnected"},
    "own_weights.group": {"reopen"},
    "own_weights.review": {"reopen"},
    "pairs.comparison": {"back"},
    "pairs.judge": {"back"},
    "points.allocate": {"at", "back"},
    "points.points": {"at", "back"},
    "points.rate": {"at", "back"},
    "points.ratings": {"at", "back"},
    "ranking.publication": _SETTINGS,
    "ranking.publish_it": _SETTINGS,
    "ranking.ranking": _SETTINGS | {"table"},
    "rankings.ranking": {"table"},
    "reasons.into": {"page"},
    "reasons.translate": {"page"},
    "seal.seal": {"entry", "seal"},
}


def kept_queries(endpoint: str | None, given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return the keys that a page reads, each once, with values that it can read."""
    read = READ.get(endpoint or "", frozenset())
    return [
        (key, value) for key, value in given.items() if key in read and QUERY[key].fullmatch(value)
    ]
