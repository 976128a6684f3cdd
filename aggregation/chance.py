"""Comparison of a measure of agreement with its distribution by chance."""

# Annotations are not evaluated, so that only callers that make a generator load numpy.random.
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.matrices import Array, is_count

Statistic = Callable[[Array], Array]

#: Draws of the null are made in blocks of about this many numbers.
BLOCK = 2**18


@dataclass(frozen=True, slots=True)
class AgainstChance:
    """Statistic, its draws under permuted labels, and the p-value."""

    observed: float
    chance: Array
    #: The probability of at least as much agreement by chance, (1 + #)/(draws + 1); NaN
    #: if the statistic is not defined, for the panel or for a draw.
    p_value: float


def against_chance(
    statistic: Statistic, priorities: ArrayLike, rng: np.random.Generator, count: int = 999
) -> AgainstChance:
    """Compare a measure of agreement with its null: each expert's weights permuted.

    Parameters
    ----------
    statistic : callable
        (..., K, n) → (...): `consensus`, `kendall_w`, `intraclass_correlation`,
        `aitchison_kappa`.
    priorities : array_like, shape (K, n)
        One row per expert; a row of NaN stays one.
    rng : numpy.random.Generator
    count : int
        Number of draws.

    Returns
    -------
    AgainstChance
        ``chance`` has the shape (count,). A statistic that is not defined, such as κ
        of one expert or W if all weigh all items equally, has no p-value: NaN.

    Raises
    ------
    NotPriorities, ZeroPoints, NobodyJudged
        As the statistic does.
    ValueError
        If there is not exactly one panel, or the count is below 1.

    References
    ----------
    .. [1] Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be
       zero. Stat. Appl. Genet. Mol. Biol. 9(1), 39.

    Examples
    --------
    >>> from aggregation import kendall_w
    >>> rows = [[0.6, 0.3, 0.1]] * 6
    >>> found = against_chance(kendall_w, rows, np.random.default_rng(1))
    >>> found.observed, found.p_value
    (1.0, 0.001)
    """
    p: Array = as_doubles("priorities", priorities)
    if p.ndim != 2 or not p.size or not is_count(count):
        raise ValueError(f"{count} draws cannot be made of priorities of shape {p.shape}")
    rows = max(1, BLOCK // p.size)
    blocks = rng.spawn(-(-count // rows))
    chance = np.concatenate(
        [
            statistic(block.permuted(np.broadcast_to(p, (rows, *p.shape)), axis=-1))
            for block in blocks
        ]
    )[:count]
    observed = float(statistic(p))
    if np.isnan(observed) or np.isnan(chance).any():
        return AgainstChance(observed, chance, float("nan"))
    reached = int((chance >= observed - 1e-12).sum())
    return AgainstChance(observed, chance, (1 + reached) / (count + 1))
