"""Numbers of an argument as doubles.

`aggregation` has the same module: the two packages import nothing of each other.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_doubles(name: str, given: ArrayLike) -> NDArray[np.float64]:
    """Return an argument as doubles; refuse complex numbers and integers beyond a double."""
    array = np.asarray(given)
    if array.dtype.kind == "c" or _holds_complex(array):
        raise ValueError(f"{name}: a complex number is not one of the numbers asked for")
    try:
        return np.asarray(array, dtype=np.float64)
    except OverflowError as error:
        raise ValueError(f"{name}: an integer is beyond the largest double") from error


def _holds_complex(array: NDArray[np.generic]) -> bool:
    """Whether an array of Python objects has a complex number."""
    return array.dtype.kind == "O" and any(isinstance(x, complex) for x in array.ravel().tolist())
