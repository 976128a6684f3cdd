"""Exact acceptability from volumes of the simplex of weights of few indicators.

The hyperplane on which two units tie divides a simplex into simplices: an edge with
one end on each side is divided at the crossing, and the volume in the same
proportion. After the division by every pair, each piece has one order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

from ranking.faults import NotAligned

Number = Fraction | int | float | str
Vector = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class ExactAcceptability:
    """Acceptability as fractions, in rows by unit."""

    #: N × N: the share of the weights under which unit i has rank r, ties shared.
    ranks: tuple[Vector, ...]
    #: N × N: the share under which i is strictly ahead of j.
    winning: tuple[Vector, ...]
    #: N × n: the mean weights among those that put unit i first; None if none do.
    central_weights: tuple[Vector | None, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Simplex of weights: its vertices, and its share of the whole region."""

    vertices: tuple[Vector, ...]
    share: Fraction

    def centre(self) -> Vector:
        return tuple(sum(c) / len(self.vertices) for c in zip(*self.vertices, strict=True))


def exact_acceptability(
    levels: Sequence[Sequence[Number]], region: Sequence[Sequence[Number]] | None = None
) -> ExactAcceptability:
    """Compute rank acceptability under weights uniform on a simplex, as fractions.

    It is for a few units and indicators, and to check results of draws: the number of
    pieces grows with the number of pairs to the power n - 1.

    Parameters
    ----------
    levels : sequence of N sequences of n numbers
        A float is read as the decimal it prints as: 0.4 is 2/5.
    region : sequence of at most n sequences of n numbers, optional
        The vertices of the simplex of weights, each not below 0 and summing to
        1: (1, 0, 0), (1/2, 1/2, 0), (1/3, 1/3, 1/3) are the weights in falling
        order. By default all weights.

    Returns
    -------
    ExactAcceptability

    Raises
    ------
    NotAligned
        If levels and vertices are not of the same indicators.
    ValueError
        If a vertex is not a set of weights, or there are more vertices than
        indicators.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria
       acceptability analysis for group decision making. Oper. Res. 49(3), 444-454.

    Examples
    --------
    >>> exact_acceptability([[1, 0], [0, 1], [0.6, 0.6]]).ranks[2]
    (Fraction(1, 5), Fraction(4, 5), Fraction(0, 1))
    """
    x = [_vector(row) for row in levels]
    n = len(x[0]) if x else 0
    corners = [tuple(Fraction(i == k) for i in range(n)) for k in range(n)]
    vertices = corners if region is None else [_vector(vertex) for vertex in region]
    if not n or {len(row) for row in [*x, *vertices]} != {n}:
        raise NotAligned(levels=(len(x), n), region=(len(vertices), n))
    if len(vertices) > n or any(sum(v) != 1 or min(v) < 0 for v in vertices):
        raise ValueError("a region is a simplex of at most n sets of weights")
    return _gathered(x, list(_cut_by_all([_Piece(tuple(vertices), Fraction(1))], x)))


def win_probability(differences: Sequence[Number]) -> Fraction:
    """Compute the share of all weights under which one unit is strictly ahead.

    It is the share of the simplex on which Σ w_i d_i > 0, in closed form: the divided
    difference of max(t, 0)^(n - 1) over the d_i, which is Σ over d_i > 0 of
    d_i^(n - 1) / Π_{j≠i} (d_i - d_j) if they are distinct [1]_.

    Parameters
    ----------
    differences : sequence of n numbers
        Difference of levels, by indicator; equal ones are allowed. A float is read
        as the decimal it prints as.

    Returns
    -------
    Fraction

    Raises
    ------
    NotAligned
        If there is no indicator.

    References
    ----------
    .. [1] Curry, H. B. and Schoenberg, I. J. (1966). On Pólya frequency functions IV:
       the fundamental spline functions and their limits. J. Anal. Math. 17, 71-107.

    Examples
    --------
    >>> win_probability([1, -1, 0.5])
    Fraction(2, 3)
    """
    d = sorted(_vector(differences))
    n = len(d)
    if not n:
        raise NotAligned(differences=(0,))
    row = [_power(t, n - 1) for t in d]
    for span in range(1, n):
        row = [
            (row[i + 1] - row[i]) / (d[i + span] - d[i])
            if d[i + span] != d[i]
            else comb(n - 1, span) * _power(d[i], n - 1 - span)
            for i in range(n - span)
        ]
    return row[0]


def _power(t: Fraction, exponent: int) -> Fraction:
    """Return max(t, 0) to a power, 0 at 0 because only strictly ahead counts."""
    return t**exponent if t > 0 else Fraction(0)


def _vector(numbers: Sequence[Number]) -> Vector:
    return tuple(_fraction(number) for number in numbers)


def _fraction(number: Number) -> Fraction:
    """Return a number as a fraction; a float as the decimal it prints as."""
    if isinstance(number, (int, str, Fraction)):
        return Fraction(number)
    return Fraction(repr(float(number)))


def _dot(weights: Vector, values: Vector) -> Fraction:
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


def _cut_by_all(pieces: list[_Piece], levels: list[Vector]) -> Iterator[_Piece]:
    for one, other in combinations(levels, 2):
        apart = tuple(a - b for a, b in zip(one, other, strict=True))
        pieces = [part for piece in pieces for part in _cut(piece, apart)]
    yield from pieces


def _cut(piece: _Piece, apart: Vector) -> Iterator[_Piece]:
    """Yield the parts of a piece on whose inside Σ w d has one sign."""
    heights = [_dot(vertex, apart) for vertex in piece.vertices]
    top, bottom = max(heights), min(heights)
    if top <= 0 or bottom >= 0:
        yield piece
        return
    above, below = heights.index(top), heights.index(bottom)
    along = top / (top - bottom)
    high, low = piece.vertices[above], piece.vertices[below]
    crossing = tuple(h + along * (k - h) for h, k in zip(high, low, strict=True))
    # The part with the high end has the same share of the volume as of the edge.
    yield from _cut(_replaced(piece, below, crossing, along), apart)
    yield from _cut(_replaced(piece, above, crossing, 1 - along), apart)


def _replaced(piece: _Piece, at: int, vertex: Vector, part: Fraction) -> _Piece:
    vertices = (*piece.vertices[:at], vertex, *piece.vertices[at + 1 :])
    return _Piece(vertices, piece.share * part)


def _gathered(levels: list[Vector], pieces: list[_Piece]) -> ExactAcceptability:
    units, n = range(len(levels)), len(levels[0])
    ranks = [[Fraction(0) for _ in units] for _ in units]
    winning = [[Fraction(0) for _ in units] for _ in units]
    centres = [[Fraction(0)] * n for _ in units]
    for piece in pieces:
        centre = piece.centre()
        totals = [_dot(centre, row) for row in levels]
        for i in units:
            ahead = sum(total > totals[i] for total in totals)
            share = piece.share / totals.count(totals[i])
            for place in range(ahead, ahead + totals.count(totals[i])):
                ranks[i][place] += share
            for j in units:
                winning[i][j] += piece.share * (totals[i] > totals[j])
            if not ahead:
                centres[i] = [c + share * w for c, w in zip(centres[i], centre, strict=True)]
    return ExactAcceptability(
        tuple(map(tuple, ranks)),
        tuple(map(tuple, winning)),
        tuple(
            tuple(c / row[0] for c in centre) if row[0] else None
            for centre, row in zip(centres, ranks, strict=True)
        ),
    )
