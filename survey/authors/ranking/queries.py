"""Queries for the weight sets of a ranking, and for its publication."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.files.weight_set import read_weight_set
from survey.models import Edition, Publication, Study, WeightSet
from survey.values import WeightSet as Adopted


def load_weight_sets(session: Session, study: Study) -> list[WeightSet]:
    """Return the frozen weight sets of an author: the study's first, then newest."""
    rows = session.scalars(
        select(WeightSet)
        .join(Study, Study.id == WeightSet.study_id)
        .where(Study.author_id == study.author_id, WeightSet.locked_at.is_not(None))
    )
    return sorted(rows, key=lambda row: (row.study_id != study.id, -row.id))


def load_sources(session: Session, weight_sets: Sequence[WeightSet]) -> dict[int, Study]:
    """Load the study that each weight set is of, by the weight set's id."""
    asked = {row.study_id for row in weight_sets}
    studies = {row.id: row for row in session.scalars(select(Study).where(Study.id.in_(asked)))}
    return {row.id: studies[row.study_id] for row in weight_sets}


def as_value(row: WeightSet) -> Adopted:
    """Return a frozen weight set as a value, after checking its digests."""
    return read_weight_set(row.document.encode(), f"weight set {row.number}")


def find_publication(session: Session, study: Study) -> Publication | None:
    """Return the latest publication of a study, which readers see."""
    return session.scalar(
        select(Publication)
        .join(Edition)
        .where(Edition.study_id == study.id)
        .order_by(Publication.id.desc())
        .limit(1)
    )
