"""Frozen weight sets."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Study, WeightSet


def load_weight_sets(session: Session, study: Study) -> list[WeightSet]:
    """Load the frozen weight sets of a study, the one in force first."""
    return list(
        session.scalars(
            select(WeightSet)
            .where(WeightSet.study_id == study.id, WeightSet.locked_at.is_not(None))
            .order_by(WeightSet.number.desc())
        )
    )
