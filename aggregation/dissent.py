"""Differences between groups of experts, and experts far from the others."""

# Annotations are not evaluated, so that only callers that make a generator load numpy.random.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aggregation.agreement import panel_logs
from aggregation.matrices import Array, is_count
from aggregation.ties import TIED

#: The most experts for which every split is tried; 2^20 masks take a few milliseconds.
MOST_EXPERTS = 20
#: Number of splits compared at a time, so that intermediate arrays stay in the cache.
SPLITS_OF_A_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Dissent:
    """Result of a permutation test between two groups of experts.

    ``distance`` is the Aitchison distance of their consensuses, ``p_value`` the
    share of all splits into groups of these sizes that are at least as far
    apart. ``t``, (n,), is the difference of each item's log-ratio (first group
    minus second) over its standard error; ``item_p_values`` are adjusted for all
    items together: the share of splits whose largest \\|t\\| reaches the item's.
    """

    distance: float
    p_value: float
    t: Array
    item_p_values: Array
    #: Number of splits that were compared.
    splits: int


def dissent(
    priorities: ArrayLike,
    first: Sequence[bool] | NDArray[np.bool_],
    rng: np.random.Generator | None = None,
    count: int = 9999,
) -> Dissent:
    """Test whether two groups of experts weigh alike, by permuting members [1]_, [2]_.

    Exact for up to 20 experts: every split is compared. For more, ``count`` random
    splits from ``rng``, the one observed among them.

    Parameters
    ----------
    priorities : array_like, shape (K, n)
        One row per expert, positive, summing to 1; a row of NaN is left out.
    first : sequence of bool, length K
        Whether each expert is in the first group; the others are the second.

    Returns
    -------
    Dissent

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged
    ValueError
        If a group is empty, or there are more than 20 experts and the generator is
        missing or the count is below 1.

    References
    ----------
    .. [1] Fisher, R. A. (1935). The Design of Experiments. Oliver and Boyd.
    .. [2] Westfall, P. H. and Young, S. S. (1993). Resampling-Based Multiple
       Testing. Wiley.

    Examples
    --------
    >>> rows = [[0.2, 0.8], [0.3, 0.7], [0.7, 0.3], [0.8, 0.2]]
    >>> dissent(rows, [True, True, False, False]).p_value.__round__(6)
    0.333333
    """
    u, judged = panel_logs(priorities)
    members = np.asarray(first, dtype=bool)
    if u.ndim != 2 or members.shape != judged.shape:
        raise ValueError(f"groups of shape {members.shape} for experts of shape {judged.shape}")
    u, members = u[judged], members[judged]
    size = int(members.sum())
    if not 0 < size < len(u):
        raise ValueError("a group without an expert who judged cannot dissent")
    splits = _splits(members, rng, count)
    observed_gap, observed_t = (found[0] for found in _compare(u, members[None], size))
    gaps, largest = np.empty(len(splits)), np.empty(len(splits))
    for begin in range(0, len(splits), SPLITS_OF_A_BLOCK):
        block = slice(begin, begin + SPLITS_OF_A_BLOCK)
        gaps[block], t = _compare(u, splits[block], size)
        largest[block] = np.abs(t).max(axis=1)
    return Dissent(
        distance=float(observed_gap),
        p_value=float(_share(gaps, observed_gap)),
        t=observed_t,
        item_p_values=np.array([_share(largest, abs(value)) for value in observed_t]),
        splits=len(splits),
    )


def expert_distances(priorities: ArrayLike) -> Array:
    """Compute each expert's distance to the others' consensus, K/(K - 1)·\\|u_k - ū\\|.

    Parameters
    ----------
    priorities : array_like, shape (..., K, n)
        One row per expert, positive, summing to 1.

    Returns
    -------
    ndarray, shape (..., K)
        Aitchison distances: lengths in log-ratios. NaN for an abstention, and if
        no other expert judged.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged

    References
    ----------
    .. [1] Aitchison, J. (1986). The Statistical Analysis of Compositional Data.
       Chapman and Hall.

    Examples
    --------
    >>> expert_distances([[0.8, 0.2], [0.5, 0.5], [0.5, 0.5]]).round(4)
    array([0.9803, 0.4901, 0.4901])
    """
    u, judged = panel_logs(priorities)
    k = judged.sum(axis=-1)[..., None]
    away: Array = np.linalg.norm(u - u.sum(axis=-2, keepdims=True) / k[..., None], axis=-1)
    known = judged & (k > 1)
    distances: Array = np.where(known, away * k, np.nan) / np.maximum(k - 1, 1)
    return distances


def clusters(priorities: ArrayLike, count: int) -> NDArray[np.intp]:
    """Group experts who weigh alike: Ward's method on log-ratios [1]_.

    Parameters
    ----------
    priorities : array_like, shape (K, n)
        One row per expert, positive, summing to 1; a row of NaN is in no group.
    count : int
        Number of groups, at most the number of experts who judged.

    Returns
    -------
    ndarray of int, shape (K,)
        Group of each expert, numbered from 0 in the order of their first members;
        -1 for an abstention. There are fewer groups if equal distances leave no
        cut: experts with equal weights are never in different groups.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged
    ValueError
        If there are fewer experts than groups.

    References
    ----------
    .. [1] Ward, J. H. (1963). Hierarchical grouping to optimize an objective
       function. J. Am. Stat. Assoc. 58(301), 236-244.

    Examples
    --------
    >>> clusters([[0.2, 0.8], [0.7, 0.3], [0.3, 0.7], [0.8, 0.2]], 2)
    array([0, 1, 0, 1])
    """
    u, judged = panel_logs(priorities)
    if u.ndim != 2 or not 1 <= count <= judged.sum():
        raise ValueError(f"{int(judged.sum())} experts cannot form {count} groups")
    found = np.full(len(u), -1)
    found[judged] = _in_order(_ward(u[judged], count))
    return found


def _splits(
    members: NDArray[np.bool_], rng: np.random.Generator | None, count: int
) -> NDArray[np.bool_]:
    """Return the members of the first group, (S, K), in every split or in random ones."""
    k, size = members.size, int(members.sum())
    if k <= MOST_EXPERTS:
        masks = np.arange(2**k, dtype=np.uint32)
        masks = masks[np.bitwise_count(masks) == size]
        return (masks[:, None] >> np.arange(k, dtype=np.uint32) & 1).astype(bool)
    if rng is None:
        raise ValueError(f"{k} experts have too many splits to try: a generator draws some")
    if not is_count(count):
        raise ValueError(f"{count} splits cannot be drawn")
    drawn = rng.permuted(np.broadcast_to(members, (count, k)), axis=1)
    return np.concatenate([members[None], drawn])


def _compare(u: Array, splits: NDArray[np.bool_], size: int) -> tuple[Array, Array]:
    """Return the distance of the group means (S,), and the t of each item (S, n)."""
    k = len(u)
    total = u.sum(axis=0)
    first = splits.astype(float) @ u
    difference = first / size - (total - first) / (k - size)
    between = difference**2 * size * (k - size) / k
    spread = ((u - total / k) ** 2).sum(axis=0)
    # If the whole spread is between the groups, the difference is only rounding.
    within = np.where(spread - between > 1e-12 * spread, spread - between, 0.0)
    error = np.sqrt(within / max(k - 2, 1) * (1 / size + 1 / (k - size)))
    # Without any difference t is 0; for a difference without spread it is infinite.
    t = np.divide(
        difference,
        error,
        out=np.where(np.abs(difference) > 1e-12, np.copysign(np.inf, difference), 0.0),
        where=error > 0,
    )
    return np.linalg.norm(difference, axis=1), t


def _share(values: Array, reached: float) -> float:
    """Return the share of values that reach ``reached``, tolerant of rounding."""
    if np.isinf(reached):
        return float(np.mean(values == reached))
    return float(np.mean(values >= reached * (1 - 1e-9)))


def _ward(u: Array, count: int) -> NDArray[np.intp]:
    if len(u) == 1:
        return np.zeros(1, dtype=np.intp)
    # Imported here: scipy.cluster takes a third of a second, and most callers do not use it.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist, squareform

    # Distances that are equal up to rounding must not decide the order of joining.
    apart = pdist(u)
    grid = TIED * max(apart.max(), TIED)
    apart = np.rint(apart / grid) * grid
    joined = linkage(apart, method="ward")
    joined[:, 2] = np.rint(joined[:, 2] / grid) * grid
    labels = np.asarray(fcluster(joined, count, criterion="maxclust"))
    return np.asarray(labels[np.argmax(squareform(apart) == 0, axis=1)])


def _in_order(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    seen: dict[int, int] = {}
    return np.array([seen.setdefault(int(label), len(seen)) for label in labels])
