"""Contradictions among an expert's judgements under a parent, as shown to them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import log, sqrt

import numpy as np

from aggregation import (
    ContradictoryTriad,
    DisconnectedGraph,
    all_equal,
    contradictions,
    estimate,
    gci_threshold,
    geometric_consistency_index,
    suggested_steps,
)
from aggregation.contradictions import CIRCLE, END_OF_SCALE, SAME
from survey.reports.panel.answers import comparison_matrix
from survey.reports.panel.own_weights import Steps

#: The most contradictions shown at once: more would tire the expert.
MOST = 3

Pair = tuple[str, str]
Ratios = dict[Pair, Fraction]


@dataclass(frozen=True, slots=True)
class Statement:
    """Statement that ``more`` counts ``times`` as much as ``less``; 1 means the same."""

    more: str
    less: str
    times: Fraction

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.more, self.less))


@dataclass(frozen=True, slots=True)
class Finding:
    """Contradiction among three judgements.

    ``kind`` is ``circle``, ``strength`` or ``end-of-scale`` (`aggregation.contradictions`).
    The first two of ``said`` give ``implied``; the third contradicts it for the same
    pair. ``suggested`` is the value for the third that all other judgements of the
    expert predict; None if the third is not singled out, or has this value already.
    """

    kind: str
    items: tuple[str, str, str]
    said: tuple[Statement, Statement, Statement]
    implied: Statement
    suggested: Statement | None = None


def contradictions_of_judgements(items: tuple[str, ...], steps: Steps) -> tuple[Finding, ...]:
    """Return the contradictions to show an expert: the worst first, at most three.

    There are some if the geometric consistency index is above its threshold, or if
    three judgements form a circle. Each is searched without the judgements that the
    earlier ones singled out, so that one slip is reported once.
    """
    given, found = dict(steps), list[Finding]()
    while len(found) < MOST and (worst := _worst(items, given)) is not None:
        finding = _finding(items, given, worst)
        found.append(finding)
        given = {pair: step for pair, step in given.items() if {*pair} != finding.said[2].pair}
    return tuple(found)


def says_nothing(items: tuple[str, ...], steps: Steps) -> bool:
    """Whether every judgement is "the same": consistent but without information."""
    return bool(all_equal(comparison_matrix(items, steps)))


def _worst(items: tuple[str, ...], given: Steps) -> ContradictoryTriad | None:
    if len(given) < len(items):
        return None
    matrix = comparison_matrix(items, given)
    try:
        beyond = geometric_consistency_index(matrix) > gci_threshold(len(items))
    except DisconnectedGraph:
        return None
    return next((c for c in contradictions(matrix) if beyond or c.kind == CIRCLE), None)


def _finding(items: tuple[str, ...], given: Steps, worst: ContradictoryTriad) -> Finding:
    ratios = {pair: _ratio(step) for pair, step in given.items()}
    ratios |= {(second, first): 1 / ratio for (first, second), ratio in ratios.items()}
    triad = [items[place] for place in worst.items]
    pairs = list(combinations(triad, 2))
    singled_out = _singled_out(items, given, worst)
    first, last = singled_out or max(pairs, key=lambda pair: _strength(ratios, triad, pair))
    middle, implied = _implied(ratios, triad, (first, last))
    if implied < 1:
        first, last, implied = last, first, 1 / implied
    # Equal items come last: "if A counts twice as much as B, and B and C …".
    one, two = sorted(
        (_statement(*pair, ratios[pair]) for pair in ((first, middle), (middle, last))),
        key=lambda statement: statement.times == 1,
    )
    return Finding(
        kind=worst.kind,
        items=(triad[0], triad[1], triad[2]),
        said=(one, two, _statement(first, last, ratios[first, last])),
        implied=_statement(first, last, implied),
        suggested=_suggested(items, given, (first, last)) if singled_out else None,
    )


def _implied(ratios: Ratios, triad: list[str], pair: Pair) -> tuple[str, Fraction]:
    """Return the third item, and the ratio of the pair that the way over it implies."""
    [middle] = {*triad} - {*pair}
    return middle, ratios[pair[0], middle] * ratios[middle, pair[1]]


def _strength(ratios: Ratios, triad: list[str], pair: Pair) -> tuple[float, float]:
    """Return a judgement's strength; for equal ones, the implied strength on its side."""
    said, asked = log(ratios[pair]), log(_implied(ratios, triad, pair)[1])
    # Rounded, because 3 and 1/3 differ in strength only in their last bits.
    return round(abs(said), 9), round(asked if said > 0 else -asked, 9)


def _singled_out(items: tuple[str, ...], given: Steps, worst: ContradictoryTriad) -> Pair | None:
    """Return the judgement of a triad with the largest studentised residual.

    None if the largest is not larger than the next: with three items the three
    residuals are equal. None also at the end of the scale, where no judgement is wrong.
    """
    found = estimate(comparison_matrix(items, given))
    if worst.kind == END_OF_SCALE or found.freedom < 2:
        return None
    distances = {
        (i, j): abs(found.residuals[i, j]) / sqrt(1 - found.leverage[i, j])
        for i, j in combinations(worst.items, 2)
    }
    (i, j), next_ = sorted(distances, key=lambda pair: -distances[pair])[:2]
    return (items[i], items[j]) if distances[i, j] - distances[next_] > SAME else None


def _suggested(items: tuple[str, ...], given: Steps, pair: Pair) -> Statement | None:
    first, second = pair
    step = suggested_steps(comparison_matrix(items, given))[items.index(first), items.index(second)]
    said = given[pair] if pair in given else -given[second, first]
    if np.isnan(step) or step == said:
        return None
    return _statement(first, second, _ratio(int(step)))


def _ratio(step: int) -> Fraction:
    return Fraction(step + 1) if step >= 0 else Fraction(1, 1 - step)


def _statement(first: str, second: str, ratio: Fraction) -> Statement:
    return Statement(first, second, ratio) if ratio >= 1 else Statement(second, first, 1 / ratio)
