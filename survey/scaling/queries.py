"""In which languages a study is asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Expert, Study


def panel_languages(session: Session, study: Study) -> list[str]:
    """The languages of the experts, each once, in the order in which they came."""
    languages = session.scalars(
        select(Expert.language).where(Expert.study_id == study.id).order_by(Expert.id)
    )
    return list(dict.fromkeys(languages))
