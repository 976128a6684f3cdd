"""Experts' reviews of their own weights, with the consistency before and after."""

from __future__ import annotations

from dataclasses import dataclass

import aggregation
from survey.reports.panel.answers import comparison_matrix
from survey.values import OFF, Judged, Review, Study


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Review with the inconsistency of its answers, as a share of that of random ones.

    ``before`` and ``after`` are None if the answers cannot be inconsistent, or are missing.
    """

    review: Review
    before: float | None
    after: float | None

    @property
    def kept(self) -> bool:
        return self.review.before == self.review.after


def telling_reviews(study: Study) -> tuple[Reviewed, ...]:
    """Return the reviews with contradictions shown, a verdict of off, or a reason."""
    return tuple(
        Reviewed(
            review,
            _relative_index(study.framework.children(review.parent), review.before),
            _relative_index(study.framework.children(review.parent), review.after or ()),
        )
        for review in study.reviews
        if review.shown or review.reason or review.verdict == OFF
    )


def _relative_index(items: tuple[str, ...], judged: Judged) -> float | None:
    if len(items) < 3 or len(judged) < len(items):
        return None
    matrix = comparison_matrix(items, {(first, second): steps for first, second, steps in judged})
    try:
        index = float(aggregation.geometric_consistency_index(matrix))
    except aggregation.DisconnectedGraph:
        return None
    return index / aggregation.RANDOM_GCI
