"""Rows → values: a whole study as the rest of the house speaks of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey import values
from survey.models import (
    Criterion,
    Edition,
    Round,
    Study,
    Unit,
    WeightSet,
)
from survey.store.answers import load_experts
from survey.store.locks import hold_study
from survey.store.reviews import load_reviews
from survey.store.scale import load_scale_of
from survey.store.standing import load_standing


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
    """Load a study's texts and framework: no panel, no answers, no units."""
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
    framework, experts = study.framework, load_experts(session, round_)
    if not round_.is_closed:
        # Answers of an open round do not leave: they are their expert's alone.
        return replace(study, panel=tuple(experts.values()))
    standing = load_standing(session, round_, criteria, framework, experts)
    told = replace(study, panel=tuple(standing.experts.values()))
    return told.with_answers(standing.counted)


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
    """The edition in force."""
    in_force = (Edition.study_id == study.id, Edition.aside_since.is_(None))
    return session.scalar(select(Edition).where(*in_force))


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
