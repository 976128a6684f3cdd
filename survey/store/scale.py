"""A study's own words of the scale: versions that are added, never changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.models import Round, ScaleWords, Study
from survey.store import journal
from survey.values import By


def load_scale(session: Session, study_id: int) -> dict[str, values.ScaleWords]:
    """Load the words in force by language, without languages that have none."""
    rows = session.scalars(
        select(ScaleWords).where(ScaleWords.study_id == study_id).order_by(ScaleWords.version)
    )
    return {row.language: as_value(row) for row in rows}


def load_scale_of(session: Session, round_: Round) -> dict[str, values.ScaleWords]:
    """Load the words that a round was asked in; while it is a draft, those in force."""
    if round_.state == "draft":
        return load_scale(session, round_.study_id)
    rows = session.scalars(
        select(ScaleWords)
        .where(ScaleWords.study_id == round_.study_id)
        .order_by(ScaleWords.language)
    )
    used = round_.scale
    return {row.language: as_value(row) for row in rows if used.get(row.language) == row.version}


def note_versions(session: Session, round_: Round) -> None:
    """Record in a round that opens the versions of the words it is asked in."""
    scale = load_scale(session, round_.study_id)
    round_.scale = {language: words.version for language, words in scale.items()}


def add_words(
    session: Session,
    study: Study,
    words: values.ScaleWords,
    by: By,
) -> None:
    """Add one version of a language's words."""
    store_words(session, study, words, by.at)
    note_words(session, study.id, words, by)


def store_words(session: Session, study: Study, words: values.ScaleWords, at: datetime) -> None:
    """Store a version of a language's words without its journal entry."""
    session.add(
        ScaleWords(
            study_id=study.id,
            language=words.language,
            version=words.version,
            words=_plain(words.words),
            back=_plain(words.back),
            changed_at=at,
        )
    )
    session.flush()


def note_words(session: Session, study_id: int, words: values.ScaleWords, by: By) -> None:
    """Record in the journal that words were added."""
    detail: journal.Detail = {"language": words.language, "version": words.version}
    journal.record(session, study_id, by.actor, "scale worded", detail, by.at)


def as_value(row: ScaleWords) -> values.ScaleWords:
    return values.ScaleWords(row.language, row.version, _by_ratio(row.words), _by_ratio(row.back))


def _plain(words: Mapping[int, str]) -> dict[str, str]:
    return {str(ratio): word for ratio, word in words.items()}


def _by_ratio(words: Mapping[str, str]) -> dict[int, str]:
    return {ratio: words[str(ratio)] for ratio in values.RATIOS if str(ratio) in words}
