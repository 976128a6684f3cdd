"""Chunks of rows: splitting into equal sizes, and buffers for them."""

from collections.abc import Iterator
from math import prod
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T", bound=np.generic)


def rechunked(arriving: Iterator[NDArray[_T]], rows: int) -> Iterator[NDArray[_T]]:
    """Yield the same rows in order, ``rows`` at a time; the last may be shorter."""
    waiting: list[NDArray[_T]] = []
    missing = rows
    for piece in arriving:
        begin = 0
        while len(piece) - begin >= missing:
            yield _joined([*waiting, piece[begin : begin + missing]])
            waiting, begin, missing = [], begin + missing, rows
        if begin < len(piece):
            waiting.append(piece[begin:])
            missing -= len(piece) - begin
    if waiting:
        yield _joined(waiting)


def _joined(pieces: list[NDArray[_T]]) -> NDArray[_T]:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


class Room(Generic[_T]):
    """Buffer that is allocated once and filled again by every chunk.

    Allocating half a megabyte from the system, and freeing it, costs more than sorting
    its content.
    """

    def __init__(self, dtype: type[_T]) -> None:
        self._kept = np.empty(0, dtype)

    def of(self, shape: tuple[int, ...]) -> NDArray[_T]:
        """Return a buffer of this shape, with any content."""
        if self._kept.size < prod(shape):
            self._kept = np.empty(prod(shape), self._kept.dtype)
        return self._kept[: prod(shape)].reshape(shape)
