"""Counts of the experts of a round by what they did in it."""

from collections import defaultdict
from collections.abc import Set

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from survey.models import Allocation, Criterion, Invitation, Round
from survey.store.answers import load_experts
from survey.store.frameworks import as_framework, load_criteria
from survey.store.standing import Standing, load_spared, load_standing
from survey.values import Answers
from survey.values.response import Response


def load_response(session: Session, round_: Round) -> Response:
    """Count the experts who answered a round, count without an answer, or withdrew."""
    return response_of(session, round_, load_round_standing(session, round_))


def load_round_standing(session: Session, round_: Round) -> Standing:
    """Load what all experts of a round have said by its end."""
    criteria = load_criteria(session, round_.study.framework_id)
    framework = as_framework(criteria.values())
    return load_standing(session, round_, criteria, framework, load_experts(session, round_))


def response_of(session: Session, round_: Round, standing: Standing) -> Response:
    """Count the experts of a round, each once."""
    invited = standing.experts.keys()
    withdrew = _marked(session, round_, Invitation.withdrew_at.is_not(None))
    answered = standing.took_part - withdrew
    others = invited - answered - withdrew
    counting = others & standing.counting & _with_answers(standing, standing.answers)
    spared = counting & load_spared(session, round_, others)
    said_no = _marked(session, round_, Invitation.declined_at.is_not(None)) & others
    kept_declining, declined = said_no & counting - spared, said_no - counting
    left_out = others - counting - declined & _with_former_answers(standing)
    return Response(
        round=round_.number,
        silence=round_.silence or "",
        least=round_.least_response,
        invited=len(invited),
        answered=len(answered),
        kept_by_silence=len(counting - spared - kept_declining),
        kept_declining=len(kept_declining),
        not_asked=len(spared),
        left_out=len(left_out),
        declined=len(declined),
        withdrew=len(withdrew),
        without_answers=len(others - counting - declined - left_out),
        kept_by_word=len((_repeating(standing) & answered) - _else(session, round_, standing)),
    )


def _marked(session: Session, round_: Round, mark: ColumnElement[bool]) -> set[int]:
    return set(
        session.scalars(select(Invitation.expert_id).where(Invitation.round_id == round_.id, mark))
    )


def _with_former_answers(standing: Standing) -> Set[int]:
    """Find experts, by id, with answers in an earlier round, even if left out since."""
    before = standing.before
    return _with_answers(before, before.answers) if before else set()


def _with_answers(standing: Standing, answers: Answers) -> Set[int]:
    codes = {answer.expert for kind in answers.kinds for answer in kind}
    return {id_ for id_, expert in standing.experts.items() if expert.code in codes}


def _repeating(standing: Standing) -> Set[int]:
    """Find experts, by id, with the answers of the round before, reasons aside."""
    before = standing.before
    if before is None:
        return set()
    then, now = _said(before.answers), _said(standing.answers)
    return {
        id_
        for id_, expert in standing.experts.items()
        if now[expert.code] and now[expert.code] == then[expert.code]
    }


def _else(session: Session, round_: Round, standing: Standing) -> Set[int]:
    """Find experts, by id, with other answers of this round that do not count yet."""
    saved, counted = _said(standing.own), _said(standing.answers)
    experts = standing.experts
    given = {(a.expert, a.item, a.points) for a in standing.answers.allocations}
    # A list that is not whole is not among the answers at all.
    begun = session.execute(
        select(Allocation.expert_id, Criterion.code, Allocation.points)
        .join(Criterion, Criterion.id == Allocation.criterion_id)
        .where(Allocation.round_id == round_.id)
    )
    return {id_ for id_, *what in begun if (experts[id_].code, *what) not in given} | {
        id_ for id_, expert in experts.items() if saved[expert.code] - counted[expert.code]
    }


def _said(answers: Answers) -> defaultdict[str, set[tuple[object, ...]]]:
    """Return everything that a weight depends on, by the expert's code."""
    said = defaultdict[str, set[tuple[object, ...]]](set)
    for j in answers.judgements:
        said[j.expert].add((j.parent, j.first, j.second, j.steps))
    for a in answers.allocations:
        said[a.expert].add((a.parent, a.item, a.points))
    for cannot in answers.abstentions:
        said[cannot.expert].add((cannot.parent, cannot.first, cannot.second))
    for star in answers.extremes:
        said[star.expert].add((star.parent, star.best, star.worst, "star"))
    return said
