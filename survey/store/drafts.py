"""Draft rounds: their questions, and the experts who are invited to them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey import values
from survey.db import Base
from survey.models import Comparison, Criterion, Expert, Round, Study
from survey.models.panel import new_seed
from survey.store.frameworks import as_framework

_INVITATION = Base.metadata.tables["invitation"]


def add_round(
    session: Session,
    study: Study,
    criteria: dict[str, Criterion],
    experts: Iterable[Expert] = (),
    pairs: Iterable[tuple[str, tuple[str, str]]] | None = None,
) -> Round:
    """Add the next round of a study, a draft of these pairs or all pairs of groups.

    Each pair comes with its parent. Experts answer in the way that the panel notes.
    """
    last = session.scalar(
        select(Round.number).where(Round.study_id == study.id).order_by(Round.number.desc())
    )
    round_ = Round(study_id=study.id, number=(last or 0) + 1, state="draft")
    session.add(round_)
    session.flush()
    if pairs is None:
        pairs = every_pair(as_framework(criteria.values()))
    ask_pairs(session, round_, criteria, pairs)
    invite_all(session, round_, {expert.id: expert.kind for expert in experts})
    return round_


def invite_all(session: Session, round_: Round, kinds: Mapping[int, str]) -> None:
    """Invite experts, by id, each with their kind of answering."""
    rows = [
        {"expert_id": expert, "round_id": round_.id, "method": kind, "seed": new_seed()}
        for expert, kind in kinds.items()
    ]
    if rows:
        session.execute(insert(_INVITATION), rows)


def every_pair(framework: values.Framework) -> list[tuple[str, tuple[str, str]]]:
    """Return every pair of every group, each with its parent."""
    return [(parent, pair) for parent in framework.parents for pair in framework.pairs(parent)]


def ask_pairs(
    session: Session,
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> None:
    """Ask these pairs, each with its parent, in a round that asks nothing yet."""
    _insert_questions(session, _questions(round_, criteria, pairs))


def _questions(
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> list[dict[str, int]]:
    return [
        {
            "round_id": round_.id,
            "parent_id": criteria[parent].id,
            "first_id": criteria[first].id,
            "second_id": criteria[second].id,
            "position": position,
        }
        for position, (parent, (first, second)) in enumerate(pairs, 1)
    ]


def _insert_questions(session: Session, rows: list[dict[str, int]]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables["comparison"]), rows)


def ask_instead(
    session: Session,
    round_: Round,
    criteria: dict[str, Criterion],
    pairs: Iterable[tuple[str, tuple[str, str]]],
) -> None:
    """Ask these pairs in a draft and no others.

    Pairs that it asks already are kept: to remove a question takes long, because the
    database searches all answers for one to it.
    """
    wanted = {
        (row["first_id"], row["second_id"]): row for row in _questions(round_, criteria, pairs)
    }
    asked = session.scalars(select(Comparison).where(Comparison.round_id == round_.id)).all()
    for row in asked:
        kept = wanted.pop((row.first_id, row.second_id), None)
        if kept is None:
            session.delete(row)
        else:
            row.position = kept["position"]
    session.flush()
    _insert_questions(session, list(wanted.values()))
