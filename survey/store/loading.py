"""Rows → values: a whole study as the rest of the house speaks of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from survey import values
from survey.models import (
    Abstention,
    Allocation,
    Answer,
    Comparison,
    Criterion,
    Edition,
    Expert,
    Extremes,
    Invitation,
    Judgement,
    Round,
    Study,
    Unit,
    WeightSet,
)
from survey.store.asked import load_asked
from survey.store.carrying import carry_over
from survey.store.locks import hold_study
from survey.store.reviews import load_reviews
from survey.store.rounds import find_former_round
from survey.store.scale import load_scale_of
from survey.values import Answers

#: A round's experts by id; their method is the one they answer that round by.
Experts = Mapping[int, values.Expert]


def load_study(session: Session, study: Study, round_: Round | None = None) -> values.Study:
    """One round of a study (:func:`telling_round` unless another is asked for) as a value."""
    criteria = load_criteria(session, study.framework_id)
    ranked = _ranked(session, study, criteria)
    asked = round_ or telling_round(session, study)
    return replace(
        _with_answers(session, ranked, asked, criteria),
        reviews=load_reviews(session, asked),
        scale=tuple(load_scale_of(session, asked).values()),
    )


def load_outline(session: Session, study: Study) -> values.Study:
    """What a study says of itself and weighs: no panel, no answers, no units."""
    return _outline(study, load_criteria(session, study.framework_id))


def _outline(study: Study, criteria: Mapping[str, Criterion]) -> values.Study:
    return values.Study(
        code=study.code,
        framework=as_framework(criteria.values()),
        titles=study.titles,
        contact=study.contact,
        notices=study.notices,
        purposes=study.purposes,
        anonymity=study.anonymity,
        unit=study.unit,
    )


def load_answered(session: Session, study: Study, round_: Round) -> values.Study:
    """What a panel's weights need of a study: no units."""
    criteria = load_criteria(session, study.framework_id)
    return _with_answers(session, _outline(study, criteria), round_, criteria)


def _with_answers(
    session: Session, study: values.Study, round_: Round, criteria: Mapping[str, Criterion]
) -> values.Study:
    experts = load_experts(session, round_)
    told = replace(study, panel=tuple(experts.values()))
    if not round_.is_closed:
        # Answers of an open round do not leave: they are their expert's alone.
        return told
    return told.with_answers(load_answers(session, round_, criteria, experts))


def load_answers(
    session: Session, round_: Round, criteria: Mapping[str, Criterion], experts: Experts
) -> Answers:
    """What these experts say in a round; in a targeted one with what carries over."""
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    framework = as_framework(criteria.values())
    extremes = tuple(_extremes(session, round_, by_id, experts, framework))
    own = Answers(
        tuple(_counted(_judgements(session, round_, by_id, experts), framework, experts, extremes)),
        tuple(_allocations(session, round_, criteria, experts)),
        tuple(_abstentions(session, round_, by_id, experts, framework)),
        extremes,
    )
    before = find_former_round(session, round_) if round_.targeted else None
    if before is None:
        return own
    return carry_over(
        load_answers(session, before, criteria, _carrying(session, round_, before, experts)),
        own,
        load_asked(session, round_, by_id, experts, framework),
        framework,
        [expert.code for expert in experts.values()],
    )


def _carrying(session: Session, round_: Round, before: Round, experts: Experts) -> Experts:
    """Whose answers carry over into a round: who has not withdrawn from it, and answers as then."""
    withdrew = session.scalars(
        select(Invitation.expert_id).where(
            Invitation.round_id == round_.id, Invitation.withdrew_at.is_not(None)
        )
    )
    then = load_experts(session, before, experts.keys() - set(withdrew))
    return {id_: expert for id_, expert in then.items() if expert.method == experts[id_].method}


def load_ranked(session: Session, study: Study) -> values.Study:
    """What a ranking needs of a study: no panel, no answers."""
    return _ranked(session, study, load_criteria(session, study.framework_id))


def _ranked(session: Session, study: Study, criteria: dict[str, Criterion]) -> values.Study:
    edition = find_edition(session, study)
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    return replace(
        _outline(study, criteria),
        units=tuple(_units(session, edition, by_id)) if edition else (),
        tables=tuple(
            values.Table(table.code, table.names, tuple(table.groups)) for table in edition.tables
        )
        if edition
        else (),
    )


def telling_round(session: Session, study: Study) -> Round:
    """The round that speaks for the study: the last closed one, else the first."""
    rounds = session.scalars(
        select(Round).where(Round.study_id == study.id).order_by(Round.number)
    ).all()
    closed = [round_ for round_ in rounds if round_.state == "closed"]
    return closed[-1] if closed else rounds[0]


def find_edition(session: Session, study: Study) -> Edition | None:
    return session.scalar(select(Edition).where(Edition.study_id == study.id).order_by(Edition.id))


def hold_edition(session: Session, study: Study) -> Edition | None:
    """The study's edition; its other writers wait until this transaction ends."""
    hold_study(session, study.id)
    return find_edition(session, study)


def load_weight_sets(session: Session, study: Study) -> list[WeightSet]:
    """A study's frozen weight sets, the one in force first."""
    return list(
        session.scalars(
            select(WeightSet)
            .where(WeightSet.study_id == study.id, WeightSet.locked_at.is_not(None))
            .order_by(WeightSet.number.desc())
        )
    )


def load_criteria(session: Session, framework_id: int) -> dict[str, Criterion]:
    """The rows of a framework's tree by code, in the framework's order."""
    rows = session.scalars(
        select(Criterion)
        .where(Criterion.framework_id == framework_id)
        .order_by(Criterion.position)
        .options(selectinload(Criterion.rungs))
    )
    return {row.code: row for row in rows}


def load_framework(session: Session, framework_id: int) -> values.Framework:
    return as_framework(load_criteria(session, framework_id).values())


def as_framework(criteria: Iterable[Criterion]) -> values.Framework:
    by_id = {criterion.id: criterion for criterion in criteria}
    return values.Framework(
        groups=tuple(
            values.Group(row.code, row.names)
            for row in by_id.values()
            if row.top is None and row.parent_id is not None
        ),
        indicators=tuple(
            values.Indicator(
                code=row.code,
                group=by_id[row.parent_id].code,
                names=row.names,
                top=row.top,
                rungs=tuple(values.Rung(rung.level, rung.texts) for rung in row.rungs),
            )
            for row in by_id.values()
            if row.top is not None and row.parent_id is not None
        ),
    )


def load_experts(session: Session, round_: Round, only: Collection[int] | None = None) -> Experts:
    """Who was invited to a round, all or only these, each with how she answers it."""
    invited = (
        select(Expert, Invitation.method, Invitation.seed)
        .join(Invitation, Invitation.expert_id == Expert.id)
        .where(Invitation.round_id == round_.id)
        .order_by(Expert.id)
    )
    rows = session.execute(invited if only is None else invited.where(Expert.id.in_(only)))
    # A seed says something only where the order was drawn from it.
    drawn = round_.order == values.RANDOM
    return {
        row.id: values.Expert(
            row.code, row.direction, row.language, method, row.name, seed if drawn else None
        )
        for row, method, seed in rows
    }


def _extremes(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Experts,
    framework: values.Framework,
) -> Iterator[values.Extremes]:
    rows = session.scalars(
        select(Extremes).where(
            *_of(Extremes, round_, experts), ~_abstains_from(Extremes, Extremes.parent_id)
        )
    )
    found = {(row.expert_id, codes[row.parent_id]): row for row in rows}
    for expert_id, expert in experts.items():
        for parent in framework.parents:
            row = found.get((expert_id, parent))
            if row is not None and expert.method == values.BEST_WORST:
                yield values.Extremes(expert.code, parent, codes[row.best_id], codes[row.worst_id])


def _counted(
    judgements: Iterable[values.Judgement],
    framework: values.Framework,
    experts: Experts,
    extremes: Iterable[values.Extremes],
) -> Iterator[values.Judgement]:
    """Those that belong to how their expert answers; the others are kept aside."""
    methods = {expert.code: expert.method for expert in experts.values()}
    stars = {(star.expert, star.parent): star for star in extremes}
    for judgement in judgements:
        star = stars.get((judgement.expert, judgement.parent))
        if framework.asks_every_pair(judgement.parent, methods[judgement.expert]) or (
            star and star.admit(judgement.first, judgement.second, judgement.steps)
        ):
            yield judgement


def _judgements(
    session: Session, round_: Round, codes: Mapping[int, str], experts: Experts
) -> Iterator[values.Judgement]:
    rows = session.execute(
        select(
            Judgement.expert_id,
            Comparison.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            Judgement.step,
            Judgement.reason,
        )
        .join(Comparison, Comparison.id == Judgement.comparison_id)
        .where(*_of(Judgement, round_, experts), ~_abstains_from(Judgement, Comparison.parent_id))
        .order_by(Judgement.expert_id, Comparison.position)
    )
    for expert, parent, first, second, step, reason in rows:
        yield values.Judgement(
            experts[expert].code, codes[parent], codes[first], codes[second], step, reason
        )


def _allocations(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    experts: Experts,
) -> Iterator[values.Allocation]:
    """By expert, then in the order of asking; an unfinished group is no answer yet."""
    by_expert: dict[int, dict[int, float]] = defaultdict(dict)
    for row in session.scalars(
        select(Allocation)
        .join(Criterion, Criterion.id == Allocation.criterion_id)
        .where(*_of(Allocation, round_, experts), ~_abstains_from(Allocation, Criterion.parent_id))
    ):
        if row.method == experts[row.expert_id].method:
            by_expert[row.expert_id][row.criterion_id] = row.points
    framework = as_framework(criteria.values())
    for expert_id, expert in experts.items():
        points = by_expert[expert_id]
        for parent in framework.parents:
            items = framework.children(parent)
            given = {i: points[criteria[i].id] for i in items if criteria[i].id in points}
            if len(given) == len(items) and values.is_whole(expert.method, given.values()):
                for item, share in given.items():
                    yield values.Allocation(expert.code, parent, item, share)


def _of(answers: type[Answer], round_: Round, experts: Experts) -> tuple[ColumnElement[bool], ...]:
    return answers.round_id == round_.id, answers.expert_id.in_(experts)


def _abstains_from(
    answers: type[Judgement | Allocation | Extremes], parent_id: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Whether the expert has said since that she judges nothing in this answer's group."""
    return exists().where(
        Abstention.expert_id == answers.expert_id,
        Abstention.round_id == answers.round_id,
        Abstention.parent_id == parent_id,
        Abstention.comparison_id.is_(None),
    )


def _abstentions(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Experts,
    framework: values.Framework,
) -> Iterator[values.Abstention]:
    rows = session.execute(
        select(Abstention, Comparison.first_id, Comparison.second_id)
        .outerjoin(Comparison, Comparison.id == Abstention.comparison_id)
        .where(*_of(Abstention, round_, experts))
        .order_by(Abstention.expert_id, Abstention.parent_id, Comparison.position)
    )
    for row, first, second in rows:
        expert, parent = experts[row.expert_id], codes[row.parent_id]
        if first and not framework.asks_every_pair(parent, expert.method):
            continue
        yield values.Abstention(
            expert.code,
            parent,
            codes[first] if first else "",
            codes[second] if second else "",
            row.reason,
        )


def _units(session: Session, edition: Edition, codes: dict[int, str]) -> Iterator[values.Unit]:
    rows = session.scalars(
        select(Unit)
        .where(Unit.edition_id == edition.id)
        .order_by(Unit.position)
        .options(selectinload(Unit.ratings))
    )
    order = {code: position for position, code in enumerate(codes.values())}
    for row in rows:
        levels = {codes[rating.criterion_id]: rating.level for rating in row.ratings}
        yield values.Unit(
            code=row.code,
            names=row.names,
            levels=dict(sorted(levels.items(), key=lambda item: order[item[0]])),
            country=row.country,
            capital=row.capital,
            latitude=row.latitude,
            longitude=row.longitude,
        )
