"""Questions of one expert, loaded from the rows, and the rows an answer is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from survey import values
from survey.asking.former import Former, narrowed, with_what_counts
from survey.asking.questionnaire import Question, QuestionGroup, Questionnaire, lot
from survey.asking.saves import Asked, of_invitation
from survey.db import Base
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Extremes,
    Invitation,
    Judgement,
)
from survey.store.answers import load_experts
from survey.store.frameworks import as_framework, load_criteria
from survey.store.rounds import find_former_round
from survey.store.seats import Seat
from survey.store.standing import load_standing
from survey.store.targets import load_targets
from survey.values import Answers
from survey.values.response import KEEP_ANSWERS


def load_questionnaire(
    session: Session, invitation: Invitation, *, blank: bool = False
) -> Questionnaire:
    """Load the questions of an invitation, with the answers stored so far.

    ``blank`` leaves the answers of this round out, for readers other than the expert.
    """
    criteria = load_criteria(session, invitation.expert.study.framework_id)
    framework = as_framework(criteria.values())
    codes = {criterion.id: code for code, criterion in criteria.items()}
    of_kind = (
        _groups_of_points if invitation.kind in (values.DIRECT, values.RATING) else _groups_of_pairs
    )
    groups = of_kind(session, invitation, framework, codes, blank)
    former = _load_former(session, invitation, criteria, framework)
    if invitation.round.targeted and former is not None:
        own = load_experts(session, invitation.round, (invitation.expert_id,))
        targets = load_targets(session, invitation.round, codes, own, framework)
        if blank:
            targets = replace(targets, reconsidered={})
        groups = narrowed(groups, invitation.expert.code, targets, former)
    counts = invitation.round.silence == KEEP_ANSWERS or any(group.begun for group in groups)
    if invitation.round.silence and former is not None and counts:
        groups = with_what_counts(groups, former)
    return Questionnaire(framework, groups, former)


def _groups_of_points(
    session: Session,
    invitation: Invitation,
    framework: values.Framework,
    codes: Mapping[int, str],
    blank: bool,
) -> tuple[QuestionGroup, ...]:
    points = {} if blank else _points(session, invitation, codes)
    abstains = {} if blank else _group_abstentions(session, invitation, codes)
    return tuple(
        QuestionGroup(
            code,
            items := framework.children(code),
            points={item: points[item] for item in items if item in points},
            cannot=abstains.get(code),
            kind=invitation.kind,
        )
        for code in framework.asked_parents
    )


def _groups_of_pairs(
    session: Session,
    invitation: Invitation,
    framework: values.Framework,
    codes: Mapping[int, str],
    blank: bool,
) -> tuple[QuestionGroup, ...]:
    kind = invitation.kind
    questions = _questions(session, invitation, codes)
    if blank:
        questions = [_open(question) for question in questions]
    chooses = kind == values.BEST_WORST and not blank
    stars = _extremes(session, invitation, codes) if chooses else {}
    abstains = {} if blank else _group_abstentions(session, invitation, codes)
    return tuple(
        _group_of_pairs(framework, code, kind, questions, abstains.get(code), stars.get(code))
        for code in framework.asked_parents
    )


def _load_former(
    session: Session,
    invitation: Invitation,
    criteria: Mapping[str, Criterion],
    framework: values.Framework,
) -> Former | None:
    """Load the expert's answers of the round before; None in a study's first round."""
    before = find_former_round(session, invitation.round)
    if before is None:
        return None
    own = load_experts(session, before, (invitation.expert_id,))
    standing = load_standing(session, before, criteria, framework, own)
    said, then = standing.answers, standing.experts.values()
    alike = all(expert.kind == invitation.kind for expert in then)
    return Former(before.number, said != Answers(), said if alike else Answers())


def _group_of_pairs(
    framework: values.Framework,
    code: str,
    kind: str,
    questions: Sequence[Question],
    cannot: str | None,
    star: values.Extremes | None,
) -> QuestionGroup:
    """Return a group with every pair or, of a best-worst expert, those of the star."""
    items = framework.children(code)
    own = tuple(q for q in questions if q.parent == code)
    if framework.asks_every_pair(code, kind):
        return QuestionGroup(code, items, own, cannot=cannot)
    if star is None:
        return QuestionGroup(code, items, cannot=cannot, kind=kind)
    pairs = [frozenset(pair) for pair in star.pairs(items)]
    asked = sorted(
        (q for q in own if frozenset((q.first, q.second)) in pairs),
        key=lambda q: pairs.index(frozenset((q.first, q.second))),
    )
    counted = tuple(q if _belongs(star, q) else _open(q) for q in asked)
    judged = sum(q.steps is not None for q in own)
    aside = judged - sum(q.answered for q in counted)
    return QuestionGroup(code, items, counted, cannot=cannot, kind=kind, extremes=star, aside=aside)


def _belongs(star: values.Extremes, question: Question) -> bool:
    return question.steps is not None and star.admit(
        question.first, question.second, question.steps
    )


def _open(question: Question) -> Question:
    return replace(question, steps=None, reason="", cannot=None)


def find_comparison(
    session: Session, invitation: Invitation, comparison_id: int
) -> Comparison | None:
    """Find a comparison of the round that this invitation answers."""
    return session.scalar(
        select(Comparison).where(
            Comparison.id == comparison_id, Comparison.round_id == invitation.round_id
        )
    )


_COMPARISON = Base.metadata.tables["comparison"]

# Made once: every save asks it.
_ASKED = select(_COMPARISON.c.id, _COMPARISON.c.parent_id).where(
    _COMPARISON.c.id == bindparam("id"), _COMPARISON.c.round_id == bindparam("round")
)


def find_asked(session: Session, seat: Seat, comparison_id: int) -> Asked | None:
    """Find the same comparison, as far as a save needs to know it."""
    asked = {"id": comparison_id, "round": seat.round_id}
    row = session.connection().execute(_ASKED, asked).first()
    return Asked(*row) if row else None


def find_parent(session: Session, invitation: Invitation, code: str) -> Criterion | None:
    """Find the goal or a group of the study that this invitation belongs to."""
    return session.scalar(
        select(Criterion).where(
            Criterion.framework_id == invitation.expert.study.framework_id,
            Criterion.code == code,
            Criterion.top.is_(None),
        )
    )


def asks_this_pair(session: Session, seat: Seat, asked: Asked) -> bool:
    """Whether the expert's present kind of answering has single pairs here."""
    if seat.kind != values.BEST_WORST:
        return seat.kind == values.PAIRWISE
    siblings = select(func.count(Comparison.id)).where(
        Comparison.round_id == seat.round_id, Comparison.parent_id == asked.parent_id
    )
    return session.scalar(siblings) == 1


def load_item_ids(session: Session, parent: Criterion) -> dict[str, int]:
    """Load the ids of the criteria under a parent by code, in the framework's order."""
    rows = session.execute(
        select(Criterion.code, Criterion.id)
        .where(Criterion.parent_id == parent.id)
        .order_by(Criterion.position)
    )
    return {row.code: row.id for row in rows}


def load_comparisons(
    session: Session, invitation: Invitation, parent: Criterion
) -> dict[tuple[int, int], int]:
    """Load the ids of a group's comparisons in a round, by ids of first and second."""
    rows = session.execute(
        select(Comparison.first_id, Comparison.second_id, Comparison.id).where(
            Comparison.round_id == invitation.round_id, Comparison.parent_id == parent.id
        )
    )
    return {(first, second): id_ for first, second, id_ in rows}


# ---------------------------------------------------------------- rows


def _questions(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> list[Question]:
    rows = session.execute(
        select(
            Comparison.id,
            Comparison.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            Judgement.step,
            Judgement.reason,
            Abstention.reason,
        )
        .outerjoin(
            Judgement,
            and_(
                Judgement.comparison_id == Comparison.id,
                Judgement.expert_id == invitation.expert_id,
            ),
        )
        .outerjoin(
            Abstention,
            and_(
                Abstention.comparison_id == Comparison.id,
                Abstention.expert_id == invitation.expert_id,
            ),
        )
        .where(Comparison.round_id == invitation.round_id)
        .order_by(Comparison.position)
    )
    questions = [
        Question(id_, codes[parent], codes[first], codes[second], steps, reason or "", cannot)
        for id_, parent, first, second, steps, reason, cannot in rows
    ]
    if invitation.round.order == values.FIXED:
        return questions
    return _drawn(questions, invitation.seed)


def _drawn(questions: list[Question], seed: int) -> list[Question]:
    """Return the questions in the order, and with the sides, that a seed gives them."""
    lots = {question: lot(seed, *question.compared) for question in questions}
    ordered = sorted(questions, key=lots.__getitem__)
    return [replace(question, swapped=lots[question].swapped) for question in ordered]


def _points(session: Session, invitation: Invitation, codes: Mapping[int, str]) -> dict[str, float]:
    rows = session.execute(
        select(Allocation.criterion_id, Allocation.points).where(
            *of_invitation(Allocation, invitation), Allocation.kind == invitation.kind
        )
    )
    return {codes[criterion]: points for criterion, points in rows}


def _extremes(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> dict[str, values.Extremes]:
    rows = session.scalars(select(Extremes).where(*of_invitation(Extremes, invitation)))
    return {
        codes[row.parent_id]: values.Extremes(
            invitation.expert.code, codes[row.parent_id], codes[row.best_id], codes[row.worst_id]
        )
        for row in rows
    }


def _group_abstentions(
    session: Session, invitation: Invitation, codes: Mapping[int, str]
) -> dict[str, str]:
    rows = session.execute(
        select(Abstention.parent_id, Abstention.reason).where(
            *of_invitation(Abstention, invitation), Abstention.comparison_id.is_(None)
        )
    )
    return {codes[parent]: reason for parent, reason in rows}


def load_code(session: Session, criterion_id: int) -> str:
    """Load the code of the criterion of this id."""
    return session.scalars(select(Criterion.code).where(Criterion.id == criterion_id)).one()
