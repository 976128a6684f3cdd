"""What a further round asks again: of whom and why, and what its experts ask of themselves."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models, values
from survey.models import Comparison, Criterion, Reconsideration, Round
from survey.store.carrying import AskedAgain


def load_asked(
    session: Session,
    round_: Round,
    codes: Mapping[int, str],
    experts: Mapping[int, values.Expert],
    framework: values.Framework,
) -> AskedAgain:
    """What a targeted round asks of these experts, by id; ``codes`` are the criteria's."""
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
    reconsidered = {
        experts[expert].code: frozenset(items)
        for expert, items in load_reconsidered(session, round_, experts, framework).items()
    }
    return AskedAgain(pairs, lists, reconsidered)


def load_reconsidered(
    session: Session, round_: Round, experts: Collection[int], framework: values.Framework
) -> dict[int, dict[str, datetime]]:
    """What experts, by id, look at again, and since when: indicators, or an only child's group."""
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
