"""Weights from an order of importance: by ranks, or step by step."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.faults import NotRanks, OffScale, UnknownName
from aggregation.matrices import Array, first_place
from aggregation.ties import places


def _centroid(n: int) -> Array:
    means: Array = np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n
    return means


def _sum(n: int) -> Array:
    return 2 * np.arange(n, 0, -1) / (n * (n + 1))


def _reciprocal(n: int) -> Array:
    inverse: Array = 1 / np.arange(1, n + 1)
    return inverse / inverse.sum()


def _sum_reciprocal(n: int) -> Array:
    rank = np.arange(1, n + 1)
    both: Array = 1 / rank + (n + 1 - rank) / n
    return both / both.sum()


#: Weights of the ranks 1..n, the most important first.
RANK_WEIGHTS: dict[str, Callable[[int], Array]] = {
    "centroid": _centroid,
    "sum": _sum,
    "reciprocal": _reciprocal,
    "sum-reciprocal": _sum_reciprocal,
}


def rank_weights(ranks: ArrayLike, method: str = "centroid") -> Array:
    """Derive weights from an order of importance [1]_, [2]_.

    Parameters
    ----------
    ranks : array_like, shape (..., n)
        1 for the most important; only their order matters. Tied items share the
        mean of the weights of their places.
    method : str
        ``centroid``: (1/n) Σ_{k>=r} 1/k, the mean of all weights in that order;
        ``sum``: 2(n+1-r)/(n(n+1)); ``reciprocal``: 1/r over their sum;
        ``sum-reciprocal``: 1/r + (n+1-r)/n over their sum.

    Returns
    -------
    ndarray, shape (..., n)
        Summing to 1.

    Raises
    ------
    NotRanks
        If a rank is missing or outside 1..n.

    References
    ----------
    .. [1] Barron, F. H. and Barrett, B. E. (1996). Decision quality using ranked
       attribute weights. Manage. Sci. 42(11), 1515-1523.
    .. [2] Danielson, M. and Ekenberg, L. (2014). Rank ordering methods for
       multi-criteria decisions. Proc. GDN 2014, LNBIP 180, 128-135.

    Examples
    --------
    >>> rank_weights([1, 2.5, 2.5, 4], "sum")
    array([0.4 , 0.25, 0.25, 0.1 ])
    """
    if method not in RANK_WEIGHTS:
        raise UnknownName(method, tuple(RANK_WEIGHTS))
    r = as_doubles("ranks", ranks)
    n = r.shape[-1] if r.ndim else 0
    faulty = ~((r >= 1) & (r <= n))
    if faulty.any() or n == 0:
        raise NotRanks(first_place(faulty) if n else ())
    tied = places(r)
    # Places p..q of tied items, from the numbers of items before and not after.
    before = (tied[..., None, :] < tied[..., :, None]).sum(axis=-1)
    not_after = (tied[..., None, :] <= tied[..., :, None]).sum(axis=-1)
    total = np.concatenate([[0.0], np.cumsum(RANK_WEIGHTS[method](n))])
    shared: Array = (total[not_after] - total[before]) / (not_after - before)
    return shared


def swara(s: ArrayLike) -> Array:
    """Derive weights by SWARA: how much less each item matters than the last [1]_.

    k_1 = 1, k_j = 1 + s_j; q_j = q_{j-1} / k_j; weights are q over their sum.

    Parameters
    ----------
    s : array_like, shape (..., n)
        In order of importance; ``s[j]``, at least 0, is how much more the item
        before j matters. The first item has none: NaN (None) or 0.

    Returns
    -------
    ndarray, shape (..., n)
        Summing to 1, not increasing.

    Raises
    ------
    OffScale
        If a step is missing, infinite or below 0.

    References
    ----------
    .. [1] Keršulienė, V., Zavadskas, E. K. and Turskis, Z. (2010). Selection of
       rational dispute resolution method by applying new step-wise weight
       assessment ratio analysis (SWARA). J. Bus. Econ. Manag. 11(2), 243-258.

    Examples
    --------
    >>> swara([None, 0.5, 0]) * 7
    array([3., 2., 2.])
    """
    steps = np.array(as_doubles("s", s))
    if steps.ndim == 0 or steps.shape[-1] == 0:
        raise OffScale(float("nan"), "steps from 0")
    first = steps[..., 0]
    steps[..., 0] = np.where(np.isnan(first), 0.0, first)
    faulty = ~(np.isfinite(steps) & (steps >= 0))
    faulty[..., 0] |= steps[..., 0] != 0
    if faulty.any():
        at = first_place(faulty)
        raise OffScale(float(steps[at]), "steps from 0", at)
    q = np.cumprod(1 / (1 + steps), axis=-1)
    weights: Array = q / q.sum(axis=-1, keepdims=True)
    return weights
