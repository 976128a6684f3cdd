"""Experts' reviews of their weights: rows ↔ values."""

import json
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from survey import values
from survey.canonical import compact
from survey.models import Criterion, Expert, Invitation, Review, Round


def columns_of(review: values.Review) -> dict[str, str | None]:
    """Return the columns of a review's row."""
    steps = {(first, second): given for first, second, given in review.before}
    return {
        "verdict": review.verdict,
        "reason": review.reason,
        "shown": compact(
            [
                {
                    "kind": contradiction.kind,
                    "items": contradiction.items,
                    "steps": _around(contradiction.items, steps),
                }
                for contradiction in review.shown
            ]
        ),
        "before": compact(review.before),
        "after": None if review.after is None else compact(review.after),
    }


def review_of(row: Review, expert: str, parent: str) -> values.Review:
    """Return the review that a row holds."""
    return values.Review(
        expert=expert,
        parent=parent,
        verdict=row.verdict,
        reason=row.reason,
        shown=tuple(
            values.Contradiction(shown["kind"], tuple(shown["items"]))
            for shown in json.loads(row.shown)
        ),
        before=_judged(row.before),
        after=None if row.after is None else _judged(row.after),
    )


def find_review(session: Session, invitation: Invitation, parent: Criterion) -> Review | None:
    """Find the last review of an expert in their round."""
    return session.scalar(
        select(Review)
        .where(
            Review.expert_id == invitation.expert_id,
            Review.round_id == invitation.round_id,
            Review.parent_id == parent.id,
        )
        .order_by(Review.version.desc())
        .limit(1)
    )


def load_reviews(session: Session, round_: Round) -> tuple[values.Review, ...]:
    """Load the last review by expert and parent, in order of panel, then of asking.

    Empty while the round is not closed.
    """
    if not round_.is_closed:
        return ()
    later = aliased(Review)
    last = (
        select(func.max(later.version))
        .where(
            later.expert_id == Review.expert_id,
            later.round_id == Review.round_id,
            later.parent_id == Review.parent_id,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Review, Expert.code, Criterion.code)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Criterion, Criterion.id == Review.parent_id)
        .where(Review.round_id == round_.id, Review.version == last)
        .order_by(Expert.id, Criterion.parent_id.is_(None), Criterion.position)
    )
    return tuple(review_of(row, expert, parent) for row, expert, parent in rows)


def _around(items: tuple[str, str, str], steps: Mapping[tuple[str, str], int]) -> list[int | None]:
    """Return a triad's steps: first over second, second over third, third over first."""
    turned = {(second, first): -given for (first, second), given in steps.items()}
    every = {**steps, **turned}
    i, j, k = items
    return [every.get(pair) for pair in ((i, j), (j, k), (k, i))]


def _judged(text: str) -> values.Judged:
    return tuple((first, second, steps) for first, second, steps in json.loads(text))
