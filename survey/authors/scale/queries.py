"""In which languages a study is asked, and in which words it once was."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.models import Expert, ScaleWords, Study
from survey.store.scale import as_value


def panel_languages(session: Session, study: Study) -> list[str]:
    """The languages of the experts, each once, in the order in which they came."""
    languages = session.scalars(
        select(Expert.language).where(Expert.study_id == study.id).order_by(Expert.id)
    )
    return list(dict.fromkeys(languages))


def find_words(
    session: Session, study: Study, language: str, version: int
) -> values.ScaleWords | None:
    """A version of a language's words, be it in force or not."""
    row = session.scalar(
        select(ScaleWords).where(
            ScaleWords.study_id == study.id,
            ScaleWords.language == language,
            ScaleWords.version == version,
        )
    )
    return as_value(row) if row else None
