"""Ties in a row of priorities, whose equal items may differ in the last bits.

Two values are tied if they differ by no more than 1e-9 of the larger one, or by
the rounding error of the largest of the row; ties are transitive.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aggregation.matrices import Array

#: Largest distance of equal values, as a share of the larger of the two ...
TIED = 1e-9
#: ... and as a share of the largest of the row: the rounding error of a difference of 0.
ROUNDING = 1e-14


def places(values: Array) -> NDArray[np.intp]:
    """Return the place of each value of a row (..., n), 0 for the least; ties share."""
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    size = np.abs(ordered)
    near = np.maximum(
        TIED * np.maximum(size[..., 1:], size[..., :-1]),
        ROUNDING * size.max(axis=-1, keepdims=True, initial=0.0),
    )
    with np.errstate(invalid="ignore"):
        apart = ordered[..., 1:] - ordered[..., :-1] > near
    steps = np.zeros(values.shape, dtype=np.intp)
    np.cumsum(apart, axis=-1, out=steps[..., 1:])
    found = np.empty_like(steps)
    np.put_along_axis(found, order, steps, axis=-1)
    return found


def falling(values: Sequence[float]) -> list[int]:
    """Sort the places of values, the largest first; equal values keep their order."""
    order = np.argsort(-places(np.asarray(values, dtype=float)), kind="stable")
    return [int(place) for place in order]
