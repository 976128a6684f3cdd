"""Operations to freeze a consensus as a weight set."""

from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import values
from survey.authors.consensus.queries import Consensus, load_consensus, weights_of
from survey.files.weight_set import digest_of, weight_set_text
from survey.models import Round, Study, Weight, WeightSet
from survey.reports.panel.weight_sets import BELOW, THIN, weight_set
from survey.store import journal
from survey.store.frameworks import load_criteria
from survey.store.locks import hold_study
from survey.store.studies import load_outline
from survey.values import By
from survey.version import VERSION


@dataclass(eq=False)
class SingleVoice(Exception):
    """Only one expert judged these groups: the weights would publish their answers."""

    parents: tuple[str, ...]


@dataclass(eq=False)
class FewAnswered(Exception):
    """Fewer experts answered than the minimum response, and the author gave no reason.

    Nothing was stored.
    """

    answered: int
    least: int


class ThinGroups(Exception):
    """The weights reveal answers of one or two experts, and the author gave no reason.

    Two experts judged a group, or one or two changed their answers since a set was
    frozen. Nothing was stored.
    """


class FrozenMeanwhile(Exception):
    """Another weight set was frozen since the page was shown; nothing was stored."""


#: A study without answers or units, a round's id, the rule for disconnected answers, and the
#: reasons why so few answers are enough, overall and in a group.
RestsOn = tuple[values.Study, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Weight set to freeze, computed before the write, because saves wait for that.

    Answers of a closed round do not change. Everything else it ``rests_on`` is compared
    with the study when it is frozen.
    """

    rests_on: RestsOn
    content: values.WeightSet
    document: str
    #: The study's; a new one with the first weight set.
    salt: str


def prepare_weight_set(
    session: Session,
    study: Study,
    round_: Round,
    disconnected: str,
    below: str = "",
    thin: str = "",
) -> Prepared:
    """Compute what :func:`freeze_weight_set` stores, with the same refusals.

    Raises
    ------
    FewAnswered, SingleVoice, ThinGroups, NotClosed, TooFewExperts, Refused
    """
    rests_on = _rests_on(session, study, round_, disconnected, below, thin)
    consensus = load_consensus(session, study, round_, disconnected)
    answered = replace(consensus.study, salt=study.salt or token_hex(32))
    if consensus.single_voices:
        raise SingleVoice(consensus.single_voices)
    reasons = _reasons(consensus, below, thin)
    content = weight_set(
        answered, consensus.report, f"steelyard {VERSION}", consensus.response, reasons
    )
    return Prepared(rests_on, content, weight_set_text(content), answered.salt)


def _rests_on(
    session: Session, study: Study, round_: Round, disconnected: str, below: str, thin: str
) -> RestsOn:
    return load_outline(session, study), round_.id, disconnected, below, thin


def freeze_weight_set(
    session: Session,
    study: Study,
    round_: Round,
    name: str,
    stopping_reason: str,
    disconnected: str,
    after: int,
    by: By,
    below: str = "",
    thin: str = "",
    prepared: Prepared | None = None,
) -> WeightSet:
    """Store a closed round's consensus as the study's next weight set, for good.

    Parameters
    ----------
    after : int
        The number of the last weight set that the author was shown, 0 for none.
    below : str
        Why it is frozen although fewer experts answered than the minimum response;
        ignored if enough did.
    thin : str
        Why it is frozen although fewer than three experts judged a group, or changed
        their answers in one since a set was frozen; ignored if neither is true.
    prepared : Prepared
        The set prepared before the write. It is computed here if it is None, or if
        the study has changed since.

    Raises
    ------
    FewAnswered
        If too few answered and no reason is given.
    FrozenMeanwhile
        If a later set exists.
    SingleVoice
        If only one expert judged a group.
    ThinGroups
        If two experts judged a group, or one or two changed their answers in one
        since a set was frozen, and no reason is given.
    NotClosed, TooFewExperts, Refused
        As in :func:`load_consensus`.
    """
    # The lock makes two browsers queue, so that no number is given twice.
    hold_study(session, study.id)
    if _last_number(session, study) != after:
        raise FrozenMeanwhile
    if prepared is None or prepared.rests_on != _rests_on(
        session, study, round_, disconnected, below, thin
    ):
        prepared = prepare_weight_set(session, study, round_, disconnected, below, thin)
    study.salt = prepared.salt
    row = WeightSet(
        study_id=study.id,
        round_id=round_.id,
        number=after + 1,
        name=name,
        stopping_reason=stopping_reason,
        document=prepared.document,
        digest=digest_of(prepared.document),
    )
    store_locked(session, study, row, prepared.content, by.at)
    detail = _entry(row, round_, disconnected, prepared.content)
    journal.record(session, study.id, by.actor, "weight set frozen", detail, by.at)
    return row


def _last_number(session: Session, study: Study) -> int:
    numbers = select(func.max(WeightSet.number)).where(WeightSet.study_id == study.id)
    return session.scalar(numbers) or 0


#: The reasons in the journal, by their parameters in a weight set.
_RECORDED = {"below_least_response": BELOW, "thin_groups": THIN}


def _entry(
    row: WeightSet, round_: Round, disconnected: str, content: values.WeightSet
) -> journal.Detail:
    """Return the detail of the journal's entry about a frozen set."""
    given = content.parameters
    return {
        "weight_set": row.number,
        "round": round_.number,
        "disconnected": disconnected,
        "digest": row.digest,
        **{name: str(given[key]) for name, key in _RECORDED.items() if key in given},
    }


def _reasons(consensus: Consensus, below: str, thin: str) -> dict[str, str]:
    """Return the author's reasons by parameter, without those that are not needed."""
    response = consensus.response
    if not response.is_enough and not below:
        raise FewAnswered(response.answered, response.least)
    if consensus.tells_single_answers and not thin:
        raise ThinGroups
    return {
        **({} if response.is_enough else {BELOW: below}),
        **({THIN: thin} if consensus.tells_single_answers else {}),
    }


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
