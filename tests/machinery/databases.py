"""Databases that are kept from test to test: what is behind their address changes.

An engine remembers how each statement is compiled. To compile them anew in every test
took a third of a page test's time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from zlib import crc32

from survey.db import Database


def in_turn(engines: Sequence[str], test: str) -> str:
    """Return the database of a test that runs on one: by its name, the same in every run."""
    return engines[crc32(test.encode()) % len(engines)]


def ways(
    engines: Sequence[str], languages: Sequence[str], test: str
) -> list[tuple[str, str, bool]]:
    """Return the ways of a trip: each language, each of two databases, with script and without.

    The name of the test says which of these go together.
    """
    first = crc32(test.encode())
    return [
        (
            engines[(first + place) % 2],
            languages[place % len(languages)],
            (first // 2 + place + place // 2) % 2 == 0,
        )
        for place in range(max(2, len(languages)))
    ]


@contextmanager
def lent(url: str, borrower: str) -> Iterator[Database]:
    """The database at ``url``, one for each borrower; without connections or keys afterwards."""
    database = kept(url, borrower)
    try:
        yield database
    finally:
        database.close()
        database.info.clear()


@cache
def kept(url: str, borrower: str) -> Database:
    return Database(url)
