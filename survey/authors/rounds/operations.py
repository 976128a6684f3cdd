"""Operations to start another round and to set its questions, order and deadline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey import values
from survey.models import Expert, Invitation, Round, Study
from survey.reports.panel.short_forms import pairs_of
from survey.store import journal
from survey.store.drafts import add_round, ask_instead, invite_all
from survey.store.frameworks import as_framework, load_criteria
from survey.store.invitations import kind_in, load_invitations
from survey.store.locks import hold_members, hold_study
from survey.store.responses import load_round_standing
from survey.store.rounds import PanelEmpty, WrongState, find_former_round, hold_alone, last_round
from survey.store.targets import store_targets
from survey.values import By, Target
from survey.values.response import KEEP_ANSWERS


@dataclass(eq=False)
class RoundUnderWay(Exception):
    """Another round cannot start before this one is closed."""

    number: int


@dataclass(frozen=True, slots=True)
class FormerKinds:
    """Kind of answering that counts, by expert id, at the end of a closed round.

    It does not change, and takes long to compute: it is loaded before the write that
    needs it.
    """

    round_id: int
    kinds: Mapping[int, str]


def load_former(session: Session, round_: Round) -> FormerKinds:
    experts = load_round_standing(session, round_).experts
    return FormerKinds(round_.id, {id_: expert.kind for id_, expert in experts.items()})


def start_round(
    session: Session,
    study: Study,
    experts: Sequence[Expert],
    by: By,
    targets: Mapping[str, Iterable[Target]] | None = None,
    planned: int | None = None,
    silence: str = KEEP_ANSWERS,
    least_response: int = values.FEWEST_EXPERTS,
    former: FormerKinds | None = None,
) -> Round:
    """Add another round, a draft, to which these experts are invited.

    With ``targets``, by the expert's code, it is a targeted one: it asks each of
    these experts only their questions, and all other experts everything.
    ``planned`` is the number of rounds the study plans, shown to the experts.
    ``silence`` and ``least_response`` are as in :func:`settle_silence`. Each
    expert is asked in the way in which their answers count so far, from ``former``,
    which is loaded here if it is not that of the last round.

    Raises
    ------
    RoundUnderWay
        If the last round is not closed.
    PanelEmpty
        If no expert is to be invited.
    """
    # The lock makes two authors' browsers wait, so that no number is given twice.
    hold_study(session, study.id)
    last = last_round(session, study)
    if last.state != "closed":
        raise RoundUnderWay(last.number)
    if not experts:
        raise PanelEmpty
    round_ = _add_after(session, study, last, targeted=targets is not None)
    round_.silence, round_.least_response = silence, least_response
    detail: dict[str, str | int | None] = {"round": round_.number}
    if (silence, least_response) != (KEEP_ANSWERS, values.FEWEST_EXPERTS):
        detail |= {"silence": silence, "least_response": least_response}
    if planned != study.planned_rounds:
        study.planned_rounds = detail["planned"] = planned
    if former is None or former.round_id != last.id:
        former = load_former(session, last)
    kinds = {expert.id: former.kinds.get(expert.id, expert.kind) for expert in experts}
    invite_all(session, round_, {id_: kind_in(round_, how) for id_, how in kinds.items()})
    if targets is not None:
        detail["targeted"] = _ask_targets(session, round_, targets)
    journal.record(session, round_.study_id, by.actor, "round added", detail, by.at)
    return round_


def _add_after(session: Session, study: Study, last: Round, *, targeted: bool) -> Round:
    """Add a draft round; a targeted one keeps the form and the order of the last."""
    criteria = load_criteria(session, study.framework_id)
    form = last.form if targeted else values.FULL
    round_ = add_round(
        session, study, criteria, pairs=pairs_of(as_framework(criteria.values()), form)
    )
    if targeted:
        round_.targeted, round_.form, round_.order, round_.kinds = True, form, last.order, []
    else:
        round_.kinds = last.kinds
    return round_


def _ask_targets(session: Session, round_: Round, targets: Mapping[str, Iterable[Target]]) -> int:
    """Store the questions of a targeted round; return their number."""
    asked: dict[Invitation, Iterable[Target] | None] = {
        invitation: targets.get(invitation.expert.code)
        for invitation in load_invitations(session, round_)
    }
    return store_targets(session, round_, asked)


def _ask_as_before(
    session: Session, round_: Round, invitations: Iterable[Invitation], former: FormerKinds | None
) -> None:
    """Set each expert's kind of answering: the one counting so far, else the panel's."""
    kinds = former.kinds if former else {}
    for invitation in invitations:
        kind = kinds.get(invitation.expert_id, invitation.expert.kind)
        invitation.kind = kind_in(round_, kind)
    session.flush()


def settle_silence(
    session: Session, round_: Round, silence: str, least_response: int, by: By
) -> None:
    """Set the rule for silence and the minimum response of a draft.

    ``silence`` is one of ``response.SILENCES``. Experts see both before they answer.

    Raises
    ------
    WrongState
        Unless the round is a draft, or nothing changes.
    """
    hold_study(session, round_.study_id)
    hold_alone(session, round_)
    if (silence, least_response) == (round_.silence, round_.least_response):
        return
    if round_.state != "draft":
        raise WrongState(round_.state)
    round_.silence, round_.least_response = silence, least_response
    session.flush()
    detail: journal.Detail = {
        "round": round_.number,
        "silence": silence,
        "least_response": least_response,
    }
    journal.record(session, round_.study_id, by.actor, "rule for silence set", detail, by.at)


def prepare_round(
    session: Session,
    round_: Round,
    form: str,
    order: str,
    by: By,
    former: FormerKinds | None = None,
) -> None:
    """Set the form and order of a draft: of ``values.FORMS`` and ``values.ORDERS``.

    ``former`` is that of the round before; it is loaded here if it is of another.

    Raises
    ------
    WrongState
        Unless the round is a draft, or nothing changes. The questions of a targeted
        round were chosen when it was started.
    """
    hold_study(session, round_.study_id)
    invitations = load_invitations(session, round_)
    hold_members(session, invitations)
    hold_alone(session, round_)
    if (form, order) == (round_.form, round_.order):
        return
    if round_.state != "draft" or (round_.targeted and form != round_.form):
        raise WrongState(round_.state)
    if form != round_.form:
        criteria = load_criteria(session, round_.study.framework_id)
        ask_instead(session, round_, criteria, pairs_of(as_framework(criteria.values()), form))
    round_.form, round_.order = form, order
    if not round_.targeted:
        before = find_former_round(session, round_)
        if before is not None and (former is None or former.round_id != before.id):
            former = load_former(session, before)
        _ask_as_before(session, round_, invitations, former)
    session.flush()
    detail: journal.Detail = {"round": round_.number, "form": form, "order": order}
    journal.record(session, round_.study_id, by.actor, "round prepared", detail, by.at)


def plan_rounds(session: Session, round_: Round, planned: int | None, by: By) -> None:
    """Set the number of planned rounds, which the experts of a draft will be told.

    Raises
    ------
    WrongState
        Unless the round is a draft, or nothing changes.
    """
    hold_study(session, round_.study_id)
    hold_alone(session, round_)
    if planned == round_.study.planned_rounds:
        return
    if round_.state != "draft":
        raise WrongState(round_.state)
    round_.study.planned_rounds = planned
    session.flush()
    detail: journal.Detail = {"round": round_.number, "planned": planned}
    journal.record(session, round_.study_id, by.actor, "rounds planned", detail, by.at)


def plan_close(session: Session, round_: Round, closes_at: datetime | None, by: By) -> None:
    """Set the planned end that experts are told; it does not close the round.

    Raises
    ------
    WrongState
        If the round is closed.
    """
    hold_alone(session, round_)
    if closes_at == round_.closes_at:
        return
    if round_.state == "closed":
        raise WrongState(round_.state)
    round_.closes_at = closes_at
    session.flush()
    planned = closes_at.isoformat() if closes_at else None
    detail: journal.Detail = {"round": round_.number, "closes_at": planned}
    journal.record(session, round_.study_id, by.actor, "close planned", detail, by.at)


def offer_kinds(session: Session, round_: Round, kinds: Sequence[str], by: By) -> None:
    """Let every expert of a round choose among these kinds; none: the panel's.

    Raises
    ------
    WrongState
        If the round is closed, or carries over answers, which were given in one way.
    """
    hold_alone(session, round_)
    offered = [kind for kind in values.KINDS if kind in kinds]
    if offered == round_.kinds:
        return
    if round_.state == "closed" or round_.targeted:
        raise WrongState(round_.state)
    round_.kinds = offered
    session.flush()
    detail: journal.Detail = {"round": round_.number, "kinds": " ".join(offered)}
    journal.record(session, round_.study_id, by.actor, "ways of answering offered", detail, by.at)
