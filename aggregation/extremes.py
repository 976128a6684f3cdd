"""Best-worst answers: two rows of ratios, and the places of best and worst."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from aggregation.doubles import as_doubles
from aggregation.faults import AmbiguousExtremes, BestWorstMismatch, OffScale, Place
from aggregation.matrices import Array, first_place

#: The places of the best and of the worst item.
Extremes = tuple[int, int]
#: The end of the largest scale.
LARGEST = 1e6


class BestWorstAnswers(NamedTuple):
    """Answers of one expert, (n,) each, with their extremes."""

    to_others: Array
    to_worst: Array
    best: int
    worst: int

    @property
    def span(self) -> float:
        """a_BW: the best against the worst."""
        return float(self.to_others[self.worst])


def read_answers(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    extremes: Extremes | None = None,
) -> tuple[Place, list[BestWorstAnswers]]:
    """Return the batch shape, and the answers of each expert in it."""
    to_others = as_doubles("best_to_others", best_to_others)
    to_worst = as_doubles("others_to_worst", others_to_worst)
    if to_others.ndim < 1 or to_others.shape != to_worst.shape or to_others.shape[-1] < 2:
        raise ValueError(
            "best-worst answers are two rows over the same two or more items, "
            f"not of shapes {to_others.shape} and {to_worst.shape}"
        )
    for rows in (to_others, to_worst):
        wrong = ~((rows >= 1) & (rows <= LARGEST))
        if wrong.any():
            at = first_place(wrong)
            raise OffScale(float(rows[at]), "1..9", at)
    if extremes is not None:
        _check_extremes(extremes, to_others.shape[-1])
    batch = to_others.shape[:-1]
    return batch, [
        _as_answers(to_others[place], to_worst[place], place, extremes)
        for place in np.ndindex(*batch)
    ]


def _as_answers(
    to_others: Array, to_worst: Array, at: Place, extremes: Extremes | None
) -> BestWorstAnswers:
    best, worst = extremes or _best_and_worst(to_others, to_worst, at)
    if to_others[best] != 1:
        raise OffScale(float(to_others[best]), "1 for the best itself", at)
    if to_worst[worst] != 1:
        raise OffScale(float(to_worst[worst]), "1 for the worst itself", at)
    if to_others[worst] != to_worst[best]:
        raise BestWorstMismatch(float(to_others[worst]), float(to_worst[best]), at)
    return BestWorstAnswers(to_others, to_worst, best, worst)


def _best_and_worst(to_others: Array, to_worst: Array, at: Place) -> Extremes:
    """Return the only two places with a 1 each whose answers about each other agree."""
    bests, worsts = np.flatnonzero(to_others == 1), np.flatnonzero(to_worst == 1)
    if not bests.size:
        raise OffScale(float(to_others.min()), "1 for the best itself", at)
    if not worsts.size:
        raise OffScale(float(to_worst.min()), "1 for the worst itself", at)
    pairs = [(int(b), int(w)) for b in bests for w in worsts if b != w]
    if not pairs:
        raise OffScale(1.0, "the best is not the worst", at)
    agreeing = [(b, w) for b, w in pairs if to_others[w] == to_worst[b]]
    if len(agreeing) > 1:
        raise AmbiguousExtremes(
            tuple(sorted({b for b, _ in agreeing})), tuple(sorted({w for _, w in agreeing})), at
        )
    return agreeing[0] if agreeing else pairs[0]


def _check_extremes(extremes: Extremes, n: int) -> None:
    best, worst = extremes
    if best == worst or not all(place in range(n) for place in extremes):
        raise ValueError(f"the extremes are two of the items 0 to {n - 1}, not {extremes}")
