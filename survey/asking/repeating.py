"""Saying again, in one press, what was said in the round before."""

from sqlalchemy.orm import Session

from survey.asking.best_worst import record_extremes, record_star
from survey.asking.former import Former
from survey.asking.pairs import record_cannot_judge, record_group_abstention, record_judgement
from survey.asking.points import record_allocation
from survey.asking.questionnaire import Group, Question
from survey.asking.questions import find_asked, find_parent, load_comparisons, load_item_ids
from survey.asking.saves import Save
from survey.models import Criterion, Invitation
from survey.store.seats import Seat


def judge_again(
    session: Session,
    invitation: Invitation,
    former: Former,
    question: Question,
    save: Save,
    reason: str = "",
) -> None:
    """Store the former answer to a comparison, judgement or abstention, as this round's.

    What she has written now stands in place of the former reason.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    asked = find_asked(session, Seat.of(invitation), question.id)
    assert asked is not None
    said, cannot = former.judgement(question), former.abstention(question)
    if said is not None:
        record_judgement(session, invitation, asked, said.steps, reason or said.reason, save)
    elif cannot is not None:
        record_cannot_judge(session, invitation, asked, reason or cannot.reason, save)


def list_again(
    session: Session, invitation: Invitation, former: Former, group: Group, save: Save
) -> None:
    """Store the former answer to a whole group as this round's: points, ratings, or a star.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    parent = _parent(session, invitation, group)
    ids = load_item_ids(session, parent)
    star = former.star(group.code)
    if star is None:
        points = {ids[item]: given for item, given in former.points(group.code).items()}
        record_allocation(session, invitation, parent, points, save)
        return
    ends = record_extremes(session, invitation, parent, ids[star.best], ids[star.worst], save)
    asked = load_comparisons(session, invitation, parent)
    said = {asked[ids[j.first], ids[j.second]]: j for j in former.under(group.code)}
    if said:
        steps = {comparison: judgement.steps for comparison, judgement in said.items()}
        reasons = {comparison: judgement.reason for comparison, judgement in said.items()}
        lines = Save(f"{save.key}-star", ends.version, save.at)
        record_star(session, invitation, parent, steps, lines, reasons)


def leave_again(
    session: Session, invitation: Invitation, former: Former, group: Group, save: Save
) -> None:
    """Store once more that she cannot judge a group.

    Raises
    ------
    RoundClosed, StaleAnswer
        Nothing was stored.
    """
    left = former.left(group.code)
    assert left is not None
    parent = _parent(session, invitation, group)
    record_group_abstention(session, invitation, parent, left.reason, save)


def _parent(session: Session, invitation: Invitation, group: Group) -> Criterion:
    parent = find_parent(session, invitation, group.code)
    assert parent is not None
    return parent
