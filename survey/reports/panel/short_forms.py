"""Pairs that a round asks: every pair, or in a short questionnaire the most informative."""

from collections.abc import Iterator

from aggregation import informative_pairs
from survey.values import FULL, Framework


def pairs_of(framework: Framework, form: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the pairs of a round of this form, with parents, in order of asking."""
    for parent in framework.parents:
        pairs = framework.pairs(parent) if form == FULL else short_pairs(framework, parent)
        yield from ((parent, pair) for pair in pairs)


def short_pairs(framework: Framework, parent: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs under ``parent`` that a short questionnaire asks, in order."""
    items = framework.children(parent)
    if len(items) < 2:
        return
    for i, j in informative_pairs(len(items)):
        yield items[i], items[j]
