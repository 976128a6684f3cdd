"""Freezing a consensus as a weight set."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import values
from survey.consensus.queries import load_consensus, weights_of
from survey.folder.weight_set import digest_of, weight_set_text
from survey.models import Round, Study, Weight, WeightSet
from survey.reports.weight_sets import weight_set
from survey.store import journal
from survey.store.loading import load_criteria
from survey.store.locks import hold_study
from survey.version import VERSION


@dataclass(eq=False)
class SingleVoice(Exception):
    """One expert alone judged these groups: their weights would publish her answers."""

    parents: tuple[str, ...]


@dataclass(eq=False)
class FewAnswered(Exception):
    """Fewer experts answered than the round wanted, and the author did not say why that is enough.

    Nothing was stored.
    """

    answered: int
    least: int


class FrozenMeanwhile(Exception):
    """Another weight set was frozen since the page was shown; nothing was stored."""


def freeze_weight_set(
    session: Session,
    study: Study,
    round_: Round,
    name: str,
    stopping_reason: str,
    disconnected: str,
    after: int,
    actor: str,
    at: datetime,
    below: str = "",
) -> WeightSet:
    """Store a closed round's consensus as the study's next weight set, for good.

    Parameters
    ----------
    after : int
        The number of the last weight set that the author was shown, 0 for none.
    below : str
        Why it is frozen although fewer experts answered than the round wanted;
        left aside where enough did.

    Raises
    ------
    FewAnswered
        If too few answered, and nothing is said of it.
    FrozenMeanwhile
        If there is a later one.
    SingleVoice
        If one expert alone judged a group.
    NotClosed, TooFewExperts, Refused
        As in :func:`load_consensus`.
    """
    # The lock makes two browsers queue, so that no number is given twice.
    hold_study(session, study.id)
    last = select(func.coalesce(func.max(WeightSet.number), 0)).where(
        WeightSet.study_id == study.id
    )
    if session.scalar(last) != after:
        raise FrozenMeanwhile
    consensus = load_consensus(session, study, round_, disconnected)
    if consensus.single_voices:
        raise SingleVoice(consensus.single_voices)
    response = consensus.response
    if response.is_enough:
        below = ""
    elif not below:
        raise FewAnswered(response.answered, response.least)
    content = weight_set(consensus.study, consensus.report, f"steelyard {VERSION}", response, below)
    document = weight_set_text(content)
    row = WeightSet(
        study_id=study.id,
        round_id=round_.id,
        number=after + 1,
        name=name,
        stopping_reason=stopping_reason,
        document=document,
        digest=digest_of(document),
    )
    store_locked(session, study, row, content, at)
    detail: journal.Detail = {
        "weight_set": row.number,
        "round": round_.number,
        "disconnected": disconnected,
        "digest": row.digest,
        **({"below_least_response": below} if below else {}),
    }
    journal.record(session, study.id, actor, "weight set frozen", detail, at)
    return row


def store_locked(
    session: Session, study: Study, row: WeightSet, content: values.WeightSet, at: datetime
) -> None:
    """Add a weight set with the weights of its content, and lock both."""
    session.add(row)
    session.flush()
    criteria = load_criteria(session, study.framework_id)
    session.add_all(
        Weight(
            weight_set_id=row.id,
            criterion_id=criteria[code].id,
            local_weight=local,
            global_weight=of_whole,
        )
        for code, local, of_whole in weights_of(content)
    )
    session.flush()
    row.locked_at = at
    session.flush()
