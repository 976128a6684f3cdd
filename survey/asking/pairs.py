"""Judgements in, and what an expert cannot judge."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.asking.saves import Answered, Asked, Save, Saved, Who, save_answer, seat_of
from survey.db import Base
from survey.models import Abstention, Comparison, Criterion

# A judgement is what is saved most: its statements are made once, and name the
# tables, because a mapped class would be looked through for each save anew.

_ABSTENTION = Base.metadata.tables["abstention"]
_JUDGEMENT = Base.metadata.tables["judgement"]

_DELETE_ABSTENTION = delete(_ABSTENTION).where(
    _ABSTENTION.c.expert_id == bindparam("expert_id"),
    _ABSTENTION.c.comparison_id == bindparam("comparison_id"),
)
_DELETE_JUDGEMENT = delete(_JUDGEMENT).where(
    _JUDGEMENT.c.expert_id == bindparam("expert_id"),
    _JUDGEMENT.c.comparison_id == bindparam("comparison_id"),
)


def _replacing(dialect: Any) -> Any:
    """Insert a judgement, or put it in the place of the one that is there."""
    statement = dialect.insert(_JUDGEMENT)
    return statement.on_conflict_do_update(
        index_elements=["expert_id", "comparison_id"],
        set_={name: statement.excluded[name] for name in ("step", "reason", "answered_at")},
    )


_REPLACE_JUDGEMENT = {"sqlite": _replacing(sqlite), "postgresql": _replacing(postgresql)}


def record_judgement(
    session: Session,
    who: Who,
    comparison: Comparison | Asked,
    step: int,
    reason: str,
    save: Save,
) -> Saved:
    """Store one judgement in place of what was said to this comparison before.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), comparison.parent_id, comparison.id)
    judgement = {"step": step, "reason": reason}

    def store() -> None:
        connection = session.connection()
        connection.execute(_DELETE_ABSTENTION, question.ids)
        connection.execute(
            _REPLACE_JUDGEMENT[connection.dialect.name],
            {**question.ids, **judgement, "answered_at": save.at},
        )

    return save_answer(session, question, judgement, save, "judgement recorded", store)


def record_cannot_judge(
    session: Session,
    who: Who,
    comparison: Comparison | Asked,
    reason: str,
    save: Save,
) -> Saved:
    """Store that the expert cannot judge this comparison.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), comparison.parent_id, comparison.id)

    def store() -> None:
        session.connection().execute(_DELETE_JUDGEMENT, question.ids)
        _abstain(session, question, reason, save.at)

    return save_answer(session, question, {"cannot": reason}, save, "abstention recorded", store)


def record_group_abstention(
    session: Session, who: Who, parent: Criterion, reason: str, save: Save
) -> Saved:
    """Store that the expert judges nothing under ``parent``; what she said there is kept aside.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), parent.id, None)

    def store() -> None:
        _abstain(session, question, reason, save.at)

    return save_answer(session, question, {"cannot": reason}, save, "abstention recorded", store)


def take_back_group_abstention(session: Session, who: Who, parent: Criterion, save: Save) -> Saved:
    """Store that the expert judges this group after all: what she said there counts again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Answered(seat_of(who), parent.id, None)

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))

    return save_answer(session, question, {"cannot": None}, save, "abstention taken back", store)


def _abstain(session: Session, question: Answered, reason: str, at: datetime) -> None:
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    session.execute(insert(_ABSTENTION), {**question.ids, "reason": reason, "answered_at": at})
