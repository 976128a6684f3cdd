"""Operation to store an expert's review of their weights."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.group_ends import GroupEnd
from survey.asking.saves import Save, StaleAnswer
from survey.experts.links import note
from survey.models import Criterion, Invitation, Review
from survey.store import reviews
from survey.values import Review as ReviewValue


def record_review(
    session: Session,
    invitation: Invitation,
    parent: Criterion,
    end: GroupEnd,
    said: ReviewValue,
    seen: str,
    save: Save,
) -> None:
    """Store the expert's review of one group; ``end`` is its state, answers locked.

    A save that is stored already is not stored again.

    Raises
    ------
    StaleAnswer
        The answers or the review have changed since the page was shown; nothing was stored.
    """
    columns = reviews.columns_of(said)
    repeated = session.scalar(
        select(Review).where(Review.expert_id == invitation.expert_id, Review.key == save.key)
    )
    if repeated is not None:
        if _same(repeated, parent, said):
            return
        raise StaleAnswer
    if (end.version, end.seen) != (save.base, seen):
        raise StaleAnswer
    version = save.base + 1
    session.add(
        Review(
            round_id=invitation.round_id,
            expert_id=invitation.expert_id,
            parent_id=parent.id,
            version=version,
            key=save.key,
            saved_at=save.at,
            **columns,
        )
    )
    session.flush()
    note(session, invitation, "review recorded", save.at, parent=parent.id, version=version)


def _same(stored: Review, parent: Criterion, said: ReviewValue) -> bool:
    """Whether a save repeats a stored one; the answers may have changed since."""
    return (stored.parent_id, stored.verdict, stored.reason, stored.after is None) == (
        parent.id,
        said.verdict,
        said.reason,
        said.after is None,
    )
