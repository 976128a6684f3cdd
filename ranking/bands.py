"""Bands: units in broad classes, whose borders never part two equal scores."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ranking.arrays import Array, Whole, as_scores, as_shares
from ranking.faults import UnknownName
from ranking.ties import places

TIES = ("down", "up")
#: 0.3 × 10 is a little less than 3 in floating point; a border must not fall for that.
ROUNDING = 1e-9


class Bands(NamedTuple):
    """The band of each unit, and how many units stand in each band or above it."""

    #: (..., N), 1 for the best band, 0 for an unrated unit.
    numbers: Whole
    #: (..., B), rising; the last is the number of rated units.
    cumulative: Whole


def bands(
    scores: ArrayLike, shares: Sequence[float] = (0.1, 0.3, 0.5), ties: str = "down"
) -> Bands:
    """Divide the units into bands of nominal cumulative shares, without parting equal scores.

    The border below a band of nominal share q of N rated units stands after
    the k-th unit. With ``ties="down"``, k is the largest number not above
    q·N that parts no tie: a tie across the border goes down, as published
    by the smart-city rankings of 2024. With ``ties="up"`` a tie across the
    border goes up: every unit whose competition rank is not above q·N stands
    above it.

    Parameters
    ----------
    scores : array_like, shape (..., N)
        Higher is better; NaN where a unit is unrated: it has no band and is
        not counted in N. Equal means equal after rounding to 1e-9.
    shares : sequence of float, length B - 1
        Rising strictly between 0 and 1; the last band ends at 1.
    ties : {"down", "up"}
        Where a tie across a border goes.

    Returns
    -------
    Bands
        ``numbers`` (..., N): 1 for the best band, 0 for the unrated. A band in
        which nobody stands keeps its number.
        ``cumulative`` (..., B): the units in each band or above it, the real
        sizes that a label shows; the last is N.

    Raises
    ------
    NotShares
        If the shares do not rise strictly between 0 and 1.
    UnknownName
        If the rule for ties is neither "down" nor "up".
    NotFinite
        If a score is infinite.

    Examples
    --------
    Two units tie for the places 3 and 4 of 10, and the border at 3 falls between:

    >>> bands([9, 8, 7, 7, 6, 5, 4, 3, 2, 1], shares=(0.3, 0.5))
    Bands(numbers=array([1, 1, 2, 2, 2, 3, 3, 3, 3, 3]), cumulative=array([ 2,  5, 10]))
    >>> bands([9, 8, 7, 7, 6, 5, 4, 3, 2, 1], shares=(0.3, 0.5), ties="up").cumulative
    array([ 4,  5, 10])
    """
    s, q = as_scores(scores), as_shares(shares)
    check_tie_rule(ties)
    best, worst = places(s)
    return bands_of_places(worst if ties == "down" else best, q)


def bands_of_places(place: Whole, shares: Array) -> Bands:
    """Bands by the place that decides (..., N): a unit is above a border that its place is not."""
    rated = place > 0
    count = rated.sum(axis=-1)
    limits = border_limits(count[..., None], shares)
    below = (place[..., None] > limits[..., None, :]).sum(axis=-1)
    numbers = np.where(rated, below + 1, 0)
    of_band = numbers[..., None] == np.arange(1, len(shares) + 2)
    return Bands(numbers, of_band.sum(axis=-2).cumsum(axis=-1))


def border_limits(count: Whole | int, shares: Array) -> Array:
    """The most units that may stand above each border."""
    return np.floor(count * shares + ROUNDING)


def check_tie_rule(ties: str) -> None:
    """A rule that is offered."""
    if ties not in TIES:
        raise UnknownName(ties, TIES)
