"""Queries for the languages of a panel and for versions of the scale's words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.models import Expert, ScaleWords, Study
from survey.store.scale import as_value


def panel_languages(session: Session, study: Study) -> list[str]:
    """Return the languages of the experts, each once, in the order of the experts."""
    languages = session.scalars(
        select(Expert.language).where(Expert.study_id == study.id).order_by(Expert.id)
    )
    return list(dict.fromkeys(languages))


def find_words(
    session: Session, study: Study, language: str, version: int
) -> values.ScaleWords | None:
    """Return a version of a language's words, in force or not."""
    row = session.scalar(
        select(ScaleWords).where(
            ScaleWords.study_id == study.id,
            ScaleWords.language == language,
            ScaleWords.version == version,
        )
    )
    return as_value(row) if row else None
