"""Operations to keep or reconsider a weight, and to keep earlier answers."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.asking.former import Decision, Former
from survey.asking.questionnaire import QuestionGroup
from survey.asking.questions import find_parent
from survey.asking.saves import Save, Subject, load_version, save_answer
from survey.asking.second_look import Rest, judge_again, leave_again, list_again
from survey.experts.feedback.queries import load_decisions
from survey.models import Criterion, Invitation, Reconsideration
from survey.store.frameworks import load_criteria
from survey.store.seats import Seat
from survey.values import RECONSIDER


def record_decisions(
    session: Session,
    invitation: Invitation,
    decisions: Mapping[str, Decision],
    key: str,
    at: datetime,
) -> None:
    """Store an expert's decisions by indicator, if the versions shown are current.

    A decision that is stored already is not stored again.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    stored = load_decisions(session, invitation)
    criteria = load_criteria(session, invitation.expert.study.framework_id)
    for code, decided in decisions.items():
        before = stored.get(code, Decision())
        if (before.decision, before.reason) != (decided.decision, decided.reason):
            save = Save(f"{key}-{criteria[code].id}", decided.version, at)
            _decide(session, invitation, criteria[code], decided, save)


def _decide(
    session: Session,
    invitation: Invitation,
    indicator: Criterion,
    decided: Decision,
    save: Save,
) -> None:
    seat = Seat.of(invitation)
    # The indicator takes the place of a group's parent: no question is asked under it.
    question = Subject(seat, indicator.id, None)
    content = {"decision": decided.decision, "reason": decided.reason}
    mine = {
        "round_id": seat.round_id,
        "expert_id": seat.expert_id,
        "criterion_id": indicator.id,
    }

    def store() -> None:
        session.execute(delete(Reconsideration).filter_by(**mine))
        session.add(Reconsideration(**mine, decided_at=save.at, **content))
        session.flush()

    action = "weight reconsidered" if decided.decision == RECONSIDER else "weight kept"
    save_answer(session, question, content, save, action, store)


def say_the_same(
    session: Session,
    invitation: Invitation,
    former: Former,
    rest: Rest,
    key: str,
    at: datetime,
) -> None:
    """Answer everything in ``rest`` as in the round before.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    for question in rest.questions:
        # An open question has no version: its first answer is this one.
        save = Save(f"{key}-{question.id}", 0, at)
        judge_again(session, invitation, former, question, save)
    for group in rest.lists:
        list_again(session, invitation, former, group, _saving(session, invitation, group, key, at))
    for group in rest.left:
        leave_again(
            session, invitation, former, group, _saving(session, invitation, group, key, at)
        )


def _saving(
    session: Session, invitation: Invitation, group: QuestionGroup, key: str, at: datetime
) -> Save:
    parent = find_parent(session, invitation, group.code)
    version = load_version(session, invitation, parent=parent)
    return Save(f"{key}-g-{group.code}", version.number, at)
