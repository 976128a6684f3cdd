"""What a ranking is made of: the units as they stand, weight sets, publications."""

import json
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.folder.weight_set import read_weight_set
from survey.models import Edition, Publication, Study, WeightSet
from survey.values import Unit
from survey.values import WeightSet as Adopted


def load_weight_sets(session: Session, study: Study) -> list[WeightSet]:
    """The frozen weight sets of a study's author: the study's own first, then the newest first."""
    rows = session.scalars(
        select(WeightSet)
        .join(Study, Study.id == WeightSet.study_id)
        .where(Study.author_id == study.author_id, WeightSet.locked_at.is_not(None))
    )
    return sorted(rows, key=lambda row: (row.study_id != study.id, -row.id))


def as_value(row: WeightSet) -> Adopted:
    """What a frozen weight set says; its digests are checked."""
    return read_weight_set(row.document.encode(), f"weight set {row.number}")


def find_publication(session: Session, study: Study) -> Publication | None:
    """The latest publication of a study: what readers see."""
    return session.scalar(
        select(Publication)
        .join(Edition)
        .where(Edition.study_id == study.id)
        .order_by(Publication.id.desc())
        .limit(1)
    )


def units_digest(units: Sequence[Unit]) -> str:
    """SHA-256 over everything that is known of the units, in their order."""
    known = [
        [
            unit.code,
            dict(unit.names),
            dict(unit.levels),
            unit.country,
            unit.capital,
            unit.latitude,
            unit.longitude,
        ]
        for unit in units
    ]
    text = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
