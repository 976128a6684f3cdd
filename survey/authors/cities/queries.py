"""Query for the levels of an edition."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import JournalEntry, Study


def last_loaded(session: Session, study: Study) -> datetime | None:
    """Return when levels were last replaced; None if they are the study's first ones."""
    return session.scalar(
        select(JournalEntry.at)
        .where(JournalEntry.study_id == study.id, JournalEntry.action == "levels replaced")
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
