"""Printed seals, and the entries of the journal they were made of."""

import json
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import JournalEntry, Study
from survey.store.journal import RESTORED, seal


@dataclass(frozen=True)
class Sealed:
    """The entry that a seal belongs to."""

    study_id: int
    number: int
    at: datetime
    #: Whether the seal is of the head that this entry, of a restore, replaced.
    replaced: bool = False


def find_sealed(session: Session, study_id: int, printed: str, key: bytes) -> Sealed | None:
    """Find the entry of a study that a seal was printed for, by trying each."""
    entries = session.execute(
        select(JournalEntry.number, JournalEntry.at, JournalEntry.digest)
        .where(JournalEntry.study_id == study_id)
        .order_by(JournalEntry.number)
    )
    for number, at, digest in entries:
        if compare_digest(seal(digest, key), printed):
            return Sealed(study_id, number, at)
    return _find_replaced(session, study_id, printed, key)


def find_sealed_entry(session: Session, number: int, printed: str, key: bytes) -> Sealed | None:
    """Find the entry of this number, of any study, that a seal was printed for."""
    # One row of each study, by the index of studies and numbers.
    entries = session.execute(
        select(Study.id, JournalEntry.at, JournalEntry.digest)
        .select_from(Study)
        .join(JournalEntry, JournalEntry.study_id == Study.id)
        .where(JournalEntry.number == number)
    )
    for study_id, at, digest in entries:
        if compare_digest(seal(digest, key), printed):
            return Sealed(study_id, number, at)
    return None


def _find_replaced(session: Session, study_id: int, printed: str, key: bytes) -> Sealed | None:
    restores = session.execute(
        select(JournalEntry.number, JournalEntry.at, JournalEntry.detail).where(
            JournalEntry.study_id == study_id, JournalEntry.action == RESTORED
        )
    )
    for number, at, detail in restores:
        head = json.loads(detail)["from"]
        if head and compare_digest(seal(head, key), printed):
            return Sealed(study_id, number, at, replaced=True)
    return None
