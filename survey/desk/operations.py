"""Operation to store all answers of a file, or none."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from survey.asking.pairs import (
    record_cannot_judge,
    record_group_abstention,
    record_judgement,
    take_back_group_abstention,
)
from survey.asking.points import record_allocation
from survey.asking.questions import find_comparison, find_parent, load_item_ids
from survey.asking.saves import Save, hold_answers, seat_of
from survey.desk.queries import READ, load_state
from survey.files.questionnaire.answers import (
    Change,
    GroupAnswer,
    Key,
    Line,
    PairAnswer,
    changes_of,
)
from survey.models import Invitation
from survey.store import journal
from survey.values import By


class AnsweredMeanwhile(Exception):
    """Some stored answers are newer than the file; nothing was stored."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(changes)
        #: All differences between the file and the stored answers.
        self.changes = changes


def store_answers(
    session: Session,
    invitation: Invitation,
    filled: Mapping[Key, Line],
    digest: str,
    by: By,
) -> int:
    """Store the answers of a file that differ from the stored ones; return how many.

    ``digest`` is the file's: the same file counts once. For an ``actor`` who is not the
    expert, all answers of the file are stored, so that the result reveals none of the
    expert's.

    Raises
    ------
    RoundClosed, AnsweredMeanwhile, StaleAnswer
        Nothing was stored.
    """
    hold_answers(session, seat_of(invitation))
    state = load_state(session, invitation, blind=bool(by.actor))
    changes = list(changes_of(filled, state.stored, state.shown))
    if any(change.stale for change in changes):
        raise AnsweredMeanwhile(changes)
    for change in changes:
        base = state.versions.get(change.key, 0)
        _store(session, invitation, change, _save(invitation, change, base, digest, by))
    expert, count = invitation.expert, sum(change.count for change in changes)
    journal.record(
        session,
        expert.study_id,
        by.actor or f"expert {expert.code}",
        READ,
        {
            "expert": expert.code,
            "round": invitation.round_id,
            "file": digest,
            "answers": count,
        },
        by.at,
    )
    return count


def _save(invitation: Invitation, change: Change, base: int, digest: str, by: By) -> Save:
    """Return the save of a change: one per file, question, round and base version."""
    what = f"{digest} {invitation.round_id} {change.key!r} {base}"
    return Save(hashlib.sha256(what.encode()).hexdigest(), base, by.at, by.actor)


def _store(session: Session, invitation: Invitation, change: Change, save: Save) -> None:
    if isinstance(change.filed, PairAnswer):
        _store_pair(session, invitation, int(change.key), change.filed, save)
    else:
        _store_group(session, invitation, str(change.key), change.filed, save)


def _store_pair(
    session: Session, invitation: Invitation, comparison_id: int, answer: PairAnswer, save: Save
) -> None:
    comparison = find_comparison(session, invitation, comparison_id)
    assert comparison is not None
    if answer.steps is None:
        record_cannot_judge(session, invitation, comparison, answer.cannot or "", save)
    else:
        record_judgement(session, invitation, comparison, answer.steps, answer.reason, save)


def _store_group(
    session: Session, invitation: Invitation, code: str, answer: GroupAnswer, save: Save
) -> None:
    parent = find_parent(session, invitation, code)
    assert parent is not None
    if answer.cannot is not None:
        record_group_abstention(session, invitation, parent, answer.cannot, save)
    elif answer.points:
        ids = load_item_ids(session, parent)
        points = {ids[item]: given for item, given in answer.points.items()}
        record_allocation(session, invitation, parent, points, save)
    else:
        take_back_group_abstention(session, invitation, parent, save)
