"""Queries for the receipt of an expert who finished."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.asking.questionnaire import Questionnaire
from survey.asking.saves import last_saved
from survey.canonical import compact
from survey.models import ANSWERS, Invitation, JournalEntry, Round


@dataclass(frozen=True, slots=True)
class Receipt:
    """Receipt for finished answers, as evidence in a later dispute."""

    finished_at: datetime
    #: SHA-256 of the current answers, hexadecimal.
    fingerprint: str
    #: The number of its journal entry, and the digest of that entry (the head then).
    entry: int
    head: str
    #: An answer was saved after the expert finished.
    changed_since: bool


def find_receipt(
    session: Session, invitation: Invitation, questionnaire: Questionnaire
) -> Receipt | None:
    """Return the receipt of an expert who finished, or None."""
    if invitation.finished_at is None:
        return None
    entry = session.execute(
        select(JournalEntry.number, JournalEntry.digest)
        .where(
            JournalEntry.study_id == invitation.expert.study_id,
            JournalEntry.actor == f"expert {invitation.expert.code}",
            JournalEntry.action == "answers finished",
            # The expert may have finished a later round since.
            JournalEntry.at == invitation.finished_at,
        )
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).first()
    if entry is None:
        return None
    saved = last_saved(session, invitation)
    return Receipt(
        finished_at=invitation.finished_at,
        fingerprint=fingerprint(invitation, questionnaire),
        entry=entry.number,
        head=entry.digest,
        changed_since=saved is not None and saved > invitation.finished_at,
    )


def answered_before(session: Session, invitation: Invitation) -> bool:
    """Whether a closed round has the expert's answers, which can no longer be deleted."""
    return any(
        session.scalar(
            select(table.id)
            .join(Round, Round.id == table.round_id)
            .where(table.expert_id == invitation.expert_id, Round.state == "closed")
            .limit(1)
        )
        for table in ANSWERS
    )


def fingerprint(invitation: Invitation, questionnaire: Questionnaire) -> str:
    """Return the SHA-256, hexadecimal, of the canonical JSON of one expert's answers.

    First study, round and expert; then one list per answer, in the framework's
    order, not the order of asking: parent, first, second, steps from
    equal, reason; parent, first, second, null, why not; parent, item, points or
    rating; parent, "best", item, "worst", item; parent, null, why not.
    """
    expert, round_ = invitation.expert, invitation.round
    answers: list[list[str | float | None]] = [[expert.study.code, round_.number, expert.code]]
    for group in questionnaire.asking:
        if group.cannot is not None:
            answers.append([group.code, None, group.cannot])
            continue
        if star := group.extremes:
            answers.append([group.code, "best", star.best, "worst", star.worst])
        pairs = list(questionnaire.framework.pairs(group.code))
        answers += [
            [*q.compared, q.steps, q.reason if q.cannot is None else q.cannot]
            for q in sorted(group.questions, key=lambda q: pairs.index((q.first, q.second)))
            if q.answered
        ]
        answers += [[group.code, item, given] for item, given in (group.points or {}).items()]
    return hashlib.sha256(compact(answers).encode()).hexdigest()
