"""Choice of the pairs to ask in a short questionnaire."""

from functools import cache

import numpy as np

from aggregation.matrices import Array, is_count

Pair = tuple[int, int]


@cache
def informative_pairs(n: int, count: int | None = None) -> tuple[Pair, ...]:
    """Choose few pairs whose comparisons give most information on the weights.

    Judgements are resistors between the items: with errors of variance σ² in
    the logarithms, ln(w_i / w_j) has variance σ² r_ij, the effective
    resistance between the two [1]_. The pairs are chosen for a small sum of
    r_ij over all pairs of items, which is n times the trace of L⁺, the
    variance that A-optimal designs make small [2]_: a ring of all items, then,
    one by one, the pair that lowers the sum most. A tree has no redundant pair, and
    the best tree is a star.

    Parameters
    ----------
    n : int
        Number of items, at least 2.
    count : int, optional
        Number of pairs, from ``n - 1`` (which connect the items) to all
        ``n (n - 1) / 2``. By default every pair up to four items, and
        ``n + ceil(n / 2)`` of them from five items on.

    Returns
    -------
    tuple of (int, int)
        Pairs ``(i, j)`` with ``i < j``, sorted. They connect all items.

    Raises
    ------
    ValueError
        If ``n`` is below 2, or ``count`` out of its range.

    References
    ----------
    .. [1] Ghosh, A., Boyd, S. and Saberi, A. (2008). Minimizing effective
       resistance of a graph. SIAM Review 50(1), 37-66.
    .. [2] Szádoczki, Z., Bozóki, S. and Tekile, H. A. (2022). Filling in
       pattern designs for incomplete pairwise comparison matrices:
       (quasi-)regular graphs with minimal diameter. Omega 107, 102557.

    Examples
    --------
    >>> informative_pairs(5, 5)
    ((0, 1), (0, 4), (1, 2), (2, 3), (3, 4))
    >>> len(informative_pairs(6)), len(informative_pairs(4))
    (9, 6)
    """
    if not is_count(n) or n < 2:
        raise ValueError(f"{n} items have no pair")
    every = [(i, j) for i in range(n) for j in range(i + 1, n)]
    if count is None:
        count = len(every) if n <= 4 else n + -(-n // 2)
    if not is_count(count) or not n - 1 <= count <= len(every):
        raise ValueError(f"{count} pairs of {n} items; from {n - 1} to {len(every)} are asked")
    if count == n - 1:
        return tuple(every[: n - 1])
    chosen = {(i, i + 1) for i in range(n - 1)} | {(0, n - 1)}
    inverse = _inverse(n, chosen)
    while len(chosen) < count:
        left = [pair for pair in every if pair not in chosen]
        pair = max(left, key=lambda pair: round(_gain(inverse, pair), 12))
        inverse = _with(inverse, pair)
        chosen.add(pair)
    return tuple(sorted(chosen))


def total_resistance(n: int, chosen: tuple[Pair, ...]) -> float:
    """Return the sum of effective resistances of all pairs: n times the trace of L⁺.

    >>> round(total_resistance(3, ((0, 1), (1, 2))), 12)
    4.0
    """
    if not is_count(n) or any(not 0 <= i < n for pair in chosen for i in pair):
        raise ValueError(f"{n} items do not have all of the pairs {chosen}")
    return n * float(np.trace(_inverse(n, set(chosen))))


def _inverse(n: int, chosen: set[Pair]) -> Array:
    laplacian = np.zeros((n, n))
    for i, j in chosen:
        laplacian[[i, j], [i, j]] += 1
        laplacian[[i, j], [j, i]] -= 1
    return np.asarray(np.linalg.pinv(laplacian, hermitian=True))


def _gain(inverse: Array, pair: Pair) -> float:
    """Return the decrease of the trace of L⁺ by a pair (Sherman, Morrison 1950)."""
    i, j = pair
    column = inverse[:, i] - inverse[:, j]
    return float(column @ column / (1 + column[i] - column[j]))


def _with(inverse: Array, pair: Pair) -> Array:
    i, j = pair
    column = inverse[:, i] - inverse[:, j]
    return inverse - np.outer(column, column) / (1 + column[i] - column[j])
