"""What an author does to a study: the words it says of itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.models import Study
from survey.store import journal
from survey.values import Texts


def describe_study(
    session: Session,
    study: Study,
    titles: Texts,
    contact: str,
    notices: Texts,
    actor: str,
    at: datetime,
) -> None:
    """Change what a study says of itself; the answers and what was frozen stay as they are."""
    study.titles, study.contact, study.notices = dict(titles), contact, dict(notices)
    session.flush()
    detail: journal.Detail = {"titles": " ".join(titles), "notices": " ".join(notices)}
    journal.record(session, study.id, actor, "study described", detail, at)
