"""Rows → values: a whole study as the rest of the house speaks of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from survey import models, values
from survey.models import (
    Abstention,
    Allocation,
    Comparison,
    Criterion,
    Edition,
    Expert,
    Invitation,
    Judgement,
    Round,
    Study,
    Unit,
    WeightSet,
)
from survey.store.carrying import Answers, AskedAgain, carry_over
from survey.store.reviews import load_reviews
from survey.store.rounds import find_former_round


def load_study(session: Session, study: Study, round_: Round | None = None) -> values.Study:
    """One round of a study (:func:`telling_round` unless another is asked for) as a value."""
    criteria = load_criteria(session, study.framework_id)
    ranked = _ranked(session, study, criteria)
    return _with_answers(session, ranked, round_ or telling_round(session, study), criteria)


def load_answered(session: Session, study: Study, round_: Round) -> values.Study:
    """What a panel's weights need of a study: no units."""
    criteria = load_criteria(session, study.framework_id)
    asked = values.Study(study.code, as_framework(criteria.values()), titles=study.titles)
    return _with_answers(session, asked, round_, criteria)


def _with_answers(
    session: Session, study: values.Study, round_: Round, criteria: Mapping[str, Criterion]
) -> values.Study:
    experts = _invited(session, round_)
    answers = load_answers(session, round_, criteria, experts)
    seeds = _seeds(session, round_)
    return replace(
        study,
        panel=tuple(
            values.Expert(e.code, e.direction, e.language, e.method, e.name, seeds.get(e.id))
            for e in experts.values()
        ),
        judgements=answers.judgements,
        allocations=answers.allocations,
        abstentions=answers.abstentions,
        reviews=load_reviews(session, round_),
    )


def load_answers(
    session: Session,
    round_: Round,
    criteria: Mapping[str, Criterion],
    experts: Mapping[int, Expert],
) -> Answers:
    """What these experts (by id) say in a round; in a targeted one with what carries over."""
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    own = Answers(
        tuple(_judgements(session, round_, by_id, experts)),
        tuple(_allocations(session, round_, criteria, experts)),
        tuple(_abstentions(session, round_, by_id, experts)),
    )
    before = find_former_round(session, round_) if round_.targeted else None
    if before is None:
        return own
    return carry_over(
        load_answers(session, before, criteria, experts),
        own,
        load_asked(session, round_, by_id, experts),
        as_framework(criteria.values()),
        [expert.code for expert in experts.values()],
    )


def load_asked(
    session: Session, round_: Round, codes: Mapping[int, str], experts: Mapping[int, Expert]
) -> AskedAgain:
    """What a targeted round asks of these experts."""
    rows = session.execute(
        select(
            models.AskedAgain.expert_id,
            models.AskedAgain.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            models.AskedAgain.why,
        )
        .outerjoin(Comparison, Comparison.id == models.AskedAgain.comparison_id)
        .where(models.AskedAgain.round_id == round_.id, models.AskedAgain.expert_id.in_(experts))
    )
    pairs: dict[tuple[str, str, str, str], str] = {}
    lists: dict[tuple[str, str], str] = {}
    for expert, parent, first, second, why in rows:
        place = (experts[expert].code, codes[parent])
        if first is None:
            lists[place] = why
        else:
            pairs[*place, codes[first], codes[second]] = why
    return AskedAgain(pairs, lists)


def load_ranked(session: Session, study: Study) -> values.Study:
    """What a ranking needs of a study: no panel, no answers."""
    return _ranked(session, study, load_criteria(session, study.framework_id))


def _ranked(session: Session, study: Study, criteria: dict[str, Criterion]) -> values.Study:
    edition = find_edition(session, study)
    by_id = {criterion.id: criterion.code for criterion in criteria.values()}
    return values.Study(
        code=study.code,
        framework=as_framework(criteria.values()),
        units=tuple(_units(session, edition, by_id)) if edition else (),
        tables=tuple(
            values.Table(table.code, table.names, tuple(table.groups)) for table in edition.tables
        )
        if edition
        else (),
        titles=study.titles,
        contact=study.contact,
        notices=study.notices,
        purposes=study.purposes,
        anonymity=study.anonymity,
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
    session.execute(select(Edition.id).where(Edition.study_id == study.id).with_for_update()).all()
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


def _invited(session: Session, round_: Round) -> dict[int, Expert]:
    rows = session.scalars(
        select(Expert)
        .join(Invitation, Invitation.expert_id == Expert.id)
        .where(Invitation.round_id == round_.id)
        .order_by(Expert.id)
    )
    return {row.id: row for row in rows}


def _seeds(session: Session, round_: Round) -> dict[int, int]:
    """Expert id -> seed, where the order was drawn from it."""
    if round_.order != values.RANDOM:
        return {}
    rows = session.execute(
        select(Invitation.expert_id, Invitation.seed).where(Invitation.round_id == round_.id)
    )
    return {row.expert_id: row.seed for row in rows}


def _judgements(
    session: Session, round_: Round, codes: Mapping[int, str], experts: Mapping[int, Expert]
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
    experts: Mapping[int, Expert],
) -> Iterator[values.Allocation]:
    """By expert, then in the order of asking; a group short of its 100 points is no answer yet."""
    by_expert: dict[int, dict[int, float]] = defaultdict(dict)
    for row in session.scalars(
        select(Allocation)
        .join(Criterion, Criterion.id == Allocation.criterion_id)
        .where(*_of(Allocation, round_, experts), ~_abstains_from(Allocation, Criterion.parent_id))
    ):
        by_expert[row.expert_id][row.criterion_id] = row.points
    framework = as_framework(criteria.values())
    for expert_id, expert in experts.items():
        points = by_expert[expert_id]
        for parent in framework.parents:
            items = framework.children(parent)
            given = [points.get(criteria[item].id) for item in items]
            if None in given or abs(sum(filter(None, given)) - 100) > values.POINTS_TOLERANCE:
                continue
            for item, share in zip(items, given, strict=True):
                assert share is not None
                yield values.Allocation(expert.code, parent, item, share)


def _of(
    answers: type[Judgement | Allocation | Abstention], round_: Round, experts: Mapping[int, Expert]
) -> tuple[ColumnElement[bool], ...]:
    return answers.round_id == round_.id, answers.expert_id.in_(experts)


def _abstains_from(
    answers: type[Judgement | Allocation], parent_id: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Whether the expert has said since that she judges nothing in this answer's group."""
    return exists().where(
        Abstention.expert_id == answers.expert_id,
        Abstention.round_id == answers.round_id,
        Abstention.parent_id == parent_id,
        Abstention.comparison_id.is_(None),
    )


def _abstentions(
    session: Session, round_: Round, codes: Mapping[int, str], experts: Mapping[int, Expert]
) -> Iterator[values.Abstention]:
    rows = session.execute(
        select(Abstention, Comparison.first_id, Comparison.second_id)
        .outerjoin(Comparison, Comparison.id == Abstention.comparison_id)
        .where(*_of(Abstention, round_, experts))
        .order_by(Abstention.expert_id, Abstention.parent_id, Comparison.position)
    )
    for row, first, second in rows:
        yield values.Abstention(
            experts[row.expert_id].code,
            codes[row.parent_id],
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
