"""Rounds: finding, opening and closing them, and holding one during a write.

Answers share the lock of a round, and a change of its state waits for them. The row lock
decides (``FOR SHARE`` against ``FOR NO KEY UPDATE``), but PostgreSQL lets new sharers
pass one who waits for the row alone: under a steady stream of answers a round
could never close. So all of them queue, in order of arrival, for an advisory
lock first. SQLite has one writer at a time and needs neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from survey.db import Base
from survey.models import Criterion, Invitation, Round, Study
from survey.store import journal
from survey.store.locks import Lock, locks_rows, take
from survey.store.scale import note_versions
from survey.values import By

#: The space of advisory locks that are about rounds.
ROUNDS = 1

# Every save asks this: a statement made once is looked up, not built and compiled, each time.
_ROUND = Base.metadata.tables["round"]
_QUEUE = select(func.pg_advisory_xact_lock_shared(ROUNDS, bindparam("round_id")))
_SHARE = (
    select(_ROUND.c.state).where(_ROUND.c.id == bindparam("round_id")).with_for_update(read=True)
)


@dataclass(eq=False)
class WrongState(Exception):
    """The round is not in the state that this needs."""

    state: str


class PanelEmpty(Exception):
    """A round needs an invited expert."""


class StudyUntitled(Exception):
    """Experts would read an empty title or empty names (codes). Nothing is stored."""

    def __init__(self, study: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(study, codes)
        self.study, self.codes = study, codes


def find_round(session: Session, study: Study, number: int) -> Round | None:
    return session.scalar(select(Round).where(Round.study_id == study.id, Round.number == number))


def last_round(session: Session, study: Study) -> Round:
    """Return the latest round, for links and invitations; every study has one."""
    return session.scalars(
        select(Round).where(Round.study_id == study.id).order_by(Round.number.desc()).limit(1)
    ).one()


def telling_round(session: Session, study: Study) -> Round:
    """Return the round with the study's answers: the last closed one, else the first."""
    rounds = session.scalars(
        select(Round).where(Round.study_id == study.id).order_by(Round.number)
    ).all()
    closed = [round_ for round_ in rounds if round_.state == "closed"]
    return closed[-1] if closed else rounds[0]


def open_round(session: Session, round_: Round, by: By) -> None:
    """Open a round: the invited experts can answer.

    Raises
    ------
    WrongState
        Unless the round is a draft.
    PanelEmpty
        If no expert is invited.
    StudyUntitled
        If the study has no title, or a group or an indicator no name, in any language.
    """
    _lock(session, round_, "draft")
    refuse_untitled(session, round_.study)
    if session.scalar(select(Invitation.id).where(Invitation.round_id == round_.id)) is None:
        raise PanelEmpty
    note_versions(session, round_)
    round_.state, round_.opened_at = "open", by.at
    session.flush()
    journal.record(
        session, round_.study_id, by.actor, "round opened", {"round": round_.number}, by.at
    )


def refuse_untitled(session: Session, study: Study) -> None:
    """Refuse a study whose title, groups or indicators have no text in any language.

    Raises
    ------
    StudyUntitled
        With the codes of groups and indicators without a name.
    """
    if not _is_named(study.titles):
        raise StudyUntitled(study.code)
    rows = session.execute(
        select(Criterion.code, Criterion.names)
        .where(Criterion.framework_id == study.framework_id, Criterion.parent_id.is_not(None))
        .order_by(Criterion.position)
    )
    if unnamed := tuple(code for code, names in rows if not _is_named(names)):
        raise StudyUntitled(study.code, unnamed)


def _is_named(texts: Mapping[str, str]) -> bool:
    return any(text.strip() for text in texts.values())


def close_round(session: Session, round_: Round, by: By) -> None:
    """Close a round for good: answers being saved are waited for, later ones refused.

    Raises
    ------
    WrongState
        Unless the round is open.
    """
    _lock(session, round_, "open")
    round_.state, round_.closed_at = "closed", by.at
    session.flush()
    journal.record(
        session, round_.study_id, by.actor, "round closed", {"round": round_.number}, by.at
    )


def refuse_closed(session: Session, round_: Round) -> None:
    """Refuse a closed round, and prevent its close until this transaction ends."""
    state = hold_state(session, round_.id)
    if state == "closed":
        raise WrongState(state)


def _lock(session: Session, round_: Round, needed: str) -> None:
    hold_alone(session, round_)
    if round_.state != needed:
        raise WrongState(round_.state)


def hold_state(session: Session, round_id: int) -> str | None:
    """Return a round's state, which stays as it is until this transaction ends."""
    connection = session.connection()
    if take(session, Lock.ROUND, round_id, shared=True) and locks_rows(session):
        connection.execute(_QUEUE, {"round_id": round_id})
    state: str | None = connection.scalar(_SHARE, {"round_id": round_id})
    return state


def hold_alone(session: Session, round_: Round) -> None:
    """Wait for answers being saved, keep later ones out, and read the round again."""
    if take(session, Lock.ROUND, round_.id) and locks_rows(session):
        session.execute(select(func.pg_advisory_xact_lock(ROUNDS, round_.id)))
    session.refresh(round_, with_for_update={"key_share": True})


def find_former_round(session: Session, round_: Round) -> Round | None:
    """Find the closed round before this one, whose answers this one may show."""
    if round_.number == 1:
        return None
    return session.scalar(
        select(Round)
        .where(
            Round.study_id == round_.study_id,
            Round.number < round_.number,
            Round.state == "closed",
        )
        .order_by(Round.number.desc())
        .limit(1)
    )
