"""Targets of a round: questions it asks again, and those experts reconsider."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey import models, values
from survey.db import Base
from survey.models import Comparison, Criterion, Invitation, Reconsideration, Round
from survey.store.frameworks import load_criteria
from survey.values import Target, Targets


def store_targets(
    session: Session, round_: Round, targets: Mapping[Invitation, Iterable[Target] | None]
) -> int:
    """Store a targeted round's questions by invitation; None asks everything.

    Returns the number of these questions.
    """
    ids = {row.code: row.id for row in load_criteria(session, round_.study.framework_id).values()}
    comparisons = _comparisons(session, round_, {id_: code for code, id_ in ids.items()})
    rows = [
        {
            "round_id": round_.id,
            "expert_id": invitation.expert_id,
            "parent_id": ids[parent],
            "comparison_id": comparisons[parent, first, second] if first else None,
            "why": why,
        }
        for invitation, asked in targets.items()
        for parent, first, second, why in (
            _everything(comparisons, invitation.kind) if asked is None else asked
        )
    ]
    session.flush()
    if rows:
        session.execute(insert(Base.metadata.tables[models.Target.__tablename__]), rows)
    return len(rows)


def _everything(comparisons: Iterable[tuple[str, str, str]], kind: str) -> list[Target]:
    """Return every comparison of the round, or every group answered as one list."""
    sizes = Counter(parent for parent, *_ in comparisons)
    # A group of two items is one pair for a best-worst expert too.
    in_pairs = {
        parent
        for parent, size in sizes.items()
        if kind == values.PAIRWISE or (kind == values.BEST_WORST and size == 1)
    }
    return [
        *(Target(*asked, values.UNANSWERED) for asked in comparisons if asked[0] in in_pairs),
        *(Target(parent, "", "", values.UNANSWERED) for parent in sizes if parent not in in_pairs),
    ]


def _comparisons(
    session: Session, round_: Round, codes: Mapping[int, str]
) -> dict[tuple[str, str, str], int]:
    rows = session.scalars(
        select(Comparison).where(Comparison.round_id == round_.id).order_by(Comparison.position)
    )
    return {
        (codes[row.parent_id], codes[row.first_id], codes[row.second_id]): row.id for row in rows
    }


def count_targets(session: Session, round_: Round, *why: str) -> dict[int, int]:
    """Count a targeted round's questions by expert id, without experts that have none.

    Only for these reasons, if some are given.
    """
    target = models.Target
    asked = select(target.expert_id, func.count()).where(target.round_id == round_.id)
    if why:
        asked = asked.where(target.why.in_(why))
    rows = session.execute(asked.group_by(target.expert_id))
    return {row[0]: row[1] for row in rows}


def load_targets(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Mapping[int, values.Expert],
    framework: values.Framework,
) -> Targets:
    """Load the targets of these experts, by id; ``codes`` are of criteria, by id."""
    target = models.Target
    rows = session.execute(
        select(
            target.expert_id,
            target.parent_id,
            Comparison.first_id,
            Comparison.second_id,
            target.why,
        )
        .outerjoin(Comparison, Comparison.id == target.comparison_id)
        .where(target.round_id == round_.id, target.expert_id.in_(experts))
    )
    pairs: dict[tuple[str, str, str, str], str] = {}
    lists: dict[tuple[str, str], str] = {}
    for expert, parent, first, second, why in rows:
        place = (experts[expert].code, codes[parent])
        if first is None:
            lists[place] = why
        else:
            pairs[*place, codes[first], codes[second]] = why
    reconsidered = {
        experts[expert].code: frozenset(items)
        for expert, items in load_reconsidered(session, round_, experts, framework).items()
    }
    return Targets(pairs, lists, reconsidered)


def load_reconsidered(
    session: Session, round_: Round, experts: Collection[int], framework: values.Framework
) -> dict[int, dict[str, datetime]]:
    """Load the items that experts, by id, reconsider, each with the moment since.

    An item is an indicator or, if that is an only child, its group.
    """
    rows = session.execute(
        select(Reconsideration.expert_id, Criterion.code, Reconsideration.decided_at)
        .join(Criterion, Criterion.id == Reconsideration.criterion_id)
        .where(
            Reconsideration.round_id == round_.id,
            Reconsideration.expert_id.in_(experts),
            Reconsideration.decision == values.RECONSIDER,
        )
    )
    above = {indicator.code: indicator.group for indicator in framework.indicators}
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for expert, code, decided_at in rows:
        alone = len(framework.children(above[code])) == 1
        found[expert][above[code] if alone else code] = decided_at
    return found
