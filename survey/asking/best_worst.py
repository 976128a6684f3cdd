"""Best-worst answers: items that count most and least, the star's judgements.

Both are one answer to a whole group and have one version in common: a page
that shows an older star cannot store judgements into a newer one.
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.asking.saves import Save, Saved, Subject, Who, of_invitation, save_answer, seat_of
from survey.models import Abstention, Criterion, Extremes, Judgement


def record_extremes(
    session: Session, who: Who, parent: Criterion, best_id: int, worst_id: int, save: Save
) -> Saved:
    """Store which criterion counts most under ``parent``, and which least.

    Judgements are kept; those that no longer belong to the star do not count.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)
    content = {"best": best_id, "worst": worst_id}

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))
        session.execute(
            delete(Extremes).where(
                *of_invitation(Extremes, question.seat), Extremes.parent_id == parent.id
            )
        )
        session.add(
            Extremes(
                round_id=question.seat.round_id,
                expert_id=question.seat.expert_id,
                parent_id=parent.id,
                best_id=best_id,
                worst_id=worst_id,
                answered_at=save.at,
            )
        )

    return save_answer(session, question, content, save, "best and worst recorded", store)


def record_star(
    session: Session,
    who: Who,
    parent: Criterion,
    steps: Mapping[int, int],
    save: Save,
    reasons: Mapping[int, str] | None = None,
) -> Saved:
    """Store the star's judgements (comparison id -> steps toward first) and reasons.

    A judgement that repeats the stored one keeps its reason if none is given, not
    even an empty one.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    question = Subject(seat_of(who), parent.id, None)
    reasons = reasons or {}
    content = {
        "steps": {str(comparison): given for comparison, given in sorted(steps.items())},
        "reasons": {str(comparison): said for comparison, said in sorted(reasons.items()) if said},
    }

    def store() -> None:
        session.execute(delete(Abstention).where(*question.rows(Abstention)))
        _replace(session, question, steps, reasons, save)

    return save_answer(session, question, content, save, "star recorded", store)


def _replace(
    session: Session,
    question: Subject,
    steps: Mapping[int, int],
    reasons: Mapping[int, str],
    save: Save,
) -> None:
    seat = question.seat
    rows = session.execute(
        select(Judgement.comparison_id, Judgement.step, Judgement.reason).where(
            *of_invitation(Judgement, seat), Judgement.comparison_id.in_(steps)
        )
    )
    stored = {row.comparison_id: (row.step, row.reason) for row in rows}
    changed = {}
    for comparison, step in steps.items():
        before, kept = stored.get(comparison, (None, ""))
        said = step, reasons.get(comparison, kept if step == before else "")
        if said != (before, kept):
            changed[comparison] = said
    for table in (Judgement, Abstention):
        session.execute(
            delete(table).where(*of_invitation(table, seat), table.comparison_id.in_(changed))
        )
    session.add_all(
        Judgement(
            round_id=seat.round_id,
            expert_id=seat.expert_id,
            comparison_id=comparison,
            step=step,
            reason=reason,
            answered_at=save.at,
        )
        for comparison, (step, reason) in changed.items()
    )
