"""Values → rows: a whole study stored in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import values
from survey.models import (
    Abstention,
    Allocation,
    Author,
    Comparison,
    Criterion,
    Edition,
    EditionTable,
    Expert,
    Extremes,
    Framework,
    Invitation,
    Judgement,
    Rating,
    Review,
    Round,
    Rung,
    Study,
    Unit,
)
from survey.plurals import as_plain
from survey.store import journal
from survey.store.loading import as_framework
from survey.store.reviews import columns_of
from survey.store.scale import add_words, note_versions


@dataclass(eq=False)
class StudyExists(Exception):
    """A study of this code is there already; nothing was stored."""

    code: str


def store_study(
    session: Session,
    study: values.Study,
    author: Author,
    at: datetime,
    actor: str = journal.COMMAND,
) -> Study:
    """Store a study with its panel, its round and its edition.

    A study that brings answers gets them in a closed round; one without, in a
    draft that the author opens.

    Raises
    ------
    StudyExists
        If the code is taken.
    """
    if session.scalar(select(Study.id).where(Study.code == study.code)) is not None:
        raise StudyExists(study.code)
    framework, criteria = _store_framework(session, study.framework)
    row = Study(
        code=study.code,
        author_id=author.id,
        framework_id=framework.id,
        titles=dict(study.titles),
        contact=study.contact,
        notices=dict(study.notices),
        purposes=dict(study.purposes),
        anonymity=study.anonymity,
        unit=as_plain(study.unit),
        created_at=at,
    )
    session.add(row)
    session.flush()
    journal.open_journal(session, row.id)
    journal.record(session, row.id, actor, "study created", {"study": study.code}, at)

    for words in study.scale:
        add_words(session, row, words, actor, at)
    experts = _store_panel(session, row.id, study.panel)
    round_ = add_round(session, row, criteria, experts.values())
    _take_over_seeds(session, study.panel, round_, experts)
    if study.answers:
        _close_with_answers(session, study, round_, criteria, experts, at)
        journal.record(session, row.id, actor, "answers loaded", {"round": round_.number}, at)
    if study.units or study.tables:
        edition = Edition(study_id=row.id, code=study.code)
        session.add(edition)
        session.flush()
        store_units(session, edition, study.units, criteria)
        store_tables(session, edition, study.tables)
    session.flush()
    return row


def _store_framework(
    session: Session, framework: values.Framework
) -> tuple[Framework, dict[str, Criterion]]:
    row = Framework()
    session.add(row)
    session.flush()
    goal = _criterion(row, None, values.GOAL, {}, None, 0)
    session.add(goal)
    session.flush()
    criteria = {values.GOAL: goal}
    for position, group in enumerate(framework.groups, 1):
        criteria[group.code] = _criterion(row, goal, group.code, group.names, None, position)
    session.add_all(criteria.values())
    session.flush()
    for position, indicator in enumerate(framework.indicators, len(criteria)):
        leaf = _criterion(
            row,
            criteria[indicator.group],
            indicator.code,
            indicator.names,
            indicator.top,
            position,
        )
        leaf.rungs = [Rung(level=rung.level, texts=dict(rung.texts)) for rung in indicator.rungs]
        criteria[indicator.code] = leaf
    session.add_all(criteria.values())
    session.flush()
    return row, criteria


def _criterion(
    framework: Framework,
    parent: Criterion | None,
    code: str,
    names: values.Texts,
    top: int | None,
    position: int,
) -> Criterion:
    return Criterion(
        framework_id=framework.id,
        parent_id=parent and parent.id,
        code=code,
        position=position,
        names=dict(names),
        top=top,
    )


def _store_panel(
    session: Session, study_id: int, panel: Sequence[values.Expert]
) -> dict[str, Expert]:
    experts = {
        expert.code: Expert(
            study_id=study_id,
            code=expert.code,
            name=expert.name,
            direction=expert.direction,
            language=expert.language,
            method=expert.method,
        )
        for expert in panel
    }
    session.add_all(experts.values())
    session.flush()
    return experts


def _take_over_seeds(
    session: Session,
    panel: Sequence[values.Expert],
    round_: Round,
    experts: dict[str, Expert],
) -> None:
    """Ask everybody in the order she was asked in before, where the study says so."""
    seeds = {experts[e.code].id: e.seed for e in panel if e.seed is not None}
    for invitation in session.scalars(select(Invitation).where(Invitation.round_id == round_.id)):
        invitation.seed = seeds.get(invitation.expert_id, invitation.seed)
    session.flush()


def add_round(
    session: Session,
    study: Study,
    criteria: dict[str, Criterion],
    experts: Iterable[Expert],
    pairs: Iterable[tuple[str, tuple[str, str]]] | None = None,
) -> Round:
    """Add the next round of a study, a draft that asks these pairs, or every pair of every group.

    Each pair stands with its parent.
    """
    last = session.scalar(
        select(Round.number).where(Round.study_id == study.id).order_by(Round.number.desc())
    )
    round_ = Round(study_id=study.id, number=(last or 0) + 1, state="draft")
    session.add(round_)
    session.flush()
    if pairs is None:
        framework = as_framework(criteria.values())
        pairs = [(parent, pair) for parent in framework.parents for pair in framework.pairs(parent)]
    ask_pairs(session, round_, criteria, pairs)
    session.add_all(
        Invitation(expert_id=expert.id, round_id=round_.id, method=expert.method)
        for expert in experts
    )
    session.flush()
    return round_


def ask_pairs(
    session: Session,
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> None:
    """Ask these pairs, each with its parent, in a round that asks nothing yet."""
    session.add_all(
        Comparison(
            round_id=round_.id,
            parent_id=criteria[parent].id,
            first_id=criteria[first].id,
            second_id=criteria[second].id,
            position=position,
        )
        for position, (parent, (first, second)) in enumerate(pairs, 1)
    )
    session.flush()


def _close_with_answers(
    session: Session,
    study: values.Study,
    round_: Round,
    criteria: dict[str, Criterion],
    experts: dict[str, Expert],
    at: datetime,
) -> None:
    if all(expert.seed is None for expert in study.panel):
        round_.order = values.FIXED  # in which order they were asked is not known
    note_versions(session, round_)
    round_.state, round_.opened_at = "open", at
    session.flush()
    store_answers(session, study, round_, criteria, experts, at)
    for invitation in session.scalars(select(Invitation).where(Invitation.round_id == round_.id)):
        invitation.finished_at = at
    session.flush()  # a closed round's invitations stay as they are
    round_.state, round_.closed_at = "closed", at
    session.flush()


def store_answers(
    session: Session,
    study: values.Study,
    round_: Round,
    criteria: dict[str, Criterion],
    experts: dict[str, Expert],
    at: datetime,
) -> None:
    """Store a study's answers as those of an open round."""
    comparisons = {
        (comparison.first_id, comparison.second_id): comparison.id
        for comparison in session.scalars(
            select(Comparison).where(Comparison.round_id == round_.id)
        )
    }

    def comparison_id(first: str, second: str) -> int:
        return comparisons[criteria[first].id, criteria[second].id]

    session.add_all(
        Judgement(
            round_id=round_.id,
            expert_id=experts[judgement.expert].id,
            comparison_id=comparison_id(judgement.first, judgement.second),
            step=judgement.steps,
            reason=judgement.reason,
            answered_at=at,
        )
        for judgement in study.judgements
    )
    session.add_all(
        Allocation(
            round_id=round_.id,
            expert_id=experts[allocation.expert].id,
            criterion_id=criteria[allocation.item].id,
            method=experts[allocation.expert].method,
            points=allocation.points,
            answered_at=at,
        )
        for allocation in study.allocations
    )
    session.add_all(
        Extremes(
            round_id=round_.id,
            expert_id=experts[extremes.expert].id,
            parent_id=criteria[extremes.parent].id,
            best_id=criteria[extremes.best].id,
            worst_id=criteria[extremes.worst].id,
            answered_at=at,
        )
        for extremes in study.extremes
    )
    session.add_all(
        Abstention(
            round_id=round_.id,
            expert_id=experts[abstention.expert].id,
            parent_id=criteria[abstention.parent].id,
            comparison_id=(
                comparison_id(abstention.first, abstention.second) if abstention.first else None
            ),
            reason=abstention.reason,
            answered_at=at,
        )
        for abstention in study.abstentions
    )
    session.add_all(
        Review(
            round_id=round_.id,
            expert_id=experts[review.expert].id,
            parent_id=criteria[review.parent].id,
            version=1,
            key=f"loaded-{criteria[review.parent].id}",
            saved_at=at,
            **columns_of(review),
        )
        for review in study.reviews
    )
    session.flush()


def store_units(
    session: Session,
    edition: Edition,
    units: Sequence[values.Unit],
    criteria: dict[str, Criterion],
) -> None:
    """Store the units of an edition with their levels; what is unknown gets no row."""
    session.add_all(
        Unit(
            edition_id=edition.id,
            code=unit.code,
            position=position,
            names=dict(unit.names),
            country=unit.country,
            capital=unit.capital,
            latitude=unit.latitude,
            longitude=unit.longitude,
            ratings=[
                Rating(criterion_id=criteria[code].id, top=criteria[code].top, level=level)
                for code, level in unit.levels.items()
            ],
        )
        for position, unit in enumerate(units, 1)
    )
    session.flush()


def store_tables(session: Session, edition: Edition, tables: Sequence[values.Table]) -> None:
    session.add_all(
        EditionTable(
            edition_id=edition.id,
            code=table.code,
            position=position,
            names=dict(table.names),
            groups=list(table.groups),
        )
        for position, table in enumerate(tables, 1)
    )
    session.flush()
