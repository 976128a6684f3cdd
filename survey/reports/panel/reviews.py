"""What experts said of their own weights, with how far their answers fitted before and after."""

from __future__ import annotations

from dataclasses import dataclass

import aggregation
from survey.reports.panel.answers import comparison_matrix
from survey.values import OFF, Judged, Review, Study


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review, and the inconsistency of its answers as a share of what random ones have.

    ``before`` and ``after`` are None where nothing could be inconsistent, or not said yet.
    """

    review: Review
    before: float | None
    after: float | None

    @property
    def kept(self) -> bool:
        return self.review.before == self.review.after


def telling_reviews(study: Study) -> tuple[Reviewed, ...]:
    """Those in which contradictions were shown, something was said to be off, or a reason given."""
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
