"""Acts since a backup that a restore must not undo.

An expert who withdrew, a link that was revoked and a session that was closed stay so,
although the backup is from before. Both states are available as databases of the newest
revision: the one ``before`` the restore and the one ``after`` it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from survey.db import Base
from survey.models import (
    ANSWERS,
    AuthorLink,
    Expert,
    Invitation,
    Journal,
    JournalEntry,
    PersonalLink,
    Round,
    SignIn,
    Study,
)
from survey.store import journal


class Withdrawal(NamedTuple):
    """An expert took back all answers of a round."""

    expert: str
    round: int
    at: datetime


#: Errors from a detail that was changed.
GARBLED = (ValueError, KeyError, TypeError, AttributeError)


def keep_in_force(
    before: Session, after: Session, at: datetime, unread: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Repeat in ``after`` what must stay in force; return the studies it lacks.

    ``before`` is whole where ``unread`` is None. Else it is what was read of a damaged
    database, but for the tables named: withdrawals and revocations in it hold, and an expert
    who is missing may be part of the damage.
    """
    damaged = unread is not None
    _end_sessions(after, at)
    _revoke_links(before, after)
    codes = set(before.scalars(select(Study.code).where(Study.aside_since.is_(None))))
    in_force = select(Study).where(Study.aside_since.is_(None)).order_by(Study.id)
    for study in after.scalars(in_force).all():
        codes.discard(study.code)
        former = _same_study(before, after, study, damaged)
        to_head = journal.load_head(after, study.id)
        detail = {"from": _head(before, former), "to": to_head, **_damage(unread)}
        journal.record(after, study.id, journal.COMMAND, journal.RESTORED, detail, at)
        if former is not None:
            _repeat_withdrawals(before, former, after, study, at, damaged)
            if not damaged and _continues(before, former, to_head):
                _remove_experts(before, former, after, study, at)
    return tuple(sorted(codes))


def _end_sessions(after: Session, at: datetime) -> None:
    """End every session, and use up every sign-in link: some were used since."""
    after.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=at))
    after.execute(update(AuthorLink).where(AuthorLink.used_at.is_(None)).values(used_at=at))


def _revoke_links(before: Session, after: Session) -> None:
    revoked = before.execute(
        select(PersonalLink.digest, PersonalLink.revoked_at).where(
            PersonalLink.revoked_at.is_not(None)
        )
    )
    for digest, moment in revoked:
        after.execute(
            update(PersonalLink)
            .where(PersonalLink.digest == digest, PersonalLink.revoked_at.is_(None))
            .values(revoked_at=moment)
        )


def _head(before: Session, former: Study | None) -> str | None:
    if former is None:
        return None
    return before.scalar(select(Journal.head).where(Journal.study_id == former.id))


def _damage(unread: Sequence[str] | None) -> dict[str, str]:
    """Return the part of the entry on the state that was left, where it was damaged."""
    if unread is None:
        return {}
    return {"found": "damaged", "unread": ", ".join(unread)}


def _same_study(before: Session, after: Session, study: Study, damaged: bool) -> Study | None:
    """Find the study whose journal began with this entry; another may have its code.

    Of a damaged journal the first entry may be another: there the code has to do.
    """
    first = select(JournalEntry.digest).where(JournalEntry.number == 1)
    digest = after.scalar(first.where(JournalEntry.study_id == study.id))
    coded = select(Study).where(Study.code == study.code)
    same = coded.join(JournalEntry, JournalEntry.study_id == Study.id).where(
        JournalEntry.number == 1, JournalEntry.digest == digest
    )
    return before.scalar(same) or (before.scalar(coded) if damaged else None)


def _continues(before: Session, study: Study, head: str) -> bool:
    """Whether the present state came from that of the backup, not beside it."""
    entries = select(JournalEntry.id).where(
        JournalEntry.study_id == study.id, JournalEntry.digest == head
    )
    return before.scalar(entries) is not None


def _repeat_withdrawals(
    before: Session, former: Study, after: Session, study: Study, at: datetime, damaged: bool
) -> None:
    found = _withdrawals(before, former, damaged)
    for withdrawal in sorted(found - _withdrawals(after, study, damaged)):
        there = _invitation(after, study, withdrawal)
        if there is None:
            continue
        _delete_answers(after, there)
        here = _invitation(before, former, withdrawal)
        there.withdrew_at = here.withdrew_at if here else withdrawal.at
        there.finished_at, there.suggestion = None, ""
        journal.record(
            after,
            study.id,
            f"expert {withdrawal.expert}",
            journal.WITHDREW,
            {"round": there.round_id, "at": withdrawal.at.isoformat()},
            at,
        )


def _withdrawals(session: Session, study: Study, damaged: bool) -> set[Withdrawal]:
    rounds = {round_.id: round_.number for round_ in study.rounds}
    entries = session.execute(
        select(JournalEntry.actor, JournalEntry.detail, JournalEntry.at).where(
            JournalEntry.study_id == study.id, JournalEntry.action == journal.WITHDREW
        )
    )
    found = _marked(session, study) if damaged else set()
    for actor, text_, moment in entries:
        with suppress(*GARBLED if damaged else ()):
            detail = json.loads(text_)
            # A withdrawal that was repeated has the moment of the first time.
            when = datetime.fromisoformat(detail["at"]) if "at" in detail else moment
            expert = actor.removeprefix("expert ")
            found.add(Withdrawal(expert, rounds[detail["round"]], when.astimezone(UTC)))
    return found


def _marked(session: Session, study: Study) -> set[Withdrawal]:
    """Withdrawals as the invitations say them, where the journal may not."""
    rows = session.execute(
        select(Expert.code, Round.number, Invitation.withdrew_at)
        .join(Expert, Expert.id == Invitation.expert_id)
        .join(Round, Round.id == Invitation.round_id)
        .where(Expert.study_id == study.id, Invitation.withdrew_at.is_not(None))
    )
    return {Withdrawal(code, number, moment) for code, number, moment in rows if moment}


def _invitation(session: Session, study: Study, withdrawal: Withdrawal) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .join(Expert, Expert.id == Invitation.expert_id)
        .join(Round, Round.id == Invitation.round_id)
        .where(
            Expert.study_id == study.id,
            Expert.code == withdrawal.expert,
            Round.number == withdrawal.round,
        )
    )


def _remove_experts(
    before: Session, former: Study, after: Session, study: Study, at: datetime
) -> None:
    """Remove experts who were in the panel when the backup was made, and are not now."""
    panel = set(before.scalars(select(Expert.code).where(Expert.study_id == former.id)))
    for expert in after.scalars(select(Expert).where(Expert.study_id == study.id)).all():
        if expert.code in panel:
            continue
        for table in reversed(Base.metadata.sorted_tables):
            if "expert_id" in table.c:
                rows = select(table.c.id).where(table.c.expert_id == expert.id)
                _delete_with_what_belongs(after, table, list(after.scalars(rows)))
        _delete_with_what_belongs(after, Base.metadata.tables["expert"], [expert.id])
        detail: journal.Detail = {"expert": expert.code}
        journal.record(after, study.id, journal.COMMAND, "expert removed", detail, at)


def _delete_answers(session: Session, invitation: Invitation) -> None:
    for answers in ANSWERS:
        table = Base.metadata.tables[answers.__tablename__]
        rows = select(table.c.id).where(
            table.c.expert_id == invitation.expert_id, table.c.round_id == invitation.round_id
        )
        _delete_with_what_belongs(session, table, list(session.scalars(rows)))


def _delete_with_what_belongs(session: Session, table: Table, ids: list[int]) -> None:
    """Delete rows by id, after rows that refer to them: translations, links, sessions."""
    if not ids:
        return
    for other in Base.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column is table.c.id and "id" in other.c:
                pointing = select(other.c.id).where(key.parent.in_(ids))
                _delete_with_what_belongs(session, other, list(session.scalars(pointing)))
    session.execute(delete(table).where(table.c.id.in_(ids)))
