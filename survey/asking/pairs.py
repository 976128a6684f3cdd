"""Judgements and abstentions: storing them, and which comparison comes next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from survey import values
from survey.asking.questionnaire import lot
from survey.asking.questions import load_questionnaire
from survey.asking.saves import Asked, Save, Saved, Subject, Who, save_answer, seat_of
from survey.db import Base
from survey.models import Abstention, Comparison, Criterion, Invitation, Judgement, Round

# Judgements are saved most often: their statements are made once, and name the
# tables, because a mapped class would be inspected again for each save.

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
    """Return the statement that inserts a judgement or replaces the one that is there."""
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
    """Store one judgement in place of the earlier answer to this comparison.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), comparison.parent_id, comparison.id)
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
    question = Subject(seat_of(who), comparison.parent_id, comparison.id)

    def store() -> None:
        session.connection().execute(_DELETE_JUDGEMENT, question.ids)
        _abstain(session, question, reason, save.at)

    return save_answer(session, question, {"cannot": reason}, save, "abstention recorded", store)


def record_group_abstention(
    session: Session, who: Who, parent: Criterion, reason: str, save: Save
) -> Saved:
    """Store an abstention from all under ``parent``; answers there are kept aside.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)

    def store() -> None:
        _abstain(session, question, reason, save.at)

    return save_answer(session, question, {"cannot": reason}, save, "abstention recorded", store)


def take_back_group_abstention(session: Session, who: Who, parent: Criterion, save: Save) -> Saved:
    """Remove the abstention from a group: the expert's answers there count again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))

    return save_answer(session, question, {"cannot": None}, save, "abstention taken back", store)


def _abstain(session: Session, question: Subject, reason: str, at: datetime) -> None:
    session.execute(delete(Abstention).where(*question.rows(Abstention)))
    session.execute(insert(_ABSTENTION), {**question.ids, "reason": reason, "answered_at": at})


def find_open_question(session: Session, who: Who, comparison: Comparison | Asked) -> int | None:
    """Find the group's next open comparison: after this one, else the first before."""
    rows = _rows(session, who, comparison.parent_id)
    if rows[0].targeted:
        still_open = _asked_and_open(session, who)
    else:
        still_open = set(session.scalars(_open_of_group(who, comparison.parent_id)))
    places = [row.id for row in rows]
    here = places.index(comparison.id)
    return next((id_ for id_ in places[here:] + places[:here] if id_ in still_open), None)


def _asked_and_open(session: Session, who: Who) -> set[int]:
    """Load the open questions of a targeted round for the expert, in all groups."""
    mine = who if isinstance(who, Invitation) else session.get_one(Invitation, who.invitation_id)
    return {q.id for q in load_questionnaire(session, mine).questions if not q.answered}


def _open_of_group(who: Who, parent_id: int) -> Select[int]:
    """Return the query of a group's open comparisons if everything is asked.

    It reads little, because a save waits for it.
    """
    answered = or_(
        exists().where(
            Judgement.comparison_id == Comparison.id,
            Judgement.expert_id == who.expert_id,
        ),
        exists().where(
            Abstention.comparison_id == Comparison.id,
            Abstention.expert_id == who.expert_id,
        ),
    )
    return select(Comparison.id).where(
        Comparison.round_id == who.round_id,
        Comparison.parent_id == parent_id,
        ~answered,
    )


def _rows(session: Session, who: Who, parent_id: int) -> Sequence[Any]:
    """Load the comparisons of a group in the order in which the expert is asked them."""
    parent, first, second = aliased(Criterion), aliased(Criterion), aliased(Criterion)
    rows = session.execute(
        select(
            Comparison.id,
            parent.code,
            first.code,
            second.code,
            Invitation.seed,
            Round.order,
            Round.targeted,
        )
        .join(parent, parent.id == Comparison.parent_id)
        .join(first, first.id == Comparison.first_id)
        .join(second, second.id == Comparison.second_id)
        .join(Round, Round.id == Comparison.round_id)
        .join(Invitation, Invitation.round_id == Round.id)
        .where(
            Comparison.round_id == who.round_id,
            Comparison.parent_id == parent_id,
            Invitation.expert_id == who.expert_id,
        )
        .order_by(Comparison.position)
    ).all()
    if rows[0].order == values.RANDOM:
        return sorted(rows, key=lambda row: lot(row.seed, row[1], row[2], row[3]))
    return rows
