"""Intervals of consensus weights, from each expert's influence on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt
from sys import float_info

import numpy as np
from numpy.typing import NDArray

from aggregation.matrices import Array

Interval = tuple[float, float]

#: Ends of an interval are between these, so that they stay inside (0, 1) when they are
#: rounded to twelve digits.
LEAST_END = float_info.min
LARGEST_END = 1 - 1e-12


@dataclass(frozen=True, slots=True)
class Centre:
    """Consensus under one parent, with each expert's influence on its logarithm."""

    weights: Array
    #: (n,), 1 - w without cancellation: the sum of the other weights.
    rest: Array
    #: (K, n), z_ki = (d_ki - Σ_j w_j d_kj) / K; 0 in the row of an abstention.
    pulls: Array
    #: (K,), the experts who judged; none for a single child.
    judged: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return int(self.judged.sum())


#: A weight is the product of one weight under each parent: a centre, and the place in it.
Steps = Sequence[tuple[Centre, int]]


def centre(logs: Array, judged: NDArray[np.bool_]) -> Centre:
    """Average the logs (K, n) of the experts who judged.

    Sums are exactly rounded, so that the results do not depend on the order of the
    experts or on the processor.
    """
    pulls = np.zeros(logs.shape)
    k, n = int(judged.sum()), logs.shape[1]
    if not k:
        return Centre(np.ones(n), np.zeros(n), pulls, judged)
    u = logs[judged]
    middle = np.array([fsum(column) / k for column in u.T.tolist()])
    parts = [exp(share) for share in (middle - middle.max()).tolist()]
    total = fsum(parts)
    weights = np.array([part / total for part in parts])
    rest = np.array([fsum([*parts[:i], *parts[i + 1 :]]) / total for i in range(n)])
    deviations = u - middle
    shifts = np.array([fsum(row) for row in (deviations * weights).tolist()])
    pulls[judged] = (deviations - shifts[:, None]) / k
    return Centre(weights, rest, pulls, judged)


def product(steps: Steps) -> float:
    """Return the weight at the end of a branch."""
    weight = 1.0
    for parent, place in steps:
        weight *= float(parent.weights[place])
    return weight


def log_odds_interval(steps: Steps, confidence: float) -> Interval | None:
    """Compute Student's t interval on a weight's log-odds; both ends are in (0, 1).

    logit(w) ± t_ν √V / (1 - w), with V the variance of ln w. ν by Satterthwaite
    over the parents of the branch: V² / ν = Σ_pq V_p V_q h_pq, where h_pp is
    1/(K_p - 1) and h_pq is smaller the fewer experts judged both parents, 0 if no
    expert did.
    """
    weight = product(steps)
    judged = [(parent, place) for parent, place in steps if parent.count]
    if not judged:
        return weight, weight
    if min(parent.count for parent, _ in judged) < 2:
        return None
    pulls = [parent.pulls[:, place] for parent, place in judged]
    scaled = np.sum(
        [
            own * sqrt(parent.count / (parent.count - 1))
            for own, (parent, _) in zip(pulls, judged, strict=True)
        ],
        axis=0,
    )
    variance = _sum_of_squares(scaled)
    if not variance:
        return weight, weight
    half = t_quantile(_freedom(judged), confidence) * sqrt(variance)
    rest = 0.0
    for parent, place in reversed(steps):
        rest = float(parent.rest[place]) + float(parent.weights[place]) * rest
    rest = max(rest, LEAST_END)
    middle, reach = log(max(weight, LEAST_END)) - log(rest), half / rest
    low, high = _share(middle - reach), _share(middle + reach)
    return min(max(low, LEAST_END), weight), max(min(high, LARGEST_END), weight)


def log_interval(steps: Steps, confidence: float) -> Interval | None:
    """Compute Student's t interval on the logarithm of a weight, with the least K.

    This is the rule of earlier weight sets: the upper end may exceed 1, and if many
    experts abstained the interval is too wide. K is the smallest of the branch.
    """
    weight = product(steps)
    judged = [(parent, place) for parent, place in steps if parent.count]
    if not judged:
        return weight, weight
    k = min(parent.count for parent, _ in judged)
    if k < 2:
        return None
    pulls = np.sum([parent.pulls[:, place] for parent, place in judged], axis=0)
    half = t_quantile(k - 1, confidence) * sqrt(_sum_of_squares(pulls) * k / (k - 1))
    return weight * exp(-half), weight * exp(half)


#: Methods for the interval of a weight, by name.
INTERVALS: dict[str, Callable[[Steps, float], Interval | None]] = {
    "log-odds": log_odds_interval,
    "log": log_interval,
}


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is not a probability between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")


def _freedom(judged: Steps) -> float:
    """Compute Satterthwaite's freedom of a sum over parents with common experts."""
    variances = [
        _sum_of_squares(parent.pulls[:, place]) * parent.count / (parent.count - 1)
        for parent, place in judged
    ]
    total = fsum(variances)
    parts = [
        (variance / total, parent) for variance, (parent, _) in zip(variances, judged, strict=True)
    ]
    return 1 / fsum(s * t * _overlap(one, other) for s, one in parts for t, other in parts)


def _overlap(one: Centre, other: Centre) -> float:
    """Return the shared uncertainty of two parents' variances; of one, 1/(K - 1)."""
    k, m, both = one.count, other.count, int((one.judged & other.judged).sum())
    return both * (1 - 1 / k - 1 / m + both / (k * m)) / ((k - 1) * (m - 1))


def _sum_of_squares(values: Array) -> float:
    return fsum((values * values).tolist())


def _share(log_odds: float) -> float:
    if log_odds >= 0:
        return 1 / (1 + exp(-log_odds))
    odds = exp(log_odds)
    return odds / (1 + odds)


def t_quantile(freedom: float, confidence: float) -> float:
    """Return the number of standard errors to each side of an interval."""
    # Imported here: scipy.special takes a tenth of a second, and most callers do not use it.
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))
