"""Slices of a large set of rows: each step does as much as one transaction should."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

#: A part of storing a study or an edition: the work of one transaction.
Step = Callable[[Session], None]

#: The number of rows that one transaction stores, about.
ROWS = 1000

Value = TypeVar("Value")


def sliced(given: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    """Return a sequence in parts of this size."""
    return (given[start : start + size] for start in range(0, len(given), size))
