"""Databases that are reused from test to test, by replacing their content.

An engine caches compiled statements. To compile them again in every test took a third
of a page test's time.
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
    """Lend the database at ``url`` to one test at a time; then close connections, drop keys."""
    database = kept(url, borrower)
    try:
        yield database
    finally:
        database.close()
        database.info.clear()


@cache
def kept(url: str, borrower: str) -> Database:
    return Database(url)
