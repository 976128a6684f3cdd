"""Operation to store an author's translations."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.authors.reasons.queries import load_reasons, version_of
from survey.models import Round, Translation
from survey.store import journal
from survey.store.locks import hold_study
from survey.store.reasons import JUDGEMENT, GivenReason
from survey.store.rounds import WrongState
from survey.values import By


class StaleTranslations(Exception):
    """A text has changed since its page was rendered; nothing was stored."""


def record_translations(
    session: Session,
    round_: Round,
    language: str,
    texts: Mapping[str, str],
    shown: Mapping[str, str],
    by: By,
) -> int:
    """Store translations of a closed round's reasons; an empty text deletes one.

    ``shown`` are the versions that the author's page showed. A text that the author
    left unchanged is not stored. Return how many were changed.

    Raises
    ------
    WrongState
        Unless the round is closed: a reason may still be changed by its writer.
    StaleTranslations
        If a text that the author changed was changed elsewhere to something else.
    """
    # Also locks the other rounds' pages: a reason that carried over is on several.
    hold_study(session, round_.study_id)
    if round_.state != "closed":
        raise WrongState(round_.state)
    changed = [
        reason
        for reason in load_reasons(session, round_, language)
        if texts.get(reason.key, reason.translation) != reason.translation
        and version_of(texts[reason.key]) != shown.get(reason.key)
    ]
    if any(version_of(r.translation) != shown.get(r.key) for r in changed):
        raise StaleTranslations
    for reason in changed:
        _replace(session, reason, language, texts[reason.key], by.at)
    if changed:
        detail: journal.Detail = {
            "round": round_.number,
            "language": language,
            "count": len(changed),
        }
        journal.record(session, round_.study_id, by.actor, "reasons translated", detail, by.at)
    return len(changed)


def _replace(session: Session, reason: GivenReason, language: str, text: str, at: datetime) -> None:
    column = "judgement_id" if reason.where == JUDGEMENT else "reconsideration_id"
    place = {column: reason.id, "language": language}
    session.execute(delete(Translation).filter_by(**place))
    if text:
        session.add(Translation(**place, text=text, translated_at=at))
    session.flush()
