"""Count the experts of a round by what they did in it."""

from collections.abc import Set

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from survey.models import Allocation, Criterion, Extremes, Invitation, Round
from survey.response import Response
from survey.store.answers import load_experts
from survey.store.loading import as_framework, load_criteria
from survey.store.standing import Standing, load_spared, load_standing
from survey.values import Answers


def load_response(session: Session, round_: Round) -> Response:
    """Count who answered a round, who counts without it, and who left."""
    return response_of(session, round_, load_round_standing(session, round_))


def load_round_standing(session: Session, round_: Round) -> Standing:
    """Load what all experts of a round have said by its end."""
    criteria = load_criteria(session, round_.study.framework_id)
    framework = as_framework(criteria.values())
    return load_standing(session, round_, criteria, framework, load_experts(session, round_))


def response_of(session: Session, round_: Round, standing: Standing) -> Response:
    """Count the experts of a round, each once."""
    everybody = standing.experts.keys()
    withdrew = _marked(session, round_, Invitation.withdrew_at.is_not(None))
    answered = standing.took_part - withdrew
    others = everybody - answered - withdrew
    counting = others & standing.counting & _with_answers(standing, standing.answers)
    spared = counting & load_spared(session, round_, others)
    declined = _marked(session, round_, Invitation.declined_at.is_not(None)) & others - counting
    left_out = others - counting - declined & _with_former_answers(standing)
    return Response(
        round=round_.number,
        silence=round_.silence or "",
        least=round_.least_response,
        invited=len(everybody),
        answered=len(answered),
        kept_by_silence=len(counting - spared),
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
    """The experts, by id, who have said something in a round before, were they left out since."""
    before = standing.before
    return _with_answers(before, before.answers) if before else set()


def _with_answers(standing: Standing, answers: Answers) -> Set[int]:
    codes = {answer.expert for kind in answers.kinds for answer in kind}
    return {id_ for id_, expert in standing.experts.items() if expert.code in codes}


def _repeating(standing: Standing) -> Set[int]:
    """The experts, by id, whose answers are those of the round before, reasons aside."""
    before = standing.before
    if before is None:
        return set()
    then, now = _said(before), _said(standing)
    return {
        id_
        for id_, expert in standing.experts.items()
        if now.get(expert.code) and now.get(expert.code) == then.get(expert.code)
    }


def _else(session: Session, round_: Round, standing: Standing) -> Set[int]:
    """The experts, by id, who saved something else in this round that is no whole list yet."""
    criteria = session.scalars(
        select(Criterion).where(Criterion.framework_id == round_.study.framework_id)
    )
    codes = {criterion.id: criterion.code for criterion in criteria}
    said: set[tuple[object, ...]] = {
        *((a.expert, a.item, a.points) for a in standing.answers.allocations),
        *((star.expert, star.best, star.worst) for star in standing.answers.extremes),
    }
    saved: list[tuple[int, str, object]] = [
        *(
            (row.expert_id, codes[row.criterion_id], row.points)
            for row in session.scalars(select(Allocation).where(Allocation.round_id == round_.id))
        ),
        *(
            (row.expert_id, codes[row.best_id], codes[row.worst_id])
            for row in session.scalars(select(Extremes).where(Extremes.round_id == round_.id))
        ),
    ]
    experts = standing.experts
    return {id_ for id_, *what in saved if (experts[id_].code, *what) not in said}


def _said(standing: Standing) -> dict[str, set[tuple[object, ...]]]:
    """By the expert's code, everything that a weight depends on."""
    answers = standing.answers
    said: dict[str, set[tuple[object, ...]]] = {}
    for j in answers.judgements:
        said.setdefault(j.expert, set()).add((j.parent, j.first, j.second, j.steps))
    for a in answers.allocations:
        said.setdefault(a.expert, set()).add((a.parent, a.item, a.points))
    for cannot in answers.abstentions:
        said.setdefault(cannot.expert, set()).add((cannot.parent, cannot.first, cannot.second))
    for star in answers.extremes:
        said.setdefault(star.expert, set()).add((star.parent, star.best, star.worst, "star"))
    return said
